"""A process that changes an index until it is killed: ``python -m benchmarks.faults.victim FOLDER SEED``.

Beside the index it keeps ``journal.jsonl``: what it is about to do, and, once the call has returned, that it
is done; both on the disk before it goes on. It kills itself with SIGKILL at the ``die_at``-th of its own
calls that open, rename or remove a file, should the third argument say so.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from benchmarks.faults.made import article, write_records
from searcher.engines.whoosh import EngineOptions, WhooshEngine
from searcher.engines.whoosh.write import writer
from searcher.index import Index
from searcher.index.session import Session
from searcher.ingest import run
from searcher.names.table import Identities
from searcher.textfiles import FolderTexts

ACTIONS = ("add", "add", "update", "update", "delete", "delete", "merge", "merge", "load", "load", "rebuild")
#: Records are numbered by file: file f gives the articles f * PER_FILE, … of :func:`made.article`.
FILES, PER_FILE = 3, 8
#: Numbers of articles that no file gives.
_FREE = range(1000, 1400)
_FATAL = {"open", "os.rename", "os.remove", "sqlite3.connect", "os.truncate", "os.listdir"}


class Journal:
    """What was begun and what was done, by the process that may die at any time."""

    def __init__(self, path: Path) -> None:
        self._file: IO[str] = path.open("a", encoding="utf-8")

    def write(self, entry: dict[str, Any]) -> None:
        self._file.write(json.dumps(entry) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())


def open_small(folder: Path) -> Any:
    """The index with limits so small that few articles make many segments, batches and merges."""
    run.MAX_ARTICLES = 10
    commits: Any = writer
    commits.MAX_SYNC_MERGE_ARTICLES = 40
    options = EngineOptions(max_bytes=100_000)
    engine = WhooshEngine(folder, identities=Identities(), create=True, options=options)
    return Index(Session(engine, FolderTexts(folder), folder=folder))


def identifiers(numbers: list[int]) -> list[str]:
    return [f"made-{number}" for number in numbers]


def _plan(random_: random.Random, version: int) -> dict[str, Any]:
    """The next change: which articles it concerns, and which version they are of afterwards."""
    action = random_.choice(ACTIONS)
    if action == "load":
        files = random_.sample(range(FILES), 2)
        numbers = [f * PER_FILE + n for f in files for n in range(PER_FILE)]
        return {"action": action, "files": files, "numbers": numbers, "version": version}
    if action == "rebuild":
        return {"action": action, "numbers": [], "version": version}
    most = {"add": 30, "update": 20, "delete": 10, "merge": 3}[action]
    start = random_.choice(_FREE[:-most])
    numbers = list(range(start, start + random_.randint(1, most)))
    if action == "delete":  # what a file gave, too: loading and rebuilding have to leave it out from then on
        numbers += random_.sample(range(FILES * PER_FILE), 1)
    return {"action": action, "numbers": numbers, "version": None if action == "delete" else version}


def write_files(sources: Path, plan: dict[str, Any]) -> list[Path]:
    """The files that a change of the kind "load" reads, as it reads them."""
    paths = [sources / f"{f}.jsonl" for f in plan["files"]]
    for f, path in zip(plan["files"], paths, strict=True):
        write_records(path, (article(f * PER_FILE + n, plan["version"]) for n in range(PER_FILE)))
    return paths


def _perform(index: Any, sources: Path, plan: dict[str, Any]) -> None:
    numbers, version = plan["numbers"], plan["version"]
    match plan["action"]:
        case "load":
            index.load(write_files(sources, plan), workers=1, text_first=version % 2 == 0)
        case "rebuild":
            index.rebuild(workers=1)
        case "delete":
            index.delete(identifiers(numbers))
        case "merge":  # one article at a time: every few commits merge segments
            for number in numbers:
                index.add([article(number, version)], annotate=False)
        case _:
            index.add((article(number, version) for number in numbers), annotate=False)


def _die_at(number: int) -> None:
    """SIGKILL at the ``number``-th call that touches a file of the index."""
    left = number

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal left
        if event in _FATAL and arguments and "index" in str(arguments[0]):
            left -= 1
            if left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def _versions(start: int) -> Iterator[int]:
    while True:
        yield start
        start += 1


def main() -> None:
    folder, seed, die_at = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    random_ = random.Random(seed)  # repeatable on purpose
    journal = Journal(folder / "journal.jsonl")
    sources = folder / "sources"
    sources.mkdir(exist_ok=True)
    if die_at:
        _die_at(die_at)
    index = open_small(folder / "index")
    for version in _versions(seed * 1000):
        plan = _plan(random_, version)
        journal.write({"begin": plan})
        _perform(index, sources, plan)
        journal.write({"done": version})


if __name__ == "__main__":
    main()
