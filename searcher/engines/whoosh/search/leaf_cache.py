"""The leaves of queries on a snapshot: their hits are found once and cached."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import assert_never

from searcher import analysis
from searcher.engines.whoosh.arrays import Mask
from searcher.engines.whoosh.format.layout import QUOTES, encoded
from searcher.engines.whoosh.search.deadline import check
from searcher.engines.whoosh.search.leaf_hits import LeafHits
from searcher.engines.whoosh.search.snapshot import Documents, Snapshot
from searcher.engines.whoosh.search.spans import PrefixSlot, SegmentHits, Slot, SpanFinder, TitleHits
from searcher.query import expansion
from searcher.query.spans import field_of
from searcher.query.tree import Fuzzy, Near, Phrase, SpanExpr, SpanOr, Term, Wildcard

__all__ = ["LeafCache", "QueryLeaves"]

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
        hits = self._hits.get(key)
        if hits is None:
            hits = self._hits[key] = self._cache.hits(leaf, in_quotes)
        return hits


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
            ranges = (segment.dictionary.prefixed(encoded(prefix)) for segment in self._snapshot.segments)
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
        finders = self._finders.get(field)
        if finders is None:
            finders = [SpanFinder(segment, field, self) for segment in self._snapshot.segments]
            self._finders[field] = finders
        return finders


def _live_hits(hits: SegmentHits, live: Mask) -> SegmentHits:
    keep = live[hits.docs]
    titles = _live_titles(hits.titles, keep) if hits.titles else None
    return SegmentHits(hits.docs[keep], hits.tf[keep], titles)


def _live_titles(titles: TitleHits, keep: Mask) -> TitleHits:
    """Return the title hits of the hits that are kept; indices count these alone."""
    kept = keep[titles.indices]
    return TitleHits(keep.cumsum()[titles.indices[kept]] - 1, titles.tf[kept])


def _bytes(segments: Sequence[SegmentHits]) -> int:
    """Return the bytes that hits take in memory, apart from views of the mapped files."""
    arrays = [array for hits in segments for part in (hits, hits.titles) if part for array in part[:2]]
    return sum(
        [array.nbytes for array in arrays if array.base is None], _OVERHEAD_BYTES * (1 + len(segments))
    )
