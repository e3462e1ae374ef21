"""Where positional leaves match, on arrays: what :mod:`searcher.query.spans` defines, for a whole segment.

Positions are numbered through all documents (see :mod:`.layout`), so that those of the words of a phrase
follow one another. For other distances a place is one 64-bit number: the document, the part (title or body)
and the position, so that places of different parts are further apart than any distance that can be asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np

from searcher.engines.whoosh.arrays import (
    Array,
    as_array,
    concatenated_ranges,
    offsets,
    run_lengths,
    run_starts,
)
from searcher.engines.whoosh.format.layout import QUOTES
from searcher.engines.whoosh.format.segment import Segment, TermGroup
from searcher.errors import QueryTooBroad
from searcher.query.tree import Near, Or, Positional

__all__ = ["NOTHING", "Counted", "Prefix", "Slot", "SpanFinder", "Titles"]

#: A place holds the document from this bit on, below it the part, and the position in 32 bits.
_DOC_BITS, _PART = 33, 1 << 32
#: No distance reaches from one part into the other.
_FARTHEST = 1 << 31
#: Counting in an array of all documents is faster than sorting from so great a part of them on: of 100,000 in
#: two lists from 12,000 on, in fifteen from 5,000.
_DENSE = 12
#: Looking positions up one by one pays in a list that is so many times longer.
_FAR_LONGER = 16
#: Pairs of words that one Near may look at: two numbers of 8 bytes each, and as much again for sorting.
_MOST_PAIRS = 20_000_000


class Prefix(NamedTuple):
    """Every surface that begins so."""

    text: str


#: What will do at one position: any of these forms, or surfaces.
Slot = tuple[str, ...] | Prefix


class Slots(Protocol):
    """What leaves ask for, in the whole index."""

    def slots(self, leaf: Positional) -> Sequence[Slot] | None:
        """For a leaf that is words in a row: what will do at each position. Raises QueryTooBroad."""
        ...


class Titles(NamedTuple):
    """Of documents, the places of those with spans in their titles, ascending, and the number of these."""

    places: Array
    tf: Array


class Counted(NamedTuple):
    """Documents, ascending, each with the number of spans in it; for a text, those in titles among them."""

    docs: Array
    tf: Array
    titles: Titles | None = None


class _Spans(NamedTuple):
    """First and last places, sorted, each pair once."""

    first: Array
    last: Array


#: No documents at all.
NOTHING = Counted(np.empty(0, np.uint16), np.empty(0, np.uint8))


class SpanFinder:
    """Finds spans in one field (text, title or quotes) of one segment."""

    def __init__(self, segment: Segment, field: str, asked: Slots) -> None:
        postings = segment.postings(field)
        self._lexicon = segment.dictionary
        self._asked = asked
        self._size = segment.quotes if field == QUOTES else segment.size
        self._starts, self._position_starts = postings.starts, postings.position_starts
        self._docs, self._tf = as_array(postings.docs), as_array(postings.tf)
        self._positions, self._members = as_array(postings.positions), as_array(postings.variants)
        self._bases = as_array(postings.doc_offsets)
        self._gap = segment.body_offset
        self._titles = SpanFinder(segment, "title", asked) if field == "text" else None
        if field == "title":
            self._title_places = as_array(postings.title_index)

    def count(self, leaf: Positional) -> Counted:
        """The documents that hold the leaf, and how often."""
        slots = self._asked.slots(leaf)
        if slots is None:
            places = self._spans(leaf).first
            return self._told_apart(places >> _DOC_BITS, places & _PART == 0)
        parts = list(map(self._parts, slots))
        if len(parts) < 2:
            return self._count_words(parts[0] if parts else [])
        return self._told_apart(*self._located(self._rows(parts)))

    def _told_apart(self, docs: Array, in_titles: Array) -> Counted:
        """The documents of spans, and those of the ones in titles."""
        if not len(docs):
            return NOTHING
        first = run_starts(docs)
        titles = None
        if self._titles is not None and in_titles.any():
            counts = np.add.reduceat(in_titles, first, dtype=np.uint32)
            places = (counts > 0).nonzero()[0]
            titles = Titles(places, counts.take(places))
        return Counted(docs.take(first).astype(np.uint32), run_lengths(first, len(docs)), titles)

    def _parts(self, slot: Slot) -> list[TermGroup]:
        if isinstance(slot, Prefix):
            return self._lexicon.groups_prefixed(slot.text)
        return self._lexicon.groups(slot)

    def _count_words(self, parts: Sequence[TermGroup]) -> Counted:
        """The documents of tokens; no position has two tokens, so that their counts add up."""
        if len(parts) == 1 and parts[0].variants is None:  # as it lies there
            family = parts[0].group
            return self._counted(family, self._titles._titled(family) if self._titles else None)
        found = self._added(parts)
        if self._titles is None:
            return found
        docs, tf, _ = self._titles._added(parts)
        titles = Titles(found.docs.searchsorted(docs), tf) if len(docs) else None
        return Counted(found.docs, found.tf, titles)

    def _counted(self, family: int, titles: Titles | None) -> Counted:
        """The documents of a whole family."""
        span = slice(self._starts[family], self._starts[family + 1])
        return Counted(self._docs[span], self._tf[span], titles)

    def _titled(self, family: int) -> Titles | None:
        """In the field of titles: where those with a family are among all that have it anywhere."""
        span = slice(self._starts[family], self._starts[family + 1])
        return Titles(self._title_places[span], self._tf[span]) if span.stop > span.start else None

    def _added(self, parts: Sequence[TermGroup]) -> Counted:
        """Each document once, with the sum of its counts."""
        lists = [self._partly(part) for part in parts if part.variants is not None]
        runs = self._runs([part.group for part in parts if part.variants is None])
        lists += [(self._docs[begin:end], self._tf[begin:end]) for begin, end in runs]
        if not lists:
            return NOTHING
        docs, tf = (np.concatenate(columns) for columns in zip(*lists))
        docs = docs.astype(np.uint32, copy=False)
        if len(docs) * _DENSE > self._size:
            sums = np.bincount(docs, tf, self._size)
            docs = (sums > 0).nonzero()[0]
            return Counted(docs.astype(np.uint32), sums.take(docs))
        order = docs.argsort(kind="stable")
        docs = docs[order]
        first = run_starts(docs)
        return Counted(docs[first], np.add.reduceat(tf[order], first, dtype=np.uint32))

    def _runs(self, families: Sequence[int]) -> list[tuple[int, int]]:
        """Where the postings of whole families lie; neighbours, as those of a prefix mostly are, together."""
        runs: list[tuple[int, int]] = []
        for family in families:
            begin, end = self._starts[family], self._starts[family + 1]
            if runs and runs[-1][1] == begin:
                runs[-1] = (runs[-1][0], end)
            else:
                runs.append((begin, end))
        return runs

    def _partly(self, part: TermGroup) -> tuple[Array, Array]:
        """The documents with some members of a family, and the counts of these."""
        span = slice(self._starts[part.group], self._starts[part.group + 1])
        docs, tf = self._docs[span], self._tf[span]
        if not len(docs):
            return docs, tf
        before = offsets(self._chosen(part)).take(offsets(tf))
        counts = (before[1:] - before[:-1]).astype(np.uint32)
        held = (counts > 0).nonzero()[0]
        return docs.take(held), counts.take(held)

    def _chosen(self, part: TermGroup) -> Array:
        """Which positions of a family are those of the members wanted."""
        family, members = part
        wanted = np.zeros(
            self._lexicon.group_starts[family + 1] - self._lexicon.group_starts[family], np.bool_
        )
        wanted[list(members or ())] = True
        return wanted.take(self._members[self._span(family)])

    def _span(self, family: int) -> slice:
        return slice(self._position_starts[family], self._position_starts[family + 1])

    def _positions_of(self, parts: Sequence[TermGroup]) -> Array:
        """The positions of tokens, ascending."""
        found = []
        for part in parts:
            positions = self._positions[self._span(part.group)]
            found.append(positions if part.variants is None else positions.compress(self._chosen(part)))
        if len(found) == 1:
            return found[0]
        together = np.concatenate(found)
        together.sort(kind="stable")
        return together

    def _spans(self, leaf: Positional) -> _Spans:
        match leaf:
            case Near():
                return self._near(leaf)
            case Or(parts=parts):
                found = [self._spans(part) for part in parts]  # type: ignore[arg-type]
                return _distinct(
                    np.concatenate([one.first for one in found]), np.concatenate([one.last for one in found])
                )
            case _:
                slots = list(map(self._parts, self._asked.slots(leaf) or ()))
                starts = self._rows(slots)
                docs, in_titles = self._located(starts)
                places = (starts - self._bases.take(docs)).astype(np.int64) + (docs << _DOC_BITS)
                if self._titles is not None:
                    places += np.where(in_titles, 0, _PART)
                return _Spans(places, places + (len(slots) - 1))

    def _rows(self, slots: Sequence[Sequence[TermGroup]]) -> Array:
        """The positions where tokens of each slot follow one another."""
        if not slots or not all(slots):
            return self._positions[:0]
        lists = [self._positions_of(parts) for parts in slots]
        rarest, *others = sorted(range(len(slots)), key=lambda n: len(lists[n]))
        starts = lists[rarest] - rarest
        for offset in others:
            if not len(starts):
                break
            starts = _common(starts + offset, lists[offset]) - offset
        return starts

    def _located(self, positions: Array) -> tuple[Array, Array]:
        """The document of each position, and whether it is in the title."""
        docs = self._bases.searchsorted(positions, side="right") - 1
        return docs, positions - self._bases.take(docs) < self._gap

    def _near(self, near: Near) -> _Spans:
        left, right = self._spans(near.left), self._spans(near.right)
        distance = min(near.distance, _FARTHEST)
        pairs = [_following(left, right, distance)]
        if not near.ordered:
            pairs.append(_following(right, left, distance))
        return _distinct(*(np.concatenate(ends) for ends in zip(*pairs)))


def _common(few: Array, many: Array) -> Array:
    """The positions in both sorted arrays. To sort two sorted runs takes a third of looking one up in the
    other, unless one is far longer."""
    if len(few) * _FAR_LONGER < len(many):
        return few.compress(many.take(many.searchsorted(few), mode="clip") == few)
    both = np.concatenate((few, many))
    both.sort(kind="stable")
    return both[1:].compress(both[1:] == both[:-1])


def _following(left: _Spans, right: _Spans, distance: int) -> tuple[Array, Array]:
    """Pairs where the right one begins after the left one ends, at most ``distance`` later."""
    low = np.searchsorted(right.first, left.last, side="right")
    high = np.searchsorted(right.first, left.last + distance, side="right")
    counts = high - low
    if int(counts.sum()) > _MOST_PAIRS:
        raise QueryTooBroad("The words of this NEAR are too common for so great a distance.")
    return np.repeat(left.first, counts), right.last[concatenated_ranges(low, counts)]


def _distinct(first: Array, last: Array) -> _Spans:
    """Sorted, each pair once."""
    order = np.lexsort((last, first))
    first, last = first[order], last[order]
    new = run_starts(first, last)
    return _Spans(first[new], last[new])
