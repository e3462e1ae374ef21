"""There are ways for few documents and for many; the same questions have the same answers on each.

Random worlds are so small that everything in them counts as many.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from searcher.engines.whoosh import WhooshEngine
from searcher.names.resolution import Identities
from tests.engines.test_conformance import judged

BOUNDS = (
    "docset._MUCH_SMALLER",
    "docset._SPARSE",
    "evaluator._ALL",
    "evaluator._FEW",
    "evaluator._FAR_FEWER",
    "leaf_hits._MANY",
    "leaf_hits._ZEROS",
    "facets._FEW",
    "top_k._MANY",
    "spans._DENSE",
    "spans._FAR_LONGER",
)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("bound", [0, 1])
def test_few_documents_are_answered_as_many_are(
    seed: int, bound: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in BOUNDS:
        monkeypatch.setattr(f"searcher.engines.whoosh.search.{name}", bound)
    monkeypatch.setattr("searcher.engines.whoosh.search.top_k._ENOUGH", 1)
    monkeypatch.setattr("searcher.engines.whoosh.search.top_k._TOGETHER", 2)

    judged(WhooshEngine(tmp_path, identities=Identities(), create=True), seed)
