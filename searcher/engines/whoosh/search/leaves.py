"""The leaves of queries: which documents have one, how often, their scores, and a cache of all this."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from typing import assert_never

import numpy as np
import numpy.typing as npt

from searcher import analysis
from searcher.engines import scoring
from searcher.engines.whoosh.arrays import Array, Mask, bm25, joined
from searcher.engines.whoosh.format.layout import QUOTES
from searcher.engines.whoosh.search.snapshot import DocSet, Documents, Snapshot
from searcher.engines.whoosh.search.spans import PrefixSlot, SegmentHits, Slot, SpanFinder, TitleHits
from searcher.query import expansion
from searcher.query.deadline import check
from searcher.query.spans import field_of
from searcher.query.tree import Fuzzy, Near, Phrase, SpanExpr, SpanOr, Term, Wildcard

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
        self.ids = _numbered_through([hits.docs for hits in segments], documents.doc_bases)
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
            self._tf = joined([hits.tf for hits in self._segments], np.uint8)
        return self._tf

    @property
    def _titles(self) -> TitleHits:
        """The title hits of all segments; their indices are those in :attr:`ids`."""
        if self._joined_titles is None:
            begins = accumulate([len(hits.docs) for hits in self._segments], initial=0)
            titled = [(hits.titles, begin) for hits, begin in zip(self._segments, begins) if hits.titles]
            self._joined_titles = TitleHits(
                joined([np.add(titles.indices, begin, dtype=np.int64) for titles, begin in titled], np.uint8),
                joined([titles.tf for titles, _ in titled], np.uint8),
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


def _numbered_through(parts: Sequence[Array], doc_bases: Sequence[int]) -> Array:
    """Return the documents of all segments, numbered through."""
    docs, end = np.empty(sum(map(len, parts)), np.int64), 0
    for own, base in zip(parts, doc_bases):
        begin, end = end, end + len(own)
        np.add(own, base, out=docs[begin:end], dtype=np.int64)
    return docs


#: Bytes of hits that are cached, and what each segment's hits take besides their arrays.
_MAX_CACHED_BYTES, _OVERHEAD_BYTES = 128 << 20, 1000


class QueryLeaves:
    """The hits of one query's leaves, each looked up once."""

    def __init__(self, cache: LeafCache) -> None:
        self._cache = cache
        self._hits: dict[tuple[SpanExpr, bool], LeafHits] = {}

    def hits(self, leaf: SpanExpr, in_quotes: bool = False) -> LeafHits:
        """Return the articles with the leaf; with ``in_quotes`` the quotations with it among their own
        words."""
        key = (leaf, in_quotes)
        if key not in self._hits:
            self._hits[key] = self._cache.hits(leaf, in_quotes)
        return self._hits[key]


class LeafCache:
    """Finds the hits of leaves, and keeps those of the leaves asked for last."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._lock = threading.Lock()
        self._cached: OrderedDict[tuple[SpanExpr, bool], Sequence[SegmentHits]] = OrderedDict()
        self._cached_bytes = 0
        self._finders: dict[str, Sequence[SpanFinder]] = {}
        self._last_expanded: tuple[SpanExpr | None, Slot] = (None, ())

    def hits(self, leaf: SpanExpr, in_quotes: bool) -> LeafHits:
        """See :meth:`QueryLeaves.hits`. Raises QueryTooBroad."""
        documents = self._snapshot.quotes if in_quotes else self._snapshot.articles
        key = (leaf, in_quotes)
        with self._lock:
            cached = self._cached.get(key)
            if cached is not None:
                self._cached.move_to_end(key)
                return LeafHits(documents, cached)
        found = self._find(leaf, QUOTES if in_quotes else field_of(leaf), documents)
        with self._lock:
            if key not in self._cached:  # another thread may have found it meanwhile
                self._cached[key] = found
                self._cached_bytes += _bytes(found)
            while self._cached_bytes > _MAX_CACHED_BYTES and len(self._cached) > 1:
                self._cached_bytes -= _bytes(self._cached.popitem(last=False)[1])
        return LeafHits(documents, found)

    def slots(self, leaf: SpanExpr) -> Sequence[Slot] | None:
        """See :class:`.spans.SlotSource`."""
        match leaf:
            case Term(text=text, exact=exact):
                return analysis.query_terms(text, exact, self._snapshot.languages)
            case Phrase(text=text):
                return analysis.query_terms(text, False, self._snapshot.languages)
            case Near() | SpanOr():
                return None
            case Wildcard() | Fuzzy():
                return (self._expanded(leaf),)
            case _:
                assert_never(leaf)

    def _expanded(self, leaf: Wildcard | Fuzzy) -> Slot:
        """Return the terms that a pattern or misspelling matches. Every segment asks for the same ones."""
        last, slot = self._last_expanded
        if leaf != last:
            slot = self._expand(leaf)
            self._last_expanded = leaf, slot
        return slot

    def _expand(self, leaf: Wildcard | Fuzzy) -> Slot:
        if isinstance(leaf, Fuzzy):
            return expansion.expand_fuzzy(leaf.text, leaf.edits, self.vocabulary)
        prefix = expansion.plain_prefix(leaf.pattern)
        if prefix is not None:
            ranges = (segment.dictionary.prefixed(prefix) for segment in self._snapshot.segments)
            if sum(stop - start for start, stop in ranges) <= expansion.MAX_EXPANSIONS:
                return PrefixSlot(prefix)
        return expansion.expand_wildcard(leaf.pattern, self.vocabulary)

    def vocabulary(self, prefix: str) -> Iterator[str]:
        """Yield every surface in the index that begins with ``prefix``, once."""
        dictionaries = [segment.dictionary for segment in self._snapshot.segments]
        surfaces = (surface for dictionary in dictionaries for surface, _ in dictionary.surfaces(prefix))
        return surfaces if len(dictionaries) == 1 else iter(dict.fromkeys(surfaces))

    def _find(self, leaf: SpanExpr, field: str, documents: Documents) -> Sequence[SegmentHits]:
        """Return the live documents of each segment."""
        found = []
        for finder, (base, end) in zip(self._finders_in(field), pairwise(documents.doc_bases)):
            check()
            hits = finder.hits(leaf)
            found.append(hits if documents.live is None else _live_hits(hits, documents.live[base:end]))
        return found

    def _finders_in(self, field: str) -> Sequence[SpanFinder]:
        if field not in self._finders:
            self._finders[field] = [SpanFinder(one, field, self) for one in self._snapshot.segments]
        return self._finders[field]


def _live_hits(hits: SegmentHits, live: Mask) -> SegmentHits:
    keep, titles = live[hits.docs], hits.titles
    if titles:  # the indices count the hits that are kept
        kept = keep[titles.indices]
        titles = TitleHits(keep.cumsum()[titles.indices[kept]] - 1, titles.tf[kept])
    return SegmentHits(hits.docs[keep], hits.tf[keep], titles)


def _bytes(segments: Sequence[SegmentHits]) -> int:
    """Return the bytes that hits take in memory, apart from views of the mapped files."""
    arrays = [array for hits in segments for part in (hits, hits.titles) if part for array in part[:2]]
    own = sum([array.nbytes for array in arrays if array.base is None])
    return own + _OVERHEAD_BYTES * (1 + len(segments))
