"""Names on OpenSearch, decided commit by commit, are those that are decided all at once."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from searcher.engines.memory import MemoryEngine
from searcher.extensions.opensearch import writer
from searcher.extensions.opensearch.engine import OpenSearchEngine
from searcher.names.table import VALUE_KINDS, Identities
from searcher.query.tree import Filter, MatchAll, Query, QuoteQuery
from tests.engines import worlds
from tests.engines.test_conformance import SINGLE, agree, agree_on_quotations
from tests.engines.whoosh.test_name_decisions import ASKED, DECISIONS, decided

Make = Callable[[Identities], OpenSearchEngine]


@pytest.mark.parametrize("max_touched", [0, 50_000], ids=["all anew", "by groups"])
@pytest.mark.parametrize("seed", range(2))
def test_names_are_those_of_the_memory_engine_whatever_was_decided_meanwhile(
    seed: int, max_touched: int, make_opensearch: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "MAX_TOUCHED", max_touched)
    rng = random.Random(seed)
    identities = Identities(rng.choice(DECISIONS))
    judge, engine = MemoryEngine(identities=identities), make_opensearch(identities)
    for batch in (*worlds.world(seed).batches, *worlds.world(seed + 100).batches):
        identities = decided(batch, identities, rng, judge, engine)
        expect_the_same(judge, engine, rng)
    expect_the_same(judge, make_opensearch(identities), rng)


def expect_the_same(judge: MemoryEngine, engine: OpenSearchEngine, rng: random.Random) -> None:
    expected, names = judge.names(), engine.names()

    for field in ("person", "organisation", "speaker", "source", "author"):
        assert worlds.values(judge, field) == worlds.values(engine, field)
        assert [expected.values_meant(field, [asked]) for asked in ASKED] == [
            names.values_meant(field, [asked]) for asked in ASKED
        ]
        assert [expected.names_meant(field, asked) for asked in ASKED] == [
            names.names_meant(field, a) for a in ASKED
        ]
    for kind in VALUE_KINDS:
        assert sorted(map(sorted, expected.groups(kind))) == sorted(map(sorted, names.groups(kind)))
    chosen = Filter("person", (rng.choice(ASKED),))
    for collapse in (False, True):
        agree(judge, engine, Query(MatchAll(), (chosen,), worlds.FACETS, collapse=collapse), SINGLE)
    agree_on_quotations(judge, engine, QuoteQuery(worlds.tree(rng, 2)), SINGLE)
