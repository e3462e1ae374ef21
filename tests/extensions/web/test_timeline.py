"""What was found over time: the unit follows from how far it reaches."""

from __future__ import annotations

import datetime as dt

import searcher
from searcher import Article, Quote
from searcher.extensions.web.timeline import UNITS, Timeline, statement_timeline, timeline
from searcher.query.request import Search


def of(*days: str, **narrowed: str) -> Timeline | None:
    articles = [Article(str(number), "x", "x", published=day) for number, day in enumerate(days)]  # type: ignore[arg-type]
    search = Search(**narrowed)  # type: ignore[arg-type]
    with searcher.open_index(":memory:") as index:
        index.add(articles, annotate=False)
        return timeline(index, search)


def shown(line: Timeline | None) -> tuple[str, dict[str, int]]:
    assert line
    return line.unit, {line.label(bar.first): bar.count for bar in line.bars if bar.count}


def test_many_years() -> None:
    assert ("year", {"1999": 1, "2024": 2}) == shown(of("1999-01-01", "2024-05-01", "2024-06-01"))


def test_years_between_are_there_too() -> None:
    line = of("1999-01-01", "2024-05-01")

    assert line
    assert 26 == len(line.bars)


def test_centuries_apart_only_the_years_that_have_some_are_shown() -> None:
    line = of("1850-01-01", "2024-05-01")

    assert line
    assert 2 == len(line.bars)


def test_years_far_apart_stand_as_far_apart_as_they_are() -> None:
    line = of("1935-08-14", "2023-05-01", "2024-05-01")

    assert line
    assert [0, 977.78, 988.89] == [left for _, left, *_ in line.columns()]


def test_some_months() -> None:
    line = of("2023-11-05", "2024-05-01", "2024-05-31")

    assert ("month", {"2023-11": 1, "2024-05": 2}) == shown(line)
    assert line
    assert (dt.date(2023, 11, 1), dt.date(2024, 5, 31)) == (line.bars[0].first, line.bars[-1].last)


def test_some_days() -> None:
    assert ("day", {"2024-05-01": 1, "2024-05-31": 1}) == shown(of("2024-05-01", "2024-05-31"))


def test_a_time_that_was_asked_for() -> None:
    line = of("1999-01-01", "2024-05-01", "2024-07-09", after="2024-04-10", before="2024-05-20")

    assert ("day", {"2024-05-01": 1}) == shown(line)


def test_the_times_around() -> None:
    line = of("2024-05-01", after="2024-05-01", before="2024-05-31")
    assert line
    steps = line.steps(Search("x", after="2024-05-01", before="2024-05-31"), "/")

    assert [
        ("year", "/?q=x&after=2024-01-01&before=2024-12-31"),
        ("month", "/?q=x&after=2024-05-01&before=2024-05-31"),
    ] == [(step.unit, step.url) for step in steps]


def test_statements_over_time() -> None:
    quote = Quote("All will be well", None, "direct", 0, 16)
    days = ("0999-05-01", "2024-05-01")
    with searcher.open_index(":memory:") as index:
        index.add(
            [Article(day, "x", "All will be well", published=day, quotes=(quote,)) for day in days],  # type: ignore[arg-type]
            annotate=False,
        )
        line = statement_timeline(index.statements(facets=UNITS))

    assert ("year", {"0999": 1, "2024": 1}) == shown(line)


def test_nothing_has_a_date() -> None:
    assert of() is None


def test_few_can_be_seen_beside_many() -> None:
    line = of("1999-01-01", *["2024-05-01"] * 200)

    assert line
    assert 2.0 == next(height for bar, _, _, height in line.columns() if bar.count == 1)
