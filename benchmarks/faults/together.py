"""Several processes writing and several reading: no failed read, no lost write, flat memory."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.faults.outcome import Outcome, scratch
from benchmarks.faults.worker import COMMIT_ARTICLES
from searcher import open_index

#: How much the memory of a reader may grow after the first tenth of the time: as for an index that grew.
_MAX_GROWTH = 1.25


def run(seconds: float, writers: int, readers: int) -> Outcome:
    outcome = Outcome(f"{writers} processes writing and {readers} reading for {seconds:g} s")
    with scratch() as folder:
        roles = [("write", n) for n in range(writers)] + [("read", n) for n in range(readers)]
        running = [(role, _start(role, folder, n, seconds)) for role, n in roles]
        for role, process in running:
            out, complaint = process.communicate()
            if process.returncode:
                outcome.bad.append(f"a process to {role} died: {complaint.strip().rpartition(chr(10))[2]}")
            else:
                _count(role, json.loads(out), outcome)
        outcome.bad += _lost(folder, writers)
    return outcome


def _start(role: str, folder: Path, number: int, seconds: float) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "benchmarks.faults.worker", role, str(folder), str(number), str(seconds)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def _count(role: str, seen: dict[str, Any], outcome: Outcome) -> None:
    if role == "write":
        outcome.counts["commits acknowledged"] += seen["commits"]
        outcome.counts["writers told that it is locked"] += seen["locked"]
        return
    outcome.counts["searches answered"] += seen["reads"]
    outcome.bad += [f"half a commit seen: {one}" for one in seen["wrong"]]
    if grown := _growth(seen["memory"]):
        before, after = grown
        outcome.notes.append(
            f"a reader's memory: {before / 2**20:.0f} MB early, {after / 2**20:.0f} MB at the end"
        )
        if after > before * _MAX_GROWTH:
            outcome.bad.append("a reader's memory grows")


def _growth(memory: Sequence[int]) -> tuple[int, int] | None:
    """The greatest after a tenth of the time (warmed up), and at the end; None of runs too short to tell."""
    if len(memory) < 30:
        return None
    tenth = max(len(memory) // 10, 5)
    return max(memory[: 2 * tenth]), max(memory[-tenth:])


def _lost(folder: Path, writers: int) -> Iterator[str]:
    with open_index(folder / "index", create=False) as index:
        yield from (f"verify names {name}" for name in index.verify())
        expected = 0
        for number in range(writers):
            lines = (folder / f"writer-{number}.jsonl").read_text("utf-8").splitlines()
            last = {entry["batch"]: entry["version"] for entry in map(json.loads, lines)}
            expected += len(last)
            for batch, version in last.items():
                word = f"batch{number}x{batch}"
                kept = [index.articles.get(f"{word}-{n}") for n in range(COMMIT_ARTICLES)]
                if [one.title if one else None for one in kept] != [f"{word} v{version}"] * COMMIT_ARTICLES:
                    yield f"{word} of version {version} is lost"
        if index.count() != expected * COMMIT_ARTICLES:
            yield f"{index.count()} articles instead of {expected * COMMIT_ARTICLES}"
