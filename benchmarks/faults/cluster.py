"""``python -m benchmarks.faults.cluster --kills 5``

Nodes of a cluster of three die at random moments while four write and eight read. Every commit of a writer
writes its articles anew with its number as their title: a read that finds two numbers of one writer saw half
a commit, and one below a number that was acknowledged before it lost it. Before that one dies within a
second of the making of an index, one has a shard that nobody else has, and the disks are full.
"""

from __future__ import annotations

import argparse
import random
import threading
import time
from collections import Counter, defaultdict

from searcher.article import Article
from searcher.errors import IndexFailure, IndexLocked
from searcher.extensions.opensearch.client import Address, Client
from searcher.extensions.opensearch.engine import OpenSearchEngine
from searcher.query.tree import MatchAll, Query
from tests.engines.conftest import opened
from tests.extensions.opensearch.node import Cluster, local_cluster

__all__: list[str] = []

#: Those who write and read at once, and articles of a commit.
_WRITERS, _READERS, _ARTICLES = 4, 8, 50


class _Watch:
    """What writing and reading came to; ``acknowledged`` is the number of each writer's last commit."""

    def __init__(self, location: str) -> None:
        self.location = location
        self.acknowledged = [-1] * _WRITERS
        self.counts: Counter[str] = Counter()
        self.slowest = 0.0
        self.over = threading.Event()

    def write(self, writer: int) -> None:
        engine = opened(self.location)
        number = self.acknowledged[writer] + 1
        while not self.over.is_set():
            try:
                with engine.writer() as changes:
                    for n in range(_ARTICLES):
                        changes.add(Article(f"{writer}-{n}", str(number), "The ferry sails at noon."))
            except IndexLocked:
                self.counts["commits that another writer was before"] += 1
                continue
            except IndexFailure as error:
                self.counts[f"failed commits ({str(error)[-160:]})"] += 1
                continue
            self.acknowledged[writer] = number
            self.counts["commits"] += 1
            number += 1

    def read(self) -> None:
        engine = opened(self.location)
        while not self.over.is_set():
            known, began = list(self.acknowledged), time.monotonic()
            try:
                found = engine.search(Query(MatchAll(), limit=_WRITERS * _ARTICLES))
            except IndexFailure as error:
                self.counts[f"failed reads ({str(error)[-160:]})"] += 1
                continue
            self.slowest = max(self.slowest, time.monotonic() - began)
            self.judge(known, [hit.article for hit in found])

    def judge(self, known: list[int], articles: list[Article]) -> None:
        titles = defaultdict(list)
        for article in articles:
            titles[int(article.id.partition("-")[0])].append(int(article.title))
        self.counts["reads"] += 1
        half = any(len(set(some)) > 1 or len(some) != _ARTICLES for some in titles.values())
        lost = any(min(titles[writer], default=-1) < number for writer, number in enumerate(known))
        self.counts["reads of half a commit"] += half
        self.counts["reads without a commit"] += lost


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faults.cluster", description=__doc__)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    with local_cluster(3) as cluster:
        _just_made(cluster, rng.random())
        _without_a_copy(cluster)
        _full_disks(cluster)
        watch = _Watch(f"{cluster.address}/killed?shards=3&copies=1")
        opened(watch.location)
        threads = [threading.Thread(target=watch.write, args=(writer,)) for writer in range(_WRITERS)]
        threads += [threading.Thread(target=watch.read) for _ in range(_READERS)]
        for thread in threads:
            thread.start()
        for kill in range(options.kills):
            time.sleep(rng.uniform(3, 12))
            node = rng.randrange(3)
            cluster.kill(node)
            time.sleep(rng.uniform(3, 12))
            cluster.start(node)
            _wait_until_whole(cluster, node)
            print(f"{kill + 1}: node {node} died; {watch.acknowledged} acknowledged", flush=True)
        watch.over.set()
        for thread in threads:
            thread.join()
        watch.judge(watch.acknowledged, list(opened(watch.location).storage().articles()))
        wrong = opened(watch.location).storage().verify()
        print(dict(watch.counts), f"slowest read {watch.slowest:.1f} s", f"verified: {wrong or 'whole'}")


def _just_made(cluster: Cluster, seconds: float) -> None:
    """A node dies so soon after an index is made, whose first commit is begun again until it is one."""
    engine = opened(f"{cluster.address}/new?shards=3&copies=1")
    death = threading.Timer(seconds, cluster.kill, (2,))
    death.start()
    failed = 0
    while True:
        try:
            with engine.writer() as writer:
                for n in range(_ARTICLES):
                    writer.add(Article(str(n), "new"))
            break
        except IndexFailure:
            failed += 1
    death.join()
    print(
        f"killed {seconds:.2f} s after the index was made: {failed} failed commits, then "
        f"{sum(1 for _ in engine.storage().articles())} of {_ARTICLES} articles",
        flush=True,
    )
    cluster.start(2)
    _wait_until_whole(cluster, 2)
    print(f"verified: {engine.storage().verify() or 'whole'}", flush=True)


def _without_a_copy(cluster: Cluster) -> None:
    """The node of a shard without copies is away: one error says so, and all is there once it is back."""
    engine = opened(f"{cluster.address}/red?shards=3&copies=0")
    with engine.writer() as writer:
        for n in range(_ARTICLES):
            writer.add(Article(str(n), "red"))
    cluster.kill(0)
    began = time.monotonic()
    try:
        told = f"nothing wrong with {engine.search(Query(MatchAll())).total} articles"
    except IndexFailure as error:
        told = str(error)
    print(f"a shard is away, told after {time.monotonic() - began:.0f} s: {told}", flush=True)
    cluster.start(0)
    _wait_until_whole(cluster, 0)
    print(f"and back: {sum(1 for _ in engine.storage().articles())} of {_ARTICLES} articles", flush=True)


def _full_disks(cluster: Cluster) -> None:
    """Disks are fuller than the cluster allows: one error says so, searches go on, and what comes later is
    written."""
    engine = opened(f"{cluster.address}/full?shards=3&copies=1")
    commits = 0
    _allow(engine, "1%")
    try:
        while True:
            with engine.writer() as writer:
                writer.add(Article(str(commits), "full"))
            commits += 1
            time.sleep(1)
    except IndexFailure as error:
        told = str(error)
    found = sum(1 for _ in engine.storage().articles())
    print(f"full disks, told after {commits} commits, of which {found} are there: {told}", flush=True)
    _allow(engine, "99.9%")
    while True:
        try:
            with engine.writer() as writer:
                writer.add(Article("later", "room again"))
            break
        except IndexFailure:
            time.sleep(1)
    _allow(engine, None)
    print(
        f"and room again: {sum(1 for _ in engine.storage().articles())} of {commits + 1} articles", flush=True
    )


def _allow(engine: OpenSearchEngine, share: str | None) -> None:
    """Let the cluster take changes until so much of a disk is used; None for any."""
    disk = "cluster.routing.allocation.disk"
    settings = {f"{disk}.watermark.{mark}": share for mark in ("low", "high", "flood_stage")}
    settings |= {f"{disk}.threshold_enabled": str(share is not None).lower()}
    settings |= {"cluster.info.update.interval": share and "10s", "cluster.blocks.create_index": None}
    engine._client.put("/_cluster/settings", {"persistent": settings})


def _wait_until_whole(cluster: Cluster, node: int) -> None:
    """Wait until a node that was started says itself that all are there: the others may not have seen yet
    that it was gone."""
    client = Client(Address.parse(f"opensearch+http://127.0.0.1:{cluster.ports[node]}/any"))
    health = "/_cluster/health?wait_for_nodes=3&wait_for_status=green&timeout=60s"
    while True:
        try:
            if not client.get(health, seconds=70)["timed_out"]:
                return
        except IndexFailure:
            time.sleep(1)


if __name__ == "__main__":
    main()
