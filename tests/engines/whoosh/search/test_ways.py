"""There are ways for few documents and for many; the same questions have the same answers on each.

Random worlds are so small that everything in them counts as many.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from searcher.engines.whoosh import WhooshEngine
from searcher.names.resolution import Identities
from tests.engines import worlds
from tests.engines.test_conformance import judged

BOUNDS = (
    "docset._MIN_LOOKUP_RATIO",
    "docset._SPARSE_RATIO",
    "ranking._MIN_PRESELECTED",
    "ranking._MAX_LOOKUP_SHARE",
    "ranking._MAX_SPARSE_SHARE",
    "leaf_hits._SEARCH_COST",
    "leaf_hits._ENTRY_COST",
    "facets._MAX_GATHERED_SHARE",
    "top_k._MIN_PARTITIONED",
    "spans._DENSE_RATIO",
    "spans._MIN_LOOKUP_RATIO",
)


@pytest.mark.parametrize("seed", worlds.seeds(6, 2))
@pytest.mark.parametrize("bound", [0, 1])
def test_few_documents_are_answered_as_many_are(
    seed: int, bound: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in BOUNDS:
        monkeypatch.setattr(f"searcher.engines.whoosh.search.{name}", bound)
    monkeypatch.setattr("searcher.engines.whoosh.search.top_k._MIN_GROUPS_PER_HIT", 1)
    monkeypatch.setattr("searcher.engines.whoosh.search.top_k._GROUP_SIZE", 2)

    judged(WhooshEngine(tmp_path, identities=Identities(), create=True), seed)
