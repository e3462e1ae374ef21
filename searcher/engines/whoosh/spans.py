"""Where positional leaves match, on arrays: what :mod:`searcher.matching` defines, for a whole segment.

A place is one 64-bit number: the document, the part (title or body) and the position, so that places of
different parts are further apart than any distance that can be asked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, assert_never

import numpy as np

from searcher import words
from searcher.engines.whoosh.arrays import Array, changes, ranges, sizes, view
from searcher.engines.whoosh.layout import QUOTES
from searcher.engines.whoosh.segment import Segment
from searcher.errors import QueryTooBroad
from searcher.query import Fuzzy, Near, Or, Phrase, Positional, Term, Wildcard

__all__ = ["Counted", "SpanFinder", "Expand"]

#: The surfaces that a wildcard or a misspelling stands for.
Expand = Callable[[Wildcard | Fuzzy], Sequence[str]]

_DOC_BITS, _PART = 33, 1 << 32
_FARTHEST = 1 << 31
#: Counting in an array of all documents is faster than sorting from about a twentieth of them on.
_DENSE = 16
#: Pairs of words that one Near may look at.
_MOST_PAIRS = 20_000_000


class Counted(NamedTuple):
    """Documents, ascending, each with the number of spans in it; in text, also of those in its title."""

    docs: Array
    tf: Array
    titled: Array | None = None


class _Spans(NamedTuple):
    """First and last places, sorted, each pair once."""

    first: Array
    last: Array


class _Entries(NamedTuple):
    """The postings of some tokens, one list after another, and how many lists that are."""

    docs: Array
    tf: Array
    lists: int


_NOTHING = np.empty(0, np.uint32)
_NOWHERE = np.empty(0, np.int64)


class SpanFinder:
    """Finds spans in one field (text, title or quotes) of one segment."""

    def __init__(self, segment: Segment, field: str, expand: Expand) -> None:
        postings = segment.postings(field)
        self._tokens_of = segment.lexicon.tokens_of
        self._expand = expand
        self._size = segment.quotes if field == QUOTES else segment.size
        self._starts, self._position_starts = postings.starts, postings.position_starts
        self._docs, self._tf = view(postings.docs), view(postings.tf)
        self._positions = view(postings.positions)
        self._gap = segment.gap
        self._titles = SpanFinder(segment, "title", expand) if field == "text" else None

    def count(self, leaf: Positional) -> Counted:
        """The documents that hold the leaf, and how often."""
        slots = self._slots(leaf)
        if slots is not None and len(slots) < 2:
            return self._count_tokens(slots[0] if slots else [])
        places = self._spans(leaf).first
        docs = places >> _DOC_BITS
        first = changes(docs)
        if not len(first):
            return Counted(_NOTHING, _NOTHING, _NOTHING)
        tf = sizes(first, len(docs))
        titled = None
        if self._titles is not None:
            titled = np.add.reduceat(places & _PART == 0, first, dtype=np.int64)
        return Counted(docs[first].astype(np.uint32), tf, titled)

    def _count_tokens(self, tokens: Sequence[int]) -> Counted:
        """The documents of tokens; no position has two tokens, so that their counts add up."""
        entries = self._entries(tokens)
        docs, tf = (entries.docs, entries.tf) if entries.lists < 2 else self._added(entries)
        if self._titles is None:
            return Counted(docs, tf)
        titles = self._titles._entries(tokens)
        places = docs.searchsorted(titles.docs)
        return Counted(docs, tf, np.bincount(places, titles.tf, len(docs)))

    def _added(self, entries: _Entries) -> tuple[Array, Array]:
        """Each document once, with the sum of its counts."""
        docs, tf, _ = entries
        if len(docs) * _DENSE > self._size:
            sums = np.bincount(docs, tf, self._size)
            docs = (sums != 0).nonzero()[0].astype(np.uint32)
            return docs, sums[docs]
        order = docs.argsort(kind="stable")
        docs = docs[order]
        first = changes(docs)
        return docs[first], np.add.reduceat(tf[order], first, dtype=np.uint32)

    def _slots(self, leaf: Positional) -> list[list[int]] | None:
        """For leaves that are words in a row: the tokens that will do at each position."""
        tokens_of = self._tokens_of
        match leaf:
            case Term(text=text, exact=exact):
                return [tokens_of(forms) for forms in words.sought(text, exact)]
            case Phrase(text=text):
                return [tokens_of(forms) for forms in words.sought(text)]
            case Wildcard() | Fuzzy():
                return [tokens_of(tuple(self._expand(leaf)))]
            case Near() | Or():
                return None
            case _:
                assert_never(leaf)

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
                return self._sequence(self._slots(leaf) or [])

    def _sequence(self, slots: list[list[int]]) -> _Spans:
        """Where tokens of each slot follow one another.

        The rarest slot tells where the next one needs looking up, what they share where the one after that.
        """
        if not slots or not all(slots):
            return _Spans(_NOWHERE, _NOWHERE)
        entries = [self._entries(tokens) for tokens in slots]
        rarest, *others = sorted(range(len(slots)), key=lambda n: len(entries[n].docs))
        starts: Array | None = None
        docs = entries[rarest].docs
        for offset in others:
            places = self._places(slots[offset], entries[offset], docs) - offset
            if starts is None:
                starts = self._places(slots[rarest], entries[rarest], places >> _DOC_BITS) - rarest
            starts = _common(starts, places)
            docs = starts >> _DOC_BITS
            if not len(starts):
                return _Spans(_NOWHERE, _NOWHERE)
        if starts is None:
            starts = self._places(slots[rarest], entries[rarest], None)
        if self._titles is not None:
            starts += ((starts & (_PART - 1)) >= self._gap).astype(np.int64) << 32
        return _Spans(starts, starts + (len(slots) - 1))

    def _near(self, near: Near) -> _Spans:
        left, right = self._spans(near.left), self._spans(near.right)
        distance = min(near.distance, _FARTHEST)
        pairs = [_following(left, right, distance)]
        if not near.ordered:
            pairs.append(_following(right, left, distance))
        return _distinct(*(np.concatenate(ends) for ends in zip(*pairs)))

    def _entries(self, tokens: Sequence[int]) -> _Entries:
        starts, runs, lists = self._starts, [], 0
        for token in tokens:
            begin, end = starts[token], starts[token + 1]
            if begin < end:
                runs.append((begin, end))
                lists += 1
        if lists == 1:
            begin, end = runs[0]
            return _Entries(self._docs[begin:end], self._tf[begin:end], 1)
        return _Entries(_cut(self._docs, runs), _cut(self._tf, runs), lists)

    def _places(self, tokens: Sequence[int], entries: _Entries, among: Array | None) -> Array:
        """The places of tokens in these documents, sorted; the part of the text is not yet in them."""
        docs, tf, lists = entries
        starts = self._position_starts
        positions = _cut(self._positions, [(starts[token], starts[token + 1]) for token in tokens])
        if among is not None:
            wanted = np.zeros(self._size, np.bool_)
            wanted[among] = True
            chosen = wanted[docs].nonzero()[0]
            if len(chosen) < len(docs):
                ends = np.cumsum(tf, dtype=np.int64)[chosen]
                docs, tf = docs[chosen], tf[chosen]
                positions = positions[ranges(ends - tf, tf)]
        if len(positions) > len(docs):
            docs = np.repeat(docs, tf)
        places: Array = docs.astype(np.int64)
        places <<= _DOC_BITS
        places += positions
        if lists > 1:
            places.sort()
        return places


def _cut(column: Array, runs: Sequence[tuple[int, int]]) -> Array:
    """The entries in these places, one run after another."""
    if len(runs) == 1:
        return column[runs[0][0] : runs[0][1]]
    return np.concatenate([column[begin:end] for begin, end in runs]) if runs else column[:0]


def _common(few: Array, many: Array) -> Array:
    """The places in both sorted arrays."""
    if not len(few) or not len(many):
        return few[:0]
    at = many.searchsorted(few)
    at[at == len(many)] = 0
    both: Array = few[many[at] == few]
    return both


def _following(left: _Spans, right: _Spans, distance: int) -> tuple[Array, Array]:
    """Pairs where the right one begins after the left one ends, at most ``distance`` later."""
    low = np.searchsorted(right.first, left.last, side="right")
    high = np.searchsorted(right.first, left.last + distance, side="right")
    counts = high - low
    if int(counts.sum()) > _MOST_PAIRS:
        raise QueryTooBroad("The words of this NEAR are too common for so great a distance.")
    return np.repeat(left.first, counts), right.last[ranges(low, counts)]


def _distinct(first: Array, last: Array) -> _Spans:
    """Sorted, each pair once."""
    order = np.lexsort((last, first))
    first, last = first[order], last[order]
    new = changes(first, last)
    return _Spans(first[new], last[new])
