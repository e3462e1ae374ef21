"""A quotation that is remembered, if not quite, is found again."""

from __future__ import annotations

import pytest

from searcher.errors import UsageError
from searcher.index import Index
from searcher.results.statements import Change
from searcher.search import quote_search
from searcher.statements import Comparison, compare_words
from tests.search.test_statements import ARTICLES, SAID, carried, places


@pytest.fixture
def index(empty_index: Index) -> Index:
    empty_index.add(ARTICLES, annotate=False)
    return empty_index


@pytest.mark.parametrize(
    ("asked", "match"),
    [
        (SAID, "exact"),
        ("will not hold another winter", "part"),
        ("The wall will not survive another winter", "near"),
        ("will not hold another winter in the town of my father", "near"),
    ],
)
def test_it_is_found_with_all_its_places(index: Index, asked: str, match: str) -> None:
    found = index.find_quote(asked)

    assert [match] == [one.match for one in found]
    assert ["short", "whole", "copy", "wrong"] == places(found[0].statement)


def test_what_is_remembered_wrongly_is_said(index: Index) -> None:
    found = index.find_quote("The wall will not survive another winter")

    assert (Change("survive", "hold"),) == found[0].changes
    assert round(6 / 7, 3) == round(found[0].share, 3)


def test_the_best_comes_first(index: Index) -> None:
    found = index.find_quote("nobody in the town has the money to mend it")

    assert ("exact", "short") == (found[0].match, found[0].place.article.id)


def test_nothing_like_it_was_said(index: Index) -> None:
    assert [] == index.find_quote("ships go to sea")
    assert [] == index.find_quote("the harbour money")


def test_a_quotation_has_words(index: Index) -> None:
    with pytest.raises(UsageError, match="no words"):
        index.find_quote("“…”")


def test_copies_are_not_compared_one_by_one(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []

    def counted(asked: str, printed: str) -> Comparison:
        compared.append(printed)
        return compare_words(asked, printed)

    monkeypatch.setattr(quote_search, "compare_words", counted)
    index.add([carried(f"copy{n}", None, f"{SAID}, on page {n}") for n in range(20)], annotate=False)

    (found,) = index.find_quote("the wall will not hold another winter")

    assert (24, 1) == (len(found.statement.places), len(compared))


def test_one_that_is_nearer_comes_first_whichever_has_more_of_the_words(index: Index) -> None:
    turned = "The money to mend it has nobody in the town, and another winter the wall will not hold"
    index.add([carried("turned", None, turned)], annotate=False)

    found = index.find_quote("another winter, and nobody in the town has the money to mend it, that wall")

    assert ["near"] == [one.match for one in found]
    assert SAID == found[0].statement.whole.text.replace("[…] ", "")


def test_the_words_of_long_texts_are_not_compared_each_with_each() -> None:
    compared = 0

    class Word(str):
        __hash__ = str.__hash__

        def __eq__(self, other: object) -> bool:
            nonlocal compared
            compared += 1
            return super().__eq__(other)

    wanted, printed = (tuple(Word(f"w{n}") for n in numbers) for numbers in (range(300), range(100, 400)))

    assert (True, -200 / 300, 1) == quote_search._best_possible_rank(wanted, printed)
    assert compared < 3_000
