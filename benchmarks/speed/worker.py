"""Measures one engine, in a process of its own: ``python -m benchmarks.speed.worker ENGINE TASK …``.

Prints one JSON object. Times are CPU seconds of this process, since a machine that does other things besides
makes others meaningless; where threads or processes wait for one another they are those of the clock.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.speed import peers
from benchmarks.speed.corpus import CLASSES, Question, read_articles, read_questions
from benchmarks.speed.memory import peak, watched
from benchmarks.speed.peers.peer import NoMeans, Peer
from benchmarks.speed.reading import read
from benchmarks.speed.results import Adding, Asked, Indexing, percentiles

__all__: list[str] = []

#: Questions of a class that are asked beforehand, so many times, and not counted: code, files and what is
#: made once are in memory then.
_BEFOREHAND, _TIMES_BEFOREHAND = 5, 5
#: CPU seconds for what is asked beforehand, for the first time and again, each: a slow engine is asked fewer
#: questions of a class.
_MAX_CPU_SECONDS = 4.0
#: Articles of a commit while others read, and seconds between commits.
_COMMIT_ARTICLES, _PAUSE_SECONDS = 50, 0.5
#: Single articles that are added and looked for.
_ADDED_ARTICLES = 10


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("engine", choices=peers.PEERS)
    parser.add_argument("task", choices=_TASKS)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--kind", choices=CLASSES)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=4.0)
    options = parser.parse_args()
    print(json.dumps(_TASKS[options.task](peers.load(options.engine), options)))


def _index(engine: Peer, options: argparse.Namespace) -> dict[str, Any]:
    """CPU seconds of indexing without those of reading the corpus, peak memory and size."""
    shutil.rmtree(options.folder, ignore_errors=True)
    options.folder.mkdir(parents=True)
    started = time.process_time()
    for _ in read_articles(options.corpus):
        pass
    reading = time.process_time() - started
    started = time.process_time()
    with watched() as own:
        engine.index(read_articles(options.corpus), options.folder)
    cpu = time.process_time() - started - reading
    size = sum(path.stat().st_size for path in options.folder.rglob("*") if path.is_file())
    return asdict(Indexing(cpu, peak(), size, own.peak or None))


def _ask(engine: Peer, options: argparse.Namespace) -> dict[str, Any]:
    """For each question of one class: the CPU seconds of the first asking, those of the second, and the hits.

    No word has been asked for before, but for a few that two questions of the class share. The files are in
    the memory of the system.
    """
    _have_in_memory(options.folder)
    engine.open(options.folder)
    numbered = [one for one in enumerate(read_questions(options.data)) if one[1].kind == options.kind]
    list(_timed(engine, numbered[:_BEFOREHAND] * _TIMES_BEFOREHAND))
    first = list(_timed(engine, numbered[_BEFOREHAND:]))
    again = _timed(engine, [numbered[_BEFOREHAND + place] for place in range(len(first))])
    rows = [
        Asked(number, question.kind, seconds, second, hits)
        for (number, question), (seconds, hits), (second, _) in zip(numbered[_BEFOREHAND:], first, again)
    ]
    every = len(rows) in (0, len(numbered) - _BEFOREHAND)
    return {"rows": [asdict(row) for row in rows], "all": every, "memory": peak()}


def _have_in_memory(folder: Path) -> None:
    """Read every file: engines are measured, not disks. Systems drop what was not read of late, with memory
    to spare, and a page that had to be read took 10 to 18 µs instead of 1."""
    for path in filter(Path.is_file, folder.rglob("*")):
        with path.open("rb") as file:
            while file.read(1 << 20):
                pass


def _timed(engine: Peer, numbered: list[tuple[int, Question]]) -> Iterator[tuple[float, int]]:
    """Seconds and hits of each question, until the budget is spent.

    Of processor time, but never more than passed by the clock: where the system charges by ticks,
    one of thirty questions was charged 4 ms for half a millisecond.
    """
    spent = 0.0
    for _, question in numbered:
        clock, started = time.perf_counter(), time.process_time()
        try:
            _, hits = engine.ask(question)
        except NoMeans:
            return
        seconds = min(time.process_time() - started, time.perf_counter() - clock)
        yield seconds, hits
        spent += seconds
        if spent > _MAX_CPU_SECONDS:
            return


def _read(engine: Peer, options: argparse.Namespace) -> dict[str, Any]:
    """Threads that ask questions of all classes, for some seconds of the clock."""
    _have_in_memory(options.folder)
    questions = read_questions(options.data)
    return asdict(read(engine, options.engine, options.folder, questions, options.threads, options.seconds))


def _write(engine: Peer, options: argparse.Namespace) -> dict[str, Any]:
    """Commits at a steady pace until the standard input ends, after a first one that says “ready”."""
    engine.open(options.folder)
    commits, ended = 0, _listening()
    while not ended(_PAUSE_SECONDS if commits else 0.0):
        engine.add(_copies(options.corpus, commits, _COMMIT_ARTICLES))
        commits += 1
        if commits == 1:
            print("ready", flush=True)
    return {"commits": commits}


def _listening() -> Callable[[float], bool]:
    """Whether the standard input ends within so many seconds."""
    from threading import Event, Thread

    over = Event()

    def listen() -> None:
        sys.stdin.read()
        over.set()

    Thread(target=listen, daemon=True).start()
    return over.wait


def _add(engine: Peer, options: argparse.Namespace) -> dict[str, Any]:
    """Seconds from giving one article with a word of its own to finding it by that word."""
    engine.open(options.folder)
    engine.ask(Question("term1", ("oil",)))
    taken = []
    for number in range(_ADDED_ARTICLES):
        word = f"zq{'abcdefghij'[number]}x"
        article = next(_copies(options.corpus, number, 1))
        started = time.perf_counter()
        engine.add([{**article, "body": f"{article['body']} {word}"}])
        engine.refresh()
        assert engine.ask(Question("term1", (word,)))[1] == 1
        taken.append(time.perf_counter() - started)
    return asdict(Adding(percentiles(taken)[0], max(taken)))


def _copies(corpus: Path, turn: int, count: int) -> Iterator[dict[str, Any]]:
    """Articles of the corpus, as new ones."""
    for article in islice(read_articles(corpus), turn * count % 1000, turn * count % 1000 + count):
        yield {**article, "id": f"{article['id']}-added-{turn}"}


_TASKS = {"index": _index, "ask": _ask, "read": _read, "write": _write, "add": _add}

if __name__ == "__main__":
    main()
