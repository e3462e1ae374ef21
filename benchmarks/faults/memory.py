"""Memory while many articles are indexed: it has to be flat once the writer's budget is in use.

The articles are made up, each with some words of its own, unless ``SEARCHER_DATA`` names a folder with
``corpus/reuters-21578.jsonl``: then they are those, each copy with other numbers and some other words.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from statistics import median

from benchmarks.faults.made import article
from benchmarks.faults.outcome import Outcome, scratch
from benchmarks.faults.worker import resident
from searcher import open_index
from searcher.article import Article

_BATCH_ARTICLES = 5_000  # articles of one commit, as in loading
#: After the first minute, or the first quarter of shorter runs, memory may grow by so much.
_MAX_GROWTH = 1.25
#: What it may take at any time: twice what a writer may hold, as a merge needs room beside it.
_MAX_BYTES = 512 << 20
#: Words that no article before had: 21,577 newswire articles have 5.5 each.
_OWN_WORDS = 5
_ROWS, _COLUMNS = 10, 60  # of the plot


def run(articles: int) -> Outcome:
    outcome = Outcome(f"memory while indexing {articles:,} articles")
    with scratch() as folder:
        command = [sys.executable, "-m", "benchmarks.faults.memory", str(folder / "index"), str(articles)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        outcome.bad.append(done.stderr.strip().rpartition("\n")[2])
        return outcome
    samples = [(float(t), int(m), int(n)) for t, m, n in map(str.split, done.stdout.splitlines())]
    outcome.counts["articles"] = samples[-1][2]
    outcome.notes += _plot(samples)
    warm = [memory for t, memory, _ in samples if t >= min(60.0, samples[-1][0] / 4)]
    quarter = max(1, len(warm) // 4)
    early, late = median(warm[:quarter]), median(warm[-quarter:])
    outcome.notes.append(
        f"median {early / 2**20:.0f} MB once warm, {late / 2**20:.0f} MB in the last quarter; "
        f"{max(warm) / 2**20:.0f} MB at most, in merges; {samples[-1][0]:.0f} s"
    )
    if articles >= 20_000 and late > early * _MAX_GROWTH:
        outcome.bad.append("memory grows")
    if max(warm) > _MAX_BYTES:
        outcome.bad.append("memory passes its bound")
    return outcome


def _plot(samples: Sequence[tuple[float, int, int]]) -> list[str]:
    """Resident memory over time, as rows of text."""
    most, length = max(m for _, m, _ in samples), samples[-1][0] or 1.0
    columns = [0] * _COLUMNS
    for t, memory, _ in samples:
        place = min(_COLUMNS - 1, int(t / length * _COLUMNS))
        columns[place] = max(columns[place], memory)
    rows = []
    for row in range(_ROWS, 0, -1):
        line = "".join("█" if m >= most * (row - 0.5) / _ROWS else " " for m in columns)
        rows.append(f"{most * row / _ROWS / 2**20:5.0f} MB │{line}")
    return [*rows, f"         └{'─' * _COLUMNS} {length:.0f} s"]


def _made(number: int) -> Article:
    own = " ".join(f"{number}rare{one}" for one in range(_OWN_WORDS))
    plain = article(number)
    return replace(plain, body=f"{plain.body} {own}")


def _articles(number: int) -> Iterator[Article]:
    data = os.environ.get("SEARCHER_DATA")
    corpus = Path(data) / "corpus" / "reuters-21578.jsonl" if data else None
    if corpus is None or not corpus.is_file():
        yield from map(_made, range(number))
        return
    random_ = random.Random(7)  # repeatable on purpose
    copy = 0
    while True:
        with corpus.open(encoding="utf-8") as lines:
            for place, line in enumerate(lines):
                record = json.loads(line)
                words = str(record.get("body") or record.get("text") or "").split(" ")
                for _ in range(len(words) // 10 if copy else 0):
                    words[random_.randrange(len(words))] = f"w{random_.randrange(200_000)}"
                yield Article(f"{copy}-{place}", str(record.get("title") or ""), " ".join(words))
        copy += 1


def main() -> None:
    """Index in this process; a line for each look at the time, the memory and the number of articles."""
    folder, number = Path(sys.argv[1]), int(sys.argv[2])
    began, over, done = time.monotonic(), threading.Event(), 0

    def look() -> None:
        while not over.wait(0.5):
            print(f"{time.monotonic() - began:.1f} {resident()} {done}")

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        source = islice(_articles(number), number)
        with open_index(folder) as index:
            while batch := list(islice(source, _BATCH_ARTICLES)):
                index.add(batch, annotate=False)
                done += len(batch)
            assert index.count() == number
    finally:
        over.set()
        watcher.join()
    print(f"{time.monotonic() - began:.1f} {resident()} {done}")


if __name__ == "__main__":
    main()
