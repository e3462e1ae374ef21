"""Facets on arrays: which documents have a name, and how many documents each name has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
from searcher.engines.whoosh.format.layout import SAID_BY, decoded
from searcher.engines.whoosh.format.segment import ValueField
from searcher.engines.whoosh.names import NameResolver
from searcher.engines.whoosh.search.docset import DocSet
from searcher.engines.whoosh.search.snapshot import Documents, Snapshot
from searcher.names.resolution import Identities

__all__ = ["Facets"]

#: Reading the values of single documents is faster than going through all values while the documents are at
#: most one in so many values.
_MAX_GATHERED_SHARE = 16
#: The ordinal of values that no name stands for.
_NO_NAME = np.uint32(0xFFFFFFFF)


@dataclass(frozen=True, slots=True)
class _ValueTable:
    """The distinct values of a field in all segments, and the number of live documents of each. ``ordinals``
    has for each segment an array that maps its value numbers to indices of ``values``."""

    values: tuple[str, ...]
    ordinals: tuple[Array, ...]
    counts: Array


@dataclass(frozen=True, slots=True)
class _NameColumn:
    """The names of a field by document: the names of document d are ``ordinals[starts[d]:starts[d + 1]]``,
    indices of ``names``; ``owners`` has the document of each ordinal. ``single``: every document has one
    name."""

    names: tuple[str, ...]
    starts: Array
    sizes: Array
    ordinals: Array
    owners: Array
    single: bool

    def among(self, documents: DocSet) -> Array:
        """Return the ordinals of these documents' names, document by document."""
        if self.single:
            return self.ordinals.take(documents.ids)
        if len(documents) * _MAX_GATHERED_SHARE >= len(self.ordinals):
            return self.ordinals.compress(documents.mask.take(self.owners))
        ids = documents.ids
        return self.ordinals[concatenated_ranges(self.starts[ids], self.sizes[ids])]

    def by_name(self, counts: Array) -> dict[str, int]:
        """Return the counts above 0 by name."""
        nonzero = (counts > 0).nonzero()[0]  # flags are read in a fifth of the time of numbers
        return {self.names[n]: count for n, count in zip(nonzero.tolist(), counts[nonzero].tolist())}


class Facets(NameResolver):
    """Resolves, looks up and counts the values of one snapshot. MatchAll is computed when first asked
    for."""

    def __init__(self, snapshot: Snapshot, identities: Identities) -> None:
        super().__init__(identities)
        self._snapshot = snapshot
        self._tables: dict[str, _ValueTable] = {}
        self._columns: dict[str, _NameColumn] = {}
        self._total_counts: dict[str, Mapping[str, int]] = {}

    def docs_with(self, field: str, values: Sequence[str]) -> DocSet:
        """Return the live articles with a name that any of these values asks for; for ``said_by`` the live
        quotations of such a speaker."""
        name_field = "speaker" if field == SAID_BY else field
        canonical, wanted = self.canonical(name_field), self.names_for(name_field, values)
        documents = self._documents(field)
        table = self._table(field)
        chosen = np.array([canonical.get(value) in wanted for value in table.values], np.bool_)
        parts = []
        for stored, base, ordinals in zip(self._stored(field), documents.doc_bases, table.ordinals):
            own = np.flatnonzero(chosen[ordinals])
            starts = as_array(stored.starts).astype(np.int64)
            docs = as_array(stored.docs)[concatenated_ranges(starts[own], starts[own + 1] - starts[own])]
            parts.append(docs + base)
        ids = sorted_unique(np.concatenate(parts)) if parts else np.empty(0, np.int64)
        return DocSet(documents.size, documents.live_ids(ids))

    def stories(self) -> Array:
        """Return for each article a number that it shares with the others of its story."""
        column = self._column("story")
        named = column.sizes > 0
        stories = len(column.names) + np.arange(len(named))
        stories[named] = column.ordinals[column.starts[:-1][named]]
        return stories

    def count_stories(self, field: str, among: DocSet) -> Mapping[str, int]:
        """Return how many stories with an article among these each name has."""
        column = self._column(field)
        size = max(1, len(column.names))
        stories = np.repeat(self.stories()[among.ids], column.sizes[among.ids])
        pairs = sorted_unique(stories * len(column.names) + column.among(among).astype(np.int64))
        return column.by_name(np.bincount(pairs % size, minlength=len(column.names)))

    def count(self, field: str, among: DocSet) -> Mapping[str, int]:
        """Return how many of these articles each name has, without names that have none."""
        every_article = len(among) == self._snapshot.articles.count
        if every_article and field in self._total_counts:
            return self._total_counts[field]
        column = self._column(field)
        counts = column.by_name(np.bincount(column.among(among), minlength=len(column.names)))
        if every_article:
            self._total_counts[field] = counts
        return counts

    def _column(self, field: str) -> _NameColumn:
        with self._lock:
            column = self._columns.get(field)
            if column is None:
                column = self._columns[field] = self._make_column(field)
        return column

    def _make_column(self, field: str) -> _NameColumn:
        canonical, table = self.canonical(field), self._table(field)
        ordinal: dict[str, int] = {}
        resolved = (canonical.get(value) for value in table.values)
        ordinal_of_value = np.array(
            [_NO_NAME if name is None else ordinal.setdefault(name, len(ordinal)) for name in resolved],
            np.uint32,
        )
        names, size = tuple(ordinal), self._snapshot.articles.size
        parts, counts = [np.empty(0, np.uint32)], [np.empty(0, np.int64)]
        for stored, ordinals in zip(self._stored(field), table.ordinals):
            parts.append(ordinal_of_value[ordinals[as_array(stored.values)]])
            counts.append(np.diff(as_array(stored.value_starts)))
        flat = np.concatenate(parts)
        owners = np.repeat(np.arange(size), np.concatenate(counts))
        named = flat != _NO_NAME
        # Two values of a document that go by one name count once.
        pairs = sorted_unique(owners[named] * len(names) + flat[named])
        owners, flat = np.divmod(pairs, max(1, len(names)))
        sizes = np.bincount(owners, minlength=size)
        # Most fields have few values, and narrower numbers are read faster.
        narrow = flat.astype(DTYPES[typecode(int(np.max(flat, initial=0)), "B")])
        single = bool((sizes == 1).all())
        return _NameColumn(names, offsets(sizes), sizes, narrow, owners.astype(np.uint32), single)

    def _article_counts(self, field: str) -> Mapping[str, int]:
        table = self._table(field)
        return {value: count for value, count in zip(table.values, table.counts.tolist()) if count}

    def _speaker_counts(self) -> Mapping[str, int]:
        table, snapshot = self._table(SAID_BY), self._snapshot
        pairs = [np.empty((2, 0), np.int64)]  # quotations with a speaker, and the speaker's index
        for stored, ordinals, base in zip(self._stored(SAID_BY), table.ordinals, snapshot.quotes.doc_bases):
            spoken = np.flatnonzero(np.diff(as_array(stored.value_starts))) + base
            pairs.append(np.stack((spoken, ordinals[as_array(stored.values)].astype(np.int64))))
        quotes, speakers = np.concatenate(pairs, axis=1)
        if snapshot.quotes.live is not None:
            live = snapshot.quotes.live[quotes]
            quotes, speakers = quotes[live], speakers[live]
        articles = snapshot.quote_article[quotes].astype(np.int64)
        distinct = sorted_unique(articles * len(table.values) + speakers)
        counts = np.bincount(distinct % max(1, len(table.values)), minlength=len(table.values))
        return {value: count for value, count in zip(table.values, counts.tolist()) if count}

    def _table(self, field: str) -> _ValueTable:
        with self._lock:
            table = self._tables.get(field)
            if table is None:
                table = self._tables[field] = self._make_table(field)
        return table

    def _make_table(self, field: str) -> _ValueTable:
        numbers: dict[bytes, int] = {}
        ordinals = []
        for stored in self._stored(field):
            own = [numbers.setdefault(term, len(numbers)) for term in stored.terms()]
            ordinals.append(np.array(own, np.int64))
        counts = np.zeros(len(numbers), np.int64)
        documents = self._documents(field)
        for stored, base, own_ordinals in zip(self._stored(field), documents.doc_bases, ordinals):
            counts[own_ordinals] += _live_counts(stored, documents, base)
        return _ValueTable(tuple(map(decoded, numbers)), tuple(ordinals), counts)

    def _documents(self, field: str) -> Documents:
        return self._snapshot.quotes if field == SAID_BY else self._snapshot.articles

    def _stored(self, field: str) -> list[ValueField]:
        """Return the field as each segment stores it."""
        return [segment.values(field) for segment in self._snapshot.segments]


def _live_counts(stored: ValueField, documents: Documents, base: int) -> Array:
    """Return the number of live documents of each of a segment's values."""
    edges = as_array(stored.starts).astype(np.int64)
    if documents.live is None:
        return np.diff(edges)
    before = offsets(documents.live[as_array(stored.docs).astype(np.int64) + base])
    return before[edges[1:]] - before[edges[:-1]]
