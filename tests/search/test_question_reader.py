"""How questions are read: ``questions.jsonl`` has questions in twelve languages, each with its reading, and
keyword queries, which have none."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import searcher
from searcher import Article, Index, Mention, Quote
from searcher.languages import question_patterns
from searcher.query.request import Search
from searcher.search.question_forms import _compile, _language
from searcher.search.question_reader import Reading, read_question

TODAY = dt.date(2026, 12, 2)
CASES = [
    json.loads(line) for line in (Path(__file__).parent / "questions.jsonl").read_text("utf-8").splitlines()
]


def _article(id: str, text: str, *, said: str = "", by: str = "", names: str = "", day: int = 1) -> Article:
    quotes = (Quote(said, by, "direct", text.index(said), text.index(said) + len(said)),) if said else ()
    kinds = {"Tarnby Council": "organisation"}
    found = [name for name in (by, *names.split("|")) if name and name in text]
    mentions = tuple(
        Mention(name, kinds.get(name, "person"), text.index(name), text.index(name) + len(name))  # type: ignore[arg-type]
        for name in dict.fromkeys(found)
    )
    return Article(
        id, "", text, mentions=mentions, quotes=quotes, published=dt.datetime(2024, 3, day),
        source="Tarnby Post", authors=("Mara Ostrander",),
    )  # fmt: skip


@pytest.fixture(scope="module")
def index() -> Iterator[Index]:
    with searcher.open_index(":memory:") as opened:
        opened.add(
            [
                _article("a", "The harbour silts up. “We dredge it in June,” Anna Roe said.",
                         said="We dredge it in June,", by="Anna Roe"),
                _article("b", "“The tax is too high,” Jens Brandt said.",
                         said="The tax is too high,", by="Jens Brandt", day=2),
                _article("c", "“Water is safe,” the Tarnby Council said.",
                         said="Water is safe,", by="Tarnby Council", day=3),
                _article("d", "Tomasz Wolny came, and the mayor of Brenk.", names="Tomasz Wolny"),
            ],
            annotate=False,
        )  # fmt: skip
        yield opened


def _read(index: Index, text: str, **narrowed: object) -> Reading | None:
    return read_question(index._session.answers(), Search(text, **narrowed), TODAY)  # type: ignore[arg-type]


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["question"]))
def test_a_question_is_read(index: Index, case: dict[str, str]) -> None:
    reading = _read(index, case["question"])

    assert case["reading"] == (reading.sentence if reading else None)


def test_the_filters_of_a_search_stay(index: Index) -> None:
    reading = _read(index, "what did Roe say about June", source="Tarnby Post", after="2024")

    assert reading is not None
    assert {"source": ("Tarnby Post",)} == reading.search.included
    assert dt.date(2024, 1, 1) == reading.search.after


def test_a_time_outside_that_of_the_search_is_no_reading(index: Index) -> None:
    assert _read(index, "what did Roe say about June in 2020", after="2024") is None


def test_the_reading_finds_what_was_said_in_articles_about_the_subject(index: Index) -> None:
    reading = index.hints.read_question("What did Roe say about the harbour?")

    assert reading is not None
    assert ["We dredge it in June,"] == [hit.quote.text for hit in index.quotes(reading.search).hits]


def test_statements_that_have_the_words_themselves_come_before_others_of_their_articles(index: Index) -> None:
    said = ["The quay is old,", "We close the lock for a week,"]
    texts = [f"The lock and the quay leak. “{one}” Mia Falk said." for one in said]
    with searcher.open_index(":memory:") as own:
        own.add(
            [_article(str(n), text, said=one, by="Mia Falk", day=9 - n)
             for n, (text, one) in enumerate(zip(texts, said))],
            annotate=False,
        )  # fmt: skip
        reading = own.hints.read_question("What did Falk say about the lock?")

        assert reading is not None
        assert said[::-1] == [hit.quote.text for hit in own.quotes(reading.search).hits]
        assert said[::-1] == [hit.quote.text for hit in own.scan_quotes(reading.search)]


@pytest.mark.parametrize(
    ("question", "option"),
    [("after 2024-03-02", "after"), ("before 2 March 2024", "before"), ("since 2024-03-02", "after")],
)
def test_a_day_in_a_question_is_included_as_with_the_option(index: Index, question: str, option: str) -> None:
    reading = _read(index, f"articles about tax {question}")

    assert reading is not None
    assert Search(**{option: "2024-03-02"}) == reading.search.core().replace("")  # type: ignore[arg-type]


def test_a_month_that_a_question_looks_back_from_is_left_out(index: Index) -> None:
    reading = _read(index, "articles about tax before March 2024")

    assert reading is not None
    assert dt.date(2024, 2, 29) == reading.search.before


def test_the_first_mention_is_asked_for_in_order_of_time(index: Index) -> None:
    reading = _read(index, "when did Roe first mention June?")

    assert reading is not None
    assert "oldest" == reading.search.sort


def test_a_search_by_a_program_takes_the_words_of_a_question_as_words(index: Index) -> None:
    assert 0 == index.count("What did Roe say about June?")


@pytest.mark.parametrize("language", sorted({code for code, _, _ in question_patterns()}))
def test_every_pattern_of_a_language_is_an_expression(language: str) -> None:
    patterns = [pattern for _, pattern in _language(language).patterns]

    assert len(patterns) == len([_compile(language, pattern) for pattern in patterns])


def test_a_day_that_is_none_is_a_part_of_the_subject(index: Index) -> None:
    reading = _read(index, "articles about tax since 31 February 2024")

    assert reading is not None
    assert "articles about “tax since 31 February 2024”" == reading.sentence
