"""The documents with a leaf, for one question: how many, which, and worth how much to each."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from searcher.engines import scoring
from searcher.engines.whoosh.arrays import Array
from searcher.engines.whoosh.search.docset import DocSet
from searcher.engines.whoosh.search.snapshot import Documents
from searcher.engines.whoosh.search.spans import NOTHING, Counted, Titles
from searcher.engines.whoosh.search.top_k import points, rarity

__all__ = ["LeafHits"]

#: As many times more an occurrence counts that is in a title.
_IN_TITLES = scoring.TITLE_WEIGHT - 1
#: Looking numbers up one by one takes so many times as long as going through a list of them, and that so many
#: times as long as going through as many zeros.
_MANY, _ZEROS = 12, 16


class LeafHits:
    """The living documents with a leaf, numbered through all segments.

    What is found in a segment mostly lies in its file. What is made of it is not kept for the next question:
    to write to so much new memory takes longer than to make it again. (Properties of functools would take a
    lock each time: as long as many a step here.)
    """

    def __init__(self, documents: Documents, found: Sequence[Counted]) -> None:
        """``found``: in each segment."""
        self._documents = documents
        self._found = found
        self.ids = _numbered([one.docs for one in found], documents.bases)
        self.docs = DocSet(documents.size, self.ids)
        self._tf: Array | None = None
        self._in_titles: Titles | None = None
        self._weighted: npt.NDArray[np.float32] | None = None

    def __len__(self) -> int:
        """The number of documents."""
        return len(self.ids)

    @property
    def tf(self) -> Array:
        """How many spans each document has."""
        if self._tf is None:
            self._tf = _joined([one.tf for one in self._found])
        return self._tf

    @property
    def _titles(self) -> Titles:
        """Where in :attr:`ids` those with spans in their titles are, and the number of these."""
        if self._in_titles is None:
            begins = accumulate([len(one.docs) for one in self._found], initial=0)
            found = [(one.titles, begin) for one, begin in zip(self._found, begins) if one.titles]
            self._in_titles = Titles(
                _joined([np.add(titles.places, begin, dtype=np.int64) for titles, begin in found]),
                _joined([titles.tf for titles, _ in found]),
            )
        return self._in_titles

    @property
    def weighted(self) -> npt.NDArray[np.float32]:
        """How often the leaf counts for each document: in titles more than elsewhere. (Whole numbers, and
        halves, are the same in single precision.)"""
        if self._weighted is None:
            self._weighted = self.tf.astype(np.float32)
            places, more = self._titles
            if len(places):
                self._weighted[places] += np.multiply(more, _IN_TITLES, dtype=np.float32)
        return self._weighted

    def rough(self) -> npt.NDArray[np.float32]:
        """What having the leaf is worth, by BM25 in single precision, but for :attr:`rarity`."""
        found = self._documents.rough_norms.take(self.ids)
        found += self.weighted
        return np.divide(self.weighted, found, out=found)

    @property
    def rarity(self) -> float:
        """What :attr:`rough` is to be multiplied by."""
        return rarity(len(self), self._documents.count) * (scoring.K1 + 1)

    def points(self, ids: Array, norms: Array) -> npt.NDArray[np.float64]:
        """What having the leaf is worth to each of these sorted documents, whose ``norms`` are given."""
        return points(self._weighted_of(ids), len(self), norms, self._documents.count)

    def _weighted_of(self, ids: Array) -> npt.NDArray[np.float64]:
        """What :attr:`weighted` has for some of the sorted numbers, 0 where one does not have the leaf."""
        own, size = self.ids, self._documents.size
        if ids is own:
            return self.weighted.astype(np.float64)
        if (min(len(own), len(ids)) * _MANY - len(own)) * _ZEROS > size:
            everywhere = np.zeros(size, np.float32)
            everywhere[own] = self.weighted
            return everywhere.take(ids).astype(np.float64)
        if len(own) < len(ids):
            found = np.zeros(len(ids))
            at = ids.searchsorted(own)
            held = ids.take(at, mode="clip") == own
            found[at.compress(held)] = self.weighted.compress(held)
            return found
        return self._looked_up(ids)

    def _looked_up(self, ids: Array) -> npt.NDArray[np.float64]:
        """The same of few. Where all were not needed before, they are not weighted for these."""
        at = self.ids.searchsorted(ids)
        held = self.ids.take(at, mode="clip") == ids
        counts, titles = (self.tf, self._titles) if self._weighted is None else (self._weighted, None)
        found: npt.NDArray[np.float64] = counts.take(at, mode="clip").astype(np.float64)
        found *= held
        if titles and len(titles.places):
            places, more = titles
            nth = places.searchsorted(at)
            held &= places.take(nth, mode="clip") == at
            found += _IN_TITLES * np.multiply(more.take(nth, mode="clip"), held, dtype=np.float64)
        return found


def _numbered(parts: Sequence[Array], bases: Sequence[int]) -> Array:
    """The documents of all segments, those of each numbered from its base on."""
    docs, end = np.empty(sum(map(len, parts)), np.int64), 0
    for own, base in zip(parts, bases):
        begin, end = end, end + len(own)
        np.add(own, base, out=docs[begin:end], dtype=np.int64)
    return docs


def _joined(parts: Sequence[Array]) -> Array:
    if len(parts) == 1:
        return parts[0]
    return np.concatenate(parts) if parts else NOTHING.tf
