"""An inverted index of our own on NumPy arrays, in a folder that stock Whoosh opens too.

docs/inside-the-index.md is the guide to its modules.
"""

from __future__ import annotations

from searcher.engines.whoosh.engine import EngineOptions, WhooshEngine

__all__ = ["EngineOptions", "WhooshEngine"]
