"""Train names and quotations together: ``python -m training.encoder.train WORK DATA --steps 1400``.

Each step of a process is a batch of names in thirty languages or of English quotations (PolNeAR), two of
names to three of quotations. WORK holds what is made on the way, DATA the labelled sets.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import torch

from searcher.extract.encoder.pieces import Unigram
from training.encoder.articles import read_articles
from training.encoder.base import UNKNOWN, fetch, read
from training.encoder.course import Course, quotations, run, together
from training.encoder.model import begin
from training.encoder.names import drawn, read_sources

__all__ = ["PIECES", "WINDOWS"]

PIECES, WINDOWS = 1_500, 4  # of a batch of names, and of one of quotations
PLAN = ("names", "quotations", "names", "names", "quotations")
RATE, FASTER = 2e-4, 5.0
FROZEN = 2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("--steps", type=int, default=1_400)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--port", type=int, default=29_600)
    options = parser.parse_args()
    base = read(fetch(options.work))

    def work(rank: int, world: int) -> None:
        rng = random.Random(1 + rank)
        torch.manual_seed(0)
        network = begin(base)
        torch.manual_seed(rank)
        cutter = Unigram(base.pieces, base.scores, UNKNOWN)
        streams = {
            "names": drawn(read_sources(options.data), cutter, rng, PIECES),
            "quotations": quotations(
                read_articles(options.data / "quotes" / "polnear-train.jsonl"), cutter, rng, WINDOWS
            ),
        }
        course = Course(options.steps, RATE, FASTER, FROZEN, PLAN)
        run(network, course, streams, options.work / "joint.pt", rank, world)

    together(work, options.processes, options.port)


if __name__ == "__main__":
    main()
