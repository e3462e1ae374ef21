"""The numbers that columns hold for dates, lengths and quotations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from operator import attrgetter

from searcher.article import Quote
from searcher.engines.whoosh.format.layout import NO_DATE
from searcher.query.tree import Range

__all__ = ["column_range", "quotes_by_position", "seconds"]

_PLACE = attrgetter("start", "end")
_EPOCH = dt.datetime(1, 1, 1)
_DAY_SECONDS = 86_400
#: A bound above every value of a column.
_UNBOUNDED = 1 << 62


def seconds(moment: dt.datetime | None) -> int:
    """Return whole seconds on the publisher's clock since the year 1; NO_DATE for None."""
    if moment is None:
        return NO_DATE
    since = moment - _EPOCH
    return since.days * _DAY_SECONDS + since.seconds


def column_range(between: Range) -> tuple[int, int]:
    """Return the smallest column value within the bounds, and the one that all values must be below.

    An article without a date is in no range of dates; a day ends with its last second.
    """
    low, high = between.low, between.high
    if between.field == "length":
        return (int(low) if isinstance(low, int) else 0, high + 1 if isinstance(high, int) else _UNBOUNDED)
    return (
        _midnight(low) if isinstance(low, dt.date) else NO_DATE + 1,
        _midnight(high) + _DAY_SECONDS if isinstance(high, dt.date) else _UNBOUNDED,
    )


def _midnight(day: dt.date) -> int:
    return seconds(dt.datetime(day.year, day.month, day.day))


def quotes_by_position(quotes: Sequence[Quote]) -> list[Quote]:
    """Return quotations by their position in the text: the order of an article's quotations in the index."""
    return sorted(quotes, key=_PLACE)
