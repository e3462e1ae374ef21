"""Measures one engine, in a process of its own: ``python -m benchmarks.speed.worker ENGINE TASK …``.

Prints one JSON object. Times are CPU seconds of this process, since a machine that does other things besides
makes others meaningless.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import time
from pathlib import Path
from typing import Any

from benchmarks.speed import peers
from benchmarks.speed.corpus import CLASSES, Question, read_articles, read_questions

__all__: list[str] = []

#: Questions of a class that are asked beforehand, so many times, and not counted: code, files and what is
#: made once are in memory then.
_BEFOREHAND, _TIMES = 5, 5


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("engine", choices=peers.PEERS)
    parser.add_argument("task", choices=("index", "ask", "cold"))
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--kind", choices=CLASSES)
    options = parser.parse_args()
    engine = peers.load(options.engine)
    task = {"index": _index, "ask": _ask, "cold": _cold}[options.task]
    print(json.dumps(task(engine, options)))


def _index(engine: Any, options: argparse.Namespace) -> dict[str, Any]:
    """CPU seconds of indexing without those of reading the corpus, peak memory and size."""
    shutil.rmtree(options.folder, ignore_errors=True)
    options.folder.mkdir(parents=True)
    started = time.process_time()
    for _ in read_articles(options.corpus):
        pass
    reading = time.process_time() - started
    started = time.process_time()
    engine.index(read_articles(options.corpus), options.folder)
    return {
        "cpu": time.process_time() - started - reading,
        "memory": _peak_memory(),
        "size": sum(path.stat().st_size for path in options.folder.rglob("*") if path.is_file()),
    }


def _ask(engine: Any, options: argparse.Namespace) -> dict[str, Any]:
    """For each question of one class: the CPU seconds of the first asking, those of the second, and the hits.

    No word has been asked for before, but for a few that two questions of the class share.
    """
    engine.open(options.folder)
    questions = [one for one in read_questions(options.data) if one.kind == options.kind]
    for question in questions[:_BEFOREHAND] * _TIMES:
        _timed(engine, question)
    questions = questions[_BEFOREHAND:]
    first, again = ([_timed(engine, question) for question in questions] for _ in range(2))
    rows = [
        (question.kind, seconds, second, total)
        for question, (seconds, total), (second, _) in zip(questions, first, again, strict=True)
        if seconds is not None
    ]
    return {"rows": rows, "memory": _peak_memory()}


def _timed(engine: Any, question: Question) -> tuple[float | None, int]:
    if question.kind == "range" and question.words[0][:4].isdigit():
        question = Question(question.kind, tuple(reversed(question.words)))
    started = time.process_time()
    try:
        _, total = engine.ask(question)
    except NotImplementedError:
        return None, -1
    return time.process_time() - started, total


def _cold(engine: Any, options: argparse.Namespace) -> dict[str, Any]:
    """One question in a new process; whoever started it measures."""
    engine.open(options.folder)
    _, total = engine.ask(Question("term1", ("oil",)))
    return {"total": total}


def _peak_memory() -> int:
    """Of this program alone: getrusage may tell that of the process which started it."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    line = next(one for one in status.read_text().splitlines() if one.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


if __name__ == "__main__":
    main()
