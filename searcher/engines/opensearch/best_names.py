"""The names of a facet that most articles have, of more values than it is worth to count."""

from __future__ import annotations

import heapq
from collections.abc import Callable, ItemsView, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from searcher.engines.opensearch.result_pages import is_whole
from searcher.results.articles import FacetValues, highest


class Highest:
    """The highest counts of an aggregation of terms: what a term counts at least, and at most."""

    def __init__(self, found: Mapping[str, Any]) -> None:
        self.least: dict[str, int] = {one["key"]: one["doc_count"] for one in found["buckets"]}
        self._errors = {one["key"]: one["doc_count_error_upper_bound"] for one in found["buckets"]}
        last = min(self.least.values(), default=0)
        #: What terms count at most that the answer does not have.
        self.rest: int = 0 if is_whole(found) else last + found["doc_count_error_upper_bound"]

    def most(self, term: str) -> int:
        return self.least[term] + self._errors[term] if term in self.least else self.rest

    def with_at_least(self, count: int) -> list[str]:
        """Return the terms that may count so much, of those that the answer has."""
        return [term for term in self.least if self.most(term) >= count]

    def place(self, number: int) -> int:
        """Return the count that so many terms reach."""
        return _place(number, self.least.values())


def _place(number: int, counts: Iterable[int]) -> int:
    return min(heapq.nlargest(number, counts), default=0)


class BestNames:
    """The names of one field that most articles have: no other name has as many as one of them."""

    def __init__(
        self,
        members: Mapping[str, Sequence[str]],
        values: Highest,
        groups: Highest | None,
        bound: int,
        number: int,
    ) -> None:
        """``members``: the values of every name that may have ``bound`` articles, of which ``number`` are
        wanted."""
        least = {name: max(values.least.get(value, 0) for value in some) for name, some in members.items()}
        self._size = sum(1 for count in least.values() if count)
        self._whole = not values.rest
        bound = max(bound, _place(number, least.values()))
        self._others = max(bound - 1, values.rest, groups.rest if groups else 0)
        likely = {n: some for n, some in members.items() if sum(map(values.most, some)) > self._others}
        self._sure = {name: least[name] for name in likely}
        #: The values of those names that have to be counted.
        self.unsure = {
            name: some
            for name, some in likely.items()
            if len(some) > 1 or values.most(some[0]) != least[name]
        }

    def values(
        self, counted: Mapping[str, int], one: Callable[[str], int], every: Callable[[], Mapping[str, int]]
    ) -> FacetValues:
        """Return the values of the facet, once the unsure names are counted. ``one`` counts another name,
        ``every`` all of them."""
        counts = {**self._sure, **counted}
        best = {name: count for name, count in counts.items() if count > self._others}
        if self._whole and len(best) == self._size:
            return FacetValues(best)
        known = BestCounts(best, one, every, self._size if self._whole else None)
        return FacetValues(known, most=known.most, least=None if self._whole else self._size)


class BestCounts(Mapping[str, int]):
    """The counts of a facet, of which others than the best are asked for once they are looked at."""

    def __init__(
        self,
        best: Mapping[str, int],
        one: Callable[[str], int],
        every: Callable[[], Mapping[str, int]],
        size: int | None,
    ) -> None:
        self._best, self._one, self._every, self._size = best, one, every, size
        self._known = dict(best)

    @cached_property
    def _all(self) -> Mapping[str, int]:
        return self._every()

    def __len__(self) -> int:
        return len(self._all) if self._size is None else self._size

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __getitem__(self, name: str) -> int:
        if name not in self._known:
            self._known[name] = self._one(name)
        if not self._known[name]:
            raise KeyError(name)
        return self._known[name]

    def items(self) -> ItemsView[str, int]:
        return self._all.items()

    def most(self, number: int) -> Mapping[str, int]:
        """See :func:`searcher.results.articles.highest`."""
        return highest(self._best if number <= len(self._best) else self._all, number)
