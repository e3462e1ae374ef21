"""The number of live articles that each value has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from searcher.engines.whoosh.arrays import Array, Mask, as_array, offsets
from searcher.engines.whoosh.format.layout import encoded
from searcher.engines.whoosh.format.segment import Segment, ValueField
from searcher.names.table import EXACT, KINDS, NAMED, SAID_BY, person_weight, weights

__all__ = ["LiveCounts"]


class LiveCounts:
    """Counts the values of segments, of which some articles are deleted."""

    def __init__(self, parts: Sequence[tuple[Segment, Sequence[int]]]) -> None:
        """``parts``: each segment with the numbers of its deleted articles, ascending."""
        self._parts = parts
        self._live = [_live(segment, deleted) for segment, deleted in parts]

    def all(self) -> dict[str, dict[str, int]]:
        """Return what every value of every kind counts with."""
        counts = {field: self._counts(field) for field in KINDS}
        return weights(counts, self._counts(SAID_BY))

    def some(self, values: Mapping[str, Iterable[str]]) -> dict[str, dict[str, int]]:
        """Return what these values of fields count with, by kind; 0 where no article has one any more."""
        found = {
            field: {value: self._count(field, value) for value in some}
            for field, some in values.items()
            if field not in EXACT and field not in (*NAMED, SAID_BY)
        }
        for value in {value for field in (*NAMED, SAID_BY) for value in values.get(field, ())}:
            counts = [self._count(field, value) for field in NAMED]
            found.setdefault("person", {})[value] = person_weight(*counts)
            found.setdefault("organisation", {})[value] = counts[1]
            spoken = not any(counts) and self._count(SAID_BY, value) > 0
            found.setdefault("speaker", {})[value] = int(spoken)
        return found

    def _counts(self, field: str) -> dict[str, int]:
        counts: dict[str, int] = {}
        for (segment, _), live in zip(self._parts, self._live):
            stored = segment.values(field)
            for text, count in zip(stored.texts(), _live_counts(stored, _of(field, segment, live)).tolist()):
                if count:
                    counts[text] = counts.get(text, 0) + count
        return counts

    def _count(self, field: str, value: str) -> int:
        term, total = encoded(value), 0
        for (segment, _), live in zip(self._parts, self._live):
            stored = segment.values(field)
            number = stored.find(term)
            if number >= 0:
                docs = as_array(stored.docs[stored.starts[number] : stored.starts[number + 1]])
                live_docs = _of(field, segment, live)
                total += len(docs) if live_docs is None else int(np.count_nonzero(live_docs[docs]))
        return total


def _live(segment: Segment, deleted: Sequence[int]) -> Mask | None:
    if not len(deleted):
        return None
    live = np.ones(segment.size, np.bool_)
    live[np.array(deleted, np.int64)] = False
    return live


def _of(field: str, segment: Segment, live: Mask | None) -> Mask | None:
    """Return which documents of a field are live: articles, or quotations."""
    if live is None or field != SAID_BY:
        return live
    return live[as_array(segment.column("quote_article"))]


def _live_counts(stored: ValueField, live: Mask | None) -> Array:
    """Return the number of live documents of each value."""
    edges = as_array(stored.starts).astype(np.int64)
    if live is None:
        return np.diff(edges)
    before = offsets(live[as_array(stored.docs)])
    return before[edges[1:]] - before[edges[:-1]]
