"""The numbers of names: facets are counted by number, and only names that are shown are decoded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from searcher.engines.whoosh.format.layout import decoded, encoded
from searcher.engines.whoosh.format.segment import Segment
from searcher.engines.whoosh.names.base import NO_NAME
from searcher.engines.whoosh.names.stored import StoredNames
from searcher.names.table import EXACT
from searcher.results import NamedCounts

__all__ = ["Numbering"]

#: Changed values that are looked for in a segment. Where there are more, each value that is counted is made
#: text and looked for among them: a question has some thousand.
_MAX_FOUND = 300

T = TypeVar("T")


class Numbering:
    """Numbers the names of a field: as the base of the names does, and those that came later after these."""

    def __init__(self, names: StoredNames, field: str) -> None:
        self._names = names
        self.field = field
        self.exact = field in EXACT
        self._first = 0 if self.exact else names.size(field)
        self._later: dict[str, int] = {}
        self._later_names: list[str] = []
        self._texts: dict[int, str] = _LookedUp(self._text)

    @property
    def size(self) -> int:
        return self._first + len(self._later)

    def at(self, segment: Segment) -> Mapping[int, int] | memoryview:
        """Return the number of the name of each value of a segment, looked up when it is asked for."""
        base = None if self.exact else self._names.base.at(segment.record.id, self.field)
        changed = frozenset() if self.exact else self._names.changed(self.field)
        if base is not None and not changed:
            return base
        stored = segment.values(self.field)
        if base is not None and len(changed) <= _MAX_FOUND:
            moved = {stored.find(encoded(text)): self.of(text) for text in changed}
            return _LookedUp(lambda value: moved[value] if value in moved else base[value])

        def number(value: int) -> int:
            text = decoded(stored.term(value))
            if base is not None and text not in changed:
                return base[value]
            return self.of(text)

        return _LookedUp(number)

    def of(self, value: str) -> int:
        """Return the number of the name of a value."""
        name = value if self.exact else self._names.name_of(self.field, value)
        if name is None:
            return NO_NAME
        known = self.find(name)
        if known < 0:
            known = self._later[name] = self.size
            self._later_names.append(name)
        return known

    def find(self, name: str) -> int:
        """Return the number that a name has, -1 where it has none."""
        later = self._later.get(name)
        return later if later is not None else -1 if self.exact else self._names.number(self.field, name)

    def counts(self, by_number: Mapping[int, int]) -> NamedCounts:
        """Return counts by name."""
        return NamedCounts(by_number, self._texts.__getitem__, self.find)

    def _text(self, number: int) -> str:
        if number >= self._first:
            return self._later_names[number - self._first]
        return self._names.name(self.field, number) or ""


class _LookedUp(dict[int, T]):
    """A dictionary that asks for what it does not hold."""

    def __init__(self, look_up: Callable[[int], T]) -> None:
        super().__init__()
        self._look_up = look_up

    def __missing__(self, number: int) -> T:
        found = self[number] = self._look_up(number)
        return found
