"""Links between wordings: the same pairs as those that are compared one by one."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from searcher.engines.whoosh.arrays import Array, Mask, components
from searcher.engines.whoosh.search.likeness import (
    Links,
    Wordings,
    _close,
    _same,
    joined,
    probed,
    word_checksums,
)
from searcher.statements import MAX_COMPARED, Saying, holds, same

Texts = Sequence[tuple[str, ...]]


def made(texts: Texts) -> tuple[Wordings, Texts]:
    """Wordings, and the words of each."""
    given = list(dict.fromkeys(texts))
    checksums = [word_checksums(words) for words in given]
    wordings, numbers = Wordings.made(np.concatenate(checksums), np.array(list(map(len, given))))
    return wordings, [given[n] for n in np.argsort(numbers)]


def told(rng: random.Random, vocabulary: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """A text of up to 25 words, and others made of it."""
    words = rng.choices(vocabulary, k=rng.randint(0, 25))
    for _ in range(rng.randint(1, 4)):
        changed = [rng.choice(vocabulary) if rng.random() < 0.08 else word for word in words]
        start = rng.randint(0, len(changed)) if rng.random() < 0.5 else 0
        yield tuple(changed[start : rng.randint(start, len(changed)) if start else None])


def texts(seed: int, number: int) -> Texts:
    rng = random.Random(seed)
    vocabulary = [f"w{n}" for n in range(rng.choice((3, 10, 60, 500)))]
    return [words for _ in range(number) for words in told(rng, vocabulary)]


def found(links: Links) -> dict[tuple[int, int], bool]:
    return {(int(left), int(right)): bool(by_any) for left, right, by_any in zip(*links)}


def judged(left: Texts, right: Texts) -> dict[tuple[int, int], bool]:
    """The pairs that are the same by one speaker, each with whether they are by anybody; and those of which
    one holds the other."""
    pairs = {(i, j): (one, other) for i, one in enumerate(left) for j, other in enumerate(right)}
    held = {pair: True for pair, (one, other) in pairs.items() if is_held(one, other) or is_held(other, one)}
    return held | {
        pair: same(Saying(one), Saying(other))
        for pair, (one, other) in pairs.items()
        if same(Saying(one, "Moss"), Saying(other, "Moss"))
    }


def is_held(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    return holds(Saying(long), Saying(short))


@pytest.mark.parametrize("seed", range(30))
def test_the_links_of_a_segment_are_those_of_every_two_compared(seed: int) -> None:
    wordings, words = made(texts(seed, 12))
    expected = {pair: by_any for pair, by_any in judged(words, words).items() if pair[0] < pair[1]}

    assert expected == found(joined(wordings))


@pytest.mark.parametrize("seed", range(30))
def test_the_links_of_two_segments_are_those_of_every_two_compared(seed: int) -> None:
    shared = texts(seed, 4)
    few, words_of_few = made([*texts(seed + 100, 4), *shared])
    many, words_of_many = made([*texts(seed, 12), *(words[: len(words) // 2] for words in shared)])
    expected = {
        (i, j): by_any
        for (i, j), by_any in judged(words_of_few, words_of_many).items()
        if len(words_of_few[i]) >= 4  # equal ones of fewer words share no run
    }

    assert expected == found(probed(few, many))


def test_nothing_is_linked_with_nothing() -> None:
    nothing, _ = made([()])

    assert {} == found(joined(nothing))
    assert {} == found(probed(nothing, made(texts(1, 3))[0]))
    assert {} == found(probed(made(texts(1, 3))[0], nothing))


def with_a_run_in_common(number: int) -> Texts:
    """So many quotations that share a run and nothing else."""
    return [
        (f"a{n}", "so", "far", "so", "good", *(f"w{n * 8 + word}" for word in range(8)))
        for n in range(number)
    ]


def test_a_run_that_very_many_share_hides_nothing_else_that_they_share() -> None:
    quotations = with_a_run_in_common(500)
    nearly = [(*words[:-1], "other") for words in quotations[:9]]
    pairs = [set(pair) for pair in zip(quotations, nearly)]
    wordings, words = made([*quotations, *nearly])
    few, words_of_few = made(quotations)
    many, words_of_many = made([*nearly, *with_a_run_in_common(800)[500:]])
    within = [{words[i], words[j]} for i, j in found(joined(wordings))]
    across = [{words_of_few[i], words_of_many[j]} for i, j in found(probed(few, many))]

    assert sorted(map(sorted, pairs)) == sorted(map(sorted, within)) == sorted(map(sorted, across))


def with_much_in_common(number: int) -> Texts:
    """So many quotations that are one statement, and no two of them equal."""
    rng = random.Random(1)
    whole = [f"w{n}" for n in range(30)]
    return [(*whole[rng.randint(0, 9) :], f"a{n}") for n in range(number)]


def test_comparisons_grow_with_the_wordings_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at = list[int]()

    def counted(left: Wordings, right: Wordings, one: Array, other: Array) -> Mask:
        looked_at.append(len(one))
        return _close(left, right, one, other)

    monkeypatch.setattr("searcher.engines.whoosh.search.likeness._close", counted)
    wordings, _ = made(with_a_run_in_common(2000))
    joined(wordings)
    probed(wordings, made(with_a_run_in_common(4000)[2000:])[0])

    assert 0 < sum(looked_at) <= 2000 * MAX_COMPARED


@pytest.mark.slow
@pytest.mark.parametrize(
    ("given", "most"),
    [(with_a_run_in_common(800), 0), (with_much_in_common(800), 2 * 800 * MAX_COMPARED)],
)
def test_of_those_that_share_much_few_are_compared_word_by_word(
    monkeypatch: pytest.MonkeyPatch, given: Texts, most: int
) -> None:
    compared = list[int]()

    def counted(left: Wordings, right: Wordings, one: Array, other: Array) -> tuple[Mask, Mask]:
        compared.append(len(one))
        return _same(left, right, one, other)

    monkeypatch.setattr("searcher.engines.whoosh.search.likeness._same", counted)
    joined(made(given)[0])
    probed(made(given[:400])[0], made(given[400:])[0])

    assert sum(compared) <= most


def test_many_that_are_one_statement_are_joined_whichever_are_left() -> None:
    wordings, _ = made(with_much_in_common(1000))
    links = joined(wordings)
    left = np.arange(1000) % 3 != 0
    kept = left[links.left] & left[links.right] & links.by_any
    labels = components(1000, links.left[kept], links.right[kept])

    assert 1 == len(set(labels[left].tolist()))
    assert 1 == len(set(components(1000, links.left, links.right).tolist()))


@pytest.mark.parametrize("seed", range(5))
def test_a_few_of_a_hundred_that_are_one_statement_stay_one(seed: int) -> None:
    """As where the others are deleted, or of a kind of quotation that is not asked for."""
    wordings, _ = made(with_much_in_common(MAX_COMPARED))
    links = joined(wordings)
    left = np.random.default_rng(seed).random(MAX_COMPARED) < 0.07
    kept = left[links.left] & left[links.right] & links.by_any
    labels = components(MAX_COMPARED, links.left[kept], links.right[kept])

    assert 1 == len(set(labels[left].tolist()))
