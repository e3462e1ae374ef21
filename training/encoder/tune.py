"""Fine-tune on quotations labelled by hand: ``python -m training.encoder.tune WORK DATA --fold 0``.

The articles of many languages are divided into folds by language, the English ones by publisher: without
``--fold`` all are learned from (what ships), with it those of a fold are left out, so that ``measure`` can
ask about publishers whose quotations were never read, and with ``--whole-languages`` about languages. PolNeAR
and names are mixed in, so that nothing is forgotten. ``--long`` is a course mostly of names, through the
layers that only they need as well (``--upper``), at a higher rate.
"""

from __future__ import annotations

import argparse
import json
import random
import zlib
from pathlib import Path

from searcher.extract.encoder.pieces import Unigram
from training.encoder.articles import read_articles
from training.encoder.base import UNKNOWN, fetch, read
from training.encoder.course import Course, Windows, quotations, run, together
from training.encoder.labelled import read_described, read_labelled
from training.encoder.model import begin, begin_upper
from training.encoder.names import drawn, read_sources
from training.encoder.state import load
from training.encoder.train import PIECES, WINDOWS

__all__ = ["FOLDS", "fold_of"]

FOLDS = (
    frozenset({"de", "nl"}),
    frozenset({"ko", "ja", "zu", "tr", "id"}),
    frozenset({"fr", "es", "it"}),
    frozenset({"no", "da", "sv", "ru", "pl"}),
)
PLAN = (
    "hand", "names", "polnear", "hand", "english", "names",
    "hand", "words", "polnear", "hand", "names", "english",
)  # fmt: skip
#: A fold's weights answer for quotations only: as many steps of these with fewer of names.
FOLD_PLAN = ("hand", "english", "hand", "names", "hand", "polnear", "words", "hand")
LONG_PLAN = (
    "names", "names", "hand", "names", "names", "polnear", "names", "names", "english",
    "names", "names", "hand", "names", "names", "words",
)  # fmt: skip
RATE, FASTER = 1e-4, 4.0
FROZEN = 4
LONG_RATE, LONG_FROZEN = 1.5e-4, 2
LONG_PIECES, LONG_SWAPPED, LONG_ROUNDED = 2_048, 0.25, 0.25
STRENGTH = 0.35  # of other typography: these articles show their own languages'
WORDS_STRENGTH = 0.5  # of it in English articles of which only is known whom words mean


def fold_of(publisher: str) -> int:
    """The fold in which an English publisher is left out."""
    return zlib.crc32(publisher.encode()) % len(FOLDS)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("--init", type=Path, help="checkpoint to begin with (WORK/joint.pt)")
    parser.add_argument("--upper", type=Path, help="checkpoint of the layers of names, which then learn too")
    parser.add_argument("--fold", type=int, choices=range(len(FOLDS)))
    parser.add_argument(
        "--whole-languages", action="store_true", help="leave a fold's languages out of our own labels too"
    )
    parser.add_argument("--no-english", action="store_true", help="leave the English articles out")
    parser.add_argument(
        "--out", default="final", help="name of the checkpoint in WORK; a fold's number is added"
    )
    parser.add_argument("--long", action="store_true", help="two thirds names, through all layers")
    parser.add_argument("--seed", type=int, default=100)
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--port", type=int, default=29_700)
    options = parser.parse_args()
    if options.long and not options.upper:
        parser.error("--long teaches the layers of names too: say with --upper which")
    base = read(fetch(options.work))
    rows = json.loads((options.work / "kept.json").read_text())
    name = options.out if options.fold is None else f"{options.out}{options.fold}"

    def work(rank: int, world: int) -> None:
        network = begin(base)
        load(network, options.init or options.work / "joint.pt")
        if options.upper:
            network.upper = begin_upper(base)
            load(network.upper, options.upper)
        network.keep(rows)
        cutter = Unigram([base.pieces[row] for row in rows], [base.scores[row] for row in rows], UNKNOWN)
        course = _course(options)
        streams = _streams(options, cutter, rank, world)
        run(network, course, streams, options.work / f"{name}.pt", rank, world)

    together(work, options.processes, options.port)


def _course(options: argparse.Namespace) -> Course:
    if options.long:
        return Course(
            options.steps, LONG_RATE, FASTER, LONG_FROZEN, LONG_PLAN, marks_learn=False, rounded=LONG_ROUNDED
        )
    plan = PLAN if options.fold is None else FOLD_PLAN
    return Course(options.steps, RATE, FASTER, FROZEN, plan, marks_learn=False, rounded=1.0)


def _streams(options: argparse.Namespace, cutter: Unigram, rank: int, world: int) -> dict[str, Windows]:
    """Batches without end by kind, of what is not left out; without English its kinds are PolNeAR's."""
    rng, quotes = random.Random(options.seed + rank), options.data / "quotes"
    size, swapped = (LONG_PIECES, LONG_SWAPPED) if options.long else (PIECES, 0.0)
    left_out: frozenset[str] = FOLDS[options.fold] if options.fold is not None else frozenset()
    ours = read_labelled(options.data)
    hand = [a for a in read_articles(quotes / "languages-dev.jsonl") if a.language not in left_out]
    unread = left_out if options.whole_languages else frozenset()
    hand += [a for a in ours if a.language != "en" and a.language not in unread]
    polnear = read_articles(quotes / "polnear-train.jsonl")[rank::world]
    english, words = polnear, polnear
    if not options.no_english:
        news = [*read_articles(quotes / "news-dev.jsonl"), *(a for a in ours if a.language == "en")]
        english = [a for a in news if fold_of(a.publisher) != options.fold]
        words = [a for a in read_described(options.data) if fold_of(a.publisher) != options.fold]
    return {
        "names": drawn(read_sources(options.data), cutter, rng, size, swapped),
        "hand": quotations(hand, cutter, rng, WINDOWS, STRENGTH),
        "english": quotations(english, cutter, rng, WINDOWS),
        "words": quotations(words, cutter, rng, WINDOWS, WORDS_STRENGTH),
        "polnear": quotations(polnear, cutter, rng, WINDOWS),
    }


if __name__ == "__main__":
    main()
