"""The memory engine: it evaluates every query on every article, in plain Python. Small, slow, obviously
right.

It judges the other engines in the conformance suite, and serves ``:memory:``.
"""

from __future__ import annotations

from searcher.engines.memory.engine import MemoryEngine

__all__ = ["MemoryEngine"]
