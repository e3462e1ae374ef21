"""From the arguments of a search to a query: texts, days, filters and pages, each checked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from searcher.article import wall_clock
from searcher.errors import UsageError
from searcher.fields import value_field
from searcher.query import language
from searcher.query.tree import Expr, Filter, Range

__all__ = ["Day", "Values", "days", "filters", "listed", "page", "tree"]

Day = dt.date | str | None
Values = str | Sequence[str]


def tree(query: str | Expr, match: str) -> Expr:
    """The tree of a query: ``match="any"`` takes a text as plain words. Raises QueryError and UsageError."""
    if not isinstance(query, str):
        return query
    if match not in ("all", "any"):
        raise UsageError(f"match is “all” or “any”, not “{match}”.")
    return language.plain(query) if match == "any" else language.parse(query)


def days(after: Day, before: Day) -> list[Expr]:
    """That an article is of these days, both included. Raises UsageError for what is no date, and for days
    between which there is none."""
    low, high = _day(after, "after"), _day(before, "before")
    if low and high and low > high:
        raise UsageError(f"No day is both after {low} and before {high}: the span ends before it begins.")
    return [Range("date", low, high)] if low or high else []


def _day(day: Day, name: str) -> dt.date | None:
    try:
        moment = wall_clock(day)
    except ValueError:
        raise UsageError(f"{name}: “{day}” is no date; write it as 2025-03-31.") from None
    return moment.date() if moment else None


def filters(only: Mapping[str, Values], exclude: Mapping[str, Values] | None) -> tuple[Filter, ...]:
    """What articles must have and must not have. Raises UsageError for what is no value field."""
    wanted = [Filter(value_field(name).name, listed(values)) for name, values in only.items()]
    unwanted = [
        Filter(value_field(name).name, listed(v), negated=True) for name, v in (exclude or {}).items()
    ]
    return tuple(f for f in [*wanted, *unwanted] if f.values)


def listed(values: Values) -> tuple[str, ...]:
    """One value or several, as several."""
    return (values,) if isinstance(values, str) else tuple(values)


def page(offset: int, limit: int) -> tuple[int, int]:
    """The two, if both can be. Raises UsageError."""
    if offset < 0 or limit < 0:
        raise UsageError("offset and limit cannot be below zero.")
    return offset, limit
