"""The base of the names of a generation: every value with its group, weight and name, as arrays.

For each kind K of values (see :mod:`searcher.names.table`):

====================  ==================================================================================
``K.entries``         the values, each behind the key of its group and a null character, sorted
``K.weights``         what each of them counts with
``K.subgroups``       the number of the part of its group that each is decided with (``Rules.subgroup``)
``K.named``           the number of the name of each, :data:`NO_NAME` where it is nobody by a decision
``K.names``           the names, sorted; ``K.name_starts`` and ``K.name_entries``: the entries of each
``K.folded``          the folded names, each between two line feeds; ``K.folded_ends`` where each ends
``F.at.SEGMENT``      for a field F the number of the name of each value of a segment. In the fields
                      “speaker” and “said_by” the names of people, bodies and others are numbered through
====================  ==================================================================================
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, ItemsView, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from itertools import chain, compress, repeat
from pathlib import Path
from typing import TypeVar

from searcher.engines.whoosh.format.array_file import ArrayFile, Arrays, TermList, decoded, encoded
from searcher.engines.whoosh.format.manifest import NamesRecord, read_json, write_json
from searcher.engines.whoosh.format.segment import Segment
from searcher.fields import OF_QUOTES
from searcher.names import VERSION
from searcher.names.decisions import Curation
from searcher.names.table import EXACT, KINDS, ChangedName, Changes, Entry, Identities, LayeredTable, kinds_of
from searcher.results import FacetValues
from searcher.results.articles import highest

NO_NAME = 0xFFFFFFFF  # the number of the name of nobody
SEPARATOR = "\0"


class _Kind:
    """The arrays of one kind of values."""

    def __init__(self, arrays: Arrays, kind: str) -> None:
        self.entries, self.names = TermList(arrays, f"{kind}.entries"), TermList(arrays, f"{kind}.names")
        self.subgroups = arrays.array(f"{kind}.subgroups")
        self.weights, self.named = arrays.array(f"{kind}.weights"), arrays.array(f"{kind}.named")
        self.name_starts = arrays.array(f"{kind}.name_starts")
        self.name_entries = arrays.array(f"{kind}.name_entries")
        self.folded, self.folded_ends = arrays.array(f"{kind}.folded"), arrays.array(f"{kind}.folded_ends")


class BaseNames:
    """Reads the base. Nothing is decoded but what is asked for."""

    def __init__(self, arrays: Arrays, segments: Sequence[str]) -> None:
        """``segments``: the ids of those whose values are numbered."""
        self._arrays = arrays
        self.segments = frozenset(segments)
        self._kinds: dict[str, _Kind] = {}

    def entry(self, kind: str, group: str, value: str) -> Entry | None:
        of = self._kind(kind)
        number = of.entries.find(group + SEPARATOR + value)
        return self._entry(kind, of, number) if number >= 0 else None

    def subgroups(self, kind: str, group: str) -> bytes:
        """Return the number of the subgroup of each member of a group."""
        first, end = self._kind(kind).entries.prefixed(group + SEPARATOR)
        return bytes(self._kind(kind).subgroups[first:end])

    def members(self, kind: str, group: str, only: Collection[int] = ()) -> Iterator[tuple[str, Entry]]:
        """Yield the values of a group, or of some subgroups of it."""
        of, prefix = self._kind(kind), group + SEPARATOR
        first, end = of.entries.prefixed(prefix)
        name = of.names.text
        rows = zip(of.entries.texts(first, end), of.weights[first:end], of.named[first:end])
        wanted = map(only.__contains__, of.subgroups[first:end]) if only else repeat(True)
        for entry, weight, named in compress(rows, wanted):
            yield entry.removeprefix(prefix), Entry(weight, None if named == NO_NAME else name(named))

    def values(self, kind: str) -> Iterator[str]:
        return (entry.partition(SEPARATOR)[2] for entry in self._kind(kind).entries.texts())

    def groups(self, kind: str) -> set[str]:
        """Return the keys of all groups of a kind."""
        return {entry.partition(SEPARATOR)[0] for entry in self._kind(kind).entries.texts()}

    def values_of(self, kind: str, name: str) -> list[str]:
        of = self._kind(kind)
        number = of.names.find(name)
        if number < 0:
            return []
        entries = of.name_entries[of.name_starts[number] : of.name_starts[number + 1]]
        return [of.entries.text(entry).partition(SEPARATOR)[2] for entry in entries]

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
        return len(self._kind(kind).names)

    def entries(self) -> int:
        """Return the number of all values of names."""
        return sum(len(self._kind(kind).entries) for kind in kinds_of("speaker"))

    def text(self, kind: str, number: int) -> str:
        return self._kind(kind).names.text(number)

    def number(self, kind: str, name: str) -> int:
        """Return the number of a name, -1 where there is none."""
        return self._kind(kind).names.find(name)

    def at(self, segment: str, field: str) -> memoryview | None:
        """Return the name of each value of a segment, None where the segment came later."""
        return self._arrays.array(f"{field}.at.{segment}") if segment in self.segments else None

    def _entry(self, kind: str, of: _Kind, number: int) -> Entry:
        named = of.named[number]
        return Entry(of.weights[number], None if named == NO_NAME else self.text(kind, named))

    def _kind(self, kind: str) -> _Kind:
        if kind not in self._kinds:
            self._kinds[kind] = _Kind(self._arrays, kind)
        return self._kinds[kind]


def write_changes(changes: Changes, path: Path) -> None:
    rows = {kind: [[v, *change] for v, change in some.items()] for kind, some in changes.values.items()}
    write_json(path, {"decisions": changes.decisions, "values": rows})


def read_changes(path: Path) -> Changes:
    """Read the file. Raises IndexDamaged, and FileNotFoundError."""
    content = read_json(path)
    values = {
        kind: {value: ChangedName(group, weight, name) for value, group, weight, name in rows}
        for kind, rows in content["values"].items()
    }
    return Changes(values, _decisions(content["decisions"]))


class StoredNames(LayeredTable):
    """Names as a base and the changes since have them."""

    def __init__(
        self, base: BaseNames, changes: Changes, identities: Identities, record: NamesRecord | None = None
    ) -> None:
        """``record``: the files that hold them."""
        super().__init__(base, changes, identities)
        self.base, self.record = base, record

    def with_identities(self, identities: Identities) -> StoredNames:
        """Return the same table, decided by others."""
        return StoredNames(self.base, self.changes, identities, self.record)

    def values(self, kind: str) -> Iterator[str]:
        return chain(self.base.values(kind), self.changes.of(kind))

    def changed(self, field: str) -> Collection[str]:
        """Return the values of a field whose names in the base may not be those of now."""
        found = [self.changes.of(kind) for kind in kinds_of(field)]
        return found[0] if len(found) == 1 else frozenset().union(*found)

    def name(self, field: str, number: int) -> str | None:
        """Return the name of a number in the base."""
        if number == NO_NAME:
            return None
        for kind, size in self._sizes[field]:
            if number < size:
                return self.base.text(kind, number)
            number -= size
        raise IndexError(number)

    def number(self, field: str, name: str) -> int:
        """Return the number that a name has in the base, -1 where it has none."""
        before = 0
        for kind, size in self._sizes[field]:
            found = self.base.number(kind, name)
            if found >= 0:
                return before + found
            before += size
        return -1

    def size(self, field: str) -> int:
        return sum(size for _, size in self._sizes[field])

    @cached_property
    def _sizes(self) -> Mapping[str, Sequence[tuple[str, int]]]:
        sizes = {kind: self.base.size(kind) for kind in KINDS}
        fields = (*KINDS, *OF_QUOTES.values())
        return {field: [(kind, sizes[kind]) for kind in kinds_of(field)] for field in fields}


def open_names(
    folder: Path, record: NamesRecord | None, identities: Identities | None, opened: StoredNames | None = None
) -> StoredNames | None:
    """Return the names that a commit decided; None where it was made by other rules or none. ``identities``:
    None for the decisions that the commit was made with. ``opened``: those that are open."""
    if record is None or record.rules != VERSION:
        return None
    if opened and opened.record == record:
        return opened
    file = ArrayFile(folder / record.base.name)
    changes = Changes({}, _decisions(file.about["decisions"]))
    if record.changes:
        changes = read_changes(folder / record.changes.name)
    identities = identities or Identities(Curation.of(changes.decisions))
    return StoredNames(BaseNames(file, file.about["segments"]), changes, identities, record)


def _decisions(rows: Iterable[Sequence[str]]) -> tuple[tuple[str, str, str], ...]:
    return tuple((kind, name, what) for kind, name, what in rows)


#: Changed values that are looked for in a segment. Where there are more, each value that is counted is made
#: text and looked for among them: a question has some thousand.
_MAX_FOUND_VALUES = 300

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
        if base is not None and len(changed) <= _MAX_FOUND_VALUES:
            moved = {stored.find(text): self.of(text) for text in changed}
            return _LookedUp(lambda value: moved[value] if value in moved else base[value])

        def number(value: int) -> int:
            text = stored.text(value)
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

    def text(self, number: int) -> str:
        return self._texts[number]

    def _text(self, number: int) -> str:
        if number >= self._first:
            return self._later_names[number - self._first]
        return self._names.name(self.field, number) or ""


class NamedCounts(Mapping[str, int]):
    """Counts articles by the numbers of values, which are made text when they are looked at: a question in a
    large collection finds tens of thousands of people, of whom ten are shown."""

    def __init__(
        self,
        by_number: Mapping[int, int],
        names: Numbering,
        most: Callable[[int], Mapping[int, int]] | None = None,
    ) -> None:
        """``most``: as :func:`searcher.results.articles.highest` of these counts, and faster."""
        self._by_number = by_number
        self._size = len(by_number)
        self._names = names
        self._most = most or partial(highest, by_number)

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[str]:
        return map(self._names.text, self._by_number)

    def __getitem__(self, name: str) -> int:
        if (count := self._by_number.get(self._names.find(name))) is None:
            raise KeyError(name)
        return count

    def __repr__(self) -> str:
        return f"<NamedCounts: {len(self):,}>"

    def items(self) -> ItemsView[str, int]:
        return {self._names.text(n): count for n, count in self._by_number.items()}.items()

    def most(self, number: int) -> Mapping[str, int]:
        return {self._names.text(n): count for n, count in self._most(number).items()}


def facet_values(counts: Mapping[str, int]) -> FacetValues:
    return FacetValues(counts, most=counts.most if isinstance(counts, NamedCounts) else None)


class _LookedUp(dict[int, T]):
    """A dictionary that asks for what it does not hold."""

    def __init__(self, look_up: Callable[[int], T]) -> None:
        super().__init__()
        self._look_up = look_up

    def __missing__(self, number: int) -> T:
        found = self[number] = self._look_up(number)
        return found
