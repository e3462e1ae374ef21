"""Files of an index, and those beside it, that are damaged: every case must be without effect or be named.

Each trial damages one file of a copy: a bit of it, a part, or all of it (:data:`CHANGES`). Then it opens the
copy, asks everything, and verifies. Trials run in a process of
their own, so that one that hangs or crashes the interpreter is counted too.
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.faults.asking import answers
from benchmarks.faults.made import article, write_records
from benchmarks.faults.outcome import Outcome, scratch
from searcher import Search, open_index
from searcher.errors import SearcherError
from searcher.saved_searches import SavedSearches

#: Seconds that one trial may take: a hundred times what it needs.
MAX_SECONDS = 60.0

NO_EFFECT = "without effect on any answer"
OPENING = "named by opening it"
ASKING = "named when asked"
VERIFIED = "named by verify, answers right"
WRONG_TILL_VERIFIED = "named by verify, answers wrong until then"
SILENT = "wrong and nobody says so"

#: The lock holds nothing.
_OUTSIDE = ("MAIN_WRITELOCK", "loading.lock")
#: What happens to a file: a bit flips, its end is cut off, a sector is zeros or changes places with another,
#: it is gone, empty, of an earlier state of the index, or in the place of another of its kind.
CHANGES = ("flip", "cut", "zeros", "sectors", "gone", "empty", "older", "another")
_SECTOR = 512  # bytes that a disk writes at once


def run(trials: int, seed: int) -> Outcome:
    """``trials`` damages, evenly over the kinds of files and what can happen to them."""
    outcome = Outcome(f"{trials} damages")
    with scratch() as folder:
        whole = folder / "whole"
        build(whole, folder / "articles.jsonl", folder / "older")
        cases = list(_cases(whole, trials, seed))
        results = list(_results(whole, folder / "trial", cases))
        for case, result in zip(cases, results, strict=True):
            outcome.counts[result if ":" not in result else result.partition(":")[0]] += 1
            if result not in (NO_EFFECT, OPENING, ASKING, VERIFIED, WRONG_TILL_VERIFIED):
                outcome.bad.append(f"{case} {result}")
        wrong = Counter(
            case["kind"] for case, result in zip(cases, results, strict=True) if result == WRONG_TILL_VERIFIED
        )
        outcome.notes.append(f"wrong until verified, by file: {dict(wrong)}")
    outcome.notes.append(f"files: {', '.join(sorted({case['kind'] for case in cases}))}")
    return outcome


def build(folder: Path, records: Path, older: Path | None = None) -> None:
    """An index with several segments, deletions, and all that stands beside one; ``older``: its state before
    the last changes is kept there."""
    write_records(records, (article(number) for number in range(900, 912)))
    with open_index(folder) as index:
        index.load([records], workers=1)
        index.add((article(number) for number in range(100)), annotate=False)
        index.add((article(number) for number in range(100, 120)), annotate=False)
        index.delete(f"made-{number}" for number in range(0, 100, 9))
        index.add((article(number, 1) for number in range(110, 114)), annotate=False)
        index.delete(["made-115", "made-111"])
        index.tags.update(["made-3", "made-4", "made-905"], ["lead"], case="Harbour", note="asked twice")
        index.names.decide(index.names.decisions.rename("person", "Ines Okafor", "Judge Ines Okafor"))
        index.synonyms = index.synonyms.add("bridge, crossing")
        SavedSearches.of(index).save("bridges", Search("bridge"), index)
        if older:
            shutil.copytree(folder, older)
        index.tags.update(["made-5"], ["lead", "desk=foreign"])
        index.names.decide(index.names.decisions.ignore("person", "Nobody"))
        index.synonyms = index.synonyms.add("harbour, port")
        index.delete(["made-7"])


def kinds(folder: Path) -> dict[str, list[Path]]:
    """The files of an index by what kind they are."""
    found: dict[str, list[Path]] = {}
    for path in sorted(folder.iterdir()):
        if path.name not in _OUTSIDE and path.is_file():
            found.setdefault(_kind(path), []).append(path)
    return found


def _kind(path: Path) -> str:
    return path.suffix if path.name.startswith(("MAIN", "_MAIN")) else path.name


def _cases(whole: Path, trials: int, seed: int) -> Iterator[dict[str, Any]]:
    random_ = random.Random(seed)  # repeatable on purpose
    files = kinds(whole)
    pairs = [(kind, change) for kind in sorted(files) for change in CHANGES]
    for number in range(trials):
        kind, change = pairs[number % len(pairs)]
        path = random_.choice(files[kind])
        size = path.stat().st_size
        place = random_.randrange(size)
        # Heads and tails are short but matter most: every fourth case is there.
        if random_.random() < 0.25:
            place = random_.choice((place % min(64, size), size - 1 - place % min(64, size)))
        yield {
            "kind": kind,
            "file": path.name,
            "change": change,
            "place": place,
            "bit": random_.randrange(8),
            "other": random_.choice(files[kind]).name,
        }


def _results(whole: Path, copy: Path, cases: Sequence[dict[str, Any]]) -> Iterator[str]:
    left = list(cases)
    while left:
        for result in _in_a_process(whole, copy, tuple(left)):
            left.pop(0)
            yield result


def _in_a_process(whole: Path, copy: Path, cases: Sequence[dict[str, Any]]) -> Iterator[str]:
    """The results of the cases up to the first one that kills the process or its patience."""
    command = [sys.executable, "-m", "benchmarks.faults.damage", str(whole), str(copy)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdout.readline()  # it is ready: starting is none of a trial's time
        for case in cases:
            killer = threading.Timer(MAX_SECONDS, child.kill)
            killer.start()
            try:
                child.stdin.write(json.dumps(case) + "\n")
                child.stdin.flush()
                line = child.stdout.readline()
            except BrokenPipeError:
                line = ""
            finally:
                killer.cancel()
            if not line:
                yield f"hangs or crashes: exit {child.wait()}"
                return
            yield line.rstrip("\n")
        child.stdin.close()


def _damage(copy: Path, case: dict[str, Any]) -> None:
    path, older = copy / case["file"], copy.with_name("older") / case["file"]
    data, place = bytearray(path.read_bytes()), case["place"]
    first = place // _SECTOR * _SECTOR
    match case["change"]:
        case "flip":
            data[place] ^= 1 << case["bit"]
        case "cut":
            del data[place:]
        case "zeros":
            data[first : first + _SECTOR] = bytes(len(data[first : first + _SECTOR]))
        case "sectors":
            data[:_SECTOR], data[first : first + _SECTOR] = data[first : first + _SECTOR], data[:_SECTOR]
        case "empty":
            data.clear()
        case "older" if older.exists():
            data[:] = older.read_bytes()
        case "another":
            data[:] = (copy / case["other"]).read_bytes()
    path.write_bytes(data)
    if case["change"] == "gone":
        path.unlink()


def _judge(copy: Path, right: Sequence[str]) -> str:
    stage = OPENING
    try:
        with open_index(copy, create=False) as index:
            stage = ASKING
            same = answers(index) == right
            stage = VERIFIED if same else WRONG_TILL_VERIFIED
            if index.verify():
                return stage
            return NO_EFFECT if same else SILENT
    except SearcherError:
        return stage
    except Exception as error:  # noqa: BLE001  # whatever it is, it is outside the error tree: that is the finding
        return f"raises {type(error).__name__}: {error}".replace("\n", " ")


def main() -> None:
    """A process of trials: cases come in as lines of JSON, results go out as lines."""
    whole, copy = map(Path, sys.argv[1:])
    with open_index(whole, create=False) as index:
        right = answers(index)
    print("ready", flush=True)
    for line in sys.stdin:
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(whole, copy)
        case = json.loads(line)
        _damage(copy, case)
        print(_judge(copy, right), flush=True)


if __name__ == "__main__":
    main()
