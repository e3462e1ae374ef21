"""Statements of random worlds: each engine makes the same ones of the same articles."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest

from searcher.article import Article, Quote, QuoteKind
from searcher.engines.base import Engine
from searcher.engines.memory import MemoryEngine
from searcher.engines.whoosh import WhooshEngine
from searcher.names.decisions import Curation
from searcher.names.table import Identities
from searcher.query.tree import Filter, HasValue, MatchAll, QuoteQuery
from tests.engines import worlds
from tests.engines.test_conformance import SINGLE, fill

QUESTIONS = 20
EVERYTHING = QuoteQuery(MatchAll(), kinds=get_args(QuoteKind), sort="oldest", limit=500)


@contextmanager
def engines(folder: Path, world: worlds.World) -> Iterator[tuple[MemoryEngine, WhooshEngine]]:
    """The judge and the engine, with the same articles."""
    judge = MemoryEngine(identities=Identities())
    with closing(WhooshEngine(folder, identities=Identities(), create=True)) as engine:
        for one in (judge, engine):
            fill(one, world.batches)
        yield judge, engine


def answered(engine: Engine, query: QuoteQuery, rel: float = 1e-9) -> dict[str, Any]:
    """What two engines must agree on; scores to nine digits, or as given."""
    found = engine.statements(query)
    out = {**found.to_dict(), "below": found.below_confidence}
    for statement in out["statements"]:
        statement["score"] = pytest.approx(statement["score"], rel=rel, abs=1e-6)
    return out


@pytest.mark.parametrize("seed", range(12))
def test_statements_are_those_of_the_memory_engine(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)
    queries = [worlds.quote_query(rng) for _ in range(QUESTIONS)]

    with engines(tmp_path, worlds.world(seed)) as (judge, engine):
        assert [answered(judge, query) for query in queries] == [answered(engine, query) for query in queries]


@pytest.mark.parametrize("seed", worlds.seeds(40, 4))
def test_statements_on_opensearch_are_the_same(seed: int, make_opensearch: Callable[[], Engine]) -> None:
    judge, engine = MemoryEngine(identities=Identities()), make_opensearch()
    for one in (judge, engine):
        fill(one, (worlds.hearsay if seed % 4 else worlds.world)(seed).batches)
    rng = random.Random(seed)
    queries = [EVERYTHING, *(worlds.quote_query(rng) for _ in range(QUESTIONS))]
    queries += [
        QuoteQuery(
            HasValue("speaker", name), sort="newest", min_confidence=rng.choice((0, 0.5)), offset=n, limit=3
        )
        for n, name in enumerate(("Ada Quill", "Bo Quill", "a nurse"))
    ]

    assert [answered(judge, query, SINGLE) for query in queries] == [
        answered(engine, query, SINGLE) for query in queries
    ]


@pytest.mark.parametrize("seed", worlds.seeds(8, 2))
def test_the_statement_of_a_quotation_is_the_same_on_opensearch(
    seed: int, make_opensearch: Callable[[], Engine]
) -> None:
    judge, engine = MemoryEngine(identities=Identities()), make_opensearch()
    for one in (judge, engine):
        fill(one, worlds.hearsay(seed).batches)
    hits = list(judge.scan(EVERYTHING))
    expected, found = ([one.statement_of(hit, EVERYTHING.kinds) for hit in hits] for one in (judge, engine))

    assert [one and one.to_dict() for one in expected] == [one and one.to_dict() for one in found]


@pytest.mark.parametrize("seed", worlds.seeds(40, 10))
def test_what_many_carry_is_one_statement_as_the_memory_engine_has_it(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)
    queries = [EVERYTHING, replace(EVERYTHING, kinds=("direct",)), replace(EVERYTHING, min_confidence=0.5)]
    queries += [replace(worlds.quote_query(rng), limit=50) for _ in range(5)]
    queries += [QuoteQuery(HasValue("speaker", "Ada Quill"), sort="newest", offset=1, limit=3)]

    with engines(tmp_path, worlds.hearsay(seed)) as (judge, engine):
        assert [answered(judge, query) for query in queries] == [answered(engine, query) for query in queries]


@pytest.mark.parametrize("seed", worlds.seeds(10, 4))
def test_the_statement_of_a_quotation_is_that_of_the_memory_engine(seed: int, tmp_path: Path) -> None:
    with engines(tmp_path, worlds.hearsay(seed)) as (judge, engine):
        for hit in judge.scan(EVERYTHING):
            expected = judge.statement_of(hit, EVERYTHING.kinds)
            found = engine.statement_of(hit, EVERYTHING.kinds)

            assert expected is not None
            assert found is not None
            assert expected.to_dict() == found.to_dict()


def live_through(engine: Engine, seed: int) -> Iterator[None]:
    """Change an index in small commits: articles come, go, and come again with other words or speakers."""
    rng = random.Random(seed)
    world = worlds.hearsay(seed)
    articles = [one for batch in world.batches for one in batch if isinstance(one, Article)]
    there: list[Article] = []
    for _ in range(8):
        with engine.writer() as writer:
            for article in rng.sample(articles, len(articles) // 6):
                quotes = article.quotes
                if rng.random() < 0.4:
                    speaker = rng.choice(("Ada Quill", "Quill", "Bo Quill"))
                    quotes = tuple(replace(quote, speaker=speaker) for quote in quotes)
                writer.add(replace(article, quotes=quotes))
                there.append(article)
            for article in rng.sample(there, len(there) // 3):
                writer.delete(article.id)
        if rng.random() < 0.3:
            engine.use_names(Identities(Curation().merge("person", "Ada Quill", ["Quill"])))
        yield


@pytest.mark.parametrize("seed", worlds.seeds(20, 6))
def test_statements_after_any_history_are_those_of_the_memory_engine(seed: int, tmp_path: Path) -> None:
    judge = MemoryEngine(identities=Identities())
    with closing(WhooshEngine(tmp_path, identities=Identities(), create=True)) as engine:
        for _ in zip(live_through(judge, seed), live_through(engine, seed)):
            assert answered(judge, EVERYTHING) == answered(engine, EVERYTHING)


@pytest.mark.parametrize("seed", range(6))
def test_decisions_about_names_are_followed_at_once(seed: int, tmp_path: Path) -> None:
    decided = Identities(Curation().ignore("person", "Bo Quill").merge("person", "Ada Quill", ["a nurse"]))

    with engines(tmp_path, worlds.hearsay(seed)) as (judge, engine):
        answered(engine, EVERYTHING)
        for one in (judge, engine):
            one.use_names(decided)

        assert answered(judge, EVERYTHING) == answered(engine, EVERYTHING)


COUNTED = ("speaker", "person", "source", "language", "year", "month", "week", "day")


@pytest.mark.parametrize("seed", worlds.seeds(20, 6))
def test_the_values_of_statements_are_counted_as_the_memory_engine_does(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)
    queries = [EVERYTHING, *(worlds.quote_query(rng) for _ in range(5))]

    with engines(tmp_path, worlds.hearsay(seed)) as (judge, engine):
        for query in queries:
            expected, found = (one.statement_counts(query, COUNTED) for one in (judge, engine))

            assert expected == {field: dict(counts) for field, counts in found.items()}


@pytest.mark.parametrize("seed", range(6))
def test_a_value_is_counted_as_often_as_it_finds_statements(seed: int, tmp_path: Path) -> None:
    with engines(tmp_path, worlds.hearsay(seed)) as (_, engine):
        counts = engine.statement_counts(EVERYTHING, ("speaker", "source"))
        by_source = {
            source: engine.statements(replace(EVERYTHING, filters=(Filter("source", (source,)),))).total
            for source in counts["source"]
        }
        by_speaker = {
            speaker: engine.statements(replace(EVERYTHING, where=HasValue("speaker", speaker))).total
            for speaker in counts["speaker"]
            if speaker != "Quill"  # a surname asks for everybody who has it
        }

    assert counts["source"] == by_source
    assert {name: n for name, n in counts["speaker"].items() if name != "Quill"} == by_speaker


@pytest.mark.parametrize("stays", [False, True], ids=["with its article", "from its article"])
def test_a_quotation_that_is_gone_is_part_of_no_statement(stays: bool, tmp_path: Path) -> None:
    with engines(tmp_path, worlds.hearsay(1)) as (judge, engine):
        hit = next(engine.scan(EVERYTHING))
        for one in (judge, engine):
            with one.writer() as writer:
                writer.delete(hit.article.id)
                if stays:
                    writer.add(replace(hit.article, quotes=()))

        assert [None, None] == [one.statement_of(hit, EVERYTHING.kinds) for one in (judge, engine)]


def test_words_of_quotations_are_counted(tmp_path: Path) -> None:
    said = ("the wall fell", "the wall stood", "the end")
    articles = tuple(
        Article(f"{n}", body=text, quotes=(Quote(text, None, "direct", 0, len(text)),))
        for n, text in enumerate(said)
    )

    with engines(tmp_path, worlds.World((articles,))) as both:
        for engine in both:
            counts = engine.frequencies("said", ["the", "wall", "fell", "end", "ship"])
            assert {"the": 3, "wall": 2, "fell": 1, "end": 1} == counts


def test_a_statement_leaves_out_parts_below_the_confidence(tmp_path: Path) -> None:
    body = "We close the sluice. Send us your pictures."
    sure = Quote(body[:20], "Ada Quill", "direct", 0, 20, confidence=0.9, utterance=1)
    unsure = Quote(body[21:], "Ada Quill", "direct", 21, len(body), confidence=0.6, utterance=1)
    article = Article("1", "", body, quotes=(sure, unsure))
    query = QuoteQuery(HasValue("speaker", "Ada Quill"), min_confidence=0.7)

    with engines(tmp_path, worlds.World(((article,),))) as (judge, engine):
        found = [one.statements(query).hits[0].text for one in (judge, engine)]

    assert ["We close the sluice."] * 2 == found
