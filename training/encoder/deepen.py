"""Train the layers that only names need: ``python -m training.encoder.deepen WORK DATA --steps 3000``.

They stand on the layers that names and quotations share, which do not learn any more (``--shared``), so that
quotations cost and answer the same with and without them. Runs of several seeds may be averaged
(``average``), since all begin with the same weights; ``--upper`` goes on from such a checkpoint where the
shared layers have changed since.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from searcher.extract.encoder.pieces import Unigram
from training.encoder.base import UNKNOWN, fetch, read
from training.encoder.course import descend, optimiser_of
from training.encoder.losses import deep_names_loss
from training.encoder.model import Network, Upper, begin, begin_upper
from training.encoder.names import drawn, read_sources
from training.encoder.state import load
from training.encoder.train import PIECES
from training.encoder.windows import Window, batch_of

__all__ = ["UpperCourse", "deepen"]

RATE, ROUNDED = 2e-4, 0.25


@dataclass(frozen=True, slots=True)
class UpperCourse:
    """``rounded`` is the last share of the steps, in which the layers compute as the exported ones do."""

    steps: int
    rate: float = RATE
    faster: float = 5.0  # how many times the labels' rate
    rounded: float = ROUNDED


def deepen(
    network: Network, upper: Upper, course: UpperCourse, batches: Iterator[list[Window]], out: Path
) -> None:
    """Train the upper layers by batches of names; checkpoints go to ``out``."""
    network.requires_grad_(False).train()
    network.round()
    upper.train()
    network.half = upper.half = torch.ops.mkldnn._is_mkldnn_bf16_supported()

    def losses(step: int) -> tuple[dict[str, Tensor], int]:
        if step == round(course.steps * (1 - course.rounded)):
            upper.round()
        batch = batch_of(next(batches))
        return {"names": deep_names_loss(network, upper, batch)}, int(batch.valid.sum())

    descend(upper, optimiser_of(upper, course.rate, course.faster), course.steps, losses, out)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("--shared", type=Path, help="checkpoint of the shared layers (WORK/mean.pt)")
    parser.add_argument("--upper", type=Path, help="checkpoint to go on from")
    parser.add_argument("--out", default="upper", help="name of the checkpoint in WORK")
    parser.add_argument("--steps", type=int, default=3_000)
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--rounded", type=float, default=ROUNDED)
    parser.add_argument("--swapped", type=float, default=0.0, help="share of articles with other names")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(1)
    base = read(fetch(options.work))
    rows = json.loads((options.work / "kept.json").read_text())
    torch.manual_seed(0)
    network, upper = begin(base), begin_upper(base)
    load(network, options.shared or options.work / "mean.pt")
    network.keep(rows)
    if options.upper:
        load(upper, options.upper)
    torch.manual_seed(options.seed)
    cutter = Unigram([base.pieces[row] for row in rows], [base.scores[row] for row in rows], UNKNOWN)
    rng = random.Random(options.seed)
    batches = drawn(read_sources(options.data), cutter, rng, PIECES, options.swapped)
    course = UpperCourse(options.steps, options.rate, rounded=options.rounded)
    deepen(network, upper, course, batches, options.work / f"{options.out}.pt")


if __name__ == "__main__":
    main()
