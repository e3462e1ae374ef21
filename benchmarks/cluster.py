"""``python -m benchmarks.cluster opensearch+http://127.0.0.1:9200/measured --articles 100000``

How fast an index on a cluster is loaded and asked, by the clock, with the articles and the questions of
``benchmarks.speed``. An index that is there already is asked as it is.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import searcher
from benchmarks.speed.corpus import read_articles, read_questions, write_corpus
from benchmarks.speed.driving import ROOT
from benchmarks.speed.peers.searcher_ import Searcher, _article

__all__: list[str] = []

#: Questions of each class that are asked beforehand, as in benchmarks.speed.
_BEFOREHAND = 3


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cluster", description=__doc__)
    parser.add_argument("address")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--batch", type=int, default=20_000, help="articles of a commit")
    options = parser.parse_args()
    with searcher.open_index(options.address) as index:
        if not index.count():
            _load(index, options.data, options.articles, options.batch)
        print(f"{index.count():,} articles")
        _ask(index, options.data)


def _load(index: searcher.Index, data: Path, count: int, batch: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus.jsonl"
        write_corpus(data, corpus, count)
        articles = [_article(one) for one in read_articles(corpus)]
    began, used = time.perf_counter(), _cpu()
    for first in range(0, count, batch):
        with index._engine.writer() as writer:
            for article in articles[first : first + batch]:
                writer.add(article)
        print(f"{first + batch:,} after {time.perf_counter() - began:.1f} s", flush=True)
    index._engine.optimize(count)
    seconds = time.perf_counter() - began
    print(f"loaded {count / seconds:,.0f} articles/s; CPU of this process {_cpu() - used:.1f} s")


def _ask(index: searcher.Index, data: Path) -> None:
    """Print the times of each class of questions: asked for the first time, and again."""
    peer = Searcher()
    peer._engine, peer._index = index._engine, index  # type: ignore[assignment]
    by_class = defaultdict(list)
    for question in read_questions(data):
        by_class[question.kind].append(question)
    print(f"{'ms, p50 / p95':<14} {'first':>15} {'again':>15}")
    for kind, questions in by_class.items():
        for question in questions[:_BEFOREHAND] * 2:
            peer.ask(question)
        rows = []
        for _ in range(2):
            times = []
            for question in questions[_BEFOREHAND:]:
                began = time.perf_counter()
                peer.ask(question)
                times.append(1000 * (time.perf_counter() - began))
            cuts = statistics.quantiles(times, n=20)
            rows.append(f"{statistics.median(times):.0f} / {cuts[-1]:.0f}")
        print(f"{kind:<14} {rows[0]:>15} {rows[1]:>15}", flush=True)


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
