from __future__ import annotations

import pytest

from searcher.results.statements import Change
from searcher.statements import Comparison, compare_words

PRINTED = "We looked at every wall, and not one of them will hold. The town has no money. We are sorry."


def test_the_same_words_with_other_marks_are_the_whole() -> None:
    assert Comparison(1.0, True, ()) == compare_words(PRINTED.upper().replace(",", " –"), PRINTED)


def test_words_within_more_are_not_the_whole() -> None:
    assert Comparison(1.0, False, ()) == compare_words("not one of them will hold", PRINTED)


@pytest.mark.parametrize(
    ("asked", "change"),
    [
        ("not one of the walls will hold", Change("the walls", "them")),
        ("not one of them will ever hold", Change("ever", "")),
        ("We looked at every wall, not one of them will hold", Change("", "and")),
        ("Nobody looked at every wall", Change("Nobody", "We")),
    ],
)
def test_what_differs_is_said_word_by_word(asked: str, change: Change) -> None:
    assert (change,) == compare_words(asked, PRINTED).changes


def test_a_word_that_stands_far_off_is_there_by_chance() -> None:
    comparison = compare_words("We looked at every wall sorry", PRINTED)

    assert (Change("sorry", "and"),) == comparison.changes
    assert 5 / 6 == comparison.share


def test_nothing_in_common_is_no_share() -> None:
    assert 0.0 == compare_words("somebody else", PRINTED).share
