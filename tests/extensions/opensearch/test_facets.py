"""ClusterFacets with more values than one answer gives."""

from __future__ import annotations

import random

import pytest

from searcher.engines.memory import MemoryEngine
from searcher.extensions.opensearch import facets, names, result_pages
from searcher.names.table import Identities
from searcher.query.tree import Filter, MatchAll, Query, Term
from searcher.results import FacetValues
from tests.engines import worlds
from tests.engines.conftest import Make
from tests.engines.test_conformance import SINGLE, agree, fill
from tests.engines.whoosh.test_name_decisions import DECISIONS


@pytest.mark.parametrize("alone", [3, 1_000], ids=["page by page", "alone"])
def test_many_values_are_counted_exactly(
    alone: int, make_opensearch: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facets, "_MAX_VALUES", 2)
    monkeypatch.setattr(facets, "_MAX_SOURCES", 2)
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


@pytest.mark.parametrize("seed", range(4))
def test_the_best_names_are_counted_without_looking_at_all(
    seed: int, make_opensearch: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facets, "_MAX_VALUES", 6)
    monkeypatch.setattr(facets, "_MAX_SOURCES", 6)
    monkeypatch.setattr(facets, "_FIRST_BEST", 1)
    monkeypatch.setattr(facets, "_MAX_BEST", 2)
    monkeypatch.setattr(FacetValues, "FIRST", (1, 2))
    monkeypatch.setattr(names, "_MAX_NAMES", (1, 1_000)[seed // 2])
    rng = random.Random(seed)
    identities = Identities(rng.choice(DECISIONS))
    judge, engine = MemoryEngine(identities=identities), make_opensearch(identities)
    for one in (judge, engine):
        fill(one, worlds.world(seed).batches)
    if seed % 2:
        identities = Identities(rng.choice(DECISIONS))
        judge.use_names(identities)
        engine.use_names(identities)
    for chosen in ((), (Filter("person", ("Quill",)), Filter("source", ("The Daily",), negated=True))):
        query = Query(MatchAll(), chosen, worlds.FACETS)
        expected, answer = (one.search(query).facets for one in (judge, engine))
        for name in worlds.FACETS:
            values, right = answer[name].values, expected[name].values
            rare = rng.choice([*right.counts, "nobody"])

            assert right[:1] == values[:1]
            assert bool(right) == bool(values)
            assert values.min_count <= len(right)
            assert right[:2] == values[:2]
            assert right.counts.get(rare) == values.counts.get(rare)
            assert right[:3] == values[:3]
            assert right == values
