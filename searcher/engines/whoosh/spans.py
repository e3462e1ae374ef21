"""Where positional leaves match, on arrays: what :mod:`searcher.matching` defines, for a whole segment.

A place is one 64-bit number: the document, the part (title or body) and the position, so that places of
different parts are further apart than any distance that can be asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, assert_never

import numpy as np
import numpy.typing as npt

from searcher import words
from searcher.engines.whoosh.arrays import Array, changes, ranges, view
from searcher.engines.whoosh.segment import Postings, Segment
from searcher.errors import QueryTooBroad
from searcher.query import Fuzzy, Near, Or, Phrase, Positional, Term, Wildcard

__all__ = ["Counted", "SpanFinder", "Expand"]

#: The surfaces that a wildcard or a misspelling stands for.
Expand = Callable[[Wildcard | Fuzzy], Sequence[str]]

_DOC_BITS, _PART = 33, 1 << 32
_FARTHEST = 1 << 31
#: Pairs of words that one Near may look at.
_MOST_PAIRS = 20_000_000


class Counted(NamedTuple):
    """Documents of a segment, ascending, each with the number of spans in it, and of those in its title where
    that is known."""

    docs: Array
    tf: Array
    titled: Array | None = None


class _Spans(NamedTuple):
    """First and last places, sorted, each pair once."""

    first: Array
    last: Array


_NOWHERE = Counted(np.empty(0, np.uint32), np.empty(0, np.uint32))


@dataclass(frozen=True, slots=True)
class SpanFinder:
    """Finds spans in one field (text, title or quotes) of one segment."""

    segment: Segment
    field: str
    expand: Expand

    @property
    def _postings(self) -> Postings:
        return self.segment.postings(self.field)

    def count(self, leaf: Positional) -> Counted:
        """The documents that hold the leaf, and how often."""
        slots = self._slots(leaf)
        if slots is not None and len(slots) < 2:
            return self.having(slots[0]) if slots else _NOWHERE
        places = self._spans(leaf).first
        docs = places >> _DOC_BITS
        first = changes(docs)
        if not len(first):
            return _NOWHERE
        titled = np.add.reduceat(places & _PART == 0, first, dtype=np.int64)
        return Counted(docs[first].astype(np.uint32), np.diff(np.append(first, len(docs))), titled)

    def _slots(self, leaf: Positional) -> list[list[int]] | None:
        """For leaves that are words in a row: the tokens that will do at each position."""
        tokens_of = self.segment.lexicon.tokens_of
        match leaf:
            case Term(text=text, exact=exact):
                return [tokens_of(forms) for forms in words.sought(text, exact)]
            case Phrase(text=text):
                return [tokens_of(forms) for forms in words.sought(text)]
            case Wildcard() | Fuzzy():
                return [tokens_of(tuple(self.expand(leaf)))]
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
        """Where tokens of each slot follow one another."""
        nowhere = np.empty(0, np.int64)
        if not slots or not all(slots):
            return _Spans(nowhere, nowhere)
        candidates = self._holding(slots)
        if candidates is not None and not candidates.any():
            return _Spans(nowhere, nowhere)
        starts: Array | None = None
        for offset in sorted(range(len(slots)), key=lambda n: self._size(slots[n])):
            places = self._places(slots[offset], candidates) - offset
            starts = places if starts is None else _common(starts, places)
        assert starts is not None
        return _Spans(starts, starts + (len(slots) - 1))

    def _near(self, near: Near) -> _Spans:
        left, right = self._spans(near.left), self._spans(near.right)
        distance = min(near.distance, _FARTHEST)
        pairs = [_following(left, right, distance)]
        if not near.ordered:
            pairs.append(_following(right, left, distance))
        return _distinct(*(np.concatenate(ends) for ends in zip(*pairs)))

    def _holding(self, slots: list[list[int]]) -> npt.NDArray[np.bool_] | None:
        """The documents that have every slot; None for one slot, where that narrows nothing."""
        if len(slots) < 2:
            return None
        size = self.segment.quotes if self.field == "quotes" else self.segment.size
        held = np.ones(size, np.bool_)
        for tokens in slots:
            here = np.zeros(size, np.bool_)
            here[self._postings_of(tokens)[0]] = True
            held &= here
        return held

    def _size(self, tokens: list[int]) -> int:
        starts = self._postings.position_starts
        return sum(starts[token + 1] - starts[token] for token in tokens)

    def having(self, tokens: Sequence[int]) -> Counted:
        """The documents of tokens; no position has two tokens, so that their counts add up."""
        docs, tf = self._postings_of(tokens)
        held = [token for token in tokens if self._postings.starts[token] < self._postings.starts[token + 1]]
        return Counted(docs, tf) if len(held) < 2 else _added(docs, tf)

    def _postings_of(self, tokens: Sequence[int]) -> tuple[Array, Array]:
        """Documents and counts of the tokens, one list after another."""
        postings = self._postings
        runs = list(_runs(postings.starts, tokens))
        return _cut(postings.docs, runs), _cut(postings.tf, runs)

    def _places(self, tokens: Sequence[int], candidates: npt.NDArray[np.bool_] | None) -> Array:
        """The places of tokens in the candidates, sorted."""
        docs, tf = self._postings_of(tokens)
        positions = _cut(self._postings.positions, list(_runs(self._postings.position_starts, tokens)))
        if candidates is not None:
            chosen = candidates[docs]
            if not chosen.all():
                begins = np.cumsum(tf, dtype=np.int64) - tf
                docs, tf = docs[chosen], tf[chosen]
                positions = positions[ranges(begins[chosen], tf)]
        places: Array = (np.repeat(docs, tf).astype(np.int64) << _DOC_BITS) + positions
        if self.field == "text":
            places += (positions >= self.segment.gap).astype(np.int64) << 32
        if len(tokens) > 1:
            places.sort()
        return places


def _runs(starts: memoryview, tokens: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Where the entries of tokens lie; those of neighbours in one piece, those that have none left out."""
    begin = end = 0
    for token in tokens:
        first, last = starts[token], starts[token + 1]
        if first == end:
            end = last
            continue
        if begin < end:
            yield begin, end
        begin, end = first, last
    if begin < end:
        yield begin, end


def _cut(column: memoryview, runs: Sequence[tuple[int, int]]) -> Array:
    whole = view(column)
    if len(runs) == 1:
        return whole[runs[0][0] : runs[0][1]]
    return np.concatenate([whole[begin:end] for begin, end in runs]) if runs else whole[:0]


def _added(docs: Array, tf: Array) -> Counted:
    """Each document once, with the sum of its counts."""
    order = np.argsort(docs, kind="stable")
    docs = docs[order]
    first = changes(docs)
    return Counted(docs[first], np.add.reduceat(tf[order], first, dtype=np.uint32))


def _common(few: Array, many: Array) -> Array:
    """The places in both sorted arrays."""
    if not len(few) or not len(many):
        return few[:0]
    at = np.searchsorted(many, few)
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
