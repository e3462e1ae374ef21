"""All articles of an answer by their dates, some at once: what is held does not grow with their number, but
for a flag an article."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Literal

import numpy as np

from searcher.engines.whoosh.arrays import Array
from searcher.engines.whoosh.format.layout import NO_DATE
from searcher.engines.whoosh.search.docset import DocSet

__all__ = ["numbers_by_date"]

#: Articles that are sorted together, and dates that are looked at to tell how many there are of which.
_SORTED, _SAMPLE = 1 << 16, 1 << 12


def numbers_by_date(found: DocSet, when: Array, order: Literal["newest", "oldest"]) -> Iterator[Array]:
    """Yield the numbers of articles, many together: by date, equal ones in their order, undated ones last.

    ``when``: the date of each article of the index.
    """
    newest = order == "newest"
    periods = list(pairwise(_bounds(when)))
    for first, end in reversed(periods) if newest else periods:
        ids = np.flatnonzero(found.mask & (when >= first) & (when < end))
        dates = when[ids]
        yield ids[(-dates if newest else dates).argsort(kind="stable")]
    for start in range(0, len(when), _SORTED):
        part = slice(start, start + _SORTED)
        yield start + np.flatnonzero(found.mask[part] & (when[part] == NO_DATE))


def _bounds(when: Array) -> list[int]:
    """Return dates that part all there are into periods of some ten thousand articles each."""
    sample = np.sort(when[:: max(1, len(when) // _SAMPLE)])
    each = max(1, _SORTED * len(sample) // max(1, len(when)))
    between = np.unique(sample[each::each]).tolist()
    return [NO_DATE + 1, *(date for date in between if date > NO_DATE + 1), np.iinfo(np.int64).max]
