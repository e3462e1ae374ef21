"""How soon files are found that come into a watched folder, whether any is lost, and what memory it takes.

``python -m benchmarks.watch`` drops pages in bursts: most at once, some in two halves, some moved in under
their last name, and some are moved or deleted once they are found. The time of a file is from its last byte
until a search finds it whole. ``--rounds N`` then adds, changes and deletes a page N times and prints the
memory.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import searcher
from searcher.readers.finish import id_of_address

LAST = "That was the last word."
TEXT = (
    "The ferry to Holm sails again on day {0}, said Mara Lindqvist, who leads the harbour of Port Aurel. "
    "“Nobody waits on day {0},” she said. Norvane, which owns the quay, declined to comment."
)
#: The shares of pages that are written in halves, moved in, moved within and deleted.
HALVES, MOVED_IN, MOVED, DELETED = 0.1, 0.1, 0.05, 0.05
PATIENCE_SECONDS = 1800.0


def page(number: int, words: str = "") -> str:
    body = "".join(f"<p>{TEXT.format(number)}</p>" for _ in range(5))
    return (
        f'<html><head><title>Day {number}</title><link rel="canonical" href="{address(number)}"></head><body>'
        f"<article><h1>Day {number}</h1>{body}<p>{words}</p><p>{LAST}</p></article></body></html>"
    )


def address(number: int) -> str:
    return f"https://example.org/day/{number}"


@dataclass
class Watcher:
    """The command at work on a folder; ``totals`` is what its reports say."""

    folder: Path
    index: searcher.Index
    process: subprocess.Popen[str]
    totals: Counter[str] = field(default_factory=Counter)

    def listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            report = json.loads(line)
            self.totals.update({name: n for name, n in report.items() if isinstance(n, int)})
            self.totals["failed"] += len(report["failed"])
            self.totals["loads"] += 1

    def megabytes(self) -> float:
        """The resident memory of the command itself; its workers end with each load."""
        status = Path(f"/proc/{self.process.pid}/status").read_text("utf-8")
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024

    def has(self, number: int) -> bool:
        found = self.index.articles.get(id_of_address(address(number)))
        return found is not None and LAST in found.body


@contextlib.contextmanager
def watching(settle: float) -> Iterator[Watcher]:
    with tempfile.TemporaryDirectory() as place:
        folder, where = Path(place, "in"), Path(place, "index")
        folder.mkdir()
        command = "from searcher.cli.searcher import main; main()"
        options = ["--settle", str(settle), "--prune", "--yes", "--jsonl", "-i", str(where)]
        with searcher.open_index(where) as index:
            process = subprocess.Popen(
                [sys.executable, "-c", command, "watch", str(folder), *options],
                stdout=subprocess.PIPE,
                text=True,
            )
            watcher = Watcher(folder, index, process)
            listener = threading.Thread(target=watcher.listen)
            listener.start()
            wait(lambda: watcher.totals["loads"] > 0)
            try:
                yield watcher
            finally:
                process.terminate()  # Ctrl+C is ignored by what was started in the background of a script
                listener.join()
                process.wait()


def wait(done: object) -> None:
    begun = time.monotonic()
    while not done():  # type: ignore[operator]
        if time.monotonic() - begun > PATIENCE_SECONDS:
            sys.exit("Something was lost: half an hour has passed.")
        time.sleep(0.05)


def drop(watcher: Watcher, count: int, seed: int) -> tuple[dict[int, float], list[int], list[int]]:
    """Drop pages in bursts; when each was whole, and which ones were then moved and deleted."""
    chance = random.Random(seed)
    finished: dict[int, float] = {}
    later: list[tuple[Path, str]] = []
    numbers = list(range(count))
    while numbers:
        burst = [numbers.pop() for _ in range(min(len(numbers), chance.choice((1, 2, 5, 20, 60))))]
        for number in burst:
            file, text = watcher.folder / str(number % 17) / f"{number}.html", page(number)
            file.parent.mkdir(exist_ok=True)
            kind = chance.random()
            if kind < HALVES:
                file.write_text(text[: len(text) // 2], "utf-8")
                later.append((file, text))
                continue
            unfinished = file.with_name(f"{file.name}.part") if kind < HALVES + MOVED_IN else file
            unfinished.write_text(text, "utf-8")
            os.replace(unfinished, file)
            finished[number] = time.monotonic()
        time.sleep(chance.uniform(0.05, 1.0))
        for file, text in later:
            file.write_text(text, "utf-8")
            finished[int(file.stem)] = time.monotonic()
        later.clear()
    chosen = chance.sample(range(count), int(count * (MOVED + DELETED)))
    return finished, chosen[: int(count * MOVED)], chosen[int(count * MOVED) :]


def measure(count: int, settle: float, seed: int) -> None:
    with watching(settle) as watcher:
        seconds: dict[int, float] = {}
        dropped: list[tuple[dict[int, float], list[int], list[int]]] = []
        dropper = threading.Thread(target=lambda: dropped.append(drop(watcher, count, seed)))
        found: dict[int, float] = {}
        dropper.start()

        def all_found() -> bool:
            for number in range(count):
                if number not in found and watcher.has(number):
                    found[number] = time.monotonic()
            return len(found) == count

        wait(all_found)
        dropper.join()
        finished, moved, deleted = dropped[0]
        seconds = {number: found[number] - finished[number] for number in found}
        for number in moved:
            file = watcher.folder / str(number % 17) / f"{number}.html"
            (watcher.folder / "moved").mkdir(exist_ok=True)
            os.replace(file, watcher.folder / "moved" / file.name)
        for number in deleted:
            (watcher.folder / str(number % 17) / f"{number}.html").unlink()
        wait(lambda: watcher.index.count() == count - len(deleted))
        time.sleep(settle + 3)
        origins = {article.id: article.origin or "" for article in watcher.index.articles}
        right = sum("/moved/" in origins.get(id_of_address(address(number)), "") for number in moved)
        totals = watcher.totals
    ordered = sorted(seconds.values())
    print(f"{count:,} files, {totals['loads']:,} loads, settled after {settle:g} s")
    print(f"  found whole {len(ordered):,}; added {totals['added']:,}, not read {totals['failed']:,}")
    print(f"  moved {right} of {len(moved)} found at their new place")
    print(f"  deleted {totals['removed']:,} of {len(deleted)}")
    print(f"  in the index at the end {len(origins):,} of {count - len(deleted):,}")
    print(
        f"  seconds: median {statistics.median(ordered):.2f}, 95 % {ordered[int(len(ordered) * 0.95)]:.2f}, "
        f"worst {ordered[-1]:.2f}"
    )


def soak(rounds: int) -> None:
    with watching(settle=0.1) as watcher:
        print(f"{rounds:,} rounds: a page is added, changed and deleted")
        file = watcher.folder / "a.html"
        for number in range(rounds):
            file.write_text(page(number), "utf-8")
            wait(lambda: watcher.has(number))  # noqa: B023
            file.write_text(page(number, "Something was added."), "utf-8")
            wait(lambda: watcher.index.count('"something was added"') == 1)
            file.unlink()
            wait(lambda: watcher.index.count() == 0)
            if number % max(1, rounds // 10) == 0 or number == rounds - 1:
                loads, memory = watcher.totals["loads"], watcher.megabytes()
                print(f"  after {number + 1:,} rounds, {loads:,} loads: {memory:.1f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--files", type=int, default=1000, metavar="N", help="pages to drop (1000; 0: none)")
    parser.add_argument(
        "--settle", type=float, default=2.0, metavar="SECONDS", help="as the command has it (2)"
    )
    parser.add_argument("--rounds", type=int, default=0, metavar="N", help="rounds with one page (0)")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    if given.files:
        measure(given.files, given.settle, given.seed)
    if given.rounds:
        soak(given.rounds)


if __name__ == "__main__":
    main()
