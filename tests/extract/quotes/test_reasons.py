"""Why a quotation has its speaker."""

from __future__ import annotations

import pytest

from searcher.article import Article, Quote
from searcher.extract.names import find_names
from searcher.extract.quotes import explained_quotes, find_quotes
from searcher.extract.quotes.reasons import Reason, ranked_candidates


def reason_of(body: str, said: str) -> Reason:
    found = explained_quotes(find_names(Article("1", body=body, language="en")))
    return next(one.reason for one in found if said in one.quote.text)


@pytest.mark.parametrize(
    ("body", "said", "words"),
    [
        ("“The bridge is safe,” Mara Lindqvist said on Monday.", "bridge", "Mara Lindqvist said"),
        ("Mara Lindqvist spoke. “The bridge is safe,” she said.", "bridge", "she said"),
    ],
)
def test_the_words_that_attribute(body: str, said: str, words: str) -> None:
    place = reason_of(body, said).words

    assert words == (place and body[slice(*place)])


@pytest.mark.parametrize(
    ("body", "said", "doubt"),
    [
        ("“We wait,” Reyl said. “We sit.”\n\nTomas Reyl popularised the “long soak”.", "soak", "unreported"),
        ("Tomas Reyl said the “long soak” had helped him.", "soak", "fragment"),
    ],
)
def test_what_speaks_against_a_speaker(body: str, said: str, doubt: str) -> None:
    assert (doubt,) == reason_of(body, said).doubts


def test_five_words_speak_for_themselves() -> None:
    assert () == reason_of("Tomas Reyl said the “long hot wet soak brine” had helped him.", "soak").doubts


def test_who_speaks_on_record_is_told_by_the_record() -> None:
    turn = Quote("Order.", "Ann Roe", "speech", 0, 6)

    assert [("record",)] == [
        one.reason.judges for one in explained_quotes(Article("1", body="Order.", quotes=(turn,)))
    ]


def test_the_quotations_are_those_that_are_found() -> None:
    article = find_names(Article("1", body="“It is safe,” Mara Lindqvist said. “It is dry.”", language="en"))

    assert find_quotes(article).quotes == tuple(one.quote for one in explained_quotes(article))


def test_shares_of_candidates_are_of_all_belief() -> None:
    assert (("a", 0.75), (None, 0.25)) == ranked_candidates(
        [("a", 0.25), (None, 0.25), ("a", 0.5), ("b", 0.0)]
    )
