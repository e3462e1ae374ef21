"""The names of a generation as arrays: every value with its group, weight and name.

For each kind K of values (see :mod:`searcher.names.table`):

====================  ==================================================================================
``K.entries``         the values, each after the key of its group and a null character, sorted
``K.weights``         the weight of each value
``K.subgroups``       the subgroup in which each value is decided (``Rules.subgroup``)
``K.named``           the number of the name of each value, :data:`NO_NAME` if it is ignored by a decision
``K.names``           the names, sorted; ``K.name_starts`` and ``K.name_entries``: the entries of each
``K.folded``          the folded names, each between two line feeds; ``K.folded_ends``: the end of each
``F.at.SEGMENT``      for a field F the number of the name of each value of a segment. In the fields “speaker”
                      and “said_by” the names of people, organisations and others are numbered consecutively
====================  ==================================================================================
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, ItemsView, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from itertools import compress
from pathlib import Path

from searcher.engines.whoosh.format.array_file import ArrayFile, Arrays, TermList, decoded, encoded
from searcher.engines.whoosh.format.manifest import NamesRecord, read_json, write_json
from searcher.engines.whoosh.format.segment import Segment
from searcher.names import VERSION
from searcher.names.decisions import Curation
from searcher.names.table import EXACT_FIELDS, Changes, Entry, Identities, NameTable, kinds_of
from searcher.results.articles import RankedCounts, top_counts

NO_NAME = 0xFFFFFFFF  # marks values whose name is ignored
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

    def name(self, number: int) -> str | None:
        return None if number == NO_NAME else self.names.text(number)


class ArrayNames:
    """A :class:`~searcher.names.table.NameStore` in arrays. It decodes only the names that it returns.

    Attributes:
        segments: The ids of the segments with numbered values.
        record: The files of the arrays and of later changes. None: in memory.
    """

    def __init__(self, arrays: Arrays, segments: Iterable[str], record: NamesRecord | None = None) -> None:
        self._arrays = arrays
        self.segments = frozenset(segments)
        self.record = record
        self._kinds: dict[str, _Kind] = {}

    def entry(self, kind: str, value: str) -> Entry | None:
        from searcher.names.rules import Rules  # imported late: most searches do not need it

        of, group = self._kind(kind), Rules.group(kind, value)
        number = of.entries.find(group + SEPARATOR + value)
        return Entry(group, of.weights[number], of.name(of.named[number])) if number >= 0 else None

    def keys(self, kind: str) -> Iterator[tuple[str, str]]:
        rows = (entry.partition(SEPARATOR) for entry in self._kind(kind).entries.texts())
        return ((group, value) for group, _, value in rows)

    def group(self, kind: str, group: str, relevant: Collection[str] = ()) -> dict[str, Entry]:
        of, prefix = self._kind(kind), group + SEPARATOR
        first, end = of.entries.prefix_range(prefix)
        subgroups = of.subgroups[first:end].tobytes()
        rows: Iterable[tuple[str, int, int]] = zip(
            of.entries.texts(first, end), of.weights[first:end], of.named[first:end]
        )
        if relevant and subgroups and 0 not in subgroups:
            from searcher.names.rules import Rules

            relevant_groups = {Rules.subgroup(kind, value) for value in relevant}
            if 0 not in relevant_groups:
                rows = compress(rows, map(relevant_groups.__contains__, subgroups))
        return {
            entry.removeprefix(prefix): Entry(group, weight, of.name(named)) for entry, weight, named in rows
        }

    def values_of(self, kind: str, name: str) -> list[str]:
        of = self._kind(kind)
        number = of.names.find(name)
        if number < 0:
            return []
        entries = of.name_entries[of.name_starts[number] : of.name_starts[number + 1]]
        return [of.entries.text(entry).partition(SEPARATOR)[2] for entry in entries]

    def names_with(self, kind: str, words: Sequence[str]) -> Iterator[str]:
        """Yield the names that have all these words. The folded names are searched as one text."""
        of, word_set = self._kind(kind), set(words)
        text, needle = bytes(of.folded), encoded(max(words, key=len))
        at = text.find(needle)
        while at >= 0:
            number = bisect_right(of.folded_ends, at)
            end = of.folded_ends[number]
            start = of.folded_ends[number - 1] if number else 0
            if word_set <= set(decoded(text[start:end]).split()):
                yield of.names.text(number)
            at = text.find(needle, end)

    def size(self) -> int:
        """Return the number of people, organisations and other speakers."""
        return sum(len(self._kind(kind).entries) for kind in kinds_of("speaker"))

    def names(self, kind: str) -> TermList:
        return self._kind(kind).names

    def name_numbers(self, segment: str, field: str) -> memoryview | None:
        """Return the number of the name of each value of a segment. None if the segment was added later, or
        the values of the field are their own names."""
        is_numbered = segment in self.segments and field not in EXACT_FIELDS
        return self._arrays.array(f"{field}.at.{segment}") if is_numbered else None

    def _kind(self, kind: str) -> _Kind:
        if kind not in self._kinds:
            self._kinds[kind] = _Kind(self._arrays, kind)
        return self._kinds[kind]


class StoredNames(NameTable):
    """The names of a generation."""

    base: ArrayNames


def write_changes(changes: Changes, path: Path) -> None:
    rows = {
        kind: [[v, *entry] for v, entry in entries.items()]
        for kind, entries in changes.values.items()
        if entries
    }
    write_json(path, {"decisions": changes.decisions, "values": rows})


def read_changes(path: Path) -> Changes:
    """Read the file. Raises IndexDamaged, and FileNotFoundError."""
    content = read_json(path)
    values = {
        kind: {value: Entry(*entry) for value, *entry in rows} for kind, rows in content["values"].items()
    }
    return Changes(values, _decisions(content["decisions"]))


def open_names(
    folder: Path, record: NamesRecord | None, identities: Identities | None, opened: StoredNames | None = None
) -> StoredNames | None:
    """Return the names of a commit, or None if they were decided by another version of the rules.

    Args:
        identities: Apply these decisions. None: those of the commit.
        opened: Names that are already open, returned if they are the same.
    """
    if record is None or record.rules != VERSION:
        return None
    if opened and opened.base.record == record:
        return opened
    file = ArrayFile(folder / record.base.name)
    changes = Changes({}, _decisions(file.about["decisions"]))
    if record.changes:
        changes = read_changes(folder / record.changes.name)
    identities = identities or Identities(Curation.from_decisions(changes.decisions))
    return StoredNames(ArrayNames(file, file.about["segments"], record), changes, identities)


def _decisions(rows: Iterable[Sequence[str]]) -> tuple[tuple[str, str, str], ...]:
    return tuple((kind, name, what) for kind, name, what in rows)


class Numbering:
    """Numbers of the names of a field: first those of the base, then later ones."""

    def __init__(self, names: StoredNames, field: str) -> None:
        self._names = names
        self.field = field
        self._lists = [names.base.names(kind) for kind in kinds_of(field)]
        self._first = sum(map(len, self._lists))
        self._later: dict[str, int] = {}
        self._later_names: list[str] = []
        self.text = cache(self._text)

    @property
    def size(self) -> int:
        return self._first + len(self._later)

    def number_lookup(self, segment: Segment) -> Callable[[int], int]:
        """Return a function from each value of a segment to the number of its name."""
        base = self._names.base.name_numbers(segment.record.id, self.field)
        changed = self._names.changed(self.field)
        if base is not None and not changed:
            return base.__getitem__
        stored = segment.values(self.field)

        def number(value: int) -> int:
            text = stored.text(value)
            return self.number_of(text) if base is None or text in changed else base[value]

        return cache(number)

    def number_of(self, value: str) -> int:
        """Return the number of the name of a value."""
        name = self._names.name_of(self.field, value)
        if name is None:
            return NO_NAME
        known = self.find(name)
        if known < 0:
            known = self._later[name] = self.size
            self._later_names.append(name)
        return known

    def find(self, name: str) -> int:
        """Return the number of a name, or -1."""
        if (later := self._later.get(name)) is not None:
            return later
        before = 0
        for names in self._lists:
            if (number := names.find(name)) >= 0:
                return before + number
            before += len(names)
        return -1

    def _text(self, number: int) -> str:
        if number >= self._first:
            return self._later_names[number - self._first]
        for names in self._lists:
            if number < len(names):
                return names.text(number)
            number -= len(names)
        raise IndexError(number)


class NamedCounts(RankedCounts):
    """Counts of articles by the numbers of names. Names are decoded when they are read: a query may match
    tens of thousands of people, but a page shows ten."""

    def __init__(
        self,
        by_number: Mapping[int, int],
        names: Numbering,
        most: Callable[[int], Mapping[int, int]] | None = None,
    ) -> None:
        """``most``: a faster :func:`searcher.results.articles.top_counts` for these counts."""
        self._by_number = by_number
        self._names = names
        self._most = most or partial(top_counts, by_number)

    def __len__(self) -> int:
        return len(self._by_number)

    def __iter__(self) -> Iterator[str]:
        return map(self._names.text, self._by_number)

    def __getitem__(self, name: str) -> int:
        if (count := self._by_number.get(self._names.find(name))) is None:
            raise KeyError(name)
        return count

    def items(self) -> ItemsView[str, int]:
        return {self._names.text(n): count for n, count in self._by_number.items()}.items()

    def top_counts(self, number: int) -> Mapping[str, int]:
        return {self._names.text(n): count for n, count in self._most(number).items()}
