"""Units of time."""

from __future__ import annotations

import datetime as dt

import pytest

from searcher.query.time_units import day_of_label, each_unit, first_day, label, last_day, span_labels
from searcher.query.tree import TimeUnit


@pytest.mark.parametrize("unit", ["year", "month", "week", "day"])
def test_the_last_unit_of_all_ends_with_the_last_day(unit: TimeUnit) -> None:
    first = dt.date(9999, 12, 20)
    *_, last = each_unit(unit, first, dt.date.max)

    assert dt.date.max == last_day(unit, last)


def test_a_year_may_begin_in_the_last_week_of_another() -> None:
    assert ["2020-W53", "2021-W01"] == [label("week", dt.date(2021, 1, day)) for day in (3, 4)]


@pytest.mark.parametrize("unit", ["year", "month", "week", "day"])
@pytest.mark.parametrize("day", [dt.date(2021, 1, 3), dt.date(987, 6, 5), dt.date(2020, 12, 31)])
def test_a_label_is_read_back(unit: TimeUnit, day: dt.date) -> None:
    assert first_day(unit, day) == day_of_label(unit, label(unit, day))


@pytest.mark.parametrize(
    ("first", "last", "written"),
    [
        ("2024-01-01", "2024-12-31", ("2024", "2024")),
        ("2023-01-01", "2024-12-31", ("2023", "2024")),
        ("2024-01-01", "2024-02-29", ("2024-01", "2024-02")),
        ("2024-01-01", "2024-02-28", ("2024-01-01", "2024-02-28")),
        ("2024-05-01", None, ("2024-05", "")),
        (None, "2024-12-31", ("", "2024")),
        (None, None, ("", "")),
    ],
)
def test_a_span_is_written_by_its_longest_unit(
    first: str | None, last: str | None, written: tuple[str, str]
) -> None:
    days = [dt.date.fromisoformat(day) if day else None for day in (first, last)]

    assert written == span_labels(*days)
