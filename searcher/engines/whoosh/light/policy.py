"""When queries are answered by this package."""

from __future__ import annotations

import sys
from typing import NamedTuple

__all__ = ["LightPolicy"]


class LightPolicy(NamedTuple):
    """Bounds within which an open generation is searched without NumPy.

    ``max_queries`` bounds its queries: after this many the process is no mere command, and NumPy is worth its
    import. ``max_entries`` bounds the entries that one query may read, and all of them: some 60 ms, where
    importing NumPy takes 80. ``beside_numpy``: also in a process that has imported NumPy.
    """

    max_queries: int = 20
    max_entries: int = 400_000
    beside_numpy: bool = False

    @classmethod
    def always(cls) -> LightPolicy:
        """Return the policy of answering every supported query without NumPy."""
        return cls(sys.maxsize, sys.maxsize, beside_numpy=True)

    def allows(self, queries: int, entries_read: int) -> bool:
        """Tell whether the last of these queries may be answered so, after reading these entries."""
        within = queries <= self.max_queries and entries_read <= self.max_entries
        return within and (self.beside_numpy or "numpy" not in sys.modules)
