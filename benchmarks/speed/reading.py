"""Threads that ask questions at the same time, as those of a server do."""

from __future__ import annotations

import itertools
import random
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.speed import peers
from benchmarks.speed.corpus import Question
from benchmarks.speed.peers.peer import NoMeans, Peer
from benchmarks.speed.results import Reading, percentiles

#: Seconds between looks for a new commit, for engines that have to be told.
_REFRESH_SECONDS = 0.1


def read(
    engine: Peer, name: str, folder: Path, questions: Sequence[Question], threads: int, seconds: float
) -> Reading:
    """Ask in so many threads for so long, each the next question of one shuffled list that all share.

    As long again is asked beforehand and not counted. Each thread gives one answer at least.
    """
    engine.open(folder)
    able = _able(engine, questions)
    random.Random(5).shuffle(able)
    turns = itertools.count()
    taken: list[float] = []
    begins = time.perf_counter() + seconds
    ends = begins + seconds

    def run() -> None:
        own = engine
        if not engine.shared:
            own = peers.load(name)
            own.open(folder)
        refreshed, counted = 0.0, 0
        while (started := time.perf_counter()) < ends or not counted:
            if started - refreshed > _REFRESH_SECONDS:
                own.refresh()
                refreshed = started
            own.ask(able[next(turns) % len(able)])
            if started >= begins:
                taken.append(time.perf_counter() - started)
                counted += 1

    crew = [threading.Thread(target=run) for _ in range(threads)]
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join()
    return Reading(threads, len(taken) / (time.perf_counter() - begins), *percentiles(taken))


def _able(engine: Peer, questions: Sequence[Question]) -> list[Question]:
    """Those of the classes that the engine can answer; it is asked one of each."""
    able = set()
    for kind, same in itertools.groupby(questions, lambda question: question.kind):
        try:
            engine.ask(next(same))
        except NoMeans:
            continue
        able.add(kind)
    return [question for question in questions if question.kind in able]
