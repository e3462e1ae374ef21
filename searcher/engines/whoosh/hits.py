"""The documents with a leaf, for one question: how many, which, and worth how much to each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from searcher import ranking
from searcher.engines.whoosh.arrays import Array
from searcher.engines.whoosh.docset import DocSet
from searcher.engines.whoosh.scores import points, rarity
from searcher.engines.whoosh.snapshot import Documents
from searcher.engines.whoosh.spans import NOTHING, Counted

__all__ = ["LeafHits"]

#: As many times more an occurrence counts that is in a title.
_IN_TITLES = ranking.TITLE_WEIGHT - 1
#: Looking numbers up one by one takes so many times as long as going through a list of them, and that so many
#: times as long as going through as many zeros.
_MANY, _ZEROS = 12, 16
#: Titles are looked up one by one among the articles that have a word while they are at most this share of
#: all articles.
_MANY_TITLES = 100


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
        self._in_titles: tuple[Array, Array] | None = None
        self._rough: npt.NDArray[np.float32] | None = None

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
    def _titles(self) -> tuple[Array, Array]:
        """The documents with spans in their titles, and the number of these."""
        if self._in_titles is None:
            found = [one.titles or NOTHING for one in self._found]
            docs = _numbered([titles.docs for titles in found], self._documents.bases)
            self._in_titles = docs, _joined([titles.tf for titles in found])
        return self._in_titles

    @property
    def rough(self) -> npt.NDArray[np.float32]:
        """What having the leaf is worth, by BM25 in single precision, but for :attr:`rarity`."""
        if self._rough is None:
            weighted = self.tf.astype(np.float32)
            titles, more = self._titles
            more = np.multiply(more, _IN_TITLES, dtype=np.float32)
            if len(titles) * _MANY_TITLES > self._documents.size:
                weighted += self._everywhere(titles, more).take(self.ids)
            elif len(titles):
                weighted[self.ids.searchsorted(titles)] += more
            weighted /= weighted + self._documents.rough_norms.take(self.ids)
            self._rough = weighted
        return self._rough

    @property
    def rarity(self) -> float:
        """What :attr:`rough` is to be multiplied by."""
        return rarity(len(self), self._documents.count) * (ranking.K1 + 1)

    def points(self, ids: Array, norms: Array) -> npt.NDArray[np.float64]:
        """What having the leaf is worth to each of these sorted documents, whose ``norms`` are given."""
        weighted = self.tf if ids is self.ids else self._looked_up(self.ids, self.tf, ids)
        titles, more = self._titles
        if len(titles):
            weighted = weighted + _IN_TITLES * self._looked_up(titles, more, ids)
        return points(weighted, len(self), norms, self._documents.count)

    def _looked_up(self, docs: Array, counts: Array, ids: Array) -> npt.NDArray[np.float64]:
        """The counts of some of the sorted numbers, 0 where one is not among the sorted documents."""
        if (min(len(docs), len(ids)) * _MANY - len(docs)) * _ZEROS > self._documents.size:
            return self._everywhere(docs, counts).take(ids).astype(np.float64, copy=False)
        if len(docs) < len(ids):
            found = np.zeros(len(ids))
            at = ids.searchsorted(docs)
            held = ids.take(at, mode="clip") == docs
            found[at.compress(held)] = counts.compress(held)
            return found
        at = docs.searchsorted(ids)
        looked_up: npt.NDArray[np.float64] = np.multiply(
            counts.take(at, mode="clip"), docs.take(at, mode="clip") == ids, dtype=np.float64
        )
        return looked_up

    def _everywhere(self, docs: Array, counts: Array) -> Array:
        """The counts of all documents."""
        everywhere = np.zeros(self._documents.size, counts.dtype)
        everywhere[docs] = counts
        return everywhere


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
