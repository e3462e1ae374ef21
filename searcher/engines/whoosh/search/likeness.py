"""The likeness of wordings: which ones are one statement.

It is as :func:`searcher.statements.same` tells it, for many pairs at once.

A *wording* is the words of an utterance, folded, once however many utterances have it. A word is known by a
checksum of 32 bits, a wording by one of 64: by these, utterances of different segments are compared, and no
article has to be unpacked for it.

Pairs are looked for in two ways. Two that are the same share most pairs of neighbouring words of the shorter
one, and so some of its few rarest (*prefix filtering*: S. Chaudhuri, V. Ganti and R. Kaushik, "A
primitive operator for similarity joins in data cleaning", 2006): so a segment is compared with itself
(:func:`joined`). And they share a run of words: so few are looked for among many (:func:`probed`). What
very many share is compared with some of them only, so that the time grows with the words alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple
from weakref import WeakKeyDictionary
from zlib import crc32

import numpy as np

from searcher.engines.whoosh.arrays import (
    DTYPES,
    Array,
    Mask,
    as_array,
    blocks,
    concatenated_ranges,
    offsets,
    run_lengths,
    run_starts,
    sorted_unique,
    typecode,
)
from searcher.engines.whoosh.format.array_file import encoded
from searcher.engines.whoosh.format.segment import Segment
from searcher.query.deadline import check
from searcher.statements import BY_ANY, BY_ONE, MAX_COMPARED, MIN_HELD, SHINGLE, SHINGLES_A_CHANGE, says_more

#: An odd number whose multiples are spread over all numbers of 64 bits.
FACTOR = np.uint64(0x9E3779B97F4A7C15)
#: Words that are looked at together.
_MAX_BLOCK_WORDS = 1 << 19


@dataclass(frozen=True)
class Wordings:
    """Wordings in the order of their keys: that of number n has ``words[starts[n]:starts[n + 1]]``, which are
    numbers in the sorted ``vocabulary`` of checksums."""

    starts: Array
    words: Array
    vocabulary: Array

    @classmethod
    def made(cls, checksums: Array, counts: Array) -> tuple[Wordings, Array]:
        """Return wordings, each once, and the number of each one given: by the checksums of their words,
        joined, and how many words each has."""
        _, first, numbers = np.unique(keys_of(checksums, counts), return_index=True, return_inverse=True)
        begins, counts = offsets(counts)[first], counts[first]
        starts, vocabulary = offsets(counts), sorted_unique(checksums)
        words = np.empty(starts[-1], DTYPES[typecode(len(vocabulary), "H")])
        for low, high in blocks(counts, _MAX_BLOCK_WORDS):
            at = concatenated_ranges(begins[low:high], counts[low:high])
            words[starts[low] : starts[high]] = np.searchsorted(vocabulary, checksums[at])
        return cls(starts, words, vocabulary), numbers

    @property
    def size(self) -> int:
        return len(self.starts) - 1

    @property
    def lengths(self) -> Array:
        return np.diff(self.starts)

    @cached_property
    def frequencies(self) -> Array:
        """How often the wordings have each word."""
        return np.bincount(self.words, minlength=len(self.vocabulary))

    def checksums(self, numbers: Array) -> tuple[Array, Array]:
        """Return the checksums of the words of some wordings, joined, and the number of words of each."""
        starts = self.starts[numbers]
        counts = self.starts[numbers + 1] - starts
        return self.vocabulary[self.words[concatenated_ranges(starts, counts)]], counts

    def keys(self, numbers: Array) -> Array:
        """Return the keys of some wordings: equal ones have the same words."""
        return keys_of(*self.checksums(numbers))


class SegmentUtterances(NamedTuple):
    """The utterances of a segment by their wordings: those of wording n begin with the quotations
    ``quotes[starts[n]:starts[n + 1]]``. ``wording_of`` has the wording of each quotation's utterance."""

    wordings: Wordings
    quotes: Array
    starts: Array
    wording_of: Array


#: Those of open segments.
_opened: WeakKeyDictionary[Segment, SegmentUtterances] = WeakKeyDictionary()


def utterances_of(segment: Segment) -> SegmentUtterances:
    if (found := _opened.get(segment)) is None:
        found = _opened[segment] = _utterances_of(segment)
    return found


def _utterances_of(segment: Segment) -> SegmentUtterances:
    names = ("words", "vocabulary", "lengths", "quotes", "counts")
    words, vocabulary, lengths, quotes, counts = (as_array(segment.column(f"wording.{n}")) for n in names)
    back = as_array(segment.column("quote_back"))
    wording_of = np.empty(segment.quotes, np.uint32)
    wording_of[quotes] = np.repeat(np.arange(len(counts), dtype=np.uint32), counts)
    later = np.flatnonzero(back)
    wording_of[later] = wording_of[later - back[later]]
    wordings = Wordings(offsets(lengths), words, vocabulary)
    return SegmentUtterances(wordings, quotes, offsets(counts), wording_of)


def word_checksums(words: Iterable[str]) -> Array:
    return np.array([crc32(encoded(word)) for word in words], np.uint32)


def mixed(checksums: Array) -> Array:
    """Return numbers of 64 bits that tell as much as these checksums, each bit depending on all."""
    spread = checksums.astype(np.uint64) * FACTOR
    spread ^= spread >> np.uint64(32)
    return spread * FACTOR


def keys_of(checksums: Array, counts: Array) -> Array:
    """Return the key of each wording: a sum over its words, each mixed with its place."""
    keys, edges = np.empty(len(counts), np.uint64), offsets(counts)
    for low, high in blocks(counts, _MAX_BLOCK_WORDS):
        first, last = edges[low], edges[high]
        places = np.arange(first, last) - np.repeat(edges[low:high], counts[low:high])
        sums = np.zeros(last - first + 1, np.uint64)
        np.cumsum(mixed(checksums[first:last]) * mixed(places + 1), out=sums[1:])
        own = edges[low : high + 1] - first
        keys[low:high] = sums[own[1:]] - sums[own[:-1]]
    return keys + counts.astype(np.uint64) * FACTOR


#: Words of the shortest run that two share.
MIN_RUN = BY_ONE.run
#: Pairs that are compared together, those that are looked at together, and candidates made together.
_MAX_PAIRS, _MAX_NEAR, _MAX_CANDIDATES = 1 << 16, 1 << 17, 1 << 20
#: Shingles that are sorted together.
_MAX_SORTED_SHINGLES = 1 << 21
#: What a word has for the number of a shingle that begins with it, where none does.
_NO_NUMBER = 0xFFFFFFFF
#: The rare shingles that two must share to be compared: the 248,000 quotations of 80,000 articles took 2.3 s
#: with three, and 7.1 with one.
_MIN_SHARED_SHINGLES = 3
#: Bits of the checksum of a run of words, beside the number of its wording.
_RUN_BITS = np.uint64(44)
_RUN = (np.uint64(1) << _RUN_BITS) - np.uint64(1)
#: Bits of a signature. Quotations have 20 shingles mostly.
_SIGNATURE_BITS = 256


class Links(NamedTuple):
    """Pairs of wordings that are one statement if one speaker says both; ``by_any``: whoever says them."""

    left: Array
    right: Array
    by_any: Mask


def joined_links(links: Sequence[Links]) -> Links:
    none = Links(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.bool_))
    return Links(*map(np.concatenate, zip(none, *links)))


def joined(wordings: Wordings) -> Links:
    """Return the links among wordings, each once, the lesser number left."""
    return _compared(wordings, wordings, _Shingles(wordings).candidates())


class _Shingles:
    """The shingles of wordings, each once a wording, known by where they begin among the words. All that are
    the same two words have one number."""

    def __init__(self, wordings: Wordings) -> None:
        """A share of them is sorted at a time, which bounds the memory that this takes beside the results."""
        self._wordings, words = wordings, wordings.words
        begins = np.ones(len(words), np.bool_)
        begins[wordings.starts[1:][wordings.lengths > 0] - 1] = False
        short = np.flatnonzero(wordings.lengths < MIN_RUN)  # they can share no run
        begins[concatenated_ranges(wordings.starts[short], wordings.lengths[short])] = False
        self._numbers = np.full(len(words), _NO_NUMBER, np.uint32)
        self._counts = np.zeros(wordings.size, np.int64)
        shares = 1 + len(words) // _MAX_SORTED_SHINGLES
        order, starts, first_number = [np.empty(0, np.uint32)], [np.empty(0, np.int64)], 0
        for share in range(shares):
            some = begins & (words % words.dtype.type(shares) == share) if shares > 1 else begins
            at = np.flatnonzero(some)
            keys = paired(words[at], words[at + 1])
            by_key = np.argsort(keys, kind="stable")
            at, keys = at[by_key], keys[by_key]
            owners = self._owners(at)
            once = run_starts(keys, owners)
            at, keys, owners = at[once], keys[once], owners[once]
            new = run_starts(keys)
            sizes = run_lengths(new, len(keys))
            self._numbers[at] = np.repeat(np.arange(first_number, first_number + len(new)), sizes)
            self._counts += np.bincount(owners, minlength=wordings.size)
            starts.append(new + sum(map(len, order)))
            order.append(at.astype(np.uint32))
            first_number += len(new)
        self._order = np.concatenate(order)
        self._starts = np.append(np.concatenate(starts), len(self._order))

    def candidates(self) -> Iterator[tuple[Array, Array]]:
        """Yield the pairs that share enough of the rarest shingles of the one that has fewer; the lesser
        left."""
        for first, last in blocks(self._wordings.lengths, _MAX_CANDIDATES):
            at = np.arange(self._wordings.starts[first], self._wordings.starts[last])
            rarest = self._rarest(at[self._numbers[at] != _NO_NUMBER])
            sizes = self._sizes(rarest)
            edges = np.searchsorted(self._owners(rarest), np.arange(first, last + 1))
            compared = np.minimum(sizes, MAX_COMPARED)
            for low, high in blocks(np.diff(offsets(compared)[edges]), _MAX_CANDIDATES):
                some = slice(edges[low], edges[high])
                yield self._sharing(rarest[some], sizes[some])

    def _rarest(self, at: Array) -> Array:
        """Return the rarest of the shingles of some wordings, by wording: as many as may be broken, and
        :data:`_MIN_SHARED_SHINGLES` more. Those that no other wording has are left out."""
        sizes, owners = self._sizes(at), self._owners(at)
        order = np.lexsort((sizes, owners))
        at, sizes, owners = at[order], sizes[order], owners[order]
        begins = run_starts(owners)
        ranks = np.arange(len(owners)) - np.repeat(begins, run_lengths(begins, len(owners)))
        rarest: Array = at[(ranks < _max_broken(self._counts[owners]) + _MIN_SHARED_SHINGLES) & (sizes > 1)]
        return rarest

    def _sharing(self, at: Array, sizes: Array) -> tuple[Array, Array]:
        """Return the pairs of which the wording that has fewer shares enough of these shingles of its own.
        Those that very many have count as shared. Where they alone might be enough, the rarest of them is
        looked up too, for some of its wordings."""
        if not len(at):
            return np.empty(0, np.int64), np.empty(0, np.int64)
        owners, counts = self._owners(at), self._counts
        begins = run_starts(owners)
        lengths = run_lengths(begins, len(owners))
        common = sizes > MAX_COMPARED
        commons = np.repeat(np.add.reduceat(common.astype(np.int64), begins), lengths)
        enough = np.minimum(_MIN_SHARED_SHINGLES, counts[owners] - _max_broken(counts[owners])) - commons
        first_common = common.copy()
        first_common[1:] &= ~common[:-1] | (owners[1:] != owners[:-1])
        wanted = ~common | (first_common & (enough <= 0))
        needed = np.ones(owners[-1] + 1 - owners[0], np.int64)
        needed[owners - owners[0]] = np.maximum(enough, 1)
        lowest, at, owners, sizes = owners[0], at[wanted], owners[wanted], sizes[wanted]
        starts, sizes = _window(self._starts[self._numbers[at]], sizes, owners)
        one = np.repeat(owners, sizes)
        other = self._owners(self._order[concatenated_ranges(starts, sizes)])
        fewer = (counts[one] < counts[other]) | ((counts[one] == counts[other]) & (one < other))
        pairs = np.sort(paired(one[fewer], other[fewer]))
        new = run_starts(pairs)
        one, other = parted(pairs[new])
        shared = run_lengths(new, len(pairs)) >= needed[one - lowest]
        return np.minimum(one, other)[shared], np.maximum(one, other)[shared]

    def _sizes(self, at: Array) -> Array:
        """Return how many wordings have each of these shingles."""
        numbers = self._numbers[at].astype(np.int64)
        sizes: Array = self._starts[numbers + 1] - self._starts[numbers]
        return sizes

    def _owners(self, at: Array) -> Array:
        """Return the wording that each of these words is in."""
        return np.searchsorted(self._wordings.starts, at, side="right") - 1


def probed(few: Wordings, many: Wordings) -> Links:
    """Return the links between wordings of two segments: those of the first left, of the second right."""
    return _compared(few, many, _sharing_runs(few, many))


def _sharing_runs(few: Wordings, many: Wordings) -> Iterator[tuple[Array, Array]]:
    """Yield the pairs that share a run of words. Many are gone through once, for the rarest word of each run
    of the few."""
    checksums, counts = few.checksums(np.arange(few.size))
    owners, runs = _word_runs(checksums, counts, MIN_RUN)
    if not len(runs) or not len(many.words):
        return
    order = np.argsort(runs, kind="stable")
    owners, runs = owners[order], runs[order]
    had, places = _anchors(checksums, counts, many)
    rarest: Mask = np.logical_or.reduce(places)
    at = np.flatnonzero(rarest[many.words])
    found = []
    for back in range(MIN_RUN):
        start = at[places[back][many.words[at]]] - back
        start = start[(start >= 0) & (start + MIN_RUN <= len(many.words))]
        start = start[had[many.words[start]] & had[many.words[start + MIN_RUN - 1]]]
        other = np.searchsorted(many.starts, start, side="right") - 1
        inside = start + MIN_RUN <= many.starts[other + 1]
        start, other = start[inside], other[inside]
        words = many.vocabulary[many.words[start[:, None] + np.arange(MIN_RUN)]]
        _, keys = _word_runs(words.reshape(-1), np.full(len(start), MIN_RUN), MIN_RUN)
        first, last = np.searchsorted(runs, keys), np.searchsorted(runs, keys, side="right")
        had_by = np.flatnonzero(last > first)
        found.append((first[had_by], (last - first)[had_by], other[had_by]))
    first, sizes, other = map(np.concatenate, zip(*found))
    order = np.argsort(other, kind="stable")
    other = other[order]
    first, sizes = _window(first[order], sizes[order], other)
    edges = np.append(run_starts(other), len(other))
    for low, high in blocks(np.diff(offsets(sizes)[edges]), _MAX_CANDIDATES):
        some = slice(edges[low], edges[high])
        left = owners[concatenated_ranges(first[some], sizes[some])]
        yield parted(sorted_unique(paired(left, np.repeat(other[some], sizes[some]))))


def _window(starts: Array, sizes: Array, numbers: Array) -> tuple[Array, Array]:
    """Return where the ranges begin that wordings of these numbers are compared with, and their sizes: of a
    long one a part, which is another for each number."""
    compared = np.minimum(sizes, MAX_COMPARED)
    return starts + numbers % (sizes - compared + 1), compared


def paired(one: Array, other: Array) -> Array:
    """Return each two numbers of 32 bits as one."""
    return one.astype(np.uint64) << np.uint64(32) | other.astype(np.uint64)


def parted(pairs: Array) -> tuple[Array, Array]:
    """Return the two numbers of 32 bits that each of these was made of."""
    return (pairs >> np.uint64(32)).astype(np.int64), (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64)


def _anchors(checksums: Array, counts: Array, many: Wordings) -> tuple[Mask, Mask]:
    """Tell of each word of many whether the few have it, and for each place in a run whether it stands there
    as the word of a run of the few that is rarest among the many."""
    at = np.searchsorted(many.vocabulary, checksums)
    known = many.vocabulary.take(at, mode="clip") == checksums
    numbers = np.where(known, at, 0)
    frequency = np.where(known, many.frequencies[numbers], 0)
    starts = concatenated_ranges(offsets(counts)[:-1], np.maximum(counts - MIN_RUN + 1, 0))
    windows = starts[:, None] + np.arange(MIN_RUN)
    windows = windows[(frequency[windows] > 0).all(axis=1)]
    rarest = frequency[windows].argmin(axis=1)
    places = np.zeros((MIN_RUN, len(many.vocabulary)), np.bool_)
    places[rarest, numbers[windows[np.arange(len(windows)), rarest]]] = True
    had = np.zeros(len(many.vocabulary), np.bool_)
    had[at[known]] = True
    return had, places


def _compared(left: Wordings, right: Wordings, candidates: Iterator[tuple[Array, Array]]) -> Links:
    """Return those of the candidates that are the same. None is passed over because others join it: articles
    with these may be deleted, or their kind of quotation not asked for."""
    found: list[Links] = []
    for one, other in candidates:
        for low in range(0, len(one), _MAX_NEAR):
            a, b = one[low : low + _MAX_NEAR], other[low : low + _MAX_NEAR]
            near = _close(left, right, a, b)
            found += _linked(left, right, a[near], b[near])
    return joined_links(found)


def _linked(left: Wordings, right: Wordings, one: Array, other: Array) -> Iterator[Links]:
    """Yield those of the pairs that are the same."""
    for low in range(0, len(one), _MAX_PAIRS):
        check()
        a, b = one[low : low + _MAX_PAIRS], other[low : low + _MAX_PAIRS]
        by_one, by_any = _same(left, right, a, b)
        yield Links(a[by_one], b[by_one], by_any[by_one])


def _close(left: Wordings, right: Wordings, one: Array, other: Array) -> Mask:
    """Tell of each pair whether it may be the same: few of the bits by which their shingles are known are in
    one text alone. It takes a twentieth of the time of comparing them."""
    ours, theirs = _Signatures(left, one), _Signatures(right, other)
    broken = np.minimum(ours.beyond(theirs), theirs.beyond(ours))
    near: Mask = broken <= _max_broken(np.minimum(ours.shingles, theirs.shingles))
    return near


class _Signatures:
    """For each of some wordings the bits by which its shingles are known, several perhaps by one."""

    def __init__(self, wordings: Wordings, numbers: Array) -> None:
        numbers, at = np.unique(numbers, return_inverse=True)
        checksums, counts = wordings.checksums(numbers)
        owners, runs = _word_runs(checksums, counts, SHINGLE)
        known = np.zeros((len(numbers), _SIGNATURE_BITS), np.bool_)
        known[owners, runs % np.uint64(_SIGNATURE_BITS)] = True
        self._bits = np.packbits(known, axis=1).view(np.uint64)[at]
        #: How many shingles each has, those that come again counted again.
        self.shingles = np.maximum(counts - SHINGLE + 1, 0)[at]

    def beyond(self, others: _Signatures) -> Array:
        """Return how many bits each has that another has not."""
        beyond: Array = np.bitwise_count(self._bits & ~others._bits).sum(axis=1, dtype=np.int64)
        return beyond


def _same(left: Wordings, right: Wordings, one: Array, other: Array) -> tuple[Mask, Mask]:
    """Tell of each pair of wordings whether it is one statement, or the longer one holds the other, by one
    speaker, and by anybody."""
    shared, ours, theirs = _common(left, right, one, other, SHINGLE)
    fewer = np.minimum(ours, theirs)
    close = fewer - shared <= _max_broken(fewer)
    shared, ours, theirs = _common(left, right, one, other, BY_ONE.run)
    lengths = left.lengths[one], right.lengths[other]
    short, long = np.minimum(*lengths), np.maximum(*lengths)
    more = says_more(short, long)
    held = (short >= BY_ANY.equal) & (shared > MIN_HELD * np.where(long > lengths[0], ours, theirs))
    by_one = close & np.where(more, held, shared > 0)
    by_any = more | (_common(left, right, one, other, BY_ANY.run)[0] > 0)
    alike = np.flatnonzero((short == long) & (short >= BY_ANY.equal))
    by_any[alike] |= left.keys(one[alike]) == right.keys(other[alike])
    return by_one, by_one & by_any


def _common(
    left: Wordings, right: Wordings, one: Array, other: Array, length: int
) -> tuple[Array, Array, Array]:
    """Return how many runs of so many words both wordings of each pair have, and how many each has, each run
    once. Those of the one that has fewer are looked up: a long one may be in very many pairs."""
    sides = [_Runs(left, one, length), _Runs(right, other, length)]
    ours, theirs = (side.counts for side in sides)
    shared = np.zeros(len(one), np.int64)
    for (few, many), pairs in zip((sides, sides[::-1]), (ours <= theirs, ours > theirs)):
        at = np.flatnonzero(pairs)
        pair = np.repeat(at, few.counts[at])
        runs = few.keys[concatenated_ranges(few.starts[few.nth[at]], few.counts[at])]
        wanted = many.nth[pair].astype(np.uint64) << _RUN_BITS | runs & _RUN
        found = np.searchsorted(many.keys, wanted)
        shared += np.bincount(pair[many.keys.take(found, mode="clip") == wanted], minlength=len(one))
    return shared, ours, theirs


class _Runs:
    """The runs of so many words of some wordings, each once a wording, by the number of the wording among
    those that differ: ``nth`` for each, with the ``counts`` and ``starts`` of their ``keys``."""

    def __init__(self, wordings: Wordings, numbers: Array, length: int) -> None:
        numbers, self.nth = np.unique(numbers, return_inverse=True)
        owners, runs = _word_runs(*wordings.checksums(numbers), length)
        self.keys = sorted_unique(owners.astype(np.uint64) << _RUN_BITS | runs)
        counts = np.bincount((self.keys >> _RUN_BITS).astype(np.int64), minlength=len(numbers))
        self.starts, self.counts = offsets(counts), counts[self.nth]


def _max_broken(shingles: Array) -> Array:
    """Return how many of so many shingles may be others."""
    return SHINGLE * (shingles // SHINGLES_A_CHANGE)


def _word_runs(checksums: Array, counts: Array, length: int) -> tuple[Array, Array]:
    """Return the runs of so many words in texts that are given one after another: the text that each is in,
    and its checksum."""
    words = mixed(checksums)
    numbers = np.maximum(counts - length + 1, 0)
    owners = np.repeat(np.arange(len(counts)), numbers)
    at = concatenated_ranges(offsets(counts)[:-1], numbers)
    runs = words[at]
    for further in range(1, length):
        runs *= FACTOR
        runs += words[at + further]
    return owners, (runs * FACTOR) >> (np.uint64(64) - _RUN_BITS)
