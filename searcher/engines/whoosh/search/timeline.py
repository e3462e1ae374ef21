"""Counts of documents over time: years, months, weeks or days."""

from __future__ import annotations

import datetime as dt
from typing import Final

import numpy as np

from searcher.engines.whoosh.arrays import Array, sorted_unique
from searcher.engines.whoosh.format.layout import NO_DATE
from searcher.query.tree import TimeUnit

__all__ = ["count_over_time"]

#: NumPy's letters for units of time; columns hold dates as seconds since the year 1. Weeks are numbered by
#: their Mondays: NumPy's begin on a Thursday, as the year 1970 did.
_UNITS: Final = {"year": "Y", "month": "M", "week": "D", "day": "D"}
_MONDAY: Final = 3
_FIRST_DAY: Final = np.datetime64("0001-01-01", "D")
_DAY_SECONDS: Final = 86_400


def count_over_time(when: Array, unit: TimeUnit, stories: Array | None) -> dict[dt.date, int]:
    """Return how many documents each year, month, week or day has, by its first day; ``stories``: those of
    the documents, each of which counts once."""
    dated = when != NO_DATE
    if not dated.any():
        return {}
    kind = f"datetime64[{_UNITS[unit]}]"
    units = (_FIRST_DAY + when[dated] // _DAY_SECONDS).astype(kind).astype(np.int64)
    if unit == "week":
        units -= (units + _MONDAY) % 7
    least = units.min()
    units -= least
    if stories is not None:
        span = units.max() + 1
        units = sorted_unique(stories[dated] * span + units) % span
    counts = np.bincount(units)
    found = counts.nonzero()[0]
    days = (found + least).astype(kind).astype("datetime64[D]").tolist()
    return dict(zip(days, counts[found].tolist()))
