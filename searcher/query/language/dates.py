"""Dates and numbers as people type them in a query: a day, a month, a period."""

from __future__ import annotations

import calendar
import datetime as dt
import re

from searcher.query.time_units import first_day, last_day
from searcher.query.tree import TimeUnit

Span = tuple[dt.date | None, dt.date | None]

_MONTHS = {
    name.lower(): number
    for names in (calendar.month_name, calendar.month_abbr)
    for number, name in enumerate(names)
    if name
} | {"sept": 9}
_DAY = re.compile(r"(\d{4})(?:[-/.]?(\d{2})(?:[-/.]?(\d{2}))?)?|(\d{4})[-/](\d{1,2})(?:[-/](\d{1,2}))?")
_WRITTEN = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?)?([a-z]+)\.?(?:\s+(\d{1,2})(?:st|nd|rd|th)?)?,?\s+(\d{4})"
)
_WEEK = re.compile(r"(\d{4})-?w(\d{2})")
_LAST = re.compile(r"(?:last|past)\s+(\d{1,4})\s+(day|week|month|year)s?")
_THIS = re.compile(r"(this|last)\s+(week|month|year)")


def days(text: str, today: dt.date) -> Span:
    """Return the first and last day of a date or period; None for an open end. Raises ValueError, with
    advice."""
    written = " ".join(text.lower().split())
    if ".." in written:
        begin, end = (part.strip(" .") for part in written.split("..", 1))
        low = _period(begin, today)[0] if begin else None
        high = _period(end, today)[1] if end else None
        if low is None and high is None:
            raise ValueError("Write a date before or after the two dots: 2024-03-01..")
    elif written[:1] in ("<", ">"):
        low, high = _open_span(written, today)
    else:
        low, high = _period(written, today)
    if low and high and low > high:
        raise ValueError(f"The end is before the beginning. Write {high}..{low}.")
    return low, high


def _open_span(written: str, today: dt.date) -> Span:
    sign, _, equal, day = re.fullmatch(r"([<>])((=)?)\s*(.*)", written).groups()  # type: ignore[union-attr]
    first, last = _period(day, today)
    step = dt.timedelta(days=0 if equal else 1)
    try:
        if sign == ">":
            return (first if equal else last + step), None
        return None, (last if equal else first - step)
    except OverflowError:
        raise ValueError("There is no date beyond this one.") from None


def _period(written: str, today: dt.date) -> tuple[dt.date, dt.date]:
    try:
        period = _iso_period(written) or _written_period(written) or _relative_period(written, today)
    except (ValueError, OverflowError):
        period = None
    if period is None:
        raise ValueError(
            f"“{written}” is not a date. Write 2024, 2024-03, 2024-03-31, “march 2024”, “31 march 2024”, "
            "“last 7 days”, or a span: 2024-03-01..2024-04-15."
        )
    return period


def _iso_period(written: str) -> tuple[dt.date, dt.date] | None:
    if week := _WEEK.fullmatch(written):
        monday = dt.date.fromisocalendar(int(week[1]), int(week[2]), 1)
        return monday, last_day("week", monday)
    if (match := _DAY.fullmatch(written)) is None:
        return None
    return _period_of(*(int(group) for group in match.groups() if group))


def _written_period(written: str) -> tuple[dt.date, dt.date] | None:
    match = _WRITTEN.fullmatch(written)
    if match is None or match[2] not in _MONTHS or (match[1] and match[3]):
        return None
    day = match[1] or match[3]
    return _period_of(int(match[4]), _MONTHS[match[2]], *([int(day)] if day else []))


def _period_of(*numbers: int) -> tuple[dt.date, dt.date]:
    first = dt.date(*numbers, *[1] * (3 - len(numbers)))
    units: tuple[TimeUnit, ...] = ("year", "month", "day")
    return first, last_day(units[len(numbers) - 1], first)


def _relative_period(written: str, today: dt.date) -> tuple[dt.date, dt.date] | None:
    if written in ("today", "yesterday"):
        day = today - dt.timedelta(days=written == "yesterday")
        return day, day
    if last := _LAST.fullmatch(written):
        length = {"day": 1, "week": 7, "month": 30, "year": 365}[last[2]]
        return today - dt.timedelta(days=int(last[1]) * length), today
    if (this := _THIS.fullmatch(written)) is None:
        return None
    unit: TimeUnit = this[2]  # type: ignore[assignment]  # the pattern allows only units
    first = first_day(unit, today)
    if this[1] == "last":
        first = first_day(unit, first - dt.timedelta(days=1))
    return first, last_day(unit, first)


def numbers(text: str) -> tuple[int | None, int | None]:
    """Return the inclusive bounds of ``500``, ``>500``, ``<=500`` or ``100..300``. Raises ValueError, with
    advice."""
    written = text.replace(" ", "").replace(",", "")
    compared = re.fullmatch(r"([<>])(=?)(\d{1,9})", written)
    spanned = re.fullmatch(r"(\d{0,9})\.\.(\d{0,9})", written)
    if compared:
        step = 0 if compared[2] else 1
        number = int(compared[3])
        return (number + step, None) if compared[1] == ">" else (None, number - step)
    if spanned and (spanned[1] or spanned[2]):
        low, high = (int(part) if part else None for part in spanned.groups())
        if low is not None and high is not None and low > high:
            raise ValueError(f"The end is before the beginning. Write {high}..{low}.")
        return low, high
    if re.fullmatch(r"\d{1,9}", written):
        return int(written), int(written)
    raise ValueError(f"“{text}” is not a number of words. Write >500, <=800 or 100..300.")
