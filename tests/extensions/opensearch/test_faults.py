"""Writers that die, that come at once, and that come back too late; documents that are not what they were."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from searcher.article import Article
from searcher.engines.memory import MemoryEngine
from searcher.errors import IndexDamaged, IndexFailure, IndexLocked
from searcher.extensions.opensearch import lease, state
from searcher.extensions.opensearch.client import Address, Client
from searcher.extensions.opensearch.engine import OpenSearchEngine
from searcher.extensions.opensearch.writer import purge
from searcher.ingest.run import optimize
from searcher.names.table import Identities
from searcher.query.tree import MatchAll, Query, Term
from tests.engines import worlds
from tests.engines.test_conformance import fill
from tests.extensions.opensearch.victim import ARTICLES

Make = Callable[[], OpenSearchEngine]
#: How often a writer is killed.
KILLS = int(os.environ.get("SEARCHER_KILLS", "3"))


def test_a_killed_writer_leaves_whole_commits_and_the_next_one_goes_on(
    make_opensearch: Make, location: str, project: Path
) -> None:
    engine = make_opensearch()
    rng, committed = random.Random(1), -1
    for _ in range(KILLS):
        command = [sys.executable, "-m", "tests.extensions.opensearch.victim", location, str(committed + 1)]
        with subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, text=True) as victim:
            assert victim.stdout
            committed = int(victim.stdout.readline())
            time.sleep(rng.uniform(0, 0.5))
            victim.kill()
            committed = max([committed, *map(int, victim.stdout.read().split())])
        titles = [article.title for article in engine.storage().articles()]

        assert ([titles[0]] * ARTICLES, True) == (titles, int(titles[0]) in (committed, committed + 1))
        committed = int(titles[0])
    purge(engine._client, keep_seconds=-1)

    assert ARTICLES == engine.search(Query(Term("ferry"))).total
    assert () == engine.storage().verify()


def test_a_second_writer_waits_and_is_told_who_writes(make_opensearch: Make) -> None:
    engine = make_opensearch()
    with engine.writer() as writer:
        writer.add(Article("1", "first"))
        with pytest.raises(IndexLocked, match=f"process {os.getpid()}"):
            engine.writer(timeout=0)
    with engine.writer(timeout=0) as writer:
        writer.add(Article("2", "second"))

    assert ["1", "2"] == [article.id for article in engine.storage().articles()]


def test_who_waits_counts_the_seconds_of_each_writer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of three is seen once, and they take longer together than one may."""
    holders = [{"host": "elsewhere", "pid": pid, "at": str(pid)} for pid in (1, 2, 3)]
    seen = iter([*holders, None])

    class Waiting(lease.Lease):
        def _read(self) -> state.Versioned:
            return state.Versioned({"holder": next(seen)}, 1, 1)

        def _replace(self, before: state.Versioned, holder: dict[str, Any] | None) -> state.Versioned:
            return before

    monkeypatch.setattr(lease, "_LOOK_SECONDS", 0.1)
    waiting = Waiting(Client(Address.parse("opensearch+http://127.0.0.1:1/any")), timeout=0.15)
    waiting.release(used=False)

    assert [] == [*seen]


def test_a_writer_that_was_replaced_commits_nothing(
    make_opensearch: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = make_opensearch()
    fill(engine, ((Article("1", "old"),),))
    late = engine.writer()
    late.add(Article("1", "late"))
    late._flush()
    late._lease._released.set()  # its machine sleeps
    monkeypatch.setattr(lease, "LEASE_SECONDS", 0.3)
    with engine.writer() as writer:
        writer.add(Article("2", "new"))
    with pytest.raises(IndexLocked), late:
        late.add(Article("3", "late"))

    assert [("1", "old"), ("2", "new")] == [(a.id, a.title) for a in engine.storage().articles()]
    fill(engine, ((Article("3", "later"),),))
    assert ["old", "new", "later"] == [article.title for article in engine.storage().articles()]


def test_what_was_replaced_is_dropped_in_the_end(make_opensearch: Make) -> None:
    engine = make_opensearch()
    article = Article("1", "old", "The ferry sails.")
    fill(engine, ((article, Article("2", "other")), (article,), ("2",)))
    client, index = engine._client, engine._latest().state.articles
    before = client.post(f"/{index}/_count", {"query": {"exists": {"field": "id"}}})["count"]
    purge(client, keep_seconds=-1)
    after = client.post(f"/{index}/_count", {"query": {"exists": {"field": "id"}}})["count"]

    assert (3, 1) == (before, after)
    assert (1, ()) == (engine.search(Query(MatchAll())).total, engine.storage().verify())


def test_many_small_segments_become_one(make_opensearch: Make) -> None:
    engine = make_opensearch()
    for n in range(6):
        fill(engine, (tuple(Article(f"{n} {m}", "The ferry sails.") for m in range(30)),))
    client, index = engine._client, engine._latest().state.articles
    segments = f"/_cat/segments/{index}?format=json&h=shard,prirep"
    before = len(client.get(segments))
    optimize(engine, 180)
    rows = [(row["shard"], row["prirep"]) for row in client.get(segments)]

    assert before > len(rows) == len(set(rows))
    assert 180 == engine.search(Query(Term("ferry"))).total


def test_what_is_altered_or_gone_is_found_by_verifying(make_opensearch: Make) -> None:
    engine = make_opensearch()
    fill(engine, ((Article("1", "whole"), Article("2", "altered"), Article("3", "gone")),))
    client, index = engine._client, engine._latest().state.articles
    for id, script in (("2", "ctx._source.stored = '{}'"), ("3", "ctx.op = 'delete'")):
        body = {"query": {"term": {"id": id}}, "script": {"source": script}}
        client.post(f"/{index}/_update_by_query?refresh=true", body)

    assert (f"the articles of {index}", "article 2") == engine.storage().verify()


def test_what_several_load_at_once_is_all_there(make_opensearch: Make) -> None:
    batches = worlds.crowd(3).batches[0][:120]
    parts = [batches[first::3] for first in range(3)]

    def load(part: tuple[Article | str, ...]) -> None:
        fill(make_opensearch(), tuple(part[first : first + 10] for first in range(0, len(part), 10)))

    with ThreadPoolExecutor(3) as threads:
        list(threads.map(load, parts))
    judge, engine = MemoryEngine(identities=Identities()), make_opensearch()
    fill(judge, (batches,))
    asked = Query(Term("bank"), facets=worlds.FACETS, sort="newest", limit=0)
    expected, found = judge.search(asked), engine.search(asked)

    assert expected.total == found.total
    assert [dict(expected.facets[name].values.counts) for name in worlds.FACETS] == [
        dict(found.facets[name].values.counts) for name in worlds.FACETS
    ]
    assert sorted(a.id for a in judge.storage().articles()) == sorted(
        a.id for a in engine.storage().articles()
    )
    assert () == engine.storage().verify()


def test_a_full_disk_is_said_at_once_and_searches_go_on(make_opensearch: Make) -> None:
    engine = make_opensearch()
    fill(engine, ((Article("1", "old"),),))
    client = engine._client
    settings = f"/{client.address.name}*/_settings"
    client.put(settings, {"index.blocks.read_only_allow_delete": True})  # as the cluster does itself
    try:
        with pytest.raises(IndexFailure, match=r"A disk of .* is too full"):
            fill(engine, ((Article("2", "new"),),))
        found = [article.title for article in engine.storage().articles()]
    finally:
        client.put(settings, {"index.blocks.read_only_allow_delete": None})
    fill(engine, ((Article("2", "newer"),),))

    assert ["old"] == found
    assert ["old", "newer"] == [article.title for article in engine.storage().articles()]


def test_a_full_disk_in_the_middle_of_a_batch_leaves_nothing_of_it(make_opensearch: Make) -> None:
    engine = make_opensearch()
    fill(engine, ((Article("1", "old"),),))
    client, index = engine._client, engine._latest().state.articles
    writer = engine.writer()
    writer.add(Article("1", "new"))
    writer._flush()
    client.put(f"/{index}/_settings", {"index.blocks.read_only_allow_delete": True})
    with pytest.raises(IndexFailure, match="is too full"), writer:
        writer.add(Article("2", "new"))
    client.put(f"/{index}/_settings", {"index.blocks.read_only_allow_delete": None})

    assert ["old"] == [article.title for article in engine.storage().articles()]


def test_what_somebody_else_keeps_under_such_a_name_is_left_alone(make_opensearch: Make) -> None:
    engine = make_opensearch()
    client = engine._client
    foreign = f"{client.address.name}-1"
    client.put(f"/{foreign}/_doc/1?refresh=true", {"theirs": True})
    with pytest.raises(IndexDamaged, match=f"{foreign} was not created by Searcher"):
        engine.writer(fresh=True)

    assert 1 == client.post(f"/{foreign}/_count")["count"]
