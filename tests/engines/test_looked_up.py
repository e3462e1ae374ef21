"""Statements that are looked up by their words, for engines that keep nothing of utterances."""

from __future__ import annotations

import pytest

from searcher.engines.memory import MemoryEngine
from searcher.engines.statements import carried, looked_up, statement_around, value_counts
from searcher.names.resolution import Identities
from searcher.query.tree import HasValue, QuoteQuery, Term
from tests.search.test_statements import ARTICLES


@pytest.fixture
def engine() -> MemoryEngine:
    made = MemoryEngine(identities=Identities())
    with made.writer() as writer:
        for article in ARTICLES:
            writer.add(article)
    return made


@pytest.mark.parametrize(
    "query",
    [
        QuoteQuery(Term("winter")),
        QuoteQuery(Term("wall"), sort="newest", offset=1),
        QuoteQuery(HasValue("speaker", "Bo Quill"), kinds=("direct",)),
        QuoteQuery(Term("ship")),
    ],
)
def test_they_are_those_of_the_engine(engine: MemoryEngine, query: QuoteQuery) -> None:
    assert engine.statements(query) == looked_up(engine, query)


def test_the_statement_of_a_quotation_is_that_of_the_engine(engine: MemoryEngine) -> None:
    hit = engine.quotes(QuoteQuery(Term("winter"))).hits[0]

    assert engine.statement_of(hit, ("direct",)) == statement_around(engine, hit, ("direct",))


def test_values_are_counted_as_the_engine_counts_them(engine: MemoryEngine) -> None:
    query = QuoteQuery(Term("winter"))
    hits = list(engine.scan_quotes(query))

    assert engine.statement_counts(query, ["source", "speaker"]) == value_counts(
        list(carried(hits)), hits, ["source", "speaker"]
    )
