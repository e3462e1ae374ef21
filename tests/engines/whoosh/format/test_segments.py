"""Many commits: segments are merged, their order kept, what is deleted is gone, and answers stay right."""

from __future__ import annotations

import random
from bisect import bisect_left
from pathlib import Path

import pytest

from searcher.article import Article
from searcher.engines.base import Engine
from searcher.engines.memory import MemoryEngine
from searcher.engines.whoosh import EngineOptions, WhooshEngine
from searcher.engines.whoosh.write.merge import MERGE_FACTOR, SegmentSize, choose
from searcher.ingest.run import optimize
from searcher.names.table import Identities
from searcher.query.tree import Phrase, Query, QuoteQuery, Term
from tests.engines import worlds
from tests.engines.test_conformance import answer, outcome, quoted


@pytest.fixture
def engine(tmp_path: Path) -> WhooshEngine:
    return WhooshEngine(tmp_path, identities=Identities(), create=True)


def segments(engine: WhooshEngine) -> list[int]:
    return [segment.size for segment in engine._latest_reader().segments]


@pytest.mark.parametrize("seed", range(4))
def test_a_hundred_small_commits_answer_as_the_memory_engine(seed: int, engine: WhooshEngine) -> None:
    rng = random.Random(seed)
    judge = MemoryEngine(identities=Identities())
    for _ in range(25 if seed else 100):
        change(rng, judge, engine)
    for _ in range(25):
        query, said = worlds.query(rng), worlds.quote_query(rng)

        assert found(judge, query) == found(engine, query)
        assert found_quotes(judge, said) == found_quotes(engine, said)

    assert list(judge.storage().articles()) == list(engine.storage().articles())
    assert list(judge.terms("text")) == list(engine.terms("text"))


def found(engine: Engine, query: Query) -> object:
    return outcome(lambda: answer(engine.search(query)))


def found_quotes(engine: Engine, query: QuoteQuery) -> object:
    return outcome(lambda: quoted(engine.search(query)))


def change(rng: random.Random, *engines: MemoryEngine | WhooshEngine) -> None:
    added = [worlds.article(rng, f"a{rng.randrange(40)}") for _ in range(rng.randint(0, 3))]
    deleted = [f"a{rng.randrange(40)}" for _ in range(rng.randint(0, 2))]
    for engine in engines:
        with engine.writer() as writer:
            for article in added:
                writer.add(article)
            for id in deleted:
                writer.delete(id)


def test_a_hundred_commits_of_one_article_leave_few_segments(engine: WhooshEngine) -> None:
    for n in range(100):
        with engine.writer() as writer:
            writer.add(Article(str(n), "one", "more"))

    assert len(segments(engine)) < MERGE_FACTOR
    assert [str(n) for n in range(100)] == [a.id for a in engine.storage().articles()]


def test_what_a_small_memory_writes_piecemeal_becomes_one_segment(tmp_path: Path) -> None:
    engine = WhooshEngine(
        tmp_path, identities=Identities(), create=True, options=EngineOptions(max_bytes=3_000)
    )
    with engine.writer() as writer:
        for n in range(7):
            writer.add(Article(str(n), f"title {n}", f"body number{n}"))

    assert [7] == segments(engine)
    assert [str(n) for n in range(7)] == [a.id for a in engine.storage().articles()]
    assert 7 == engine.search(Query(Term("body"))).total


def test_titles_of_different_lengths_keep_bodies_apart_when_merged(engine: WhooshEngine) -> None:
    long_title = " ".join(f"w{n}" for n in range(300))
    for n, title in enumerate((long_title, "short end", "w end", "end")):
        with engine.writer() as writer:
            writer.add(Article(str(n), title, "begin here"))

    assert 1 == len(segments(engine))
    assert 0 == engine.search(Query(Phrase("end begin"))).total
    assert 4 == engine.search(Query(Phrase("begin here"))).total


def test_after_a_load_few_segments_are_left_as_far_as_it_repays_that(engine: WhooshEngine) -> None:
    with engine.writer() as writer:
        for n in range(600):
            writer.add(Article(str(n)))
    for n in range(2):
        with engine.writer() as writer:
            writer.add(Article(f"more {n}"))
    optimize(engine, 2)
    after_few = segments(engine)
    optimize(engine, 20)

    assert [[600, 2], [602]] == [after_few, segments(engine)]


def test_settling_makes_no_generation_where_there_is_nothing_to_do(engine: WhooshEngine) -> None:
    with engine.writer() as writer:
        writer.add(Article("1"))
    before = engine._latest_reader().manifest.generation
    optimize(engine, 1)

    assert before == engine._latest_reader().manifest.generation


def test_settling_leaves_the_index_to_a_writer_at_work(engine: WhooshEngine) -> None:
    for n in range(2):
        with engine.writer() as writer:
            writer.add(Article(str(n)))
    with engine.writer():
        optimize(engine, 2)

    assert [1, 1] == segments(engine)


def test_settling_without_room_leaves_the_index_as_it_was(
    engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    for n in range(2):
        with engine.writer() as writer:
            writer.add(Article(str(n)))
    monkeypatch.setattr("searcher.engines.whoosh.write.writer.merge_segments", full)
    optimize(engine, 2)

    assert [1, 1] == segments(engine)


def test_what_is_mostly_deleted_is_rewritten(engine: WhooshEngine) -> None:
    with engine.writer() as writer:
        for n in range(10):
            writer.add(Article(str(n), "x"))
    with engine.writer() as writer:
        for n in range(5):
            writer.delete(str(n))

    assert [5] == segments(engine)


def test_a_commit_without_changes_makes_no_generation(engine: WhooshEngine) -> None:
    before = engine._latest_reader().manifest.generation
    with engine.writer() as writer:
        writer.delete("unknown")

    assert before == engine._latest_reader().manifest.generation


def test_an_index_emptied_by_deletions_is_empty_and_can_be_filled_again(engine: WhooshEngine) -> None:
    with engine.writer() as writer:
        writer.add(Article("1", "gone"))
    with engine.writer() as writer:
        writer.delete("1")
    counts = [engine.count()]
    with engine.writer() as writer:
        writer.add(Article("2", "new"))

    assert [0, 1] == [*counts, engine.count()]


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ([], None),
        ([5, 5, 5], None),
        ([5, 5, 5, 5], range(4)),
        ([100_000, 5, 5, 5, 5], range(1, 5)),
        ([100_000, 9_000, 600, 5], None),
        ([700, 700, 700, 5, 5, 5, 5], range(3, 7)),
        ([700, 700, 700, 700, 5], range(5)),
    ],
)
def test_the_policy_merges_neighbours_of_one_tier(sizes: list[int], expected: range | None) -> None:
    assert expected == choose([SegmentSize(size, size) for size in sizes])


@pytest.mark.parametrize(
    ("sizes", "repaid", "expected"),
    [
        ([5], 100, None),
        ([5, 5], 9, None),
        ([5, 5], 10, range(2)),
        ([9_000, 600, 5], 1000, range(1, 3)),
        ([9_000, 600, 5], 10_000, range(3)),
    ],
)
def test_the_policy_merges_the_last_ones_that_are_worth_it(
    sizes: list[int], repaid: int, expected: range | None
) -> None:
    assert expected == choose([SegmentSize(size, size) for size in sizes], repaid)


def test_a_list_of_terms_gives_the_place_of_each_term_and_of_others(engine: WhooshEngine) -> None:
    with engine.writer() as writer:
        writer.add(Article("a", "", " ".join(f"word{n}" for n in range(500))))
    forms = engine._latest_reader().segments[0].dictionary
    known = list(forms.terms())
    asked = [b"", *known, *(term + b"!" for term in known), *(term[:-1] for term in known), b"\xff"]

    assert [bisect_left(known, term) for term in asked] == [forms.lower_bound(term) for term in asked]
