"""The articles found over time: years, months or days, whichever show it best, as bars and as a table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from searcher.index import Index
from searcher.query.request import Search
from searcher.query.tree import TimeUnit
from searcher.query.units import every, label, last_day
from searcher.web.asking import address

__all__ = ["Bar", "Timeline", "Unit", "timeline"]

Unit = TimeUnit
#: The longest time that is shown by days, and by months: bars of two months, and of three years.
_MOST_DAYS: Final = 62
_MOST_MONTHS: Final = 36
#: Years in a row; where more lie between the first and the last, only those with articles are shown.
_MOST_YEARS: Final = 80


@dataclass(frozen=True, slots=True)
class Bar:
    """``count`` articles of the days from ``first`` to ``last``."""

    first: dt.date
    last: dt.date
    count: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """Bars of one unit of time, one after another."""

    unit: Unit
    bars: tuple[Bar, ...]

    def label(self, day: dt.date) -> str:
        """Return the unit of time that a day lies in: “2024-05”."""
        return label(self.unit, day)

    def links(self, search: Search, path: str) -> list[str]:
        """Return for each bar the address of the search narrowed to its days."""
        return [address(path, search.replace(after=b.first, before=b.last, offset=0)) for b in self.bars]

    def columns(self) -> Iterator[tuple[Bar, float, float, float]]:
        """Return the bars as drawn in a field of 1000 by 100: left edge, width and height of each."""
        most, width = max(1, *(bar.count for bar in self.bars)), 1000 / len(self.bars)
        for number, bar in enumerate(self.bars):
            # What is there can be seen, however few.
            height = max(2.0, bar.count / most * 96) if bar.count else 0.0
            yield bar, round(number * width, 2), round(width, 2), round(height, 1)


def timeline(index: Index, search: Search) -> Timeline | None:
    """Return what a search finds over time. None where nothing has a date."""
    core = search.core().replace(collapse=search.collapse)
    months = list(index.timeline(core, "month").items())
    if not months:
        return None
    unit = _unit(months[0][0], last_day("month", months[-1][0]))
    if unit == "month":
        return Timeline(unit, tuple(_bars(unit, dict(months))))
    return Timeline(unit, tuple(_bars(unit, index.timeline(core, unit))))


def _unit(first: dt.date, last: dt.date) -> Unit:
    if (last - first).days < _MOST_DAYS:
        return "day"
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    return "month" if months <= _MOST_MONTHS else "year"


def _bars(unit: Unit, counts: Mapping[dt.date, int]) -> Iterator[Bar]:
    """The bars from the first that has articles to the last; where that is too long, those with articles."""
    first, last = min(counts), max(counts)
    in_a_row = last.year - first.year < _MOST_YEARS
    for day in every(unit, first, last) if in_a_row else counts:
        yield Bar(day, last_day(unit, day), counts.get(day, 0))
