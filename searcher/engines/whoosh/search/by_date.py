"""All articles of an answer by their dates, those of one period at once.

What is held does not grow with their number, but for a flag an article; but articles of one date are of one
period, so that as many as share a date are held together.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Literal

import numpy as np

from searcher.engines.whoosh.arrays import Array
from searcher.engines.whoosh.format.layout import NO_DATE
from searcher.engines.whoosh.search.docset import DocSet

__all__ = ["numbers_by_date"]

#: Articles that are sorted together, whatever their dates, and dates that are looked at to tell how many
#: there are of which.
_MAX_SORTED, _MAX_SAMPLE = 1 << 16, 1 << 12


def numbers_by_date(found: DocSet, when: Array, order: Literal["newest", "oldest"]) -> Iterator[Array]:
    """Yield the numbers of articles, many together: by date, equal ones in their order, undated ones last.

    ``when``: the date of each article of the index.
    """
    newest = order == "newest"
    if len(found) <= _MAX_SORTED:  # at once: each period takes a pass over all articles of the index
        dated = when[found.ids] != NO_DATE
        yield _sorted(found.ids[dated], when, newest)
        yield found.ids[~dated]
        return
    periods = list(pairwise(_bounds(when)))
    for first, end in reversed(periods) if newest else periods:
        yield _sorted(np.flatnonzero(found.mask & (when >= first) & (when < end)), when, newest)
    for start in range(0, len(when), _MAX_SORTED):
        part = slice(start, start + _MAX_SORTED)
        yield start + np.flatnonzero(found.mask[part] & (when[part] == NO_DATE))


def _sorted(ids: Array, when: Array, newest: bool) -> Array:
    """Return dated articles by their dates, equal ones in their order."""
    dates = when[ids]
    return ids[(-dates if newest else dates).argsort(kind="stable")]


def _bounds(when: Array) -> list[int]:
    """Return dates that part all there are into periods of some ten thousand articles each."""
    sample = np.sort(when[:: max(1, len(when) // _MAX_SAMPLE)])
    each = max(1, _MAX_SORTED * len(sample) // max(1, len(when)))
    between = np.unique(sample[each::each]).tolist()
    return [NO_DATE + 1, *(date for date in between if date > NO_DATE + 1), np.iinfo(np.int64).max]
