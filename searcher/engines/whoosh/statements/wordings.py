"""Wordings: the words of utterances, folded, each once however many utterances have them.

A word is known by a checksum of 32 bits, a wording by one of 64: by these, utterances of different segments
are compared, and no article has to be unpacked for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple
from weakref import WeakKeyDictionary
from zlib import crc32

import numpy as np

from searcher.engines.whoosh.arrays import (
    DTYPES,
    Array,
    as_array,
    blocks,
    concatenated_ranges,
    offsets,
    sorted_unique,
    typecode,
)
from searcher.engines.whoosh.format.layout import encoded
from searcher.engines.whoosh.format.segment import Segment

__all__ = ["FACTOR", "SegmentUtterances", "Wordings", "keys_of", "mixed", "utterances_of", "word_checksums"]

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
        """The number of wordings."""
        return len(self.starts) - 1

    @property
    def lengths(self) -> Array:
        """The number of words of each."""
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
    """Return the utterances of a segment."""
    found = _opened.get(segment)
    if found is None:
        found = _opened[segment] = _read(segment)
    return found


def _read(segment: Segment) -> SegmentUtterances:
    words, vocabulary, lengths, quotes, counts, back = (
        as_array(segment.column(name))
        for name in (
            *("wording.words", "wording.vocabulary", "wording.lengths", "wording.quotes", "wording.counts"),
            "quote_back",
        )
    )
    wording_of = np.empty(segment.quotes, np.uint32)
    wording_of[quotes] = np.repeat(np.arange(len(counts), dtype=np.uint32), counts)
    later = np.flatnonzero(back)
    wording_of[later] = wording_of[later - back[later]]
    return SegmentUtterances(
        Wordings(offsets(lengths), words, vocabulary), quotes, offsets(counts), wording_of
    )


def word_checksums(words: Iterable[str]) -> Array:
    """Return the checksum of each word."""
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
