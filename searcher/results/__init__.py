"""Results of searches: frozen, detached from the index, with ``to_dict()`` for JSON.

What every search may give is here; statements, which few ask for, are in :mod:`.statements`.
"""

from __future__ import annotations

from searcher.results.articles import Hit, Marks, Names, Results, Snippet
from searcher.results.facets import Facet, FacetValue, FacetValues, NamedCounts
from searcher.results.quotations import QuoteHit, Quotes

__all__ = [
    "Facet",
    "FacetValue",
    "FacetValues",
    "Hit",
    "Marks",
    "NamedCounts",
    "Names",
    "QuoteHit",
    "Quotes",
    "Results",
    "Snippet",
]
