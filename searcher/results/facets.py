"""The values of fields over all matches, with their counts."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, ClassVar, TypeVar, overload

from searcher.article import Displayed

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class FacetValue:
    """``count`` articles have ``value``; ``selected`` if the query narrows to it."""

    value: str
    count: int
    selected: bool = False

    def to_dict(self) -> dict[str, Any]:
        return {"value": self.value, "count": self.count, "selected": self.selected}


def highest(counts: Mapping[K, int], number: int) -> dict[K, int]:
    """Return so many keys with the highest counts, and all others that have as many as the last."""
    least = heapq.nlargest(number, counts.values())[-1]
    return {key: count for key, count in counts.items() if count >= least}


#: Names with their counts, in order.
Ranking = list[tuple[str, int]]


class FacetValues(Sequence[FacetValue]):
    """Values, most frequent first, then by name. They are put in order as far as they are looked at.

    ``least``: so many there are at least; ``whole``: there are no more. Where it is not, the number of all
    (``len``) has to be counted first, which may take seconds.
    """

    #: So many are put in order when one of these is looked at: of the values with few articles there are
    #: thousands alike, which all would have to be made text.
    FIRST: ClassVar = (16, 100)
    __slots__ = ("_beginning", "_counts", "_least", "_most", "_ranked", "_selected")
    _beginning: Ranking | None
    _ranked: Ranking | None

    def __init__(
        self,
        counts: Mapping[str, int],
        selected: Collection[str] = (),
        most: Callable[[int], Mapping[str, int]] | None = None,
        least: int | None = None,
    ) -> None:
        """``most``: as :func:`highest` of these counts, where that need not look at each. ``least``: where
        counts are not all known, and the others are counted once they are looked at."""
        self._counts = counts
        self._selected = selected
        self._most = most
        self._least = least
        self._beginning = None
        self._ranked = None

    def __len__(self) -> int:
        return len(self._counts)

    def __bool__(self) -> bool:
        return self.least > 0

    def __iter__(self) -> Iterator[FacetValue]:
        return map(self._value, self._all())

    @overload
    def __getitem__(self, index: int) -> FacetValue: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[FacetValue]: ...
    def __getitem__(self, index: int | slice) -> FacetValue | Sequence[FacetValue]:
        last = (index.stop if index.stop is not None else -1) - 1 if isinstance(index, slice) else index
        start = (index.start or 0) if isinstance(index, slice) else index
        many = next((number for number in self.FIRST if last < number), self.least)
        early = self._ranked is None and 0 <= start and 0 <= last and many < self.least
        ranking = self._first(many) if early else self._all()
        if isinstance(index, slice):
            return tuple(map(self._value, ranking[index]))
        return self._value(ranking[index])

    def __eq__(self, other: object) -> bool:
        return tuple(self) == tuple(other) if isinstance(other, Sequence) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return f"<FacetValues: {self.least:,}{'' if self.whole else ' or more'}>"

    def __reduce__(self) -> tuple[type[FacetValues], tuple[dict[str, int], Collection[str]]]:
        """Results that are pickled take a plain dictionary along."""
        return FacetValues, (dict(self._counts), self._selected)

    @property
    def whole(self) -> bool:
        """Whether all values are known."""
        return self._least is None

    @property
    def least(self) -> int:
        """The number of values that there are at least."""
        return len(self._counts) if self._least is None else self._least

    @property
    def counts(self) -> Mapping[str, int]:
        """The number of articles of each value, in no order."""
        return self._counts

    def narrowed_to(self, selected: Collection[str]) -> FacetValues:
        """The same values, of which these are selected."""
        return FacetValues(self._counts, selected, self._most, self._least)

    def first(self, number: int) -> FacetValues:
        """The first so many values, and those that the query narrows to."""
        counts = {one.value: one.count for one in (*self[:number], *self.selected)}
        return FacetValues(counts, self._selected)

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
            counts = self._most(number) if self._most else highest(self._counts, number)
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
class Facet(Displayed):
    """The values of one field over all matches, most frequent first, then by name."""

    field: str
    values: FacetValues

    def __repr__(self) -> str:
        return f"<Facet {self.field}: {self.values.least:,}{'' if self.values.whole else ' or more'} values>"

    def to_dict(self) -> dict[str, Any]:
        return {"field": self.field, "values": [value.to_dict() for value in self.values]}
