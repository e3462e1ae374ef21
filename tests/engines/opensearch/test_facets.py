"""ClusterFacets with more values than one answer gives."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from searcher.engines.memory import MemoryEngine
from searcher.engines.opensearch import facets, result_pages
from searcher.engines.opensearch.engine import OpenSearchEngine
from searcher.names.table import Identities
from searcher.query.tree import Filter, MatchAll, Query, Term
from tests.engines import worlds
from tests.engines.test_conformance import SINGLE, agree, fill


@pytest.mark.parametrize("alone", [3, 1_000], ids=["page by page", "alone"])
def test_many_values_are_counted_exactly(
    alone: int, make_opensearch: Callable[[], OpenSearchEngine], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facets, "_MAX_VALUES", 2)
    monkeypatch.setattr(facets, "_MAX_VALUES_ALONE", alone)
    monkeypatch.setattr(result_pages, "_PAGE_BUCKETS", 3)
    judge, engine = MemoryEngine(identities=Identities()), make_opensearch()
    for one in (judge, engine):
        fill(one, worlds.world(5).batches)
    chosen = (Filter("person", ("Quill",)), Filter("source", ("The Daily",), negated=True))

    for collapse in (False, True):
        agree(judge, engine, Query(MatchAll(), (), worlds.FACETS, collapse=collapse), SINGLE)
        agree(judge, engine, Query(Term("bank"), chosen, worlds.FACETS, collapse=collapse), SINGLE)
    assert worlds.values(judge, "person") == worlds.values(engine, "person")
    assert list(judge.terms("text")) == list(engine.terms("text"))
