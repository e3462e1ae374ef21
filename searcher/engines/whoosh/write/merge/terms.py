"""The union of sorted term lists, made a window of terms at a time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, compress

import numpy as np

from searcher.engines.whoosh.arrays import Array, Mask
from searcher.engines.whoosh.format.segment import TermList

__all__ = ["TermUnion", "merge_sorted", "windows"]

Key = Callable[[bytes], bytes]
#: Terms of one list that are in memory together.
_MAX_WINDOW_TERMS = 1 << 13


class TermUnion:
    """The terms in use of several lists, each once, in the order of their bytes or of a key made of these.

    ``numbers`` has for each list an array that maps its term numbers to those of the union; it is complete
    once :meth:`windows` is exhausted. An unused term has the number of the term before it, so that the
    numbers of a list never fall.
    """

    def __init__(self, lists: Sequence[TermList], used: Sequence[Mask], key: Key = bytes) -> None:
        self._lists = lists
        self._used = used
        self._key = key
        self.numbers: list[Array] = [np.zeros(len(terms), np.uint32) for terms in lists]

    def windows(self) -> Iterator[list[bytes]]:
        """Yield the terms of the union, some at a time."""
        done = 0
        for spans in windows(self._lists, self._key):
            read = [list(terms.terms(span.start, span.stop)) for terms, span in zip(self._lists, spans)]
            flags = [used[span.start : span.stop].tolist() for used, span in zip(self._used, spans)]
            union = merge_sorted(map(compress, read, flags), self._key)
            number = dict(zip(union, range(done, done + len(union))))
            for numbers, span, terms in zip(self.numbers, spans, read):
                numbers[span.start : span.stop] = [number.get(term, 0) for term in terms]
            done += len(union)
            yield union
        for numbers in self.numbers:
            np.maximum.accumulate(numbers, out=numbers)


def merge_sorted(lists: Iterable[Iterable[bytes]], key: Key = bytes) -> list[bytes]:
    """Return the terms of sorted lists, each once, sorted: ``sorted`` is fast with runs that are in order."""
    return sorted(dict.fromkeys(chain.from_iterable(lists)), key=key)


def windows(lists: Sequence[TermList], key: Key = bytes) -> Iterator[list[range]]:
    """Yield for each window the range of every list that lies in it.

    Equal terms are in the same window, and the terms of a window sort before those of the next one.
    """
    starts = [0] * len(lists)
    while any(start < len(terms) for start, terms in zip(starts, lists)):
        stops = [min(start + _MAX_WINDOW_TERMS, len(terms)) for start, terms in zip(starts, lists)]
        last = [key(terms.term(stop - 1)) for terms, stop in zip(lists, stops) if stop < len(terms)]
        if last:
            bound = min(last)
            stops = [_after(terms, bound, key, *span) for terms, *span in zip(lists, starts, stops)]
        yield list(map(range, starts, stops))
        starts = stops


def _after(terms: TermList, bound: bytes, key: Key, start: int, stop: int) -> int:
    """Return the number of the first term whose key is above ``bound``."""
    return bisect_right(range(stop), bound, start, key=lambda number: key(terms.term(number)))
