"""Puts utterances together that are one statement, in one pass over them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence

from searcher.statements.likeness import Saying, same

__all__ = ["groups"]


def groups(sayings: Sequence[Saying]) -> list[list[int]]:
    """Return the numbers of the sayings of each statement, ascending, in the order of their first ones.

    What is the same as a third is the same. A saying is compared with those alone that share a key with it.
    """
    joined = _Joined(len(sayings))
    first_of: dict[tuple[str | None, tuple[str, ...]], int] = {}
    sharing: defaultdict[Hashable, list[int]] = defaultdict(list)
    for number, saying in enumerate(sayings):
        first = first_of.setdefault((saying.speaker, saying.words), number)
        if first != number:
            if same(saying, sayings[first]):
                joined.join(first, number)
            continue
        compared = set()
        for key in set(saying.keys()):
            for other in sharing[key]:
                if other not in compared and joined.root(other) != joined.root(number):
                    compared.add(other)
                    if same(saying, sayings[other]):
                        joined.join(other, number)
            sharing[key].append(number)
    return joined.all()


class _Joined:
    """Numbers that are joined to one another (union-find)."""

    def __init__(self, size: int) -> None:
        self._parents = list(range(size))

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
