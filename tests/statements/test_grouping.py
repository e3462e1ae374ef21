"""The judge compares every saying with every other; the groups must be what comes out of that."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import combinations

import pytest

from searcher.statements import (
    MAX_COMPARED,
    ComparedUtterance,
    group_utterances,
    holds,
    is_same_statement,
    is_unrepeatable,
)


def judged(sayings: Sequence[ComparedUtterance]) -> list[list[int]]:
    """Compare all pairs and join those that are the same, until nothing is left to join."""
    found = [{number} for number in range(len(sayings))]
    for one, other in combinations(range(len(sayings)), 2):
        if is_same_statement(sayings[one], sayings[other]):
            joined = {n for group in found if group & {one, other} for n in group}
            found = [group for group in found if not group & joined] + [joined]
    return sorted(sorted(group) for group in found)


def world(seed: int) -> list[ComparedUtterance]:
    """Few words and few people, so that many sayings have something in common."""
    rng = random.Random(seed)
    texts = [rng.choices("abcdefg", k=rng.randint(1, 20)) for _ in range(8)]
    made = []
    for _ in range(40):
        words = list(rng.choice(texts))
        if rng.random() < 0.5:
            words = words[rng.randrange(len(words)) :]
        if rng.random() < 0.3:
            words[rng.randrange(len(words))] = rng.choice("abcdefg")
        speaker = rng.choice(("Ada Moss", "Bo Quill", None))
        made.append(ComparedUtterance(tuple(words), speaker, reported=rng.random() < 0.3))
    return made


@pytest.mark.parametrize("seed", range(60))
def test_groups_are_those_of_the_judge(seed: int) -> None:
    sayings = world(seed)

    assert judged(sayings) == sorted(group_utterances(sayings))


def said(words: str, speaker: str | None = "Ada Moss") -> ComparedUtterance:
    return ComparedUtterance(tuple(words), speaker)


def test_a_turn_makes_no_statement_of_all_that_it_holds() -> None:
    turn = said("abcdefghijklmnopqrstuvwxyz")

    assert [[0], [1], [2]] == group_utterances([turn, said("abcdefghi"), said("klmnopqrs")])


def test_a_turn_that_says_little_more_is_the_same_statement() -> None:
    assert [[0, 1]] == group_utterances([said("abcdefghijklmnopqrstuvwxyz"), said("defghijklm")])


@pytest.mark.parametrize(
    ("short", "held"),
    [
        ("klmnopqrs", True),
        ("klmnopqr0", True),  # the last word is another one
        ("klmn0pqrs", False),
        ("aklmbnopc", False),  # words from here and there
        ("klmno", True),
        ("klmn", False),  # few words are said anywhere
    ],
)
def test_a_turn_holds_what_was_said_in_it(short: str, held: bool) -> None:
    assert held == holds(said("abcdefghijklmnopqrstuvwxyz"), said(short, None))


def test_two_that_are_alike_do_not_hold_one_another() -> None:
    one, other = said("abcdefghijklmnopqrst"), said("abcdefghij")

    assert [False, False] == [holds(one, other), holds(other, one)]


def test_groups_come_in_the_order_of_their_first_sayings() -> None:
    one, other = ComparedUtterance(tuple("abcdefgh")), ComparedUtterance(tuple("ijklmnop"))

    assert [[0, 2], [1]] == group_utterances([one, other, one])


def test_comparisons_grow_with_the_sayings_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = list[bool]()

    def counted(one: ComparedUtterance, other: ComparedUtterance) -> bool:
        compared.append(is_same_statement(one, other))
        return compared[-1]

    monkeypatch.setattr("searcher.statements.is_same_statement", counted)
    run = ("so", "far", "so", "good")
    sayings = [
        ComparedUtterance((*run, *(f"w{n * 6 + word}" for word in range(6))), "Ada Moss") for n in range(500)
    ]
    nearly = ComparedUtterance((*sayings[0].words[:-1], "other"), "Ada Moss")

    assert [[0, 500], *([n] for n in range(1, 500))] == group_utterances([*sayings, nearly])
    assert len(compared) <= 501 * (MAX_COMPARED + 1)


def test_a_few_words_on_record_are_a_statement_of_their_own_each_time() -> None:
    press = ComparedUtterance(("no",), "Ada Moss")
    record = [
        ComparedUtterance(("no",), "Ada Moss", is_unique=is_unrepeatable("speech", ("no",))) for _ in range(2)
    ]

    assert [[0, 3], [1], [2]] == group_utterances([press, *record, press])


def test_thanks_on_record_are_a_statement_of_their_own_each_time() -> None:
    words = ("thank", "you", "very", "much")
    record = [
        ComparedUtterance(words, "Ada Moss", is_unique=is_unrepeatable("speech", words)) for _ in range(2)
    ]

    assert [[0], [1]] == group_utterances(record)


@pytest.mark.parametrize(
    ("short", "speaker", "held"),
    [("klmnopq", "Ada Quill", True), ("klmnopq", "Bo Quill", False), ("klmnopqr", "Bo Quill", True)],
)
def test_a_few_words_of_another_speaker_are_not_held(short: str, speaker: str, held: bool) -> None:
    assert held == holds(said("abcdefghijklmnopqrstuvwxyz", "Ada Quill"), said(short, speaker))


def test_words_enough_on_record_are_the_same_statement_in_print() -> None:
    words = ("the", "ferry", "sails", "again", "tonight")
    record = ComparedUtterance(words, "Ada Moss", is_unique=is_unrepeatable("speech", words))

    assert [[0, 1]] == group_utterances([ComparedUtterance(words, "Ada Moss"), record])
