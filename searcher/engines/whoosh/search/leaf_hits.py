"""The hits of one leaf for one query: which documents have it, how often, and the scores it gives them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from searcher.engines import scoring
from searcher.engines.whoosh.arrays import Array
from searcher.engines.whoosh.search.docset import DocSet
from searcher.engines.whoosh.search.snapshot import Documents
from searcher.engines.whoosh.search.spans import NO_HITS, SegmentHits, TitleHits
from searcher.engines.whoosh.search.top_k import bm25

__all__ = ["LeafHits"]

#: The weight of an occurrence in the title, beyond that of any occurrence.
_EXTRA_TITLE_WEIGHT = scoring.TITLE_WEIGHT - 1
#: The cost of one binary search in entries read from a list, and of one entry read in array elements zeroed.
_SEARCH_COST, _ENTRY_COST = 12, 16


class LeafHits:
    """The live documents with a leaf, numbered through all segments.

    Hits mostly are views of the mapped file. Arrays derived from them are computed anew for each query, since
    allocating them takes longer than computing. (``functools.cached_property`` would take a lock each time,
    as long as many a step here.)
    """

    def __init__(self, documents: Documents, segments: Sequence[SegmentHits]) -> None:
        """``segments``: the hits in each segment."""
        self._documents = documents
        self._segments = segments
        self.ids = _numbered([hits.docs for hits in segments], documents.doc_bases)
        self.docs = DocSet(documents.size, self.ids)
        self._tf: Array | None = None
        self._joined_titles: TitleHits | None = None
        self._weighted_tf: npt.NDArray[np.float32] | None = None

    def __len__(self) -> int:
        """Return the number of documents."""
        return len(self.ids)

    @property
    def tf(self) -> Array:
        """The number of spans in each document."""
        if self._tf is None:
            self._tf = _joined([hits.tf for hits in self._segments])
        return self._tf

    @property
    def _titles(self) -> TitleHits:
        """The title hits of all segments; their indices are those in :attr:`ids`."""
        if self._joined_titles is None:
            begins = accumulate([len(hits.docs) for hits in self._segments], initial=0)
            titled = [(hits.titles, begin) for hits, begin in zip(self._segments, begins) if hits.titles]
            self._joined_titles = TitleHits(
                _joined([np.add(titles.indices, begin, dtype=np.int64) for titles, begin in titled]),
                _joined([titles.tf for titles, _ in titled]),
            )
        return self._joined_titles

    @property
    def weighted_tf(self) -> npt.NDArray[np.float32]:
        """The term frequency in each document, with the extra weight of titles. (Whole numbers and halves are
        exact in single precision.)"""
        if self._weighted_tf is None:
            self._weighted_tf = self.tf.astype(np.float32)
            indices, more = self._titles
            if len(indices):
                self._weighted_tf[indices] += np.multiply(more, _EXTRA_TITLE_WEIGHT, dtype=np.float32)
        return self._weighted_tf

    def approximate_scores(self) -> npt.NDArray[np.float32]:
        """Return the BM25 score of each document in single precision, without the factor :attr:`idf`."""
        scores = self._documents.approximate_norms.take(self.ids)
        scores += self.weighted_tf
        return np.divide(self.weighted_tf, scores, out=scores)

    @property
    def idf(self) -> float:
        """The factor of :meth:`approximate_scores`."""
        return scoring.idf(len(self), self._documents.count) * (scoring.K1 + 1)

    def scores(self, ids: Array, norms: Array) -> npt.NDArray[np.float64]:
        """Return the BM25 score of each of these sorted documents, whose length norms are given; 0 without
        the leaf."""
        return bm25(self._weighted_tf_of(ids), len(self), norms, self._documents.count)

    def _weighted_tf_of(self, ids: Array) -> npt.NDArray[np.float64]:
        """Return :attr:`weighted_tf` of some sorted documents, 0 for those without the leaf."""
        own, size = self.ids, self._documents.size
        if ids is own:
            return self.weighted_tf.astype(np.float64)
        if (min(len(own), len(ids)) * _SEARCH_COST - len(own)) * _ENTRY_COST > size:
            everywhere = np.zeros(size, np.float32)
            everywhere[own] = self.weighted_tf
            return everywhere.take(ids).astype(np.float64)
        if len(own) < len(ids):
            found = np.zeros(len(ids))
            at = ids.searchsorted(own)
            match = ids.take(at, mode="clip") == own
            found[at.compress(match)] = self.weighted_tf.compress(match)
            return found
        return self._looked_up(ids)

    def _looked_up(self, ids: Array) -> npt.NDArray[np.float64]:
        """The same for few documents: titles are not weighted for all hits if that was not done before."""
        at = self.ids.searchsorted(ids)
        match = self.ids.take(at, mode="clip") == ids
        counts, titles = (self.tf, self._titles) if self._weighted_tf is None else (self._weighted_tf, None)
        found: npt.NDArray[np.float64] = counts.take(at, mode="clip").astype(np.float64)
        found *= match
        if titles and len(titles.indices):
            indices, more = titles
            nth = indices.searchsorted(at)
            match &= indices.take(nth, mode="clip") == at
            found += _EXTRA_TITLE_WEIGHT * np.multiply(more.take(nth, mode="clip"), match, dtype=np.float64)
        return found


def _numbered(parts: Sequence[Array], doc_bases: Sequence[int]) -> Array:
    """Return the documents of all segments, numbered through."""
    docs, end = np.empty(sum(map(len, parts)), np.int64), 0
    for own, base in zip(parts, doc_bases):
        begin, end = end, end + len(own)
        np.add(own, base, out=docs[begin:end], dtype=np.int64)
    return docs


def _joined(parts: Sequence[Array]) -> Array:
    if len(parts) == 1:
        return parts[0]
    return np.concatenate(parts) if parts else NO_HITS.tf
