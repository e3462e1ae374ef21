"""The values of fields over all matches, with their counts."""

from __future__ import annotations

import heapq
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, ItemsView, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, ClassVar, TypeVar, overload

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class FacetValue:
    """``count`` articles have ``value``; ``selected`` if the query narrows to it."""

    value: str
    count: int
    selected: bool = False

    def to_dict(self) -> dict[str, Any]:
        return {"value": self.value, "count": self.count, "selected": self.selected}


class NumberedCounts(Mapping[int, int], ABC):
    """Counts by number that tell the highest of them faster than by looking at each."""

    @abstractmethod
    def most(self, number: int) -> dict[int, int]:
        """Return so many numbers with the highest counts, and all others that have as many as the last."""


class NamedCounts(Mapping[str, int]):
    """Counts articles by the numbers of values, which are made text when they are looked at: a question in a
    large collection finds tens of thousands of people, of whom ten are shown."""

    def __init__(
        self, by_number: Mapping[int, int], name: Callable[[int], str], number: Callable[[str], int]
    ) -> None:
        self._by_number = by_number
        self._name = name
        self._number = number

    def __len__(self) -> int:
        return len(self._by_number)

    def __iter__(self) -> Iterator[str]:
        return map(self._name, self._by_number)

    def __getitem__(self, name: str) -> int:
        count = self._by_number.get(self._number(name))
        if count is None:
            raise KeyError(name)
        return count

    def __repr__(self) -> str:
        return f"<NamedCounts: {len(self):,}>"

    def __reduce__(self) -> tuple[type[dict[str, int]], tuple[dict[str, int]]]:
        """Results that are pickled take a plain dictionary along."""
        return dict, (dict(self.items()),)

    def items(self) -> ItemsView[str, int]:
        return {self._name(n): count for n, count in self._by_number.items()}.items()

    def most(self, number: int) -> dict[str, int]:
        """Return so many values with the highest counts, and all others that have as many as the last."""
        by_number = self._by_number
        most = by_number.most(number) if isinstance(by_number, NumberedCounts) else _most(by_number, number)
        return {self._name(n): count for n, count in most.items()}


def _most(counts: Mapping[K, int], number: int) -> dict[K, int]:
    least = heapq.nlargest(number, counts.values())[-1]
    return {key: count for key, count in counts.items() if count >= least}


#: Names with their counts, in order.
Ranking = list[tuple[str, int]]


class FacetValues(Sequence[FacetValue]):
    """Values, most frequent first, then by name. They are put in order as far as they are looked at."""

    #: So many are put in order when one of these is looked at: of the values with few articles there are
    #: thousands alike, which all would have to be made text.
    FIRST: ClassVar = (16, 100)
    __slots__ = ("_beginning", "_counts", "_ranked", "_selected")
    _beginning: Ranking | None
    _ranked: Ranking | None

    def __init__(self, counts: Mapping[str, int], selected: Collection[str] = ()) -> None:
        self._counts = counts
        self._selected = selected
        self._beginning = None
        self._ranked = None

    def __len__(self) -> int:
        return len(self._counts)

    def __iter__(self) -> Iterator[FacetValue]:
        return map(self._value, self._all())

    @overload
    def __getitem__(self, index: int) -> FacetValue: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[FacetValue]: ...
    def __getitem__(self, index: int | slice) -> FacetValue | Sequence[FacetValue]:
        last = (index.stop if index.stop is not None else -1) - 1 if isinstance(index, slice) else index
        start = (index.start or 0) if isinstance(index, slice) else index
        many = next((number for number in self.FIRST if last < number), len(self))
        early = self._ranked is None and 0 <= start and 0 <= last and many < len(self)
        ranking = self._first(many) if early else self._all()
        if isinstance(index, slice):
            return tuple(map(self._value, ranking[index]))
        return self._value(ranking[index])

    def __eq__(self, other: object) -> bool:
        return tuple(self) == tuple(other) if isinstance(other, Sequence) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return f"<FacetValues: {len(self):,}>"

    @property
    def counts(self) -> Mapping[str, int]:
        """The number of articles of each value, in no order."""
        return self._counts

    def narrowed_to(self, selected: Collection[str]) -> FacetValues:
        """The same values, of which these are selected."""
        return FacetValues(self._counts, selected)

    @property
    def selected(self) -> tuple[FacetValue, ...]:
        """Those that the query narrows to."""
        counts = {name: self._counts[name] for name in self._selected if name in self._counts}
        return tuple(map(self._value, _ranking(counts)))

    @property
    def missing(self) -> frozenset[str]:
        """Those that the query narrows to and that nothing found has."""
        return frozenset(self._selected) - self._counts.keys()

    def _value(self, counted: tuple[str, int]) -> FacetValue:
        return FacetValue(*counted, counted[0] in self._selected)

    def _first(self, number: int) -> Ranking:
        beginning = self._beginning
        if beginning is None or len(beginning) < number:
            known = self._counts
            counts = known.most(number) if isinstance(known, NamedCounts) else _most(known, number)
            least = min(counts.values())
            above = [name for name, count in counts.items() if count > least]
            level = (name for name, count in counts.items() if count == least)
            alike = heapq.nsmallest(number - len(above), level, key=lambda name: (name.casefold(), name))
            beginning = self._beginning = _ranking({name: counts[name] for name in (*above, *alike)})
        return beginning  # that of another thread may be shorter

    def _all(self) -> Ranking:
        if self._ranked is None:
            self._ranked = _ranking(self._counts)
        return self._ranked


def _ranking(counts: Mapping[str, int]) -> Ranking:
    """Return names with their counts in the order of a facet. Equal ones stay as they are sorted before."""
    ranked = sorted(sorted(counts.items()), key=lambda counted: counted[0].casefold())
    ranked.sort(key=itemgetter(1), reverse=True)
    return ranked


@dataclass(frozen=True, slots=True)
class Facet:
    """The values of one field over all matches, most frequent first, then by name."""

    field: str
    values: FacetValues

    def __repr__(self) -> str:
        return f"<Facet {self.field}: {len(self.values):,} values>"

    def _repr_html_(self) -> str:
        from searcher import notebook

        return notebook.facet(self)

    def to_dict(self) -> dict[str, Any]:
        return {"field": self.field, "values": [value.to_dict() for value in self.values]}
