"""Items joined into groups, one pair at a time (union-find)."""

from __future__ import annotations

__all__ = ["Groups"]


class Groups:
    """``count`` items, each alone at first. The root of a group is its first item."""

    def __init__(self, count: int) -> None:
        self._parent = list(range(count))

    def root(self, item: int) -> int:
        while self._parent[item] != item:
            self._parent[item] = self._parent[self._parent[item]]
            item = self._parent[item]
        return item

    def join(self, one: int, other: int) -> None:
        first, second = sorted((self.root(one), self.root(other)))
        self._parent[second] = first

    def members(self) -> list[list[int]]:
        """The groups, in the order of their first items."""
        found: dict[int, list[int]] = {}
        for item in range(len(self._parent)):
            found.setdefault(self.root(item), []).append(item)
        return list(found.values())
