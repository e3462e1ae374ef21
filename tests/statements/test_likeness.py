from __future__ import annotations

import pytest

from searcher.statements import ComparedUtterance, folded_words, is_same_statement

WHOLE = "We looked at every wall of the harbour, and not one of them will hold in a storm like the last one"


def saying(text: str, speaker: str | None = None, reported: bool = False) -> ComparedUtterance:
    return ComparedUtterance(folded_words(text), speaker, reported)


@pytest.mark.parametrize(
    "other",
    [
        WHOLE.upper(),
        "We looked at every wall of the harbor, and not one of them will hold in a storm like the last one",
        "not one of them will hold in a storm",
        "every wall of the harbour … not one of them will hold",
        "We looked at every wall [of the port], and not one of them will hold in a storm like the last one",
    ],
)
def test_edited_and_shortened_utterances_are_one_statement(other: str) -> None:
    assert is_same_statement(saying(WHOLE), saying(other))


@pytest.mark.parametrize(
    "other",
    [
        "We looked at every ship in the harbour, and all of them will be sold before the winter comes",
        "Nous avons examiné tous les murs du port, et pas un ne tiendra dans une tempête",
        "in a storm like",
        "in a storm like this one",
    ],
)
def test_others_are_not(other: str) -> None:
    assert not is_same_statement(saying(WHOLE), saying(other))


def test_few_words_are_one_statement_where_one_person_says_them() -> None:
    assert is_same_statement(saying("a dead end", "Ada Moss"), saying("A dead end", "Ada Moss"))
    assert not is_same_statement(saying("a dead end", "Ada Moss"), saying("A dead end", "Bo Quill"))
    assert not is_same_statement(saying("a dead end"), saying("A dead end"))


def test_a_word_of_few_is_not_another() -> None:
    one, other = "It has nothing to do with us", "It has everything to do with us"

    assert not is_same_statement(saying(one, "Ada Moss"), saying(other, "Ada Moss"))


def test_five_words_are_one_statement_whoever_is_named() -> None:
    text = "The numbers don’t add up"

    assert is_same_statement(saying(text, "Ada Moss"), saying(text, "Bo Quill"))


def test_a_part_is_shorter_where_one_person_says_it() -> None:
    whole, part = "Not one of them will hold in a storm", "will hold in a"

    assert is_same_statement(saying(whole, "Ada Moss"), saying(part, "Ada Moss"))
    assert not is_same_statement(saying(whole, "Ada Moss"), saying(part, "Bo Quill"))


def test_what_two_people_are_reported_to_have_said_is_one_statement_if_all_words_are_the_same() -> None:
    report = "that he would vote for the former harbour master of Marlowe"
    other = "that he was with the former harbour master of Marlowe"
    one = saying(report, "Ada Moss", reported=True)

    assert is_same_statement(one, saying(report, "Bo Quill", reported=True))
    assert not is_same_statement(one, saying(other, "Bo Quill", reported=True))
    assert not is_same_statement(one, saying(f"I know that {other}", "Bo Quill"))
    assert not is_same_statement(saying(f"I know that {other}", "Bo Quill"), one)


def test_words_quoted_of_one_are_not_a_part_of_what_another_is_reported_to_have_said() -> None:
    part = "not one of them will hold in a storm"

    assert not is_same_statement(saying(part, "Ada Moss"), saying(WHOLE, "Bo Quill", reported=True))
    assert not is_same_statement(saying(WHOLE, "Bo Quill", reported=True), saying(part, "Ada Moss"))


def test_what_one_person_is_reported_to_have_said_may_differ() -> None:
    one = saying(WHOLE, "Ada Moss", reported=True)

    assert is_same_statement(one, saying("not one of them will hold in a storm", "Ada Moss", reported=True))
    assert is_same_statement(one, saying("not one of them will hold in a storm", "Ada Moss"))
