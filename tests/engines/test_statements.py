"""Statements of random worlds: each engine makes the same ones of the same articles."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from searcher.engines.base import Engine
from searcher.engines.memory import MemoryEngine
from searcher.engines.whoosh import WhooshEngine
from searcher.names.resolution import Identities
from searcher.query.tree import QuoteQuery
from searcher.search.statements import found_statements
from tests.engines import worlds
from tests.engines.test_conformance import SINGLE, fill

QUESTIONS = 20


def answered(engine: Engine, query: QuoteQuery, rel: float = 1e-9) -> dict[str, Any]:
    """What two engines must agree on; scores to nine digits, or as given."""
    found = found_statements(engine, query).to_dict()
    for statement in found["statements"]:
        statement["score"] = pytest.approx(statement["score"], rel=rel, abs=1e-6)
    return found


@pytest.mark.parametrize("seed", range(12))
def test_statements_are_those_of_the_memory_engine(seed: int, tmp_path: Path) -> None:
    judge = MemoryEngine(identities=Identities())
    engine = WhooshEngine(tmp_path, identities=Identities(), create=True)
    for one in (judge, engine):
        fill(one, worlds.world(seed).batches)
    rng = random.Random(seed)
    queries = [worlds.quote_query(rng) for _ in range(QUESTIONS)]

    assert [answered(judge, query) for query in queries] == [answered(engine, query) for query in queries]
    engine.close()


@pytest.mark.parametrize("seed", range(3))
def test_statements_on_opensearch_are_the_same(seed: int, make_opensearch: Callable[[], Engine]) -> None:
    judge, engine = MemoryEngine(identities=Identities()), make_opensearch()
    for one in (judge, engine):
        fill(one, worlds.world(seed).batches)
    rng = random.Random(seed)
    queries = [worlds.quote_query(rng) for _ in range(QUESTIONS)]

    assert [answered(judge, query, SINGLE) for query in queries] == [
        answered(engine, query, SINGLE) for query in queries
    ]
