"""Facets on arrays: the documents of each name, and counts by name and by period of time."""

from __future__ import annotations

import threading
from collections.abc import ItemsView, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from searcher.engines.whoosh.arrays import (
    DTYPES,
    Array,
    as_array,
    concatenated_ranges,
    offsets,
    sorted_unique,
    typecode,
)
from searcher.engines.whoosh.format.array_file import DAY_SECONDS, NO_DATE, QUOTE_VALUES
from searcher.engines.whoosh.format.segment import Segment, ValueField
from searcher.engines.whoosh.names import NO_NAME, NamedCounts, Numbering, StoredNames
from searcher.engines.whoosh.search.snapshot import DocSet, Documents, Snapshot
from searcher.fields import SAID_BY
from searcher.query.time_units import label
from searcher.query.tree import TIME_FACETS, HasAny

#: Reading the values of each selected document is faster than a pass over all values if the field has more
#: than this many values per selected document.
_MAX_GATHERED_SHARE = 16


class CountedNumbers(Mapping[int, int]):
    """Counts by number, as two arrays of the same length, with ascending numbers."""

    __slots__ = ("_counts", "_numbers")

    def __init__(self, numbers: Array, counts: Array) -> None:
        self._numbers = numbers
        self._counts = counts

    def __len__(self) -> int:
        return len(self._numbers)

    def __iter__(self) -> Iterator[int]:
        return iter(self._numbers.tolist())

    def __getitem__(self, number: int) -> int:
        place = int(np.searchsorted(self._numbers, number))
        if place == len(self._numbers) or self._numbers[place] != number:
            raise KeyError(number)
        return int(self._counts[place])

    def items(self) -> ItemsView[int, int]:
        return dict(zip(self._numbers.tolist(), self._counts.tolist())).items()

    def top_counts(self, number: int) -> dict[int, int]:
        """Return the ``number`` highest counts, and all counts equal to the lowest of these."""
        high, floor = self._counts, 1
        # Most names have one or two articles and are skipped without sorting.
        while len(higher := high[high > floor]) >= number:
            high, floor = higher, floor * 2
        top = self._counts >= np.sort(high)[-number]
        return dict(zip(self._numbers[top].tolist(), self._counts[top].tolist()))


@dataclass(frozen=True, slots=True)
class _NameColumn:
    """The names of a field by document.

    Attributes:
        names: The numbering of the names.
        starts: Document d has the names ``ordinals[starts[d]:starts[d + 1]]``.
        owners: The document of each ordinal.
        single: Every document has exactly one name.
    """

    names: Numbering
    starts: Array
    sizes: Array
    ordinals: Array
    owners: Array
    single: bool

    def ordinals_of(self, documents: DocSet) -> Array:
        """Return the ordinals of these documents' names, document by document."""
        if self.single:
            return self.ordinals.take(documents.ids)
        if len(documents) * _MAX_GATHERED_SHARE >= len(self.ordinals):
            return self.ordinals.compress(documents.mask.take(self.owners))
        ids = documents.ids
        return self.ordinals[concatenated_ranges(self.starts[ids], self.sizes[ids])]

    def groups_of(self, groups: Array, ordinals: Array) -> Array:
        """Return for each name the number of groups it occurs in, given the group of each ordinal."""
        size = max(1, self.names.size)
        pairs = sorted_unique(groups * size + ordinals.astype(np.int64))
        return np.bincount(pairs % size, minlength=self.names.size)

    def by_name(self, counts: Array) -> NamedCounts:
        """Return the counts above 0 by name."""
        nonzero = (counts > 0).nonzero()[0]
        numbers = CountedNumbers(nonzero, counts[nonzero])
        return NamedCounts(numbers, self.names, numbers.top_counts)


class Facets:
    """Finds and counts the names of one snapshot. Columns are created on first use."""

    def __init__(self, snapshot: Snapshot, names: StoredNames) -> None:
        self._snapshot = snapshot
        self._names = names
        self._lock = threading.RLock()
        self._columns: dict[str, _NameColumn] = {}
        self._total_counts: dict[str, Mapping[str, int]] = {}

    def docs_with(self, field: str, values: Sequence[str]) -> DocSet:
        """Return the live documents with a name that any of these values stands for: articles, or quotations
        for a field of quotations."""
        variants = self._names.values_meant(field, values)
        named = {one for one in variants if field == SAID_BY and self._names.is_known_speaker(one)}
        documents = self._documents(field)
        parts = []
        for segment, base in zip(self._snapshot.segments, documents.doc_bases):
            stored = segment.values(field)
            for value in variants:
                if (n := stored.find(value)) >= 0:
                    docs = as_array(stored.docs[stored.starts[n] : stored.starts[n + 1]]) + base
                    parts.append(docs[~self._snapshot.is_unnamed(docs)] if value in named else docs)
        ids = sorted_unique(np.concatenate(parts)) if parts else np.empty(0, np.int64)
        return DocSet(documents.size, documents.live_ids(ids))

    def docs_with_any(self, field: str, condition: HasAny) -> DocSet:
        """Return the live articles, or quotations, with a name that the condition accepts."""
        documents, column = self._documents(field), self._column(field)
        owners = column.owners
        if condition.start or condition.excluded:
            accepted = [condition.accepts(column.names.text(number)) for number in range(column.names.size)]
            owners = owners.compress(np.array(accepted, np.bool_).take(column.ordinals))
        return DocSet(documents.size, documents.live_ids(sorted_unique(owners)))

    def stories(self) -> Array:
        """Return for each article a number shared by the articles of its story."""
        column = self._column("story")
        named = column.sizes > 0
        stories = column.names.size + np.arange(len(named))
        stories[named] = column.ordinals[column.starts[:-1][named]]
        return stories

    def count_stories(self, field: str, among: DocSet) -> Mapping[str, int]:
        """Return the number of stories of each name, among these articles."""
        if field in TIME_FACETS:
            return self._over_time(field, among, self.stories()[among.ids])
        column = self._column(field)
        stories = np.repeat(self.stories()[among.ids], column.sizes[among.ids])
        return column.by_name(column.groups_of(stories, column.ordinals_of(among)))

    def count_groups(self, field: str, articles: Array, groups: Array) -> Mapping[str, int]:
        """Return the number of groups of each name. ``articles`` (or quotations, for their fields) may
        contain one several times; ``groups``: the group of each."""
        column = self._column(field)
        sizes = column.sizes[articles]
        ordinals = column.ordinals[concatenated_ranges(column.starts[articles], sizes)]
        return column.by_name(column.groups_of(np.repeat(groups, sizes), ordinals))

    def count(self, field: str, among: DocSet) -> Mapping[str, int]:
        """Return the number of these articles that have each name, without names that occur in none."""
        if field in TIME_FACETS:
            return self._over_time(field, among, None)
        every_article = len(among) == self._snapshot.articles.count
        if every_article and field in self._total_counts:
            return self._total_counts[field]
        column = self._column(field)
        counts = column.by_name(np.bincount(column.ordinals_of(among), minlength=column.names.size))
        if every_article:
            self._total_counts[field] = counts
        return counts

    def _documents(self, field: str) -> Documents:
        return self._snapshot.quotes if field in QUOTE_VALUES else self._snapshot.articles

    def _over_time(self, unit: str, among: DocSet, stories: Array | None) -> Mapping[str, int]:
        return count_over_time(self._snapshot.when.take(among.ids), unit, stories)

    def _column(self, field: str) -> _NameColumn:
        with self._lock:
            if field not in self._columns:
                self._columns[field] = self._make_column(field)
            return self._columns[field]

    def _make_column(self, field: str) -> _NameColumn:
        names, size = Numbering(self._names, field), self._documents(field).size
        parts, counts = [np.empty(0, np.uint32)], [np.empty(0, np.int64)]
        for segment in self._snapshot.segments:
            stored = segment.values(field)
            parts.append(self.numbers(names, segment, stored)[as_array(stored.values)])
            counts.append(np.diff(as_array(stored.value_starts)))
        flat = np.concatenate(parts)
        owners = np.repeat(np.arange(size), np.concatenate(counts))
        named = flat != NO_NAME
        # Several values of a document that share a name count once.
        pairs = sorted_unique(owners[named] * names.size + flat[named])
        owners, flat = np.divmod(pairs, max(1, names.size))
        sizes = np.bincount(owners, minlength=size)
        # Use the narrowest type, which is the fastest to read.
        narrow = flat.astype(DTYPES[typecode(int(np.max(flat, initial=0)), "B")])
        single = bool((sizes == 1).all())
        return _NameColumn(names, offsets(sizes), sizes, narrow, owners.astype(np.uint32), single)

    def numbers(self, names: Numbering, segment: Segment, stored: ValueField) -> Array:
        """Return the number of the name of each stored value of a segment."""
        at = self._names.base.name_numbers(segment.record.id, names.field)
        if at is None:
            return np.fromiter(map(names.number_of, list(stored.texts())), np.uint32, len(stored))
        numbers = as_array(at)
        if changed := self._names.changed(names.field):
            numbers = numbers.copy()
            for value in changed:
                place = stored.find(value)
                if place >= 0:
                    numbers[place] = names.number_of(value)
        return numbers


#: NumPy's codes for units of time. Weeks are identified by their Monday, because NumPy's weeks start on
#: Thursday.
_UNITS: Final = {"year": "Y", "month": "M", "week": "D", "day": "D"}
_MONDAY: Final = 3
_FIRST_DAY: Final = np.datetime64("0001-01-01", "D")


def count_over_time(when: Array, unit: str, stories: Array | None) -> dict[str, int]:
    """Return the number of documents of each year, month, week or day. ``stories``: the stories of the
    documents; count these instead."""
    dated = when != NO_DATE
    if not dated.any():
        return {}
    kind = f"datetime64[{_UNITS[unit]}]"
    units = (_FIRST_DAY + when[dated] // DAY_SECONDS).astype(kind).astype(np.int64)
    if unit == "week":
        units -= (units + _MONDAY) % 7
    least = units.min()
    units -= least
    if stories is not None:
        span = units.max() + 1
        units = sorted_unique(stories[dated] * span + units) % span
    counts = np.bincount(units)
    nonzero = counts.nonzero()[0]
    days = (nonzero + least).astype(kind).astype("datetime64[D]").tolist()
    return {label(unit, day): number for day, number in zip(days, counts[nonzero].tolist())}
