"""Simple queries answered without NumPy, whose import alone takes longer than most of them.

These are the queries of a command line: words, phrases, values, dates, with And, Or and Not, and facets. The
answers are those of :mod:`searcher.engines.whoosh.search.searcher`; a query that is not supported, or that
would take longer here than there with the import, is declined.
"""

from __future__ import annotations

from searcher.engines.whoosh.light.policy import LightPolicy
from searcher.engines.whoosh.light.search import LightSearcher

__all__ = ["LightPolicy", "LightSearcher"]
