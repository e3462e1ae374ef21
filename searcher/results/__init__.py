"""Results of searches: frozen, detached from the index, with ``to_dict()`` for JSON.

What every search may give is here; what a search for articles does without is in :mod:`.quotations` and
:mod:`.statements`.
"""

from __future__ import annotations

from searcher.results.articles import Facet, FacetValue, FacetValues, Hit, Marks, Names, Results, Snippet

__all__ = ["Facet", "FacetValue", "FacetValues", "Hit", "Marks", "Names", "Results", "Snippet"]
