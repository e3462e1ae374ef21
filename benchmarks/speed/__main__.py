"""``python -m benchmarks.speed --data ../shared/data [--articles 100000] [--engines searcher fts5]``

Every engine that is installed gets the same articles and the same questions, one process for each class of
questions. Prints the tables that the documentation shows: questions asked for the first time in a running
process, as most of a user's are, and the same ones asked again, where an engine may remember.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.speed.corpus import CLASSES, write_corpus
from benchmarks.speed.peers import PEERS
from benchmarks.speed.table import render

__all__: list[str] = []

#: Debian's bindings live in Debian's Python.
_PYTHONS = (sys.executable, "/usr/bin/python3")
_COLD_STARTS = 5
_ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__)
    parser.add_argument("--data", type=Path, default=_ROOT.parent / "shared" / "data")
    parser.add_argument("--articles", type=int, default=21_577)
    parser.add_argument("--engines", nargs="+", choices=PEERS, default=list(PEERS))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="folder for the indexes, kept and used again")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        work = options.keep or Path(temporary)
        work.mkdir(parents=True, exist_ok=True)
        corpus = work / f"corpus-{options.articles}.jsonl"
        if not corpus.exists():
            write_corpus(options.data, corpus, options.articles)
        engines = {}
        for name in options.engines:
            python = _python_for(PEERS[name][2])
            if python is None:
                print(f"{name} is not installed: left out", file=sys.stderr)
                continue
            engines[name] = _Engine(python, name, work / f"{name}-{options.articles}", options.data)
            engines[name].index(corpus)
        # In turns, since a machine is busier at one time than at another.
        for kind in CLASSES:
            for engine in [*engines.values()] * options.rounds:
                engine.ask(kind)
            print(f"{kind} done", file=sys.stderr)
        print(render({name: engine.measured() for name, engine in engines.items()}, options.articles))


class _Engine:
    """One engine, and what was measured of it."""

    def __init__(self, python: str, name: str, folder: Path, data: Path) -> None:
        self._command = [python, "-m", "benchmarks.speed.worker", name]
        self._where = ["--folder", str(folder), "--data", str(data)]
        self._kept = folder.with_suffix(".json")
        self._asked: dict[str, list[dict[str, Any]]] = {}
        self._indexing: dict[str, Any] = {}

    def index(self, corpus: Path) -> None:
        if not self._kept.exists():
            found = _run([*self._command, "index", *self._where, "--corpus", str(corpus)])
            self._kept.write_text(json.dumps(found))
        self._indexing = json.loads(self._kept.read_text())

    def ask(self, kind: str) -> None:
        found = _run([*self._command, "ask", *self._where, "--kind", kind])
        self._asked.setdefault(kind, []).append(found)

    def measured(self) -> dict[str, Any]:
        """Of each question the median of all rounds."""
        rounds = [one for asked in self._asked.values() for one in asked]
        return {
            "rows": [
                _middle(rows) for asked in self._asked.values() for rows in zip(*(r["rows"] for r in asked))
            ],
            "memory": max(one["memory"] for one in rounds),
            "index": self._indexing,
            "cold": min(_cpu_of([*self._command, "cold", *self._where]) for _ in range(_COLD_STARTS)),
        }


def _middle(rows: Sequence[Sequence[Any]]) -> list[Any]:
    kind, _, _, total = rows[0]
    return [kind, median(row[1] for row in rows), median(row[2] for row in rows), total]


def _run(command: Sequence[str]) -> dict[str, Any]:
    done = subprocess.run(command, cwd=_ROOT, check=True, stdout=subprocess.PIPE)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _cpu_of(command: Sequence[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    _run(command)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _python_for(module: str) -> str | None:
    """A Python that has the engine. SQLite's own comes with every one."""
    for python in _PYTHONS:
        test = [python, "-c", f"import {module}"]
        if (
            Path(python).exists()
            and not subprocess.run(test, cwd=_ROOT, capture_output=True, check=False).returncode
        ):
            return python
    return None


if __name__ == "__main__":
    main()
