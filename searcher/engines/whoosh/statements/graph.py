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
    offsets,
    sorted_unique,
)
from searcher.engines.whoosh.format.segment import Segment
from searcher.engines.whoosh.statements.likeness import Links, joined_links, probed
from searcher.engines.whoosh.statements.wordings import Wordings, utterances_of
from searcher.statements.likeness import BY_ONE, SHINGLES_A_CHANGE

__all__ = ["StatementGraph"]

#: The links within open segments.
_opened: WeakKeyDictionary[Segment, _Outgoing] = WeakKeyDictionary()
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
        self._within = list(map(_within, segments))
        across = joined_links(list(self._links_across(wordings)))
        order = np.argsort(across.left, kind="stable")
        self._across = _Outgoing(self.size, Links(*(part[order] for part in across)))

    def keys(self, numbers: Array) -> Array:
        """Return the keys of wordings: those of two segments that are equal have the same words."""
        keys, segments = np.empty(len(numbers), np.uint64), np.searchsorted(self.bases, numbers, "right") - 1
        for nth in sorted_unique(segments).tolist():
            own = segments == nth
            keys[own] = self._wordings[nth].keys(numbers[own] - self.bases[nth])
        return keys

    def closure(self, numbers: Array, present: Mask) -> tuple[Array, Links]:
        """Return these wordings, and all that decide which of them are one statement, ascending; and the
        links that go out from them.

        A phrase joins nothing, and belongs to the one statement that it is a part of: so wholes are followed
        from whole to whole, phrases from phrase to phrase, and from one to the other a few times only.
        """
        reached: Mask = np.zeros(self.size, np.bool_)
        found: list[Links] = []

        def followed(some: Array, among: Mask) -> Array:
            """Follow links from some wordings to others among these, and return where they lead to."""
            ends = [np.empty(0, np.int64)]
            while len(some):
                reached[some] = True
                found.append(links := self._links(some))
                ends.append(links.right)
                some = new(links.right, among)
            return np.concatenate(ends)

        def new(some: Array, among: Mask) -> Array:
            return sorted_unique(some[among[some] & ~reached[some]])

        phrases_present, wholes_present = present & self.is_phrase, present & ~self.is_phrase
        is_phrase = self.is_phrase[numbers]
        ends = followed(numbers[is_phrase], phrases_present)
        wholes = np.concatenate([numbers[~is_phrase], new(ends, wholes_present)])
        ends = followed(sorted_unique(wholes), wholes_present)
        ends = followed(new(ends, phrases_present), phrases_present)
        followed(new(ends, wholes_present), wholes_present)
        return reached.nonzero()[0], joined_links(found)

    def _links(self, numbers: Array) -> Links:
        """Return the links that go out from these wordings, which ascend; those wordings left."""
        found = [self._across.of_numbers(numbers)]
        edges = np.searchsorted(numbers, self.bases).tolist()
        for own, base, first, last in zip(self._within, self.bases, edges, edges[1:]):
            if first < last:
                left, right, by_any = own.of_numbers(numbers[first:last] - base)
                found.append(Links(left + base, right + base, by_any))
        return joined_links(found)

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


class _Outgoing:
    """Links in both directions, by the wording that they come from."""

    def __init__(self, size: int, links: Links) -> None:
        """``links`` of so many wordings, sorted by the left ones."""
        left, self._right, self._by_any = links
        self._starts = offsets(np.bincount(left, minlength=size)).astype(np.uint32)

    def of_numbers(self, numbers: Array) -> Links:
        """Return the links that come from these wordings."""
        first = self._starts[numbers].astype(np.int64)
        counts = self._starts[numbers + 1] - first
        at = concatenated_ranges(first, counts)
        return Links(np.repeat(numbers, counts), self._right[at].astype(np.int64), self._by_any[at])


def _within(segment: Segment) -> _Outgoing:
    """Return the links within a segment."""
    found = _opened.get(segment)
    if found is None:
        names = ("linked", "linked_to", "linked_by_any")
        left, right, by_any = (as_array(segment.column(f"wording.{name}")) for name in names)
        links = Links(left, right, by_any.view(np.bool_))
        found = _opened[segment] = _Outgoing(utterances_of(segment).wordings.size, links)
    return found


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
