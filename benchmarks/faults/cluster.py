"""``python -m benchmarks.faults.cluster --kills 5``

Nodes of a cluster of three die at random moments while one writes and others read. Every commit writes the
same articles anew with its number as their title: a read that finds two numbers saw half a commit, and one
below a number that was acknowledged lost it.
"""

from __future__ import annotations

import argparse
import random
import threading
import time
from collections import Counter

from searcher.article import Article
from searcher.engines.opensearch.engine import OpenSearchEngine
from searcher.errors import IndexFailure
from searcher.query.tree import MatchAll, Query
from tests.engines.conftest import opened
from tests.engines.opensearch.node import Cluster, local_cluster

__all__: list[str] = []

#: Articles of a commit, and threads that read.
_ARTICLES, _READERS = 200, 4


class _Watch:
    """What writing and reading came to."""

    def __init__(self, location: str) -> None:
        self.location = location
        self.acknowledged = -1
        self.counts: Counter[str] = Counter()
        self.slowest = 0.0
        self.over = threading.Event()

    def write(self) -> None:
        engine = opened(self.location)
        number = 0
        while not self.over.is_set():
            try:
                with engine.writer() as writer:
                    for n in range(_ARTICLES):
                        writer.add(Article(str(n), str(number), "The ferry sails at noon."))
            except IndexFailure as error:
                self.counts[f"failed commits ({str(error)[-160:]})"] += 1
                continue
            self.acknowledged = number
            self.counts["commits"] += 1
            number += 1

    def read(self) -> None:
        engine = opened(self.location)
        while not self.over.is_set():
            known, began = self.acknowledged, time.monotonic()
            try:
                found = engine.search(Query(MatchAll(), limit=_ARTICLES))
            except IndexFailure as error:
                self.counts[f"failed reads ({str(error)[-160:]})"] += 1
                continue
            self.slowest = max(self.slowest, time.monotonic() - began)
            self.judge(known, [hit.article.title for hit in found])

    def judge(self, known: int, titles: list[str]) -> None:
        self.counts["reads"] += 1
        self.counts["reads of half a commit"] += len(set(titles)) > 1 or len(titles) not in (0, _ARTICLES)
        self.counts["reads without a commit"] += known >= 0 and int(titles[0] if titles else -1) < known


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faults.cluster", description=__doc__)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    with local_cluster(3) as cluster:
        _just_made(cluster)
        watch = _Watch(f"{cluster.address}/killed?shards=3&copies=1")
        opened(watch.location)
        threads = [threading.Thread(target=watch.write)]
        threads += [threading.Thread(target=watch.read) for _ in range(_READERS)]
        for thread in threads:
            thread.start()
        for kill in range(options.kills):
            time.sleep(rng.uniform(3, 12))
            node = rng.randrange(3)
            cluster.kill(node)
            time.sleep(rng.uniform(3, 12))
            cluster.start(node)
            _wait_until_green(opened(watch.location))
            print(f"{kill + 1}: node {node} died; {watch.acknowledged} acknowledged", flush=True)
        watch.over.set()
        for thread in threads:
            thread.join()
        watch.judge(watch.acknowledged, [article.title for article in opened(watch.location).articles()])
        wrong = opened(watch.location).verify()
        print(dict(watch.counts), f"slowest read {watch.slowest:.1f} s", f"verified: {wrong or 'whole'}")


def _just_made(cluster: Cluster) -> None:
    """A node dies as soon as an index is made and has its first commit."""
    engine = opened(f"{cluster.address}/new?shards=3&copies=1")
    with engine.writer() as writer:
        for n in range(_ARTICLES):
            writer.add(Article(str(n), "new"))
    cluster.kill(2)
    print(
        f"killed after the first commit: {sum(1 for _ in engine.articles())} of {_ARTICLES} articles",
        flush=True,
    )
    cluster.start(2)
    _wait_until_green(engine)


def _wait_until_green(engine: OpenSearchEngine) -> None:
    engine._client.get("/_cluster/health?wait_for_nodes=3&wait_for_status=green&timeout=120s", seconds=130)


if __name__ == "__main__":
    main()
