"""Units of time: first and last days, and labels."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from searcher.query.tree import TimeUnit

#: Maximum number of cached labels, enough for the days of ten years.
_MAX_LABELS: Final = 4096


def first_day(unit: TimeUnit, day: dt.date) -> dt.date:
    """Return the first day of the unit that contains a day. Weeks begin on Monday."""
    match unit:
        case "year":
            return day.replace(month=1, day=1)
        case "month":
            return day.replace(day=1)
        case "week":
            return day - dt.timedelta(days=day.weekday())
        case "day":
            return day


def last_day(unit: TimeUnit, first: dt.date) -> dt.date:
    """Return the last day of the unit that begins on a day."""
    match unit:
        case "year":
            return first.replace(month=12, day=31)
        case "month":
            return first.replace(day=calendar.monthrange(first.year, first.month)[1])
        case "week":
            return first + min(dt.timedelta(days=6), dt.date.max - first)  # the calendar ends within a week
        case "day":
            return first


def each_unit(unit: TimeUnit, first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """Yield the first days of all units from the one that begins on ``first`` to that of ``last``."""
    day = first
    while day <= last:
        yield day
        end = last_day(unit, day)
        if end >= last:  # dt.date.max has no next day
            return
        day = end + dt.timedelta(days=1)


@lru_cache(_MAX_LABELS)
def label(unit: str, day: dt.date) -> str:
    """Write the unit that contains a day as in a query: “2024”, “2024-05”, “2024-W19” (ISO 8601)."""
    if unit == "week":
        year, week, _ = day.isocalendar()
        return f"{year:04}-W{week:02}"
    return day.isoformat()[: {"year": 4, "month": 7, "day": 10}[unit]]


@lru_cache(_MAX_LABELS)
def day_of_label(unit: TimeUnit, text: str) -> dt.date:
    """Return the first day of a unit from its :func:`label`. A year may lack leading zeros."""
    rest = {"year": "-01-01", "month": "-01", "week": "-1", "day": ""}[unit]
    return dt.date.fromisoformat(f"{text:0>4}{rest}")


def span_labels(first: dt.date | None, last: dt.date | None) -> tuple[str, str]:
    """Write both ends of a period in the longest units that it consists of; “” for an open end."""
    units: tuple[TimeUnit, ...] = ("year", "month", "day")
    for unit in units:
        begins = first is None or first_day(unit, first) == first
        if begins and (last is None or last_day(unit, first_day(unit, last)) == last):
            break
    return label(unit, first) if first else "", label(unit, last) if last else ""
