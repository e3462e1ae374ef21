"""kill -9 at random moments of adding, updating, deleting, loading (text first, too), merging and rebuilding.

A process changes an index and keeps a journal (:mod:`.victim`). After each kill the index must open, verify,
hold every article just as the journal's acknowledged changes left it, and finish what was interrupted.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.faults.made import article, numbered
from benchmarks.faults.outcome import Outcome, scratch
from benchmarks.faults.victim import FILES, PER_FILE, identifiers, open_small, write_files
from searcher.errors import SearcherError

#: Kills on one and the same index before the next one begins.
MAX_KILLS = 25
#: Seconds after which a process is killed at the latest, from when it has opened the index.
MAX_SECONDS = 3.0


@dataclass(slots=True)
class _State:
    """The versions of articles by number: ``sure`` after the last acknowledged change, and the change that
    was ``open`` when the process died. ``gone`` are deleted articles that files still give."""

    sure: dict[int, int] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)
    open: dict[str, Any] | None = None
    read: int = 0

    def follow(self, journal: Path) -> None:
        lines = journal.read_text("utf-8").splitlines() if journal.exists() else []
        for line in lines[self.read :]:
            entry = json.loads(line)
            if "begin" in entry:
                self.open = entry["begin"]
            else:
                self.close()
        self.read = len(lines)

    @property
    def after(self) -> dict[int, int]:
        """What is to be there once the open change is done."""
        if self.open is None:
            return self.sure
        numbers = self.open["numbers"]
        if self.open["action"] == "delete":
            return {number: version for number, version in self.sure.items() if number not in numbers}
        return {**self.sure, **{n: self.open["version"] for n in numbers if n not in self.gone}}

    def close(self) -> None:
        """The open change is done."""
        if self.open and self.open["action"] == "delete":
            files = {number for number in self.sure if number < FILES * PER_FILE}
            self.gone |= files.intersection(self.open["numbers"])
        self.sure, self.open = self.after, None


def run(kills: int, seed: int) -> Outcome:
    """Kill ``kills`` processes: half of them after a time, half at a call that touches a file."""
    outcome = Outcome(f"kill -9 at {kills} moments")
    outcome.counts["opened, verified, with every acknowledged article"] = 0
    done = 0
    while done < kills:
        with scratch() as folder:
            state = _State()
            for _ in range(min(MAX_KILLS, kills - done)):
                done += 1
                _one(folder, state, seed + done, outcome)
    return outcome


def _one(folder: Path, state: _State, seed: int, outcome: Outcome) -> None:
    random_ = random.Random(seed)  # repeatable on purpose
    _kill_one(folder, random_, seed)
    state.follow(folder / "journal.jsonl")
    what = state.open["action"] if state.open else "nothing"
    problems = list(_problems(folder, state))
    if problems:
        outcome.bad += [f"killed in {what} (seed {seed}): {problem}" for problem in problems[:3]]
    else:
        outcome.counts["opened, verified, with every acknowledged article"] += 1
    outcome.counts[f"killed in {what}"] += 1


def _kill_one(folder: Path, random_: random.Random, seed: int) -> None:
    by_call = random_.random() < 0.5
    # Opening an index and one change of it touch between ten and a few hundred files.
    die_at = int(10 ** random_.uniform(0.5, 2.8)) if by_call else 0
    command = [sys.executable, "-m", "benchmarks.faults.victim", str(folder), str(seed), str(die_at)]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as victim:
        journal = folder / "journal.jsonl"
        size = journal.stat().st_size if journal.exists() else 0
        until = time.monotonic() + 120
        while time.monotonic() < until and victim.poll() is None:
            if journal.exists() and journal.stat().st_size > size:
                break
            time.sleep(0.01)
        try:
            victim.wait(30 if by_call else random_.uniform(0, MAX_SECONDS))
        except subprocess.TimeoutExpired:
            victim.kill()
        code = victim.wait()
        assert victim.stderr is not None
        if code > 0:
            (folder / "died.txt").write_bytes(victim.stderr.read())


def _problems(folder: Path, state: _State) -> Iterator[str]:
    """What is not as the journal says; afterwards the interrupted change is done and acknowledged."""
    if (folder / "died.txt").exists():
        yield (folder / "died.txt").read_text("utf-8").strip().rpartition("\n")[2]
        (folder / "died.txt").unlink()
    try:
        index = open_small(folder / "index")
        found = _versions(index)
        yield from _compare(found, state)
        if wrong := index.verify():
            yield f"verify names {wrong}"
        if state.open:
            yield from _resume(index, folder, found, state)
    except (SearcherError, OSError) as error:
        yield f"{type(error).__name__}: {error}"


def _compare(found: dict[int, int], state: _State) -> Iterator[str]:
    """Acknowledged changes are there, the open one wholly or not at all (batches of it, where it has any)."""
    after = state.after
    for number in sorted({*found, *state.sure, *after}):
        if found.get(number) not in (state.sure.get(number), after.get(number)):
            yield f"article {number} is of version {found.get(number)}, not {state.sure.get(number)}"
    if (
        state.open
        and state.open["action"] in ("add", "update", "delete")
        and found not in (state.sure, after)
    ):
        yield "half of a change is there"


def _resume(index: Any, folder: Path, found: dict[int, int], state: _State) -> Iterator[str]:
    """Do the open change again; what it had done already is not done twice."""
    plan = state.open
    assert plan is not None
    after = state.after
    match plan["action"]:
        case "delete":
            index.delete(identifiers(plan["numbers"]))
        case "load":
            files = write_files(folder / "sources", plan)
            report = index.files.resume_load(workers=1)
            if report is None:  # killed before it began
                report = index.load(files, workers=1)
            missing = sum(found.get(number) != after.get(number) for number in plan["numbers"])
            if report.added + report.updated > missing:
                yield f"{missing} articles were missing, {report.added + report.updated} were done again"
        case "rebuild":
            index.rebuild(workers=1)
        case _:
            made = (article(number, plan["version"]) for number in plan["numbers"])
            index.add(made, annotate=False)
    state.close()
    if _versions(index) != state.sure:
        yield f"resuming {plan['action']} does not complete it"
    if pending := index.articles.count_pending():
        yield f"{pending} articles still wait for their names after resuming {plan['action']}"
    if wrong := index.verify():
        yield f"verify names {wrong} after resuming"


def _versions(index: Any) -> dict[int, int]:
    found = {int(one.id.removeprefix("made-")): numbered(one) or 0 for one in index.articles}
    if len(found) != index.count() or any(index.articles.get(f"made-{number}") is None for number in found):
        raise SearcherError("count, get and articles disagree")
    return found
