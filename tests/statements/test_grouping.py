"""The judge compares every saying with every other; the groups must be what comes out of that."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import combinations, product

import pytest

from searcher.statements import MAX_COMPARED, Saying, groups, same, stands_alone


def judged(sayings: Sequence[Saying]) -> list[list[int]]:
    """Compare all pairs: wholes are joined with wholes and phrases with phrases, until nothing is left to
    join; then
    each phrase goes to the only whole that it is the same as, if there is but one."""
    alike = [pair for pair in combinations(range(len(sayings)), 2) if same(*(sayings[n] for n in pair))]
    found = [{number} for number in range(len(sayings))]

    def group_of(number: int) -> set[int]:
        return next(group for group in found if number in group)

    for one, other in alike:
        if sayings[one].is_phrase == sayings[other].is_phrase and group_of(one) is not group_of(other):
            joined = group_of(one) | group_of(other)
            found = [group for group in found if not group <= joined] + [joined]
    phrases = [group for group in found if sayings[min(group)].is_phrase]
    wholes = [group for group in found if group not in phrases]
    for phrase in phrases:
        fitting = [w for w in wholes if any(tuple(sorted(p)) in alike for p in product(phrase, w))]
        (fitting[0] if len(fitting) == 1 else phrase).update(phrase)
        found = [group for group in found if group is not phrase or len(fitting) != 1]
    return sorted(sorted(group) for group in found)


def world(seed: int) -> list[Saying]:
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
        made.append(Saying(tuple(words), speaker, reported=rng.random() < 0.3))
    return made


@pytest.mark.parametrize("seed", range(60))
def test_groups_are_those_of_the_judge(seed: int) -> None:
    sayings = world(seed)

    assert judged(sayings) == sorted(groups(sayings))


def test_a_phrase_is_a_part_of_one_statement_only() -> None:
    phrase = Saying(tuple("abcde"), "Ada Moss")
    one, other = (Saying((*phrase.words, *tuple(rest)), "Ada Moss") for rest in ("fghijkl", "mnopqrs"))

    assert [[0, 1]] == groups([phrase, one])
    assert [[0], [1], [2]] == groups([phrase, one, other])


def test_groups_come_in_the_order_of_their_first_sayings() -> None:
    one, other = Saying(tuple("abcdefgh")), Saying(tuple("ijklmnop"))

    assert [[0, 2], [1]] == groups([one, other, one])


def test_comparisons_grow_with_the_sayings_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = list[bool]()

    def counted(one: Saying, other: Saying) -> bool:
        compared.append(same(one, other))
        return compared[-1]

    monkeypatch.setattr("searcher.statements.same", counted)
    run = ("so", "far", "so", "good")
    sayings = [Saying((*run, *(f"w{n * 6 + word}" for word in range(6))), "Ada Moss") for n in range(500)]
    nearly = Saying((*sayings[0].words[:-1], "other"), "Ada Moss")

    assert [[0, 500], *([n] for n in range(1, 500))] == groups([*sayings, nearly])
    assert len(compared) <= 501 * (MAX_COMPARED + 1)


def test_a_few_words_on_record_are_a_statement_of_their_own_each_time() -> None:
    press = Saying(("no",), "Ada Moss")
    record = [Saying(("no",), "Ada Moss", alone=stands_alone("speech", ("no",))) for _ in range(2)]

    assert [[0, 3], [1], [2]] == groups([press, *record, press])


def test_words_enough_on_record_are_the_same_statement_in_print() -> None:
    words = ("the", "ferry", "sails", "tonight")
    record = Saying(words, "Ada Moss", alone=stands_alone("speech", words))

    assert [[0, 1]] == groups([Saying(words, "Ada Moss"), record])
