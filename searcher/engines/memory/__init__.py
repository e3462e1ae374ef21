"""The memory engine: every article is looked at, in plain Python. Small, slow, obviously right.

It is the judge of the other engines, and serves ``:memory:``.
"""

from __future__ import annotations

from searcher.engines.memory.engine import MemoryEngine

__all__ = ["MemoryEngine"]
