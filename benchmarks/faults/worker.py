"""A process that writes to or reads from a shared index until a time: see :mod:`.together`.

``python -m benchmarks.faults.worker write|read FOLDER NUMBER SECONDS``; what it saw goes out as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.faults.victim import Journal
from searcher import open_index
from searcher.article import Article
from searcher.errors import IndexLocked

#: Articles of one commit: a reader that sees another number of them has seen half of it.
COMMIT_ARTICLES = 7
#: Different batches of a writer; then it updates them, so that the index stops growing.
_MAX_BATCHES = 12


def resident() -> int:
    """The memory of this process in bytes, 0 where it cannot be told.

    Without the pages of mapped files: those are the system's cache, which it takes back when it needs it.
    """
    try:
        with open("/proc/self/status", encoding="ascii") as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith("RssAnon"))
    except (OSError, StopIteration):
        return 0


def write(folder: Path, number: int, until: float) -> dict[str, Any]:
    journal = Journal(folder / f"writer-{number}.jsonl")
    commits = waited = 0
    with open_index(folder / "index") as index:
        while time.time() < until:
            batch, version = commits % _MAX_BATCHES, commits // _MAX_BATCHES
            made = [_article(number, batch, n, version) for n in range(COMMIT_ARTICLES)]
            try:
                index.add(made, annotate=False)
            except IndexLocked:
                waited += 1
                continue
            journal.write({"batch": batch, "version": version})
            commits += 1
    return {"commits": commits, "locked": waited}


def _article(writer: int, batch: int, number: int, version: int) -> Article:
    word = f"batch{writer}x{batch}"
    body = f"The harbour of {word} opened in version {version}. " + "Ferries and bridges follow. " * 20
    return Article(f"{word}-{number}", f"{word} v{version}", body)


def read(folder: Path, number: int, until: float) -> dict[str, Any]:
    reads, wrong = 0, []
    memory: list[int] = []
    next_look = time.time()
    while time.time() < until and not (folder / "index" / "searcher.json").exists():
        time.sleep(0.05)
    with open_index(folder / "index", create=False) as index:
        while time.time() < until:
            word = f"batch{reads % 4}x{(reads + number) % _MAX_BATCHES}"
            found = index.search(word, limit=20)
            versions = {hit.article.title for hit in found}
            if found.total not in (0, COMMIT_ARTICLES) or len(versions) > 1:
                wrong.append(f"{word}: {found.total} articles of {sorted(versions)}")
            reads += 1
            if time.time() >= next_look:
                memory.append(resident())
                next_look += 1.0
    return {"reads": reads, "wrong": wrong[:5], "memory": memory}


def main() -> None:
    role, folder, number, seconds = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
    work = write if role == "write" else read
    print(json.dumps(work(folder, number, time.time() + seconds)))


if __name__ == "__main__":
    main()
