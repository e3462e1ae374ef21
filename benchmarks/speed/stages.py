"""The whole way of saved pages into the index: what each stage costs, and what a second core gives.

``python -m benchmarks.speed.stages DATA 0 aeb,wcxb`` prints the costs of the stages alone, as JSON, and
``… PAGES 2`` those of a run with two workers.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.speed.driving import ROOT
from benchmarks.speed.results import Pipeline, Run, Stage

#: Sets of saved pages: nearly all English, and news of 22 languages.
ENGLISH, LANGUAGES = ("aeb", "wcxb"), ("fundus",)
#: NumPy's products in one thread, as in the workers: a second one waits for work and counts as busy.
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def measure(data: Path, rounds: int, sets: Sequence[str] = ENGLISH) -> Pipeline:
    """Stages once, and whole runs so many times on one core and on two, in turns: the shortest."""
    command = [sys.executable, "-m", "benchmarks.speed.stages", str(data), "0", ",".join(sets)]
    env = {**os.environ, **_ONE_THREAD}
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, env=env)
    found = json.loads(done.stdout)
    one, two = [], []
    cores = sorted(os.sched_getaffinity(0))[:2]
    with tempfile.TemporaryDirectory() as temporary:
        for page in _pages(data, sets):
            shutil.copy(page, temporary)
        for _ in range(rounds):
            one.append(_index(Path(temporary), cores[:1]))
            two.append(_index(Path(temporary), cores))
    stages = tuple(Stage(name, cpu) for name, cpu in found["stages"].items())
    return Pipeline(found["pages"], found["articles"], stages, min(one), min(two))


def _pages(data: Path, sets: Sequence[str]) -> list[Path]:
    return [page for name in sets for page in sorted((data / "pages" / name).glob("*.html.gz"))]


def _index(pages: Path, cores: list[int]) -> Run:
    """A run with as many workers as cores, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.speed.stages", str(pages), str(len(cores))]
    done = subprocess.run(
        command,
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        preexec_fn=lambda: os.sched_setaffinity(0, cores),
    )
    return Run(**json.loads(done.stdout))


def _load(pages: Path, workers: int) -> dict[str, Any]:
    """What ``searcher index`` does with a folder."""
    from searcher.index import open_index

    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, open_index(folder) as index:
        index.load([pages], workers=workers)
    wall = time.perf_counter() - started
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    own = time.process_time()
    return asdict(Run(wall, own + used.ru_utime + used.ru_stime, own))


def _stages(data: Path, sets: Sequence[str]) -> dict[str, Any]:
    """CPU seconds of each stage in this process, after a first page that does not count."""
    from searcher import plugins
    from searcher.engines.whoosh import WhooshEngine
    from searcher.ingest.stories import Stories
    from searcher.names.table import Identities
    from searcher.records.store import Store

    extract = plugins.load("searcher.extractors")
    pages = _pages(data, sets)
    spent: dict[str, float] = {}

    def through(page: Path) -> list[Any]:
        found = _timed(spent, "reading and cleaning", lambda: list(_articles(page)))
        for name in ("names", "quotes"):
            found = _timed(spent, name, partial(_each, extract[name], found))
        return found

    through(pages[0])
    spent.clear()
    articles = [article for page in pages for article in through(page)]
    with tempfile.TemporaryDirectory() as folder:
        engine = WhooshEngine(Path(folder), identities=Identities(), create=True)
        linked = _timed(spent, "stories", partial(Stories(Store(Path(folder))).assign, articles))

        def write() -> list[Any]:
            with engine.writer(fresh=True) as writer:
                for article in linked:
                    writer.add(article)
            return linked

        _timed(spent, "indexing", write)
        engine.close()
    return {"pages": len(pages), "articles": len(articles), "stages": spent}


def _articles(page: Path) -> Iterator[Any]:
    from searcher import readers
    from searcher.errors import ReadError

    return (event for event in readers.events(page) if not isinstance(event, ReadError))


def _each(step: Callable[[Any], Any], articles: list[Any]) -> list[Any]:
    return [step(article) for article in articles]


def _timed(spent: dict[str, float], name: str, run: Callable[[], list[Any]]) -> list[Any]:
    started = time.process_time()
    result = run()
    spent[name] = spent.get(name, 0.0) + time.process_time() - started
    return result


if __name__ == "__main__":
    place, workers = Path(sys.argv[1]), int(sys.argv[2])
    print(json.dumps(_load(place, workers) if workers else _stages(place, sys.argv[3].split(","))))
