"""Puts utterances together that are one statement, in one pass over them."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence

from searcher.statements.likeness import MAX_COMPARED, Saying, same

__all__ = ["Joined", "groups"]


def groups(sayings: Sequence[Saying]) -> list[list[int]]:
    """Return the numbers of the sayings of each statement, ascending, in the order of their first ones.

    What is the same as a third is the same. But a phrase joins nothing: it belongs to the one statement that
    it is a part of, and is one of its own where it is a part of several ("make America great again").
    """
    joined = Joined(len(sayings))
    within: list[tuple[int, int]] = []
    for one, other in _alike(sayings, joined):
        if sayings[one].is_phrase == sayings[other].is_phrase:
            joined.join(one, other)
        else:
            within.append((one, other) if sayings[one].is_phrase else (other, one))
    wholes: defaultdict[int, set[int]] = defaultdict(set)
    for phrase, whole in within:
        wholes[joined.root(phrase)].add(joined.root(whole))
    for phrase, roots in wholes.items():
        if len(roots) == 1:
            joined.join(phrase, *roots)
    return joined.all()


def _alike(sayings: Sequence[Saying], joined: Joined) -> Iterator[tuple[int, int]]:
    """Yield pairs that are the same, as far as they are not joined yet. A saying is compared with those alone
    that share a key with it (the last of them, where there are many), and with the first of those that are
    equal to it in all."""
    first_of: dict[Saying, int] = {}
    # By the hashes of keys, of which most have one saying alone: 11 KB a saying of 25 words; with the keys
    # themselves and a list for each 18.
    first_with: dict[int, int] = {}
    others_with: defaultdict[int, list[int]] = defaultdict(list)
    for number, saying in enumerate(sayings):
        first = first_of.setdefault(saying, number)
        if first != number:
            if same(saying, sayings[first]):
                yield first, number
            continue
        compared = set()
        for key in set(map(hash, saying.keys())):
            if key not in first_with:
                first_with[key] = number
                continue
            others = others_with[key]
            candidates = others[-MAX_COMPARED:]
            if len(others) < MAX_COMPARED:
                candidates.append(first_with[key])
            for other in candidates:
                if other not in compared and joined.root(other) != joined.root(number):
                    compared.add(other)
                    if same(saying, sayings[other]):
                        yield other, number
            others.append(number)


class Joined:
    """Numbers that are joined to one another (union-find)."""

    def __init__(self, size: int) -> None:
        self._parents = array("q", range(size))

    def root(self, number: int) -> int:
        parents = self._parents
        while parents[number] != number:
            parents[number] = number = parents[parents[number]]
        return number

    def join(self, one: int, other: int) -> None:
        """The least number of a group is its root."""
        low, high = sorted((self.root(one), self.root(other)))
        self._parents[high] = low

    def all(self) -> list[list[int]]:
        found: defaultdict[int, list[int]] = defaultdict(list)
        for number in range(len(self._parents)):
            found[self.root(number)].append(number)
        return list(found.values())
