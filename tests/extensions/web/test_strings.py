"""The words of the page: each has its German, with the same values in it."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from string import Formatter

import pytest

from searcher.extensions.web.strings import ENGLISH, GERMAN, LANGUAGES, PLURALS, strings_for
from searcher.fields import FIELDS
from searcher.search.advice import OFFER_LABELS

_IN_TEMPLATES = re.compile(r"""\bt\(\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)')""")


@pytest.fixture(scope="module")
def templates(project: Path) -> str:
    return "\n".join(
        path.read_text("utf-8") for path in (project / "searcher/extensions/web/templates").glob("*.html")
    )


def test_every_string_has_its_german(templates: str) -> None:
    used = {one or other for one, other in _IN_TEMPLATES.findall(templates)}

    assert set() == used - set(GERMAN)


def test_every_search_that_is_offered_has_its_german() -> None:
    assert {"{name}"} == set(OFFER_LABELS.values()) - set(GERMAN)


def test_every_facet_has_its_german() -> None:
    assert set() == {one.label for one in FIELDS if one.facet} - set(GERMAN)


def test_a_string_has_the_same_values_in_both() -> None:
    def values(text: str) -> set[str | None]:
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    assert {} == {english: german for english, german in GERMAN.items() if values(english) != values(german)}


def test_what_is_counted_is_counted_in_both() -> None:
    assert set(PLURALS["en"]) == set(PLURALS["de"])
    assert "1,234 articles" == ENGLISH.count(1234, "articles")
    assert "1.234 Artikel" == LANGUAGES["de"].count(1234, "articles")
    assert "1 article" == ENGLISH.count(1, "articles")


@pytest.mark.parametrize(
    ("accepted", "code"),
    [
        ("de-CH,de;q=0.9", "de"),
        ("fr,en-US;q=0.7", "en"),
        ("fr, de", "de"),
        ("", "en"),
        ("*", "en"),
        (";;,", "en"),
    ],
)
def test_the_language_of_whoever_asks(accepted: str, code: str) -> None:
    assert code == strings_for(accepted).code


def test_confidence_in_words_and_as_a_number() -> None:
    assert "very likely (90%)" == ENGLISH.confidence(0.9)
    assert "zweifelhaft (30 %)" == LANGUAGES["de"].confidence(0.3)


def test_nothing_is_quite_certain() -> None:
    assert "almost certain (99%)" == ENGLISH.confidence(1.0)


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        ("2024-01-01", "2024-12-31", "2024"),
        ("2024-02-01", "2024-02-29", "February 2024"),
        ("2024-05-06", "2024-05-06", "6 May 2024"),
        ("2024-05-06", "2024-06-07", "6 May 2024 – 7 June 2024"),
        ("2024-05-06", None, "from 6 May 2024"),
        (None, "2024-05-06", "until 6 May 2024"),
    ],
)
def test_a_time_in_words(first: str | None, last: str | None, text: str) -> None:
    days = [dt.date.fromisoformat(day) if day else None for day in (first, last)]

    assert text == ENGLISH.span(*days)


@pytest.mark.parametrize(
    ("unit", "within", "english", "german"),
    [
        ("year", False, "2024", "2024"),
        ("month", False, "Mar 2024", "Mär 2024"),
        ("month", True, "Mar", "Mär"),
        ("day", False, "6 Mar 2024", "6. Mär 2024"),
        ("day", True, "6 Mar", "6. Mär"),
    ],
)
def test_a_unit_of_time_in_few_words(unit: str, within: bool, english: str, german: str) -> None:
    day = dt.date(2024, 3, 6)

    assert (english, german) == tuple(LANGUAGES[code].unit(unit, day, within) for code in ("en", "de"))


@pytest.mark.parametrize(
    ("code", "english", "german"),
    [
        ("de", "German", "Deutsch"),
        ("nb", "Bokmål", "Bokmål"),
        ("nn", "Nynorsk", "Nynorsk"),
        ("tl", "Tagalog", "Tagalog"),
        ("xx", "xx", "xx"),
    ],
)
def test_languages_are_named(code: str, english: str, german: str) -> None:
    assert (english, german) == (ENGLISH.language(code), LANGUAGES["de"].language(code))


def test_how_sure_something_has_to_be() -> None:
    assert ["any", "at least likely", "at least 93%"] == [ENGLISH.at_least(one) for one in (0.0, 0.7, 0.93)]
