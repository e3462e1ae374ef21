"""Simple questions answered without NumPy, whose import alone takes longer than most of them.

What a command line asks once: words, phrases, values, dates, with And, Or and Not, and facets. The answers
are those of :mod:`searcher.engines.whoosh.search.searcher`; what is not for this package, or would take
longer here than there with the import, is declined.
"""

from __future__ import annotations

from searcher.engines.whoosh.light.collection import MAX_ENTRIES
from searcher.engines.whoosh.light.search import Light

__all__ = ["MAX_ENTRIES", "Light"]
