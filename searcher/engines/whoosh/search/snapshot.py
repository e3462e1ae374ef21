"""What readers see of one commit: its segments as one collection, numbered through."""

from __future__ import annotations

import bisect
import threading
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from searcher.engines import scoring
from searcher.engines.whoosh.arrays import Array, as_array
from searcher.engines.whoosh.format.layout import NO_DATE
from searcher.engines.whoosh.format.segment import Segment
from searcher.engines.whoosh.search.docset import DocSet

__all__ = ["Documents", "Snapshot"]


#: Once so large a block was taken and given back, glibc keeps what is given back for what is asked for next.
#: Otherwise each question's arrays are in new pages, of which each takes 0.5 to 4 µs.
_LARGE = 16 << 20


class Documents:
    """Articles or quotations: which of them live, and how long they are."""

    def __init__(self, bases: Sequence[int], live: npt.NDArray[np.bool_] | None, lengths: Array) -> None:
        self.bases = bases
        self.live = live
        self.lengths = lengths
        self.size = len(lengths)
        self._scratch = threading.local()
        self.count = self.size if live is None else int(np.count_nonzero(live))

    @property
    def all(self) -> DocSet:
        """Every one that lives."""
        if self.live is None:
            return DocSet(self.size, mask=np.ones(self.size, np.bool_))
        return DocSet(self.size, mask=self.live)

    @cached_property
    def average(self) -> float:
        """The average length."""
        lengths = self.lengths if self.live is None else self.lengths[self.live]
        return int(lengths.sum(dtype=np.int64)) / self.count if self.count else 0.0

    @cached_property
    def norms(self) -> npt.NDArray[np.float64]:
        """How much each one's length discounts its occurrences, step by step as in ranking.bm25."""
        if not self.average:
            return np.full(self.size, scoring.K1)
        return scoring.K1 * (1 - scoring.B + scoring.B * self.lengths / self.average)

    @cached_property
    def rough_norms(self) -> npt.NDArray[np.float32]:
        """The same in single precision: half as much to go through."""
        return self.norms.astype(np.float32)

    def scratch(self) -> npt.NDArray[np.float32]:
        """Zeros, one a document, to be used until the thread asks again."""
        found: npt.NDArray[np.float32] | None = getattr(self._scratch, "array", None)
        if found is None:
            found = self._scratch.array = np.empty(self.size, np.float32)
        found.fill(0)
        return found

    def living(self, ids: Array) -> Array:
        """Those of the sorted numbers that live."""
        return ids if self.live is None else ids[self.live[ids]]


class Snapshot:
    """One generation. Articles are numbered in the order of adding, quotations in that of their articles and
    of their text; both run through the segments."""

    def __init__(self, segments: Sequence[Segment], deleted: Sequence[memoryview]) -> None:
        """``deleted``: for each segment the numbers of its deleted articles."""
        self.segments = tuple(segments)
        np.empty(_LARGE, np.uint8)
        for segment in segments:
            segment.prefetch()
        article_bases = [0, *accumulate(segment.size for segment in segments)]
        quote_bases = [0, *accumulate(segment.quotes for segment in segments)]
        live = _live(segments, deleted)
        self.articles = Documents(article_bases, live, self.column("length"))
        self._quote_bases = quote_bases

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
            for segment, base in zip(self.segments, self.articles.bases)
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

    @cached_property
    def dated(self) -> npt.NDArray[np.bool_]:
        known: npt.NDArray[np.bool_] = self.when != NO_DATE
        return known

    def column(self, name: str) -> Array:
        """A column of all segments; not copied where there is but one."""
        return _joined([as_array(segment.column(name)) for segment in self.segments], np.uint32)

    def place(self, article: int) -> tuple[Segment, int]:
        """The segment of an article, and its number there."""
        bases = self.articles.bases
        number = bisect.bisect_right(bases, article) - 1
        return self.segments[number], article - bases[number]

    def find(self, id: str) -> int:
        """The number of the living article of that id, or -1."""
        for segment, base in zip(reversed(self.segments), reversed(self.articles.bases[:-1])):
            number = segment.find_article(id)
            if number >= 0 and (self.articles.live is None or self.articles.live[base + number]):
                return base + number
        return -1


def _live(segments: Sequence[Segment], deleted: Sequence[memoryview]) -> npt.NDArray[np.bool_] | None:
    """Which articles live; None where all of them do."""
    if not any(map(len, deleted)):
        return None
    parts = []
    for segment, gone in zip(segments, deleted):
        part = np.ones(segment.size, np.bool_)
        part[as_array(gone)] = False
        parts.append(part)
    return np.concatenate(parts)


def _joined(parts: Sequence[Array], empty: type) -> Array:
    if len(parts) == 1:
        return parts[0]
    return np.concatenate(parts) if parts else np.empty(0, empty)
