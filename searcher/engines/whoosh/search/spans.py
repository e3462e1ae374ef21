"""Spans of positional leaves, found on the arrays of a segment as :mod:`searcher.query.spans` defines them.

Positions are numbered through all documents (see :mod:`.layout`), so that the positions of a phrase's words
follow one another. For NEAR a *location* is one 64-bit number made of the document, the part (title or body)
and the position, so that locations in different parts are further apart than any distance in a query.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np

from searcher.engines.whoosh.arrays import (
    Array,
    Mask,
    as_array,
    concatenated_ranges,
    offsets,
    run_lengths,
    run_starts,
)
from searcher.engines.whoosh.format.layout import QUOTES
from searcher.engines.whoosh.format.segment import Segment, TermGroup
from searcher.errors import QueryTooBroad
from searcher.query.tree import Near, SpanExpr, SpanOr

#: The bits of a location: the document from this bit on, below it one bit that is set in bodies, and 32 bits
#: of position.
_DOC_SHIFT, _BODY_BIT = 33, 1 << 32
#: The distance that a NEAR may ask for; a greater one could reach from one part into the other.
_MAX_DISTANCE = 1 << 31
#: Summing in an array of all documents is faster than sorting from one posting in so many documents on: of
#: 100,000 documents in two lists from 12,000 postings on, in fifteen lists from 5,000.
_DENSE_RATIO = 12
#: Looking positions up one by one is faster in a list that is this many times as long.
_MIN_LOOKUP_RATIO = 16
#: Pairs of spans that one NEAR may compare: two numbers of 8 bytes each, and as much again for sorting.
_MAX_NEAR_PAIRS = 20_000_000


class PrefixSlot(NamedTuple):
    """Matches every surface form with this prefix."""

    text: str


#: What matches at one position: any of these forms, or any surface with a prefix.
Slot = tuple[str, ...] | PrefixSlot


class SlotSource(Protocol):
    """Translates the leaves of a query for the whole index."""

    def slots(self, leaf: SpanExpr) -> Sequence[Slot] | None:
        """Return what matches at each position of a word or phrase; None for Near and Or. Raises
        QueryTooBroad."""
        ...


class TitleHits(NamedTuple):
    """The documents with spans in their titles: their indices among all hits, ascending, and the number of
    these spans."""

    indices: Array
    tf: Array


class SegmentHits(NamedTuple):
    """Documents of a segment, ascending, and the number of spans in each; for the text field, which of these
    spans are in titles."""

    docs: Array
    tf: Array
    titles: TitleHits | None = None


class _Spans(NamedTuple):
    """The first and last locations of spans, sorted, each pair once."""

    first: Array
    last: Array


NO_HITS = SegmentHits(np.empty(0, np.uint16), np.empty(0, np.uint8))


class SpanFinder:
    """Finds spans in one field (text, title or quotes) of one segment."""

    def __init__(self, segment: Segment, field: str, source: SlotSource) -> None:
        postings = segment.postings(field)
        self._dictionary = segment.dictionary
        self._source = source
        self._size = segment.quotes if field == QUOTES else segment.size
        self._starts, self._position_starts = postings.starts, postings.position_starts
        self._docs, self._tf = as_array(postings.docs), as_array(postings.tf)
        self._positions, self._variants = as_array(postings.positions), as_array(postings.variants)
        self._doc_offsets = as_array(postings.doc_offsets)
        self._body_offset = segment.body_offset
        self._titles = SpanFinder(segment, "title", source) if field == "text" else None
        if field == "title":
            self._title_index = as_array(postings.title_index)

    def hits(self, leaf: SpanExpr) -> SegmentHits:
        """Return the documents that have the leaf, and how often."""
        slots = self._source.slots(leaf)
        if slots is None:
            locations = self._spans(leaf).first
            return self._by_document(locations >> _DOC_SHIFT, locations & _BODY_BIT == 0)
        groups = list(map(self._groups, slots))
        if len(groups) < 2:
            return self._word_hits(groups[0] if groups else [])
        return self._by_document(*self._documents_at(self._phrase_starts(groups)))

    def _by_document(self, docs: Array, in_titles: Mask) -> SegmentHits:
        """Return the documents of spans, given for each span, in order, its document and whether it is in the
        title."""
        if not len(docs):
            return NO_HITS
        first = run_starts(docs)
        titles = None
        if self._titles is not None and in_titles.any():
            counts = np.add.reduceat(in_titles, first, dtype=np.uint32)
            indices = (counts > 0).nonzero()[0]
            titles = TitleHits(indices, counts.take(indices))
        return SegmentHits(docs.take(first).astype(np.uint32), run_lengths(first, len(docs)), titles)

    def _groups(self, slot: Slot) -> list[TermGroup]:
        if isinstance(slot, PrefixSlot):
            return self._dictionary.groups_prefixed(slot.text)
        return self._dictionary.groups(slot)

    def _word_hits(self, groups: Sequence[TermGroup]) -> SegmentHits:
        """Return the documents with any of the tokens; no position has two tokens, so that their counts add
        up."""
        if len(groups) == 1 and groups[0].variants is None:  # read as it lies in the file
            group = groups[0].group
            return self._group_hits(group, self._titles._title_hits(group) if self._titles else None)
        hits = self._summed(groups)
        if self._titles is None:
            return hits
        docs, tf, _ = self._titles._summed(groups)
        titles = TitleHits(hits.docs.searchsorted(docs), tf) if len(docs) else None
        return SegmentHits(hits.docs, hits.tf, titles)

    def _group_hits(self, group: int, titles: TitleHits | None) -> SegmentHits:
        """Return the documents of a whole stem group."""
        postings = self._postings(group)
        return SegmentHits(self._docs[postings], self._tf[postings], titles)

    def _title_hits(self, group: int) -> TitleHits | None:
        """In the title field: return which documents of the text's stem group have it in the title."""
        postings = self._postings(group)
        if postings.stop == postings.start:
            return None
        return TitleHits(self._title_index[postings], self._tf[postings])

    def _summed(self, groups: Sequence[TermGroup]) -> SegmentHits:
        """Return each document of several lists once, with the sum of its counts."""
        lists = [self._some_variants(group) for group in groups if group.variants is not None]
        runs = self._runs([group.group for group in groups if group.variants is None])
        lists += [(self._docs[begin:end], self._tf[begin:end]) for begin, end in runs]
        if not lists:
            return NO_HITS
        docs, tf = (np.concatenate(columns) for columns in zip(*lists))
        docs = docs.astype(np.uint32, copy=False)
        if len(docs) * _DENSE_RATIO > self._size:
            sums = np.bincount(docs, tf, self._size)
            docs = (sums > 0).nonzero()[0]
            return SegmentHits(docs.astype(np.uint32), sums.take(docs))
        order = docs.argsort(kind="stable")
        docs = docs[order]
        first = run_starts(docs)
        return SegmentHits(docs[first], np.add.reduceat(tf[order], first, dtype=np.uint32))

    def _runs(self, groups: Sequence[int]) -> list[tuple[int, int]]:
        """Return where the postings of whole groups lie; neighbours, as those of a prefix mostly are, are
        joined."""
        runs: list[tuple[int, int]] = []
        for group in groups:
            begin, end = self._starts[group], self._starts[group + 1]
            if runs and runs[-1][1] == begin:
                runs[-1] = (runs[-1][0], end)
            else:
                runs.append((begin, end))
        return runs

    def _some_variants(self, term_group: TermGroup) -> tuple[Array, Array]:
        """Return the documents with some variants of a group, and the counts of these."""
        postings = self._postings(term_group.group)
        docs, tf = self._docs[postings], self._tf[postings]
        if not len(docs):
            return docs, tf
        before = offsets(self._position_mask(term_group)).take(offsets(tf))
        counts = (before[1:] - before[:-1]).astype(np.uint32)
        nonzero = (counts > 0).nonzero()[0]
        return docs.take(nonzero), counts.take(nonzero)

    def _position_mask(self, term_group: TermGroup) -> Mask:
        """Tell which positions of a group are those of the chosen variants."""
        group, variants = term_group
        starts = self._dictionary.group_starts
        chosen = np.zeros(starts[group + 1] - starts[group], np.bool_)
        chosen[list(variants or ())] = True
        return chosen.take(self._variants[self._position_range(group)])

    def _postings(self, group: int) -> slice:
        return slice(self._starts[group], self._starts[group + 1])

    def _position_range(self, group: int) -> slice:
        return slice(self._position_starts[group], self._position_starts[group + 1])

    def _positions_of(self, groups: Sequence[TermGroup]) -> Array:
        """Return the positions of tokens, ascending."""
        lists = []
        for group in groups:
            positions = self._positions[self._position_range(group.group)]
            whole = group.variants is None
            lists.append(positions if whole else positions.compress(self._position_mask(group)))
        if len(lists) == 1:
            return lists[0]
        joined = np.concatenate(lists)
        joined.sort(kind="stable")
        return joined

    def _spans(self, leaf: SpanExpr) -> _Spans:
        match leaf:
            case Near():
                return self._near(leaf)
            case SpanOr(parts):
                found = [self._spans(part) for part in parts]
                return _sorted_spans(
                    np.concatenate([spans.first for spans in found]),
                    np.concatenate([spans.last for spans in found]),
                )
            case _:
                slots = list(map(self._groups, self._source.slots(leaf) or ()))
                starts = self._phrase_starts(slots)
                docs, in_titles = self._documents_at(starts)
                locations = (starts - self._doc_offsets.take(docs)).astype(np.int64) + (docs << _DOC_SHIFT)
                if self._titles is not None:
                    locations += np.where(in_titles, 0, _BODY_BIT)
                return _Spans(locations, locations + (len(slots) - 1))

    def _phrase_starts(self, slots: Sequence[Sequence[TermGroup]]) -> Array:
        """Return the positions from which on tokens of each slot follow one another."""
        if not slots or not all(slots):
            return self._positions[:0]
        lists = [self._positions_of(groups) for groups in slots]
        rarest, *others = sorted(range(len(slots)), key=lambda n: len(lists[n]))
        starts = lists[rarest] - rarest
        for offset in others:
            if not len(starts):
                break
            starts = _common(starts + offset, lists[offset]) - offset
        return starts

    def _documents_at(self, positions: Array) -> tuple[Array, Mask]:
        """Return the document of each position, and whether the position is in the title."""
        docs = self._doc_offsets.searchsorted(positions, side="right") - 1
        return docs, positions - self._doc_offsets.take(docs) < self._body_offset

    def _near(self, near: Near) -> _Spans:
        left, right = self._spans(near.left), self._spans(near.right)
        distance = min(near.distance, _MAX_DISTANCE)
        pairs = [_following(left, right, distance)]
        if not near.ordered:
            pairs.append(_following(right, left, distance))
        return _sorted_spans(*(np.concatenate(ends) for ends in zip(*pairs)))


def _common(few: Array, many: Array) -> Array:
    """Return the positions that are in both sorted arrays. Sorting two sorted runs takes a third of looking
    each position up, unless one array is far longer."""
    if len(few) * _MIN_LOOKUP_RATIO < len(many):
        return few.compress(many.take(many.searchsorted(few), mode="clip") == few)
    both = np.concatenate((few, many))
    both.sort(kind="stable")
    return both[1:].compress(both[1:] == both[:-1])


def _following(left: _Spans, right: _Spans, distance: int) -> tuple[Array, Array]:
    """Return pairs whose right span begins after the left one ends, at most ``distance`` later: where the
    left ones begin, and where the right ones end."""
    low = np.searchsorted(right.first, left.last, side="right")
    high = np.searchsorted(right.first, left.last + distance, side="right")
    counts = high - low
    if int(counts.sum()) > _MAX_NEAR_PAIRS:
        raise QueryTooBroad("The words of this NEAR are too common for so great a distance.")
    return np.repeat(left.first, counts), right.last[concatenated_ranges(low, counts)]


def _sorted_spans(first: Array, last: Array) -> _Spans:
    """Return spans sorted, each pair once."""
    order = np.lexsort((last, first))
    first, last = first[order], last[order]
    new = run_starts(first, last)
    return _Spans(first[new], last[new])
