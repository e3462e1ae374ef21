import datetime as dt

import pytest

from searcher.readers import dates


@pytest.mark.parametrize(
    "text",
    [
        "3 March 2024",
        "March 3rd, 2024",
        "3. März 2024",
        "3 de marzo de 2024",
        "le 3 mars 2024",
        "3 marca 2024",
        "3 марта 2024",
        "3 березня 2024",
        "2024. március 3.",
        "3 Μαρτίου 2024",
        "3 Mart 2024",
        "3 مارس 2024",
        "3 במרץ 2024",
        "3 मार्च 2024",
        "3 มีนาคม 2567",
        "3 tháng 3, 2024",
        "2024年3月3日",
        "2024년 3월 3일",
        "3.3.2024",
    ],
)
def test_a_day_is_read_in_many_languages(text):
    assert dt.datetime(2024, 3, 3) == dates.in_text(text)


@pytest.mark.parametrize(
    ("clock", "hour"), [("12:05 am", 0), ("1:05 a.m.", 1), ("12:05 pm", 12), ("1:05 PM", 13), ("13:05", 13)]
)
def test_noon_and_midnight_are_told_by_the_half_of_the_day(clock, hour):
    assert dt.datetime(2024, 3, 3, hour, 5) == dates.parse(f"March 3, 2024, {clock}")


@pytest.mark.parametrize(
    ("month_first", "expected"), [(False, dt.datetime(2024, 4, 3)), (True, dt.datetime(2024, 3, 4))]
)
def test_which_number_is_the_month_can_be_told(month_first, expected):
    assert expected == dates.parse("3/4/2024", month_first=month_first)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("3/4/2024 and 3/25/2024", True), ("3/4/2024 and 25/3/2024", False), ("3/4/2024", None)],
)
def test_other_dates_tell_which_number_is_the_month(text, expected):
    assert dates.month_first_in(text) is expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/2024/03/05/ferry.html", dt.datetime(2024, 3, 5)),
        ("https://a.example/20240305/ferry", dt.datetime(2024, 3, 5)),
        ("https://a.example/2024-3-5-ferry", dt.datetime(2024, 3, 5)),
        ("https://a.example/2024/world/north/03/05/ferry/index.html", dt.datetime(2024, 3, 5)),
        ("https://a.example/article/A2024030514320005196", dt.datetime(2024, 3, 5)),
        ("https://a.example/article/A2024139914320005196", None),
        ("https://a.example/archive/2024/12/ferry.html", None),
    ],
)
def test_a_day_is_read_from_an_address_but_not_a_month(url, expected):
    assert expected == dates.in_url(url)


@pytest.mark.parametrize(
    "text", ["Top 10 Novels 2023", "Best 20 Sets 2024", "10 Mail 2020", "5 Decades 2021"]
)
def test_a_word_that_only_begins_like_a_month_is_none(text):
    assert None is dates.in_text(text)


@pytest.mark.parametrize(
    "text", ["Sun Mar 03 10:05:29 +0000 2024", "Sun Mar  3 10:05:29 CET 2024", "Sun Mar  3 10:05:29 2024"]
)
def test_a_date_may_have_its_year_behind_the_time(text):
    assert dt.datetime(2024, 3, 3, 10, 5) == dates.parse(text)
