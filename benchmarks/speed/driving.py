"""Has one engine measured, by worker processes."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.speed.peers import PEERS
from benchmarks.speed.results import Adding, Asked, Indexing, Measured, Reading

ROOT = Path(__file__).resolve().parents[2]
#: Debian's bindings live in Debian's Python.
_PYTHONS = (sys.executable, "/usr/bin/python3")


class Driver:
    """One engine with one corpus, and what was measured of it."""

    def __init__(self, name: str, corpus: Path, articles: int, data: Path) -> None:
        """Raises ImportError where the engine is not installed."""
        self.python = _python_for(PEERS[name][2])
        self.folder = corpus.with_name(f"{name}-{articles}")
        self.measured = Measured(articles, name)
        self._corpus, self._data = corpus, data
        self._slow: set[str] = set()

    def index(self) -> None:
        """Index the corpus, unless the folder holds that index."""
        kept = self.folder.with_suffix(".json")
        if not kept.exists():
            kept.write_text(json.dumps(self._run("index", self.folder)))
        self.measured.indexing = Indexing(**json.loads(kept.read_text()))

    def ask(self, kind: str) -> None:
        """Ask those of a class once more, except an engine that was too slow to be asked them all."""
        if kind in self._slow:
            return
        found = self._run("ask", self.folder, "--kind", kind)
        rows = tuple(Asked(**row) for row in found["rows"])
        self.measured.rounds.append(rows)
        self.measured.memory = max(self.measured.memory, found["memory"])
        if not found["all"]:
            self._slow.add(kind)

    def read(self, threads: int) -> None:
        self.measured.readings.append(Reading(**self._run("read", self.folder, "--threads", str(threads))))

    def read_while_writing(self) -> None:
        """One reader beside a process that commits, in a copy of the index."""
        self._in_copy(self._beside_writer)

    def add(self) -> None:
        """Single articles, into a copy of the index."""
        self._in_copy(lambda copy: setattr(self.measured, "adding", Adding(**self._run("add", copy))))

    def _in_copy(self, change: Callable[[Path], None]) -> None:
        copy = self.folder.with_name(self.folder.name + "-changed")
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.folder, copy)
        try:
            change(copy)
        finally:
            shutil.rmtree(copy)

    def _beside_writer(self, copy: Path) -> None:
        pipe = subprocess.PIPE
        with subprocess.Popen(self._command("write", copy), cwd=ROOT, stdin=pipe, stdout=pipe) as writer:
            assert writer.stdin is not None
            assert writer.stdout is not None
            writer.stdout.readline()
            reading = Reading(**self._run("read", copy))
            writer.stdin.close()
            commits = json.loads(writer.stdout.read())["commits"]
        self.measured.readings.append(replace(reading, commits=commits))

    def _run(self, task: str, folder: Path, *options: str) -> dict[str, Any]:
        done = subprocess.run(
            self._command(task, folder, *options), cwd=ROOT, check=True, stdout=subprocess.PIPE
        )
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def _command(self, task: str, folder: Path, *options: str) -> list[str]:
        where = ["--folder", str(folder), "--data", str(self._data), "--corpus", str(self._corpus)]
        return [self.python, "-m", "benchmarks.speed.worker", self.measured.engine, task, *where, *options]


def _python_for(module: str) -> str:
    """A Python that has the engine. SQLite's own comes with every one."""
    for python in filter(lambda one: Path(one).exists(), _PYTHONS):
        test = [python, "-c", f"import {module}"]
        if not subprocess.run(test, cwd=ROOT, capture_output=True, check=False).returncode:
            return python
    raise ImportError(module)
