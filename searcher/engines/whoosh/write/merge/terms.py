"""Several sorted lists of terms as one, a window of them at a time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, compress

import numpy as np
import numpy.typing as npt

from searcher.engines.whoosh.format.segment import Terms
from searcher.engines.whoosh.search.arrays import Array

__all__ = ["Mask", "Union", "merged", "windows"]

Mask = npt.NDArray[np.bool_]
Key = Callable[[bytes], bytes]
#: Terms of one list that are in memory together.
_WINDOW = 1 << 13


class Union:
    """The used terms of all lists, each once, in the order of their bytes or of a key made of these.

    ``numbers`` tells, once :meth:`windows` has come to its end, for each list which term of the union each of
    its terms is (that of the one before where a term is unused, so that numbers never fall).
    """

    def __init__(self, lists: Sequence[Terms], used: Sequence[Mask], key: Key = bytes) -> None:
        self._lists = lists
        self._used = used
        self._key = key
        self.numbers: list[Array] = [np.zeros(len(some), np.uint32) for some in lists]

    def windows(self) -> Iterator[list[bytes]]:
        done = 0
        for spans in windows(self._lists, self._key):
            own = [list(some.terms(span.start, span.stop)) for some, span in zip(self._lists, spans)]
            flags = [used[span.start : span.stop].tolist() for used, span in zip(self._used, spans)]
            terms = merged(map(compress, own, flags), self._key)
            place = dict(zip(terms, range(done, done + len(terms))))
            for numbers, span, some in zip(self.numbers, spans, own):
                numbers[span.start : span.stop] = [place.get(term, 0) for term in some]
            done += len(terms)
            yield terms
        for numbers in self.numbers:
            np.maximum.accumulate(numbers, out=numbers)


def merged(lists: Iterable[Iterable[bytes]], key: Key = bytes) -> list[bytes]:
    """The terms of sorted lists, each once, sorted: runs that are in order are what sorting is fast with."""
    return sorted(dict.fromkeys(chain.from_iterable(lists)), key=key)


def windows(lists: Sequence[Terms], key: Key = bytes) -> Iterator[list[range]]:
    """Ranges of the lists that belong together: equal terms are in the ranges of one turn, and no term comes
    after a greater one of an earlier turn."""
    starts = [0] * len(lists)
    while any(start < len(some) for start, some in zip(starts, lists)):
        stops = [min(start + _WINDOW, len(some)) for start, some in zip(starts, lists)]
        last = [key(some.term(stop - 1)) for some, stop in zip(lists, stops) if stop < len(some)]
        if last:
            reached = min(last)
            stops = [_after(some, reached, key, *span) for some, *span in zip(lists, starts, stops)]
        yield list(map(range, starts, stops))
        starts = stops


def _after(terms: Terms, reached: bytes, key: Key, start: int, stop: int) -> int:
    """The number of the first term beyond ``reached``."""
    return bisect_right(range(stop), reached, start, key=lambda number: key(terms.term(number)))
