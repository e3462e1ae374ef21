"""The base of the names of a generation: every value with its group, weight and name, as arrays.

For each kind K of values (see :mod:`searcher.names.table`):

====================  ==================================================================================
``K.entries``         the values, each behind the key of its group and a null character, sorted
``K.weights``         what each of them counts with
``K.named``           the number of the name of each, :data:`NO_NAME` where it is nobody by a decision
``K.names``           the names, sorted; ``K.name_starts`` and ``K.name_entries``: the entries of each
``K.folded``          the folded names, each between two line feeds; ``K.folded_ends`` where each ends
``F.at.SEGMENT``      for a field F the number of the name of each value of a segment. In the fields
                      “speaker” and “said_by” the names of people, bodies and others are numbered through
====================  ==================================================================================
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from searcher.engines.whoosh.format.array_file import Arrays
from searcher.engines.whoosh.format.layout import decoded, encoded
from searcher.engines.whoosh.format.segment import TermList
from searcher.names.table import Entry, kinds_of

__all__ = ["NO_NAME", "SEPARATOR", "BaseNames"]

NO_NAME = 0xFFFFFFFF
SEPARATOR = b"\0"


class _Kind:
    """The arrays of one kind of values."""

    def __init__(self, arrays: Arrays, kind: str) -> None:
        self.entries = TermList(arrays, f"{kind}.entries")
        self.weights = arrays.array(f"{kind}.weights")
        self.named = arrays.array(f"{kind}.named")
        self.names = TermList(arrays, f"{kind}.names")
        self.name_starts = arrays.array(f"{kind}.name_starts")
        self.name_entries = arrays.array(f"{kind}.name_entries")
        self.folded = arrays.array(f"{kind}.folded")
        self.folded_ends = arrays.array(f"{kind}.folded_ends")


class BaseNames:
    """Reads the base. Nothing is decoded but what is asked for."""

    def __init__(self, arrays: Arrays, segments: Sequence[str]) -> None:
        """``segments``: the ids of those whose values are numbered."""
        self._arrays = arrays
        self.segments = frozenset(segments)
        self._kinds: dict[str, _Kind] = {}

    def entry(self, kind: str, group: str, value: str) -> Entry | None:
        of = self._kind(kind)
        number = of.entries.find(encoded(group) + SEPARATOR + encoded(value))
        return self._entry(kind, of, number) if number >= 0 else None

    def members(self, kind: str, group: str) -> Iterator[tuple[str, Entry]]:
        of, prefix = self._kind(kind), encoded(group) + SEPARATOR
        first, end = of.entries.prefixed(prefix)
        for number, term in enumerate(of.entries.terms(first, end), first):
            yield decoded(term[len(prefix) :]), self._entry(kind, of, number)

    def groups(self, kind: str) -> set[str]:
        """Return the keys of all groups of a kind."""
        return {decoded(term.partition(SEPARATOR)[0]) for term in self._kind(kind).entries.terms()}

    def values_of(self, kind: str, name: str) -> list[str]:
        of = self._kind(kind)
        number = of.names.find(encoded(name))
        if number < 0:
            return []
        entries = of.name_entries[of.name_starts[number] : of.name_starts[number + 1]]
        return [decoded(of.entries.term(entry).partition(SEPARATOR)[2]) for entry in entries]

    def names_with(self, kind: str, words: Sequence[str]) -> Iterator[str]:
        """Yield the names with all these words. The folded names are searched as one text: 300,000 of them in
        some 5 ms."""
        of, wanted = self._kind(kind), set(words)
        text, needle = bytes(of.folded), encoded(max(words, key=len))
        at = text.find(needle)
        while at >= 0:
            number = bisect_right(of.folded_ends, at)
            end = of.folded_ends[number]
            start = of.folded_ends[number - 1] if number else 0
            if wanted <= set(decoded(text[start:end]).split()):
                yield self.text(kind, number)
            at = text.find(needle, end)

    def size(self, kind: str) -> int:
        """Return the number of names of a kind."""
        return len(self._kind(kind).names)

    def entries(self) -> int:
        """Return the number of all values of names."""
        return sum(len(self._kind(kind).entries) for kind in kinds_of("speaker"))

    def text(self, kind: str, number: int) -> str:
        """Return a name by its number."""
        return decoded(self._kind(kind).names.term(number))

    def number(self, kind: str, name: str) -> int:
        """Return the number of a name, -1 where there is none."""
        return self._kind(kind).names.find(encoded(name))

    def at(self, segment: str, field: str) -> memoryview | None:
        """Return the name of each value of a segment, None where the segment came later."""
        return self._arrays.array(f"{field}.at.{segment}") if segment in self.segments else None

    def _entry(self, kind: str, of: _Kind, number: int) -> Entry:
        named = of.named[number]
        return Entry(of.weights[number], None if named == NO_NAME else self.text(kind, named))

    def _kind(self, kind: str) -> _Kind:
        of = self._kinds.get(kind)
        if of is None:
            of = self._kinds[kind] = _Kind(self._arrays, kind)
        return of
