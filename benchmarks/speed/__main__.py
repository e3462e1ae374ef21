"""``python -m benchmarks.speed --data ../shared/data [--articles 21577 100000] [--engines searcher fts5]``

Every engine that is installed gets the same articles and the same questions, in processes of its own. Prints
the tables that the documentation shows, and draws them with ``--plot``. ``--parts`` leaves out some of:

questions   asked for the first time in a running process, as most of a user's are, and again
starting    one question in a new process, for commands and for the shortest program that asks
readers     one thread of questions and eight, and one beside a process that writes
adding      how soon one more article is found
pipeline    saved pages to searchable articles, stage by stage, on one core and on two
languages   the same with pages in 22 languages
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.speed import plot, recoll, stages, starting, table
from benchmarks.speed.corpus import CLASSES, write_corpus
from benchmarks.speed.driving import ROOT, Driver
from benchmarks.speed.peers import PEERS, STILL
from benchmarks.speed.results import Measured

__all__: list[str] = []

#: Four for each core of the machine that the documentation shows: readers of a busy server.
_THREADS = 8
#: The size that starting is compared with, and how often each command is run.
_FEW_ARTICLES, _STARTS = 1000, 15
#: Parts that need no engine but Searcher, with the saved pages that they read.
_OF_PAGES = {"pipeline": stages.ENGLISH, "languages": stages.LANGUAGES}


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.speed",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--articles", type=int, nargs="+", default=[21_577])
    parser.add_argument("--engines", nargs="+", choices=PEERS, default=list(PEERS))
    parser.add_argument("--parts", nargs="+", choices=_PARTS, default=list(_PARTS))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="folder for corpora, indexes and results, used again")
    parser.add_argument(
        "--plot",
        type=Path,
        help="where to draw the times by number of articles, as SVG, with those of kept results",
    )
    options = parser.parse_args()
    options.data = options.data.resolve()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # modules are compiled once, as those installed are
    with tempfile.TemporaryDirectory() as temporary:
        work = (options.keep or Path(temporary)).resolve()
        work.mkdir(parents=True, exist_ok=True)
        _run(options, work)


def _run(options: argparse.Namespace, work: Path) -> None:
    print(_machine("At the beginning"))
    for articles in options.articles if set(options.parts) - _OF_PAGES.keys() else []:
        drivers = _drivers(options.engines, articles, options.data, work)
        found = [driver.measured for driver in drivers]
        results = work / f"results-{articles}.json"
        for part, measure in _PARTS.items():
            if part in options.parts and measure:
                found += measure(drivers, options, work)
                results.write_text(json.dumps([one.to_dict() for one in found]), "utf-8")
        print(table.render(found), flush=True)
    for part, sets in _OF_PAGES.items():
        if part in options.parts:
            print(table.pipeline(stages.measure(options.data, options.rounds, sets)))
    if options.plot:
        options.plot.write_text(plot.draw(_kept(work)), "utf-8")
    print(_machine("At the end"))


def _kept(work: Path) -> list[Measured]:
    """What this run measured, and earlier ones that kept their results there."""
    files = work.glob("results-*.json")
    return [Measured.from_dict(one) for path in files for one in json.loads(path.read_text("utf-8"))]


def _machine(when: str) -> str:
    return f"{when}: {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}.\n"


def _corpus(articles: int, data: Path, work: Path) -> Path:
    path = work / f"corpus-{articles}.jsonl"
    if not path.exists():
        write_corpus(data, path, articles)
    return path


def _drivers(engines: Sequence[str], articles: int, data: Path, work: Path) -> list[Driver]:
    """Those that are installed, each with an index."""
    found = []
    for name in engines:
        try:
            driver = Driver(name, _corpus(articles, data, work), articles, data)
        except ImportError:
            print(f"{name} is not installed: left out", file=sys.stderr)
            continue
        driver.index()
        found.append(driver)
    return found


def _ask(drivers: Sequence[Driver], options: argparse.Namespace, _: Path) -> list[Measured]:
    """In turns, since a machine is busier at one time than at another."""
    for kind in CLASSES:
        for driver in [*drivers] * options.rounds:
            driver.ask(kind)
        _say(f"{kind} asked")
    return []


def _read(drivers: Sequence[Driver], *_: Any) -> list[Measured]:
    for driver in drivers:
        for threads in (1, _THREADS):
            driver.read(threads)
        if driver.measured.engine not in STILL:
            driver.read_while_writing()
        _say(f"{driver.measured.engine} read")
    return []


def _add(drivers: Sequence[Driver], *_: Any) -> list[Measured]:
    for driver in drivers:
        if driver.measured.engine not in STILL:
            driver.add()
    return []


def _start(drivers: Sequence[Driver], options: argparse.Namespace, work: Path) -> list[Measured]:
    """With few articles and with all, since a start should not depend on them; with Recoll, which has a
    command and nothing else."""
    articles = drivers[0].measured.articles
    few = _drivers([driver.measured.engine for driver in drivers], _FEW_ARTICLES, options.data, work)
    commands = {
        (one.measured.engine, one.measured.articles): starting.command(
            one.measured.engine, one.python, one.folder
        )
        for one in [*few, *drivers]
        if starting.has_command(one.measured.engine)
    }
    others = []
    if recoll.installed() and articles <= recoll.MAX_ARTICLES:
        others.append(Measured(articles, "recoll"))
        for size in (_FEW_ARTICLES, articles):
            recoll.index(_corpus(size, options.data, work), work / f"recoll-{size}")
            commands["recoll", size] = recoll.command(work / f"recoll-{size}")
    found = starting.measure(commands, _STARTS)
    for measured in [*(driver.measured for driver in drivers), *others]:
        measured.starts += found.get(measured.engine, [])
    _say("started")
    return others


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


#: What each measures, and gives of engines that are no drivers'; the last one has nothing to do with engines.
_PARTS: dict[str, Callable[[Sequence[Driver], argparse.Namespace, Path], list[Measured]] | None] = {
    "questions": _ask,
    "starting": _start,
    "readers": _read,
    "adding": _add,
    "pipeline": None,
    "languages": None,
}

if __name__ == "__main__":
    main()
