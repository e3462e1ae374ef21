"""The snapshot: the segments of one generation as one collection, whose documents are numbered through."""

from __future__ import annotations

import bisect
import threading
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from searcher.engines import scoring
from searcher.engines.whoosh.arrays import Array, Mask, as_array
from searcher.engines.whoosh.format.segment import Segment, languages_of
from searcher.engines.whoosh.search.docset import DocSet

__all__ = ["Documents", "Snapshot"]


#: Freeing one block of this size raises glibc's mmap threshold: later arrays reuse freed pages, where each
#: new page takes 0.5 to 4 µs.
_WARM_UP_BYTES = 16 << 20


class Documents:
    """The articles or the quotations of a snapshot: which are live, and how long they are."""

    def __init__(self, doc_bases: Sequence[int], live: Mask | None, lengths: Array) -> None:
        """``doc_bases``: the number of each segment's first document, and of all; ``live``: None where no
        document is deleted."""
        self.doc_bases = doc_bases
        self.live = live
        self.lengths = lengths
        self.size = len(lengths)
        self._scratch = threading.local()
        self.count = self.size if live is None else int(np.count_nonzero(live))

    @property
    def all(self) -> DocSet:
        """All live documents."""
        return DocSet(self.size, mask=np.ones(self.size, np.bool_) if self.live is None else self.live)

    @cached_property
    def average_length(self) -> float:
        lengths = self.lengths if self.live is None else self.lengths[self.live]
        return int(lengths.sum(dtype=np.int64)) / self.count if self.count else 0.0

    @cached_property
    def norms(self) -> npt.NDArray[np.float64]:
        """The length norm of each document, computed step by step as in scoring.bm25."""
        if not self.average_length:
            return np.full(self.size, scoring.K1)
        return scoring.K1 * (1 - scoring.B + scoring.B * self.lengths / self.average_length)

    @cached_property
    def approximate_norms(self) -> npt.NDArray[np.float32]:
        """The norms in single precision: half as many bytes to read."""
        return self.norms.astype(np.float32)

    def scratch(self) -> npt.NDArray[np.float32]:
        """Return one zero a document, in an array that the thread's next call returns again."""
        array: npt.NDArray[np.float32] | None = getattr(self._scratch, "array", None)
        if array is None:
            array = self._scratch.array = np.empty(self.size, np.float32)
        array.fill(0)
        return array

    def live_ids(self, ids: Array) -> Array:
        """Return those of the numbers that are live."""
        return ids if self.live is None else ids[self.live[ids]]


class Snapshot:
    """One generation. Articles are numbered in the order of adding, quotations by article and position; both
    are numbered through all segments."""

    def __init__(self, segments: Sequence[Segment], deleted: Sequence[memoryview]) -> None:
        """``deleted``: for each segment the numbers of its deleted articles."""
        self.segments = tuple(segments)
        np.empty(_WARM_UP_BYTES, np.uint8)
        for segment in segments:
            segment.prefetch()
        article_bases = [0, *accumulate(segment.size for segment in segments)]
        self._quote_bases = [0, *accumulate(segment.quotes for segment in segments)]
        self.articles = Documents(article_bases, _live(segments, deleted), self.column("length"))

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """Those whose stems the words of the articles have, English first."""
        return languages_of(self.segments)

    @cached_property
    def quotes(self) -> Documents:
        live = self.articles.live
        return Documents(
            self._quote_bases, None if live is None else live[self.quote_article], self.column("quote_length")
        )

    @cached_property
    def quote_article(self) -> Array:
        """The article of each quotation."""
        parts = [
            as_array(segment.column("quote_article")) + np.uint32(base)
            for segment, base in zip(self.segments, self.articles.doc_bases)
        ]
        return _joined(parts, np.uint32)

    @cached_property
    def quote_starts(self) -> Array:
        """The first quotation of each article, and at the end the number of all."""
        parts = [
            as_array(segment.quote_starts)[:-1].astype(np.int64) + base
            for segment, base in zip(self.segments, self._quote_bases)
        ]
        return np.append(_joined(parts, np.int64), self._quote_bases[-1])

    @cached_property
    def when(self) -> Array:
        return self.column("when")

    @cached_property
    def body_length(self) -> Array:
        return self.column("body_length")

    @cached_property
    def quote_kind(self) -> Array:
        return self.column("quote_kind")

    @cached_property
    def quote_confidence(self) -> Array:
        return self.column("quote_confidence")

    def column(self, name: str) -> Array:
        """Return a column of all segments; not copied where there is but one."""
        return _joined([as_array(segment.column(name)) for segment in self.segments], np.uint32)

    def locate(self, article: int) -> tuple[Segment, int]:
        """Return the segment of an article, and its number there."""
        bases = self.articles.doc_bases
        number = bisect.bisect_right(bases, article) - 1
        return self.segments[number], article - bases[number]

    def find(self, id: str) -> int:
        """Return the number of the live article of that id, or -1."""
        for segment, base in zip(reversed(self.segments), reversed(self.articles.doc_bases[:-1])):
            number = segment.find_article(id)
            if number >= 0 and (self.articles.live is None or self.articles.live[base + number]):
                return base + number
        return -1


def _live(segments: Sequence[Segment], deleted: Sequence[memoryview]) -> Mask | None:
    """Return which articles are live; None where all are."""
    if not any(map(len, deleted)):
        return None
    parts = []
    for segment, numbers in zip(segments, deleted):
        part = np.ones(segment.size, np.bool_)
        part[as_array(numbers)] = False
        parts.append(part)
    return np.concatenate(parts)


def _joined(parts: Sequence[Array], empty: type) -> Array:
    if len(parts) == 1:
        return parts[0]
    return np.concatenate(parts) if parts else np.empty(0, empty)
