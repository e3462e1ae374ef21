"""Results of searches: frozen, independent of the index, with ``to_dict()`` for JSON. The types that a search
for articles does not need are in :mod:`.quotations` and :mod:`.statements`."""

from __future__ import annotations

from searcher.results.articles import Facet, FacetValue, FacetValues, Hit, Marks, Names, Results, Snippet

__all__ = ["Facet", "FacetValue", "FacetValues", "Hit", "Marks", "Names", "Results", "Snippet"]
