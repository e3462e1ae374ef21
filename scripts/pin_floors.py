#!/usr/bin/env python3
"""Measure topics of quality and pin what they reach as the floor in tests/quality/floors.json."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.quality import TOPICS, topic  # noqa: E402  (the path has to be set first)
from tests.quality.floors import digest, load, pinned, save  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("topics", nargs="+", choices=sorted(TOPICS), metavar="TOPIC", help=", ".join(TOPICS))
    parser.add_argument(
        "--data", type=Path, help="the labelled data (default: SEARCHER_DATA, ../shared/data)"
    )
    parser.add_argument(
        "--decision", default="", help="let floors fall, for the sake of this; it is kept beside them"
    )
    options = parser.parse_args()
    data = options.data or Path(os.environ.get("SEARCHER_DATA") or ROOT.parent / "shared" / "data")
    floors = load()
    for name in options.topics:
        measured = topic(name).measure(data)
        try:
            floors[name] = pinned(floors.get(name), measured, digest(data / TOPICS[name]), options.decision)
        except ValueError as error:
            parser.error(f"{name}: {error} (--decision TEXT lets them)")
        save(floors)
        for figure, value in sorted(measured.items()):
            print(f"{name} {figure}: {value:.4f}, floor {floors[name].least[figure]:.4f}")


if __name__ == "__main__":
    main()
