"""``python -m benchmarks.ablation TOPIC… --data FOLDER``: print what each rule of a topic gains."""

from __future__ import annotations

import argparse
import importlib
from pathlib import Path

from benchmarks.ablation import TOPICS


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ablation", description=__doc__)
    parser.add_argument("topics", nargs="+", choices=TOPICS, metavar="TOPIC", help=", ".join(TOPICS))
    parser.add_argument("--data", type=Path, required=True, help="the folder with the labelled data")
    parser.add_argument("--only", metavar="PART", help="parts whose name holds this")
    options = parser.parse_args()
    for name in options.topics:
        importlib.import_module(f"benchmarks.ablation.{name}").main(options.data, options.only or "")


if __name__ == "__main__":
    main()
