"""The articles found over time: years, months or days, whichever show it best, as bars and as a table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from searcher.index import Index
from searcher.query.request import Search

__all__ = ["Bar", "Timeline", "Unit", "timeline"]

Unit = Literal["year", "month", "day"]
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
        return day.isoformat()[: {"year": 4, "month": 7, "day": 10}[self.unit]]

    def columns(self) -> Iterator[tuple[Bar, float, float, float]]:
        """Return the bars as drawn in a field of 1000 by 100: left edge, width and height of each."""
        most, width = max(1, *(bar.count for bar in self.bars)), 1000 / len(self.bars)
        for number, bar in enumerate(self.bars):
            # What is there can be seen, however few.
            height = max(2.0, bar.count / most * 96) if bar.count else 0.0
            yield bar, round(number * width, 2), round(width, 2), round(height, 1)


def timeline(index: Index, search: Search, years: Mapping[str, int]) -> Timeline | None:
    """Return what was found over time, by ``years``: the facet of it. None where nothing has a date."""
    known = sorted(int(year) for year in years)
    if not known:
        return None
    first = max(search.after or dt.date.min, dt.date(known[0], 1, 1))
    last = min(search.before or dt.date.max, dt.date(known[-1], 12, 31))
    unit = _unit(first, last)
    if unit == "year":
        return Timeline(unit, tuple(_years(known, years)))
    core = search.core().replace(collapse=search.collapse)
    bars = _trimmed(_counted(index, core, unit, first, last))
    if bars and _unit(bars[0].first, bars[-1].last) != unit:  # what there is lies closer together
        bars = _trimmed(_counted(index, core, "day", bars[0].first, bars[-1].last))
        unit = "day"
    return Timeline(unit, tuple(bars)) if bars else None


def _counted(index: Index, search: Search, unit: Unit, first: dt.date, last: dt.date) -> list[Bar]:
    spans = [(max(begin, first), min(end, last)) for begin, end in _spans(unit, first, last)]
    return [Bar(begin, end, index.count(search, after=begin, before=end)) for begin, end in spans]


def _trimmed(bars: list[Bar]) -> list[Bar]:
    """The bars from the first that has articles to the last."""
    full = [number for number, bar in enumerate(bars) if bar.count]
    return bars[full[0] : full[-1] + 1] if full else []


def _unit(first: dt.date, last: dt.date) -> Unit:
    if (last - first).days < _MOST_DAYS:
        return "day"
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    return "month" if months <= _MOST_MONTHS else "year"


def _years(known: list[int], counts: Mapping[str, int]) -> Iterator[Bar]:
    in_a_row = known[-1] - known[0] < _MOST_YEARS
    for year in range(known[0], known[-1] + 1) if in_a_row else known:
        yield Bar(dt.date(year, 1, 1), dt.date(year, 12, 31), counts.get(f"{year}", 0))


def _spans(unit: Unit, first: dt.date, last: dt.date) -> Iterator[tuple[dt.date, dt.date]]:
    """The days or months of a time, each with its first and its last day."""
    begin = first if unit == "day" else first.replace(day=1)
    while begin <= last:
        after = begin + dt.timedelta(days=1) if unit == "day" else _next_month(begin)
        yield begin, after - dt.timedelta(days=1)
        begin = after


def _next_month(day: dt.date) -> dt.date:
    return dt.date(day.year + day.month // 12, day.month % 12 + 1, 1)
