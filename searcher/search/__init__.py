"""Search: the steps around an engine, from a request to its results.

``answers`` runs the steps, ``spelling`` corrects words, ``related`` finds similar articles, ``highlight``
adds passages and marks to hits, and ``advice`` explains empty results and suggests other searches.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from searcher.collision import explain_missing_engine

if not TYPE_CHECKING:

    def __getattr__(name: str) -> None:
        explain_missing_engine(name)
        raise AttributeError(f"module “{__name__}” has no attribute “{name}”")
