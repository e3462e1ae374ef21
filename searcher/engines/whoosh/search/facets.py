"""The values of fields across the whole index, under the names that they go by."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from searcher.engines.base import values_for_resolution
from searcher.engines.whoosh.arrays import (
    DTYPES,
    Array,
    as_array,
    concatenated_ranges,
    offsets,
    sorted_unique,
    typecode,
)
from searcher.engines.whoosh.format.layout import SAID_BY
from searcher.engines.whoosh.search.docset import DocSet
from searcher.engines.whoosh.search.snapshot import Documents, Snapshot
from searcher.names.resolution import Identities

__all__ = ["Names"]

#: Gathering the values of single articles pays while they are at most this share of all values.
_FEW = 16
_NONE = np.uint32(0xFFFFFFFF)


@dataclass(frozen=True, slots=True)
class _Raw:
    """A field's values as stored: all of them, and for each segment which of its own is which of these."""

    values: tuple[str, ...]
    places: tuple[Array, ...]
    counts: Array  # living documents of each


@dataclass(frozen=True, slots=True)
class _Facet:
    """For each document ``numbers[starts[d]:starts[d + 1]]`` are the places in ``names`` of its names, and
    ``owners`` are the documents of all numbers; ``one_each``: every document has one name."""

    names: tuple[str, ...]
    starts: Array
    sizes: Array
    numbers: Array
    owners: Array
    one_each: bool

    def among(self, documents: DocSet) -> Array:
        """The places of the names of these documents, one document after another."""
        if self.one_each:
            return self.numbers.take(documents.ids)
        if len(documents) * _FEW >= len(self.numbers):
            return self.numbers.compress(documents.mask.take(self.owners))
        ids = documents.ids
        return self.numbers[concatenated_ranges(self.starts[ids], self.sizes[ids])]


class Names:
    """Resolves, filters and counts values of one snapshot. Everything is found when first asked for."""

    def __init__(self, snapshot: Snapshot, identities: Identities) -> None:
        self._snapshot = snapshot
        self._identities = identities
        self._lock = threading.RLock()
        self._raw: dict[str, _Raw] = {}
        self._canonical: dict[str, Mapping[str, str]] = {}
        self._facets: dict[str, _Facet] = {}
        self._all: dict[str, Mapping[str, int]] = {}

    def canonical(self, field: str) -> Mapping[str, str]:
        """For every value of a field (and for speakers every person's) the name that it goes by."""
        with self._lock:
            found = self._canonical.get(field)
            if found is None:
                counts = {field: self._counts(field)}
                if field == "speaker":
                    counts = {"person": self._counts("person"), field: self._speaking()}
                found = self._identities.resolve(field, values_for_resolution(field, counts))
                self._canonical[field] = found
        return found

    def holding(self, field: str, asked: Sequence[str]) -> DocSet:
        """The living articles with a value that any of the names asked for goes by; for ``said_by`` the
        living quotations of such a speaker."""
        name = "speaker" if field == SAID_BY else field
        canonical = self.canonical(name)
        names = set(canonical.values())
        wanted = frozenset().union(*(self._identities.matching_names(name, value, names) for value in asked))
        documents = self._documents(field)
        raw = self._raw_values(field)
        chosen = np.array([canonical.get(value) in wanted for value in raw.values], np.bool_)
        parts = [
            as_array(values.docs)[
                concatenated_ranges(as_array(values.starts)[ours], _sizes(as_array(values.starts))[ours])
            ]
            + base
            for values, base, places in zip(self._values(field), documents.doc_bases, raw.places)
            for ours in [np.flatnonzero(chosen[places])]
        ]
        ids = sorted_unique(np.concatenate(parts)) if parts else np.empty(0, np.int64)
        return DocSet(documents.size, documents.live_ids(ids))

    def stories(self) -> Array:
        """For each article a number that it shares with the others of its story."""
        with self._lock:
            facet = self._facet("story")
        held = facet.sizes > 0
        stories = len(facet.names) + np.arange(len(held))
        stories[held] = facet.numbers[facet.starts[:-1][held]]
        return stories

    def count_stories(self, field: str, among: DocSet) -> Mapping[str, int]:
        """How many stories have an article among these with each name."""
        with self._lock:
            facet = self._facet(field)
        stories = np.repeat(self.stories()[among.ids], facet.sizes[among.ids])
        told = stories * len(facet.names) + facet.among(among).astype(np.int64)
        counts = np.bincount(sorted_unique(told) % max(1, len(facet.names)), minlength=len(facet.names))
        return _held(facet.names, counts)

    def count(self, field: str, among: DocSet) -> Mapping[str, int]:
        """How many of the articles have each name, without those that none has."""
        everything = len(among) == self._snapshot.articles.count
        with self._lock:
            if everything and field in self._all:
                return self._all[field]
            facet = self._facet(field)
        counts = np.bincount(facet.among(among), minlength=len(facet.names))
        found = _held(facet.names, counts)
        if everything:
            self._all[field] = found
        return found

    def _facet(self, field: str) -> _Facet:
        found = self._facets.get(field)
        if found is None:
            found = self._facets[field] = self._make_facet(field)
        return found

    def _make_facet(self, field: str) -> _Facet:
        canonical, raw = self.canonical(field), self._raw_values(field)
        number: dict[str, int] = {}
        of_raw = np.array(
            [
                _NONE if name is None else number.setdefault(name, len(number))
                for name in map(canonical.get, raw.values)
            ],
            np.uint32,
        )
        names = tuple(number)
        parts, counts = [], []
        for values, places in zip(self._values(field), raw.places):
            parts.append(of_raw[places[as_array(values.values)]])
            counts.append(np.diff(as_array(values.value_starts)))
        flat = np.concatenate(parts) if parts else np.empty(0, np.uint32)
        owners = np.repeat(np.arange(self._snapshot.articles.size), np.concatenate(counts) if counts else 0)
        # Two values that go by one name count once.
        pairs = sorted_unique(owners[flat != _NONE] * len(names) + flat[flat != _NONE]) if len(flat) else flat
        size = self._snapshot.articles.size
        owners, flat = np.divmod(pairs, max(1, len(names)))
        sizes = np.bincount(owners.astype(np.int64), minlength=size)
        one_each = bool((sizes == 1).all())
        # Most fields have few values, and less memory is gone through faster.
        numbers = flat.astype(DTYPES[typecode(int(np.max(flat, initial=0)), "B")])
        return _Facet(names, offsets(sizes), sizes, numbers, owners.astype(np.uint32), one_each)

    def _counts(self, field: str) -> dict[str, int]:
        raw = self._raw_values(field)
        return {value: count for value, count in zip(raw.values, raw.counts.tolist()) if count}

    def _speaking(self) -> dict[str, int]:
        """In how many living articles each speaker says anything."""
        raw, snapshot = self._raw_values(SAID_BY), self._snapshot
        speaker = [
            np.stack((quotes, places[as_array(values.values)].astype(np.int64)))
            for values, places, base in zip(self._values(SAID_BY), raw.places, snapshot.quotes.doc_bases)
            for quotes in [np.flatnonzero(np.diff(as_array(values.value_starts))) + base]
        ]
        if not speaker:
            return {}
        quotes, speakers = np.concatenate(speaker, axis=1)
        if snapshot.quotes.live is not None:
            living = snapshot.quotes.live[quotes]
            quotes, speakers = quotes[living], speakers[living]
        pairs = sorted_unique(snapshot.quote_article[quotes].astype(np.int64) * len(raw.values) + speakers)
        counts = np.bincount(pairs % max(1, len(raw.values)), minlength=len(raw.values))
        return {value: count for value, count in zip(raw.values, counts.tolist()) if count}

    def _raw_values(self, field: str) -> _Raw:
        with self._lock:
            found = self._raw.get(field)
            if found is None:
                found = self._raw[field] = self._gather(field)
        return found

    def _gather(self, field: str) -> _Raw:
        numbers: dict[bytes, int] = {}
        places = []
        for values in self._values(field):
            own = [numbers.setdefault(term, len(numbers)) for term in values.terms()]
            places.append(np.array(own, np.int64))
        counts = np.zeros(len(numbers), np.int64)
        documents = self._documents(field)
        for values, base, ours in zip(self._values(field), documents.doc_bases, places):
            counts[ours] += _living(values.starts, values.docs, documents, base)
        texts = tuple(term.decode("utf-8", "surrogatepass") for term in numbers)
        return _Raw(texts, tuple(places), counts)

    def _documents(self, field: str) -> Documents:
        return self._snapshot.quotes if field == SAID_BY else self._snapshot.articles

    def _values(self, field: str) -> Iterable[Any]:
        return [segment.values(field) for segment in self._snapshot.segments]


def _held(names: Sequence[str], counts: Array) -> dict[str, int]:
    held = (counts > 0).nonzero()[0]  # flags are gone through in a fifth of the time of numbers
    return {names[n]: count for n, count in zip(held.tolist(), counts[held].tolist())}


def _living(starts: memoryview, docs: memoryview, documents: Documents, base: int) -> Array:
    """How many living documents each value of a segment has."""
    edges = as_array(starts).astype(np.int64)
    if documents.live is None:
        return np.diff(edges)
    alive = offsets(documents.live[as_array(docs).astype(np.int64) + base])
    return alive[edges[1:]] - alive[edges[:-1]]


def _sizes(starts: Array) -> Array:
    return np.diff(starts.astype(np.int64))
