"""Average checkpoints of one course: ``python -m training.encoder.average OUT CHECKPOINT…``.

The mean of weights that were tuned from the same ones, on other articles and in another order, errs less than
each of them (Wortsman et al. 2022, "Model soups").
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

__all__: list[str] = []


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("checkpoints", type=Path, nargs="+")
    options = parser.parse_args()
    read = [torch.load(path, weights_only=True) for path in options.checkpoints]
    mean = {name: torch.stack([one[name].float() for one in read]).mean(0).half() for name in read[0]}
    torch.save(mean, options.out)


if __name__ == "__main__":
    main()
