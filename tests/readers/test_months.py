"""Names of months, whole or abbreviated."""

import datetime as dt

import pytest

from searcher.readers import dates


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Sept", 9),
        ("november", 11),
        ("stycznia", 1),
        ("huhtikuuta", 4),
        ("januári", 1),
        ("במרץ", 3),
        ("Ağu", 8),
    ],
)
def test_a_name_or_its_beginning_is_a_month(word, expected):
    assert expected == dates.month_number(word)


@pytest.mark.parametrize(
    "text", ["Top 10 Novels 2023", "Best 20 Sets 2024", "10 Mail 2020", "5 Decades 2021"]
)
def test_a_word_that_only_begins_like_a_month_is_none(text):
    assert dates.in_text(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("09.02.1994", dt.datetime(1994, 2, 9)),
        ("28.02.05", dt.datetime(2005, 2, 28)),
        ("28.02.87 14:30", dt.datetime(1987, 2, 28, 14, 30)),
        ("version 28.02.05", None),
    ],
)
def test_the_figures_of_a_date_are_no_time_of_day(text, expected):
    assert expected == dates.parse(text)
