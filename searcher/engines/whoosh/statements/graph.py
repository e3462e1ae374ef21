"""The wordings of a snapshot and their links: which ones are one statement.

A segment holds the links within it. Those between segments are looked for when the first statement is asked
for, and kept as long as both segments are open: one that was committed since is compared with the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, combinations
from weakref import WeakKeyDictionary

import numpy as np

from searcher.engines.whoosh.arrays import (
    Array,
    Mask,
    as_array,
    concatenated_ranges,
    sorted_unique,
)
from searcher.engines.whoosh.format.segment import Segment
from searcher.engines.whoosh.statements.likeness import Links, probed
from searcher.engines.whoosh.statements.wordings import Wordings, utterances_of
from searcher.statements.likeness import BY_ONE, SHINGLES_A_CHANGE

__all__ = ["StatementGraph"]

#: The links between two open segments, those of the one that is the key left.
_between: WeakKeyDictionary[Segment, WeakKeyDictionary[Segment, Links]] = WeakKeyDictionary()


class StatementGraph:
    """The wordings of all segments, numbered through, with their lengths and their links."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._segments = segments
        self._wordings = wordings = [utterances_of(segment).wordings for segment in segments]
        self.bases = [0, *accumulate(own.size for own in wordings)]
        self.size = self.bases[-1]
        self.lengths = np.concatenate([np.empty(0, np.int64), *(own.lengths for own in wordings)])
        self.is_phrase: Mask = self.lengths <= SHINGLES_A_CHANGE
        self._within = [_Sorted.of(segment) for segment in segments]
        self._across = _Sorted.of_links(list(self._links_across(wordings)))

    def links(self, numbers: Array) -> Links:
        """Return the links that go out from these wordings, which ascend; those wordings left."""
        found = [self._across.of_numbers(numbers)]
        edges = np.searchsorted(numbers, self.bases)
        for own, base, first, last in zip(self._within, self.bases, edges, edges[1:]):
            if first < last:
                left, right, by_any = own.of_numbers(numbers[first:last] - base)
                found.append(Links(left + base, right + base, by_any))
        return Links(*map(np.concatenate, zip(*found)))

    def keys(self, numbers: Array) -> Array:
        """Return the keys of wordings: those of two segments that are equal have the same words."""
        keys, segments = np.empty(len(numbers), np.uint64), np.searchsorted(self.bases, numbers, "right") - 1
        for nth in sorted_unique(segments).tolist():
            own = segments == nth
            keys[own] = self._wordings[nth].keys(numbers[own] - self.bases[nth])
        return keys

    def closure(self, numbers: Array, present: Mask) -> Array:
        """Return these wordings, and all that decide which of them are one statement.

        A phrase joins nothing, and belongs to the one statement that it is a part of: so wholes are followed
        from whole to whole, phrases from phrase to phrase, and from one to the other a few times only.
        """

        def linked(some: Array, among: Mask) -> Array:
            found = self.links(some).right
            return sorted_unique(found[among[found]])

        def closed(some: Array, among: Mask) -> Array:
            known = new = sorted_unique(some)
            while len(new):
                further = linked(new, among)
                new = np.setdiff1d(further, known, assume_unique=True)
                known = sorted_unique(np.concatenate([known, new]))
            return known

        phrases_present, wholes_present = present & self.is_phrase, present & ~self.is_phrase
        is_phrase = self.is_phrase[numbers]
        phrases = closed(numbers[is_phrase], phrases_present)
        wholes = closed(
            np.concatenate([numbers[~is_phrase], linked(phrases, wholes_present)]), wholes_present
        )
        phrases = closed(np.concatenate([phrases, linked(wholes, phrases_present)]), phrases_present)
        wholes = closed(np.concatenate([wholes, linked(phrases, wholes_present)]), wholes_present)
        return np.sort(np.concatenate([phrases, wholes]))

    def _links_across(self, wordings: Sequence[Wordings]) -> Iterator[Links]:
        """Yield the links between segments, in both directions."""
        for one, other in combinations(range(len(wordings)), 2):
            few, many = sorted((one, other), key=lambda n: len(wordings[n].words))
            left, right, by_any = _links_between(
                self._segments[few],
                self._segments[many],
                lambda few=few, many=many: _compared(wordings[few], wordings[many]),  # type: ignore[misc]
            )
            left, right = left + self.bases[few], right + self.bases[many]
            yield Links(left, right, by_any)
            yield Links(right, left, by_any)


class _Sorted:
    """Links in both directions, sorted by where they come from."""

    def __init__(self, left: Array, right: Array, by_any: Array) -> None:
        self._left = left
        self._right = right
        self._by_any = by_any

    @classmethod
    def of(cls, segment: Segment) -> _Sorted:
        """Return those within a segment."""
        names = ("linked", "linked_to", "linked_by_any")
        return cls(*(as_array(segment.column(f"wording.{name}")) for name in names))

    @classmethod
    def of_links(cls, links: Sequence[Links]) -> _Sorted:
        if not links:
            return cls(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.bool_))
        left, right, by_any = map(np.concatenate, zip(*links))
        order = np.argsort(left, kind="stable")
        return cls(left[order], right[order], by_any[order])

    def of_numbers(self, numbers: Array) -> Links:
        """Return the links that come from these wordings."""
        first = self._left.searchsorted(numbers.astype(self._left.dtype))
        counts = self._left.searchsorted(numbers.astype(self._left.dtype), side="right") - first
        at = concatenated_ranges(first, counts)
        by_any = self._by_any[at].astype(np.bool_)
        return Links(np.repeat(numbers, counts), self._right[at].astype(np.int64), by_any)


def _links_between(few: Segment, many: Segment, compare: Callable[[], Links]) -> Links:
    known = _between.setdefault(few, WeakKeyDictionary())
    found = known.get(many)
    if found is None:
        found = known[many] = compare()
    return found


def _compared(few: Wordings, many: Wordings) -> Links:
    """Return the links between two segments: those of wordings that share a run, and of shorter ones that are
    equal."""
    alike = probed(few, many)
    short, others = (np.flatnonzero(own.lengths < BY_ONE.run) for own in (few, many))
    _, left, right = np.intersect1d(few.keys(short), many.keys(others), True, return_indices=True)
    return Links(
        np.concatenate([alike.left, short[left]]),
        np.concatenate([alike.right, others[right]]),
        np.concatenate([alike.by_any, np.zeros(len(left), np.bool_)]),
    )
