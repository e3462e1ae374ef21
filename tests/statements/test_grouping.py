"""The judge compares every saying with every other; the groups must be what comes out of that."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import combinations

import pytest

from searcher.statements.grouping import groups
from searcher.statements.likeness import Saying, same


def judged(sayings: Sequence[Saying]) -> list[list[int]]:
    """Compare all pairs, and join what is the same as a third until nothing is left to join."""
    found = [{number} for number in range(len(sayings))]
    for one, other in combinations(range(len(sayings)), 2):
        if same(sayings[one], sayings[other]):
            a, b = (next(group for group in found if number in group) for number in (one, other))
            if a is not b:
                a |= b
                found.remove(b)
    return sorted(sorted(group) for group in found)


def world(seed: int) -> list[Saying]:
    """Few words and few people, so that many sayings have something in common."""
    rng = random.Random(seed)
    texts = [rng.choices("abcdefg", k=rng.randint(1, 14)) for _ in range(8)]
    made = []
    for _ in range(40):
        words = list(rng.choice(texts))
        if rng.random() < 0.5:
            words = words[rng.randrange(len(words)) :]
        if rng.random() < 0.3:
            words[rng.randrange(len(words))] = rng.choice("abcdefg")
        made.append(Saying(tuple(words), rng.choice(("Ada Moss", "Bo Quill", None))))
    return made


@pytest.mark.parametrize("seed", range(60))
def test_groups_are_those_of_the_judge(seed: int) -> None:
    sayings = world(seed)

    assert judged(sayings) == sorted(groups(sayings))


def test_groups_come_in_the_order_of_their_first_sayings() -> None:
    one, other = Saying(tuple("abcdefgh")), Saying(tuple("ijklmnop"))

    assert [[0, 2], [1]] == groups([one, other, one])
