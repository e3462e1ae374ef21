"""Statements that are looked up by the words that utterances share."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from searcher.engines import statements
from searcher.engines.memory import MemoryEngine
from searcher.engines.statements import (
    Carried,
    Heard,
    looked_up,
    statement_around,
    value_counts,
    whole_utterances,
)
from searcher.names.table import Identities
from searcher.query.tree import Filter, HasValue, MatchAll, QuoteQuery, Term
from tests.search.test_statements import ARTICLES, SAID
from tests.search.test_statements import carried as sayer


@pytest.fixture
def engine() -> MemoryEngine:
    made = MemoryEngine(identities=Identities())
    with made.writer() as writer:
        for article in ARTICLES:
            writer.add(article)
    return made


class Scanned:
    """The utterances of an engine, any of which may be alike."""

    def __init__(self, engine: MemoryEngine) -> None:
        self._engine = engine

    def heard(self, query: QuoteQuery) -> Iterable[Heard | Carried]:
        return whole_utterances(self._engine.scan(query))

    def alike(
        self, _some: Iterable[Heard | Carried], kinds: tuple[str, ...], _known: QuoteQuery | None
    ) -> Iterable[Heard | Carried]:
        return self.heard(QuoteQuery(MatchAll(), kinds=kinds, sort="oldest"))

    def carried(self, heard: Iterable[Heard | Carried]) -> list[Carried]:
        return [one for one in heard if isinstance(one, Carried)]


@pytest.mark.parametrize("most", [0, 400], ids=["of many", "of few"])
@pytest.mark.parametrize(
    "query",
    [
        QuoteQuery(Term("winter")),
        QuoteQuery(Term("wall"), sort="newest", offset=1),
        QuoteQuery(HasValue("speaker", "Bo Quill"), kinds=("direct",)),
        QuoteQuery(Term("ship")),
    ],
)
def test_they_are_those_of_the_engine(
    engine: MemoryEngine, query: QuoteQuery, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statements, "_MAX_UTTERANCES", most)

    assert engine.statements(query) == looked_up(Scanned(engine), query)


def test_the_statement_of_a_quotation_is_that_of_the_engine(engine: MemoryEngine) -> None:
    hit = engine.search(QuoteQuery(Term("winter"))).hits[0]

    assert engine.statement_of(hit, ("direct",)) == statement_around(Scanned(engine), hit, ("direct",))


def test_parts_are_counted_apart_where_what_joins_them_is_not_found() -> None:
    """The engine that keeps utterances knows all of them."""
    engine = MemoryEngine(identities=Identities())
    with engine.writer() as writer:
        for id, said in (("whole", SAID), ("first", SAID[:38]), ("second", SAID[44:])):
            writer.add(sayer(id, "2024-05-01", said))
    query = QuoteQuery(MatchAll(), filters=(Filter("source", ("The First", "The Second")),))
    hits = list(engine.scan(query))

    assert {"speaker": {"Ada Moss": 1}} == engine.statement_counts(query, ["speaker"])
    assert {"speaker": {"Ada Moss": 2}} == value_counts(hits, ["speaker"])


def test_values_are_counted_as_the_engine_counts_them(engine: MemoryEngine) -> None:
    query = QuoteQuery(Term("winter"))
    hits = list(engine.scan(query))

    assert engine.statement_counts(query, ["source", "speaker"]) == value_counts(hits, ["source", "speaker"])
