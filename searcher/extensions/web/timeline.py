"""Results over time by year, month or day, as linked bars and as a table."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from searcher.extensions.web.addresses import address
from searcher.index import Index
from searcher.query.request import Search
from searcher.query.time_units import day_of_label, each_unit, first_day, label, last_day
from searcher.query.tree import TimeUnit
from searcher.results.statements import Statements

#: Units of time, longest first.
UNITS: Final[tuple[TimeUnit, ...]] = ("year", "month", "day")
#: Maximum number of days in a period that is shown by day.
_MAX_DAYS: Final = 62
#: Maximum number of months in a period that is shown by month.
_MAX_MONTHS: Final = 36
#: For longer periods, years without articles are left out.
_MAX_YEARS: Final = 80

#: Returns the number of results per unit by its first day, without empty units.
_Count = Callable[[TimeUnit], Mapping[dt.date, int]]


@dataclass(frozen=True, slots=True)
class Bar:
    """The number of results in a unit of time."""

    first: dt.date
    last: dt.date
    count: int


@dataclass(frozen=True, slots=True)
class Period:
    """A unit of time that the search is narrowed to, or a longer one that contains it."""

    unit: TimeUnit
    first: dt.date
    last: dt.date
    url: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """Bars in order of time."""

    unit: TimeUnit
    bars: tuple[Bar, ...]

    @property
    def total(self) -> int:
        """The number of dated results. A story with copies in several units counts in each."""
        return sum(bar.count for bar in self.bars)

    def label(self, day: dt.date) -> str:
        """Return the unit that contains a day: “2024-05”."""
        return label(self.unit, day)

    def columns(self) -> Iterator[tuple[Bar, float, float, float]]:
        """Yield each bar with its left edge, width and height in a drawing of 1000 by 100."""
        most, first = max(1, *(bar.count for bar in self.bars)), self.bars[0].first.year
        # Years keep their position even if years without articles are left out.
        places = [bar.first.year - first if self.unit == "year" else at for at, bar in enumerate(self.bars)]
        width = 1000 / (places[-1] + 1)
        for number, bar in zip(places, self.bars):
            # Bars have a visible minimum height.
            height = max(2.0, bar.count / most * 96) if bar.count else 0.0
            yield bar, round(number * width, 2), round(width, 2), round(height, 1)

    def steps(self, search: Search, path: str) -> list[Period]:
        """Return the units that contain the selected period, longest first."""
        if not search.after or not search.before:
            return []
        around = [unit for unit in UNITS if first_day(unit, search.before) == first_day(unit, search.after)]
        firsts = [first_day(unit, search.after) for unit in around]
        bars = [Bar(first, last_day(unit, first), 0) for unit, first in zip(around, firsts)]
        links = links_to(search, path, bars)
        return [Period(unit, bar.first, bar.last, url) for unit, bar, url in zip(around, bars, links)]


def links_to(search: Search, path: str, bars: Iterable[Bar]) -> list[str]:
    """Return the address of the search narrowed to each bar. Only the dates differ, so it is built once."""
    first, last = dt.date.min, dt.date.max
    whole = address(path, search.replace(after=first, before=last, offset=0))
    before, _, after = whole.partition(f"after={first}&before={last}")
    return [f"{before}after={bar.first}&before={bar.last}{after}" for bar in bars]


def timeline(index: Index, search: Search) -> Timeline | None:
    """Return the results of a search over time, or None if none has a date."""
    core = search.core().replace(collapse=search.collapse)
    known: dict[TimeUnit, Mapping[dt.date, int]] = {}

    def count(unit: TimeUnit) -> Mapping[dt.date, int]:
        if unit not in known:
            # A story with copies in several months counts once per year.
            from_months = unit == "year" and not search.collapse
            known[unit] = _by_year(count("month")) if from_months else index.timeline(core, unit)
        return known[unit]

    return _timeline(count)


def _by_year(months: Mapping[dt.date, int]) -> Mapping[dt.date, int]:
    years: Counter[dt.date] = Counter()
    for month, number in months.items():
        years[first_day("year", month)] += number
    return years


def statement_timeline(statements: Statements) -> Timeline | None:
    """Return statements, which have UNITS as facets, over time, or None if none has a date."""

    def count(unit: TimeUnit) -> Mapping[dt.date, int]:
        counts = statements.facets[unit].values.counts
        return {day_of_label(unit, text): counts[text] for text in sorted(counts)}

    return _timeline(count)


def _timeline(count: _Count) -> Timeline | None:
    if not (months := list(count("month"))):
        return None
    unit = _unit(months[0], last_day("month", months[-1]))
    return Timeline(unit, tuple(_bars(unit, count(unit))))


def _unit(first: dt.date, last: dt.date) -> TimeUnit:
    if (last - first).days < _MAX_DAYS:
        return "day"
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    return "month" if months <= _MAX_MONTHS else "year"


def _bars(unit: TimeUnit, counts: Mapping[dt.date, int]) -> Iterator[Bar]:
    """Yield the bars from the first to the last result, without empty years in a long period."""
    first, last = min(counts), max(counts)
    is_continuous = last.year - first.year < _MAX_YEARS
    for day in each_unit(unit, first, last) if is_continuous else counts:
        yield Bar(day, last_day(unit, day), counts.get(day, 0))
