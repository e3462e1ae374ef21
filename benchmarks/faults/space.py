"""No space left, folders that cannot be written, files that disappear: nothing acknowledged may be lost.

Space runs out on a small file system in memory (tmpfs) that is filled up to a random rest before each change;
where mounting is not allowed, a limit on the size of files stands in for it.
"""

from __future__ import annotations

import contextlib
import gc
import os
import random
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.faults.asking import answers
from benchmarks.faults.damage import build, kinds
from benchmarks.faults.made import article, numbered, write_records
from benchmarks.faults.outcome import Outcome, scratch
from benchmarks.faults.victim import identifiers, open_small
from searcher import open_index
from searcher.errors import SearcherError

#: Bytes of the small disk: more than the index of all changes takes with a rebuilt one beside it.
_SIZE = 24 << 20
#: The most that is left free: what one change needs at most, so that every point of it is met.
_MAX_FREE = 160_000
#: Attempts, half a second apart, to mount the disk read-only: other processes may still be closing files.
_REMOUNTS = 40


def run(points: int, seed: int) -> Outcome:
    outcome = Outcome(f"no space left at {points} points, read-only folders, files removed")
    random_ = random.Random(seed)  # repeatable on purpose
    with scratch() as folder:
        with _small_disk(folder / "disk") as mounted:
            if mounted:
                _fill(folder / "disk", points, random_, outcome, _ballast(folder / "disk"))
                _read_only(folder / "disk", outcome)
        if not mounted:
            outcome.notes.append("mounting is not allowed here: files were limited in size instead, and a")
            outcome.notes.append("folder that cannot be written was not tried")
            (folder / "disk").mkdir(exist_ok=True)
            _fill(folder / "disk", points, random_, outcome, _limited)
        _removed(folder, outcome)
        _removed_under_reader(folder, outcome)
    return outcome


@contextmanager
def _small_disk(folder: Path) -> Iterator[bool]:
    """A file system of its own at ``folder``; False where that cannot be had."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={_SIZE}", "tmpfs", str(folder)]
    allowed = bool(shutil.which("mount"))
    allowed = allowed and not subprocess.run(mount, capture_output=True, check=False).returncode
    try:
        yield allowed
    finally:
        if allowed:
            subprocess.run(["umount", "-l", str(folder)], check=True)


def _ballast(disk: Path) -> Callable[[int], contextlib.AbstractContextManager[None]]:
    @contextmanager
    def filled(rest: int) -> Iterator[None]:
        """The disk with only ``rest`` bytes free, to the next whole page."""
        weight = disk / "ballast"
        free = os.statvfs(disk)
        with weight.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(1, free.f_bavail * free.f_frsize - rest))
        try:
            yield
        finally:
            weight.unlink()

    return filled


@contextmanager
def _limited(rest: int) -> Iterator[None]:
    """No file may become longer than that. (Python turns the signal that this sends into an OSError.)"""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (max(1, rest // 4), before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def _fill(
    disk: Path,
    points: int,
    random_: random.Random,
    outcome: Outcome,
    full: Callable[[int], contextlib.AbstractContextManager[None]],
) -> None:
    with open_small(disk / "index") as index:
        write_records(disk / "records.jsonl", (article(number) for number in range(10)))
        index.load([disk / "records.jsonl"], workers=1)
        sure = dict.fromkeys(range(10), 0)
        for version in range(1, points + 1):
            after, action = _planned(sure, version, random_)
            with full(random_.randrange(_MAX_FREE)):
                refused, problem = _attempt(index, action)
            outcome.counts[f"no space: {'refused, with a reason' if refused else 'there was enough'}"] += 1
            where = f"no space (point {version})"
            if problem:
                outcome.bad.append(f"{where}: {problem}")
            # A change may be refused once it stands, when only the ledger had no room: it is there whole.
            if refused and not _whole(disk / "index", after):
                outcome.counts["no space: of those refused, done all the same as a whole"] += 1
                refused = False
            sure = sure if refused else after
            outcome.bad += [f"{where}: {one}" for one in _whole(disk / "index", sure)]
            if version % 10 == 0:  # with space again, all goes on
                index.add([article(1, version)], annotate=False)
                sure = {**sure, 1: version}
                outcome.bad += [f"{where}, freed: {one}" for one in _whole(disk / "index", sure)]


def _planned(
    sure: dict[int, int], version: int, random_: random.Random
) -> tuple[dict[int, int], Callable[[Any], Any]]:
    """A change, and the versions of articles once it is done."""
    numbers = [random_.randrange(300) for _ in range(random_.randrange(1, 40))]
    if random_.random() < 0.25:
        after = {number: held for number, held in sure.items() if number not in numbers}
        return after, lambda index: index.delete(identifiers(numbers))
    made = [article(number, version) for number in numbers]
    return {**sure, **dict.fromkeys(numbers, version)}, lambda index: index.add(made, annotate=False)


def _attempt(index: Any, action: Callable[[Any], Any]) -> tuple[bool, str | None]:
    """Whether it was refused, and what was wrong with the refusal."""
    try:
        action(index)
    except SearcherError as error:
        advises = "Delete it" in str(error)
        return True, f"a full disk is taken for damage: {error}" if advises else None
    except Exception as error:  # noqa: BLE001  # outside the error tree: the finding
        return True, f"raises {type(error).__name__}: {error}"
    return False, None


def _whole(folder: Path, sure: dict[int, int]) -> list[str]:
    """What is not as it was acknowledged, seen through a new opening."""
    try:
        with open_small(folder) as index:
            found = {int(one.id.removeprefix("made-")): numbered(one) for one in index.articles}
            problems = [f"verify names {name}" for name in index.verify()]
    except (SearcherError, OSError) as error:
        return [f"{type(error).__name__}: {error}"]
    return (
        problems if found == sure else [*problems, f"{len(sure)} articles were sure, {len(found)} are there"]
    )


def _read_only(disk: Path, outcome: Outcome) -> None:
    """A disk that cannot be written is searched all the same, and every change is refused with a reason."""
    with open_small(disk / "index") as before:
        right = answers(before)
    _make_read_only(disk)
    changes: dict[str, Callable[[Any], Any]] = {
        "add": lambda index: index.add([article(1, 9999)], annotate=False),
        "delete": lambda index: index.delete(["made-1"]),
        "load": lambda index: index.load([disk / "records.jsonl"], workers=1),
        "rebuild": lambda index: index.rebuild(workers=1),
    }
    try:
        for create in (False, True):
            with open_index(disk / "index", create=create) as index:
                if answers(index) != right:
                    outcome.bad.append("read-only: other answers")
                outcome.counts["read-only: searched"] += 1
                if index.verify():
                    outcome.bad.append(f"read-only: verify names {index.verify()}")
                for name, change in changes.items():
                    _refused(f"read-only: {name}", partial(change, index), outcome)
        _refused("read-only: a new index", lambda: open_index(disk / "another"), outcome)
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)


def _make_read_only(disk: Path) -> None:
    """Mount the disk again without writing, once no file on it is open for writing any more.

    A refused change leaves its files open until the error that refers to them is collected.
    """
    remount = ["mount", "-o", "remount,ro", str(disk)]
    for _ in range(_REMOUNTS):
        gc.collect()
        if not subprocess.run(remount, capture_output=True, check=False).returncode:
            return
        time.sleep(0.5)
    open_files = [os.readlink(one) for one in Path("/proc/self/fd").iterdir() if one.exists()]
    raise RuntimeError(f"{disk} is still in use. Open files: {sorted(open_files)}")


def _refused(name: str, change: Callable[[], Any], outcome: Outcome) -> None:
    try:
        result = change()
    except SearcherError as error:
        outcome.counts["read-only: refused, with a reason"] += 1
        if "Delete it" in str(error):
            outcome.bad.append(f"{name}: taken for damage: {error}")
    except Exception as error:  # noqa: BLE001  # outside the error tree: the finding
        outcome.bad.append(f"{name} raises {type(error).__name__}: {error}")
    else:
        if name != "read-only: load" or result.added or result.updated:
            outcome.bad.append(f"{name} is not refused")


def _removed(folder: Path, outcome: Outcome) -> None:
    """Each file removed: named by opening or verifying; and once it is back, nothing is lost, whatever
    was tried meanwhile."""
    whole, copy = folder / "whole", folder / "copy"
    build(whole, folder / "articles.jsonl")
    with open_index(whole) as index:
        right = answers(index)
    for path in [path for paths in kinds(whole).values() for path in paths]:
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(whole, copy)
        (copy / path.name).unlink()
        said = _said_of(copy, right)
        outcome.counts[f"removed: {said}"] += 1
        if not said.startswith(("named", "without")):
            outcome.bad.append(f"{path.name} removed: {said}")
        if said.startswith("named"):
            shutil.copy(path, copy)
            with open_index(copy) as index:
                if answers(index) != right:
                    outcome.bad.append(f"{path.name} removed and put back: articles are lost")


def _said_of(copy: Path, right: list[str]) -> str:
    said = "without effect on any answer"
    for create in (False, True):
        try:
            with open_index(copy, create=create) as index:
                same = answers(index) == right
                problems = index.verify()
                if not same and not problems:
                    return "wrong and nobody says so"
                said = "named by verify" if problems else said
        except SearcherError:
            said = "named by opening it"
        except Exception as error:  # noqa: BLE001  # outside the error tree: the finding
            return f"raises {type(error).__name__}: {error}"
    return said


def _removed_under_reader(folder: Path, outcome: Outcome) -> None:
    """All files removed under an open index: it goes on as it was, or says so."""
    copy = folder / "copy"
    for keep_open in (True, False):
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(folder / "whole", copy)
        index = open_index(copy)
        right = answers(index)
        for path in list(copy.iterdir()):
            path.unlink()
        if not keep_open:
            copy.rmdir()
        try:
            if answers(index) != right:
                outcome.bad.append("files removed under a reader: other answers")
        except SearcherError:
            outcome.counts["removed under a reader: it says so"] += 1
        except Exception as error:  # noqa: BLE001  # outside the error tree: the finding
            outcome.bad.append(f"files removed under a reader: raises {type(error).__name__}: {error}")
        _refused_or_made(index, outcome)


def _refused_or_made(index: Any, outcome: Outcome) -> None:
    try:
        index.add([article(1, 1)], annotate=False)
    except SearcherError:
        outcome.counts["removed under a writer: it says so"] += 1
    except Exception as error:  # noqa: BLE001  # outside the error tree: the finding
        outcome.bad.append(f"files removed under a writer: raises {type(error).__name__}: {error}")
    else:
        outcome.bad.append("files removed under a writer: it writes as if nothing were")


if __name__ == "__main__":  # for a look at this item alone
    print(run(int(sys.argv[1]), int(sys.argv[2])).render())
