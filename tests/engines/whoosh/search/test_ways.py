"""There are ways for few documents and for many; the same questions have the same answers on each.

Random worlds are so small that everything in them counts as many.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from searcher.engines.whoosh import WhooshEngine
from searcher.names.table import Identities
from tests.engines import worlds
from tests.engines.test_conformance import judged

BOUNDS = (
    "search.snapshot._MIN_LOOKUP_RATIO",
    "search.snapshot._SPARSE_RATIO",
    "search.searcher._MIN_PRESELECTED",
    "search.searcher._MAX_LOOKUP_SHARE",
    "search.searcher._MAX_SPARSE_SHARE",
    "search.leaves._SEARCH_COST",
    "search.leaves._ENTRY_COST",
    "search.facets._MAX_GATHERED_SHARE",
    "arrays._MIN_PARTITIONED",
    "search.leaves._DENSE_RATIO",
    "search.leaves._MIN_LOOKUP_RATIO",
)


@pytest.mark.parametrize("seed", worlds.seeds(6, 2))
@pytest.mark.parametrize("bound", [0, 1])
def test_few_documents_are_answered_as_many_are(
    seed: int, bound: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in BOUNDS:
        monkeypatch.setattr(f"searcher.engines.whoosh.{name}", bound)
    monkeypatch.setattr("searcher.engines.whoosh.arrays._MIN_GROUPS_PER_HIT", 1)
    monkeypatch.setattr("searcher.engines.whoosh.arrays._GROUP_SIZE", 2)

    judged(WhooshEngine(tmp_path, identities=Identities(), create=True), seed)
