"""The facade: :class:`Index`, which asks (:mod:`.asking`) and changes (:mod:`.changing`) an index."""

from __future__ import annotations

from searcher.index.facade import Index, open_index
from searcher.query.request import DEFAULT_MIN_CONFIDENCE

__all__ = ["SURE", "Index", "open_index"]

#: The former name of the constant.
SURE = DEFAULT_MIN_CONFIDENCE
