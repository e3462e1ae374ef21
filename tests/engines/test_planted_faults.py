"""The suite can fail: engines with a fault planted in them do not pass it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from searcher.engines.memory import MemoryEngine
from searcher.names.table import Identities
from searcher.query.tree import And, Expr, HasValue, InQuote, MatchAll, Or, Query, QuoteQuery
from searcher.results import Facet, FacetValues
from tests.engines.test_conformance import judged


def without_speaker(expr: Expr) -> Expr:
    match expr:
        case HasValue("speaker"):
            return MatchAll()
        case And(parts):
            return And(tuple(map(without_speaker, parts)))
        case Or(parts):
            return Or(tuple(map(without_speaker, parts)))
        case InQuote(where):
            return InQuote(without_speaker(where))
        case _:
            return expr


class IgnoresTheSpeaker(MemoryEngine):
    def search(self, query: Query | QuoteQuery) -> Any:
        if isinstance(query, QuoteQuery):
            query = replace(query, where=without_speaker(query.where))
        return super().search(query)


class CountsFacetsOverThePage(MemoryEngine):
    def search(self, query: Query | QuoteQuery) -> Any:
        found = super().search(query)
        if isinstance(query, QuoteQuery) or "person" not in query.facets:
            return found
        people = {name for hit in found for name in hit.article.people}
        counts = found.facets["person"].values.counts
        on_page = FacetValues({name: n for name, n in counts.items() if name in people})
        facets = {**found.facets, "person": Facet("person", on_page)}
        return replace(found, facets=facets)


class ForgetsTies(MemoryEngine):
    def search(self, query: Query | QuoteQuery) -> Any:
        found = super().search(query)
        if isinstance(query, QuoteQuery):
            return found
        return replace(found, hits=tuple(sorted(found.hits, key=lambda m: (-m.score, m.article.id))))


@pytest.mark.parametrize("faulty", [IgnoresTheSpeaker, CountsFacetsOverThePage, ForgetsTies])
def test_a_planted_fault_is_caught(faulty: type[MemoryEngine]) -> None:
    caught = 0
    for seed in range(12):
        try:
            judged(faulty(identities=Identities()), seed)
        except AssertionError:
            caught += 1

    assert caught > 0
