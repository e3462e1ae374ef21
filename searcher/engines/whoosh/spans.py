"""Where positional leaves match, on arrays: what :mod:`searcher.matching` defines, for a whole segment.

A place is one 64-bit number: the document, the part (title or body) and the position, so that places of
different parts are further apart than any distance that can be asked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, assert_never

import numpy as np

from searcher import words
from searcher.engines.whoosh.arrays import Array, changes, offsets, ranges, sizes, view
from searcher.engines.whoosh.layout import QUOTES
from searcher.engines.whoosh.segment import Part, Segment
from searcher.errors import QueryTooBroad
from searcher.query import Fuzzy, Near, Or, Phrase, Positional, Term, Wildcard

__all__ = ["Counted", "SpanFinder", "Expand"]

#: The surfaces that a wildcard or a misspelling stands for.
Expand = Callable[[Wildcard | Fuzzy], Sequence[str]]

_DOC_BITS, _PART = 33, 1 << 32
_FARTHEST = 1 << 31
#: Counting in an array of all documents is faster than sorting from about a twentieth of them on.
_DENSE = 16
#: Looking documents up in a list pays where it is so many times longer.
_LONG = 4
#: Pairs of words that one Near may look at.
_MOST_PAIRS = 20_000_000


class Counted(NamedTuple):
    """Documents, ascending, each with the number of spans in it. For a text, ``titles`` are those with spans
    in their titles, and the number of these."""

    docs: Array
    tf: Array
    titles: Counted | None = None


class _Spans(NamedTuple):
    """First and last places, sorted, each pair once."""

    first: Array
    last: Array


class _List(NamedTuple):
    """Documents, ascending, with the numbers of positions and the positions themselves."""

    docs: Array
    tf: Array
    positions: Array


_NOTHING = np.empty(0, np.uint32)
_NOWHERE = np.empty(0, np.int64)


class SpanFinder:
    """Finds spans in one field (text, title or quotes) of one segment."""

    def __init__(self, segment: Segment, field: str, expand: Expand) -> None:
        postings = segment.postings(field)
        self._lexicon = segment.lexicon
        self._expand = expand
        self._size = segment.quotes if field == QUOTES else segment.size
        self._starts, self._position_starts = postings.starts, postings.position_starts
        self._docs, self._tf = view(postings.docs), view(postings.tf)
        self._positions, self._members = view(postings.positions), view(postings.members)
        self._gap = segment.gap
        self._titles = SpanFinder(segment, "title", expand) if field == "text" else None

    def count(self, leaf: Positional) -> Counted:
        """The documents that hold the leaf, and how often."""
        slots = self._slots(leaf)
        if slots is not None and len(slots) < 2:
            return self._count_words(slots[0] if slots else [])
        places = self._spans(leaf).first
        if not len(places):
            return Counted(_NOTHING, _NOTHING)
        titles = None
        if self._titles is not None:
            in_titles = places[places & _PART == 0]
            titles = _counted(in_titles) if len(in_titles) else None
        return _counted(places)._replace(titles=titles)

    def _count_words(self, parts: Sequence[Part]) -> Counted:
        """The documents of tokens; no position has two tokens, so that their counts add up."""
        found = self._added(parts)
        if self._titles is None:
            return found
        titles = self._titles._added(parts)
        return found._replace(titles=titles) if len(titles.docs) else found

    def _added(self, parts: Sequence[Part]) -> Counted:
        """Each document once, with the sum of its counts."""
        if len(parts) == 1 and parts[0].members is None:  # as it lies there
            span = slice(self._starts[parts[0].family], self._starts[parts[0].family + 1])
            return Counted(self._docs[span], self._tf[span])
        lists = [one for part in parts if len((one := self._list(part)).docs)]
        if len(lists) < 2:
            return Counted(lists[0].docs, lists[0].tf) if lists else Counted(_NOTHING, _NOTHING)
        docs = np.concatenate([one.docs for one in lists])
        tf = np.concatenate([one.tf for one in lists])
        if len(docs) * _DENSE > self._size:
            sums = np.bincount(docs, tf, self._size)
            docs = (sums != 0).nonzero()[0].astype(np.uint32)
            return Counted(docs, sums[docs])
        order = docs.argsort(kind="stable")
        docs = docs[order]
        first = changes(docs)
        return Counted(docs[first], np.add.reduceat(tf[order], first, dtype=np.uint32))

    def _list(self, part: Part) -> _List:
        family, members = part
        span = slice(self._starts[family], self._starts[family + 1])
        places = slice(self._position_starts[family], self._position_starts[family + 1])
        docs, tf, positions = self._docs[span], self._tf[span], self._positions[places]
        if members is None or not len(docs):
            return _List(docs, tf, positions)
        wanted = np.zeros(self._lexicon.families[family + 1] - self._lexicon.families[family], np.bool_)
        wanted[list(members)] = True
        chosen = wanted[self._members[places]]
        counts = np.add.reduceat(chosen, offsets(tf)[:-1], dtype=np.uint32)
        held = counts.nonzero()[0]
        return _List(docs[held], counts[held], positions[chosen])

    def _slots(self, leaf: Positional) -> list[list[Part]] | None:
        """For leaves that are words in a row: the tokens that will do at each position."""
        tokens_of = self._lexicon.parts
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

    def _sequence(self, slots: list[list[Part]]) -> _Spans:
        """Where tokens of each slot follow one another.

        The rarest slot tells where the next one needs looking up, what they share where the one after that.
        """
        if not slots or not all(slots):
            return _Spans(_NOWHERE, _NOWHERE)
        lists = [[self._list(part) for part in parts] for parts in slots]
        rarest, *others = sorted(range(len(slots)), key=lambda n: sum(len(one.docs) for one in lists[n]))
        starts = _places(lists[rarest], None) - rarest
        for offset in others:
            if not len(starts):
                break
            starts = _common(starts, _places(lists[offset], starts >> _DOC_BITS) - offset)
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


def _counted(places: Array) -> Counted:
    """The documents of sorted places, and how many are in each."""
    docs = places >> _DOC_BITS
    first = changes(docs)
    return Counted(docs[first].astype(np.uint32), sizes(first, len(docs)))


def _places(lists: Sequence[_List], among: Array | None) -> Array:
    """The places of tokens, sorted; the part of the text is not yet in them. Of long lists only those
    in these documents, which may be repeated."""
    found = [_places_of(one, among) for one in lists]
    if len(found) == 1:
        return found[0]
    together = np.concatenate(found)
    together.sort(kind="stable")
    return together


def _places_of(one: _List, among: Array | None) -> Array:
    docs, tf, positions = one
    if among is not None and len(among) * _LONG < len(docs):
        at = docs.searchsorted(among.astype(docs.dtype))
        at[at == len(docs)] = 0
        chosen = at[docs[at] == among]
        chosen = chosen[changes(chosen)]
        ends = tf.cumsum(dtype=np.int64)[chosen]
        docs, tf = docs[chosen], tf[chosen]
        positions = positions[ranges(ends - tf, tf)]
    if len(positions) > len(docs):
        docs = docs.repeat(tf)
    places: Array = docs.astype(np.int64)
    places <<= _DOC_BITS
    places += positions
    return places


def _common(a: Array, b: Array) -> Array:
    """The places in both sorted arrays. To sort two sorted runs takes a third of looking one up in the
    other."""
    both = np.concatenate((a, b))
    both.sort(kind="stable")
    return both[1:].compress(both[1:] == both[:-1])


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
