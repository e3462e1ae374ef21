"""The leaves of queries: the documents that have one, their frequencies and scores, and a cache of these.

Spans are found on the arrays of a segment as :mod:`searcher.query.spans` defines them. Positions are numbered
consecutively through all documents (:mod:`searcher.engines.whoosh.format.array_file`), so that the words of a
phrase have consecutive positions. For NEAR, a *location* is one 64-bit number made of the document, the part
(title or body) and the position, so that locations in different parts are further apart than any distance in
a query.
"""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Collection, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple, Protocol, assert_never

import numpy as np
import numpy.typing as npt

from searcher import analysis
from searcher.engines import scoring
from searcher.engines.whoosh.arrays import (
    Array,
    Mask,
    as_array,
    bm25,
    concatenated_ranges,
    join_arrays,
    offsets,
    run_lengths,
    run_starts,
)
from searcher.engines.whoosh.format.array_file import QUOTES
from searcher.engines.whoosh.format.segment import Segment, TermGroup
from searcher.engines.whoosh.search.snapshot import DocSet, Documents, Snapshot
from searcher.errors import QueryTooBroad
from searcher.query import expansion
from searcher.query.deadline import check
from searcher.query.spans import field_of
from searcher.query.tree import Fuzzy, Near, Phrase, SpanExpr, SpanOr, Term, Wildcard

#: A location has the position in its lowest 32 bits, then one bit that is set in bodies, and then the number
#: of the document.
_DOC_SHIFT, _BODY_BIT = 33, 1 << 32
#: Maximum distance of a NEAR. A greater one could match across title and body, or across documents.
_MAX_DISTANCE = 1 << 31
#: Summing in an array of all documents is faster than sorting if at least 1 in n documents has a posting.
_DENSE_RATIO = 12
#: Looking up positions one by one is faster if the other list is at least this many times as long.
_MIN_LOOKUP_RATIO = 16
#: Maximum number of pairs of spans in a NEAR. Each takes 16 bytes, and another 16 for sorting.
_MAX_NEAR_PAIRS = 20_000_000


class PrefixSlot(NamedTuple):
    """All surface forms with this prefix."""

    text: str


#: The word forms that match at one position of a phrase.
Slot = tuple[str, ...] | PrefixSlot


class SlotSource(Protocol):
    """Translates the leaves of a query to slots, for all segments of an index."""

    def slots(self, leaf: SpanExpr) -> Sequence[Slot] | None:
        """Return the slots of a word or phrase, or None for Near and Or. Raises QueryTooBroad."""
        ...


class TitleHits(NamedTuple):
    """The indices of hits with spans in their titles, ascending, and the number of these spans."""

    indices: Array
    tf: Array


class SegmentHits(NamedTuple):
    """The matching documents of a segment, ascending, with the number of spans in each and, for the text
    field, the spans in titles."""

    docs: Array
    tf: Array
    titles: TitleHits | None = None


class _Spans(NamedTuple):
    """The first and last locations of distinct spans, sorted."""

    first: Array
    last: Array


NO_HITS = SegmentHits(np.empty(0, np.uint16), np.empty(0, np.uint8))


class SpanFinder:
    """Finds spans in one field (text, title or quotes) of one segment."""

    def __init__(self, segment: Segment, field: str, source: SlotSource) -> None:
        postings = segment.postings(field)
        self._dictionary = segment.dictionary
        self._source = source
        self._size = segment.quotes if field == QUOTES else segment.size
        self._starts, self._position_starts = postings.starts, postings.position_starts
        self._docs, self._tf = as_array(postings.docs), as_array(postings.tf)
        self._positions, self._variants = as_array(postings.positions), as_array(postings.variants)
        self._doc_offsets = as_array(postings.doc_offsets)
        self._body_offset = segment.body_offset
        self._titles = SpanFinder(segment, "title", source) if field == "text" else None
        if field == "title":
            self._title_index = as_array(postings.title_index)

    def hits(self, leaf: SpanExpr) -> SegmentHits:
        """Return the documents that have the leaf, with their number of spans."""
        if (slots := self._source.slots(leaf)) is None:
            locations = self._spans(leaf).first
            return self._by_document(locations >> _DOC_SHIFT, locations & _BODY_BIT == 0)
        groups = list(map(self._groups, slots))
        if len(groups) < 2:
            return self._word_hits(groups[0] if groups else [])
        return self._by_document(*self._documents_at(self._phrase_starts(groups)))

    def places(self, leaf: SpanExpr, doc: int) -> Collection[int] | None:
        """Return the words of a document's body, counted from 0, at which a word or phrase may begin. None
        for other leaves."""
        slots = self._source.slots(leaf) if isinstance(leaf, Term | Phrase) else None
        if not slots:
            return None
        begin, *following = self._doc_offsets[doc : doc + 2].tolist()
        begin += self._body_offset
        largest = np.iinfo(self._positions.dtype).max
        bounds = np.array([min(bound, largest) for bound in (begin, *following)], self._positions.dtype)
        rows = []
        for number, slot in enumerate(slots):
            rows.append(words := set[int]())
            for group in self._groups(slot):
                positions = self._positions[self._position_range(group.group)]
                first, *stop = positions.searchsorted(bounds).tolist()
                words.update((positions[first : stop[0] if stop else None] - (begin + number)).tolist())
        return set.intersection(*rows)

    def _by_document(self, docs: Array, in_titles: Mask) -> SegmentHits:
        """Return the documents of spans, given the document of each span, ascending, and a flag for
        titles."""
        if not len(docs):
            return NO_HITS
        first = run_starts(docs)
        titles = None
        if self._titles is not None and in_titles.any():
            counts = np.add.reduceat(in_titles, first, dtype=np.uint32)
            indices = (counts > 0).nonzero()[0]
            titles = TitleHits(indices, counts.take(indices))
        return SegmentHits(docs.take(first).astype(np.uint32), run_lengths(first, len(docs)), titles)

    def _groups(self, slot: Slot) -> list[TermGroup]:
        if isinstance(slot, PrefixSlot):
            return self._dictionary.groups_prefixed(slot.text)
        return self._dictionary.groups(slot)

    def _word_hits(self, groups: Sequence[TermGroup]) -> SegmentHits:
        """Return the documents with any of the tokens. No position has two tokens, so that their counts can
        be added."""
        if len(groups) == 1 and groups[0].variants is None:  # return the mapped arrays without copying them
            group = groups[0].group
            return self._group_hits(group, self._titles._title_hits(group) if self._titles else None)
        hits = self._sum_frequencies(groups)
        if self._titles is None:
            return hits
        docs, tf, _ = self._titles._sum_frequencies(groups)
        titles = TitleHits(hits.docs.searchsorted(docs), tf) if len(docs) else None
        return SegmentHits(hits.docs, hits.tf, titles)

    def _group_hits(self, group: int, titles: TitleHits | None) -> SegmentHits:
        postings = self._postings(group)
        return SegmentHits(self._docs[postings], self._tf[postings], titles)

    def _title_hits(self, group: int) -> TitleHits | None:
        """Return the hits in titles of a stem group. For the finder of the title field only."""
        postings = self._postings(group)
        if postings.stop == postings.start:
            return None
        return TitleHits(self._title_index[postings], self._tf[postings])

    def _sum_frequencies(self, groups: Sequence[TermGroup]) -> SegmentHits:
        """Merge several lists: return the distinct documents, with the sums of their counts."""
        lists = [self._some_variants(group) for group in groups if group.variants is not None]
        runs = self._runs([group.group for group in groups if group.variants is None])
        lists += [(self._docs[begin:end], self._tf[begin:end]) for begin, end in runs]
        if not lists:
            return NO_HITS
        docs, tf = (np.concatenate(columns) for columns in zip(*lists))
        docs = docs.astype(np.uint32, copy=False)
        if len(docs) * _DENSE_RATIO > self._size:
            sums = np.bincount(docs, tf, self._size)
            docs = (sums > 0).nonzero()[0]
            return SegmentHits(docs.astype(np.uint32), sums.take(docs))
        order = docs.argsort(kind="stable")
        docs = docs[order]
        first = run_starts(docs)
        return SegmentHits(docs[first], np.add.reduceat(tf[order], first, dtype=np.uint32))

    def _runs(self, groups: Sequence[int]) -> list[tuple[int, int]]:
        """Return the ranges of the postings of whole groups. Neighbours are joined: a prefix has many."""
        runs: list[tuple[int, int]] = []
        for group in groups:
            begin, end = self._starts[group], self._starts[group + 1]
            if runs and runs[-1][1] == begin:
                runs[-1] = (runs[-1][0], end)
            else:
                runs.append((begin, end))
        return runs

    def _some_variants(self, term_group: TermGroup) -> tuple[Array, Array]:
        """Return the documents with these variants of a group, and their counts."""
        postings = self._postings(term_group.group)
        docs, tf = self._docs[postings], self._tf[postings]
        if not len(docs):
            return docs, tf
        before = offsets(self._position_mask(term_group)).take(offsets(tf))
        counts = (before[1:] - before[:-1]).astype(np.uint32)
        nonzero = (counts > 0).nonzero()[0]
        return docs.take(nonzero), counts.take(nonzero)

    def _position_mask(self, term_group: TermGroup) -> Mask:
        """Return a flag for each position of a group: True for these variants."""
        group, variants = term_group
        starts = self._dictionary.group_starts
        accepted = np.zeros(starts[group + 1] - starts[group], np.bool_)
        accepted[list(variants or ())] = True
        return accepted.take(self._variants[self._position_range(group)])

    def _postings(self, group: int) -> slice:
        return slice(self._starts[group], self._starts[group + 1])

    def _position_range(self, group: int) -> slice:
        return slice(self._position_starts[group], self._position_starts[group + 1])

    def _positions_of(self, groups: Sequence[TermGroup]) -> Array:
        """Return the positions of tokens, ascending."""
        lists = []
        for group in groups:
            positions = self._positions[self._position_range(group.group)]
            whole = group.variants is None
            lists.append(positions if whole else positions.compress(self._position_mask(group)))
        if len(lists) == 1:
            return lists[0]
        joined = np.concatenate(lists)
        joined.sort(kind="stable")
        return joined

    def _spans(self, leaf: SpanExpr) -> _Spans:
        match leaf:
            case Near():
                return self._near_spans(leaf)
            case SpanOr(parts):
                alternatives = [self._spans(part) for part in parts]
                return _sorted_spans(
                    np.concatenate([spans.first for spans in alternatives]),
                    np.concatenate([spans.last for spans in alternatives]),
                )
            case _:
                slots = list(map(self._groups, self._source.slots(leaf) or ()))
                starts = self._phrase_starts(slots)
                docs, in_titles = self._documents_at(starts)
                locations = (starts - self._doc_offsets.take(docs)).astype(np.int64) + (docs << _DOC_SHIFT)
                if self._titles is not None:
                    locations += np.where(in_titles, 0, _BODY_BIT)
                return _Spans(locations, locations + (len(slots) - 1))

    def _phrase_starts(self, slots: Sequence[Sequence[TermGroup]]) -> Array:
        """Return the positions at which consecutive tokens of all slots begin."""
        if not slots or not all(slots):
            return self._positions[:0]
        lists = [self._positions_of(groups) for groups in slots]
        rarest, *longer = sorted(range(len(slots)), key=lambda n: len(lists[n]))
        starts = lists[rarest] - rarest
        for offset in longer:
            if not len(starts):
                break
            starts = _common_positions(starts + offset, lists[offset]) - offset
        return starts

    def _documents_at(self, positions: Array) -> tuple[Array, Mask]:
        """Return the document of each position, and a flag: True if the position is in the title."""
        docs = self._doc_offsets.searchsorted(positions, side="right") - 1
        return docs, positions - self._doc_offsets.take(docs) < self._body_offset

    def _near_spans(self, near: Near) -> _Spans:
        left, right = self._spans(near.left), self._spans(near.right)
        distance = min(near.distance, _MAX_DISTANCE)
        pairs = [_following_pairs(left, right, distance)]
        if not near.ordered:
            pairs.append(_following_pairs(right, left, distance))
        return _sorted_spans(*(np.concatenate(ends) for ends in zip(*pairs)))


def _common_positions(needles: Array, haystack: Array) -> Array:
    """Return the positions that are in both sorted arrays. Sorting two sorted runs is faster than looking up
    each position, unless one array is much longer."""
    if len(needles) * _MIN_LOOKUP_RATIO < len(haystack):
        return needles.compress(haystack.take(haystack.searchsorted(needles), mode="clip") == needles)
    both = np.concatenate((needles, haystack))
    both.sort(kind="stable")
    return both[1:].compress(both[1:] == both[:-1])


def _following_pairs(left: _Spans, right: _Spans, distance: int) -> tuple[Array, Array]:
    """Find pairs of spans in which the right one begins at most ``distance`` after the end of the left one.
    Return the starts of the left and the ends of the right spans."""
    low = np.searchsorted(right.first, left.last, side="right")
    high = np.searchsorted(right.first, left.last + distance, side="right")
    counts = high - low
    if int(counts.sum()) > _MAX_NEAR_PAIRS:
        raise QueryTooBroad("The words of this NEAR are too common for this distance. Use a smaller one.")
    return np.repeat(left.first, counts), right.last[concatenated_ranges(low, counts)]


def _sorted_spans(first: Array, last: Array) -> _Spans:
    """Return distinct spans, sorted."""
    order = np.lexsort((last, first))
    first, last = first[order], last[order]
    new = run_starts(first, last)
    return _Spans(first[new], last[new])


#: Weight of an occurrence in the title in addition to its weight in the joined field.
_EXTRA_TITLE_WEIGHT = scoring.TITLE_WEIGHT - 1
#: A binary search takes as long as reading _SEARCH_COST list entries. Reading a list entry takes as long as
#: zeroing _ENTRY_COST array elements.
_SEARCH_COST, _ENTRY_COST = 12, 16


class LeafHits:
    """The live documents with a leaf, of all segments. Most hits are views of the mapped file, and arrays
    derived from them are computed for each query. ``functools.cached_property`` would be too slow here."""

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
        return len(self.ids)

    @property
    def tf(self) -> Array:
        """The number of spans in each document."""
        if self._tf is None:
            self._tf = join_arrays([hits.tf for hits in self._segments], np.uint8)
        return self._tf

    @property
    def _titles(self) -> TitleHits:
        """The title hits of all segments, as indices of :attr:`ids`."""
        if self._joined_titles is None:
            begins = accumulate([len(hits.docs) for hits in self._segments], initial=0)
            titled = [(hits.titles, begin) for hits, begin in zip(self._segments, begins) if hits.titles]
            self._joined_titles = TitleHits(
                join_arrays(
                    [np.add(titles.indices, begin, dtype=np.int64) for titles, begin in titled], np.uint8
                ),
                join_arrays([titles.tf for titles, _ in titled], np.uint8),
            )
        return self._joined_titles

    @property
    def weighted_tf(self) -> npt.NDArray[np.float32]:
        """The term frequency in each document, including the extra weight of titles. Exact: single precision
        suffices for whole numbers and halves."""
        if self._weighted_tf is None:
            self._weighted_tf = self.tf.astype(np.float32)
            indices, more = self._titles
            if len(indices):
                self._weighted_tf[indices] += np.multiply(more, _EXTRA_TITLE_WEIGHT, dtype=np.float32)
        return self._weighted_tf

    def approximate_scores(self) -> npt.NDArray[np.float32]:
        """Return the BM25 score of each document in single precision, without the factor :attr:`idf`."""
        scores = self._documents.float32_norms.take(self.ids)
        scores += self.weighted_tf
        return np.divide(self.weighted_tf, scores, out=scores)

    @property
    def idf(self) -> float:
        """The factor of :meth:`approximate_scores`."""
        return scoring.idf(len(self), self._documents.count) * (scoring.K1 + 1)

    def scores(self, ids: Array, norms: Array) -> npt.NDArray[np.float64]:
        """Return the BM25 score of each of these sorted documents, given their length norms. 0 without the
        leaf."""
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
            weights = np.zeros(len(ids))
            at = ids.searchsorted(own)
            match = ids.take(at, mode="clip") == own
            weights[at.compress(match)] = self.weighted_tf.compress(match)
            return weights
        return self._weights_of_few(ids)

    def _weights_of_few(self, ids: Array) -> npt.NDArray[np.float64]:
        """Return the same for few documents, without computing the weights of all hits."""
        at = self.ids.searchsorted(ids)
        match = self.ids.take(at, mode="clip") == ids
        counts, titles = (self.tf, self._titles) if self._weighted_tf is None else (self._weighted_tf, None)
        weights: npt.NDArray[np.float64] = counts.take(at, mode="clip").astype(np.float64)
        weights *= match
        if titles and len(titles.indices):
            indices, more = titles
            nth = indices.searchsorted(at)
            match &= indices.take(nth, mode="clip") == at
            weights += _EXTRA_TITLE_WEIGHT * np.multiply(more.take(nth, mode="clip"), match, dtype=np.float64)
        return weights


def _numbered_through(parts: Sequence[Array], doc_bases: Sequence[int]) -> Array:
    """Return the documents of all segments, numbered consecutively."""
    docs, end = np.empty(sum(map(len, parts)), np.int64), 0
    for own, base in zip(parts, doc_bases):
        begin, end = end, end + len(own)
        np.add(own, base, out=docs[begin:end], dtype=np.int64)
    return docs


#: Maximum size of the cached hits in bytes. The hits of a segment count as their arrays plus
#: _OVERHEAD_BYTES.
_MAX_CACHED_BYTES, _OVERHEAD_BYTES = 128 << 20, 1000


class QueryLeaves:
    """The hits of the leaves of one query. Each is looked up once."""

    def __init__(self, cache: LeafCache) -> None:
        self._cache = cache
        self._hits: dict[tuple[SpanExpr, bool], LeafHits] = {}

    def hits(self, leaf: SpanExpr, in_quotes: bool = False) -> LeafHits:
        """Return the articles with the leaf, or with ``in_quotes`` the quotations with it in their words."""
        key = (leaf, in_quotes)
        if key not in self._hits:
            self._hits[key] = self._cache.hits(leaf, in_quotes)
        return self._hits[key]


class LeafCache:
    """Finds the hits of leaves, and caches the last ones."""

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
            if (cached := self._cached.get(key)) is not None:
                self._cached.move_to_end(key)
                return LeafHits(documents, cached)
        hits = self._find(leaf, QUOTES if in_quotes else field_of(leaf), documents)
        with self._lock:
            if key not in self._cached:  # another thread may have added it meanwhile
                self._cached[key] = hits
                self._cached_bytes += _bytes(hits)
            while self._cached_bytes > _MAX_CACHED_BYTES and len(self._cached) > 1:
                self._cached_bytes -= _bytes(self._cached.popitem(last=False)[1])
        return LeafHits(documents, hits)

    def slots(self, leaf: SpanExpr) -> Sequence[Slot] | None:
        match leaf:
            case Term(text=text, exact=exact):
                return analysis.query_terms(text, exact, self._snapshot.languages)
            case Phrase(text=text):
                return analysis.query_terms(text, False, self._snapshot.languages)
            case Near() | SpanOr():
                return None
            case Wildcard() | Fuzzy():
                return (self._cached_expansion(leaf),)
            case _:
                assert_never(leaf)

    def _cached_expansion(self, leaf: Wildcard | Fuzzy) -> Slot:
        """Return the terms that a pattern or fuzzy word matches. The last result is reused for each
        segment."""
        last, slot = self._last_expanded
        if leaf != last:
            slot = self._expand(leaf)
            self._last_expanded = leaf, slot
        return slot

    def _expand(self, leaf: Wildcard | Fuzzy) -> Slot:
        if isinstance(leaf, Fuzzy):
            return expansion.expand_fuzzy(leaf.text, leaf.edits, self.vocabulary)
        if (prefix := expansion.plain_prefix(leaf.pattern)) is not None:
            ranges = (segment.dictionary.prefix_range(prefix) for segment in self._snapshot.segments)
            if sum(stop - start for start, stop in ranges) <= expansion.MAX_EXPANSIONS:
                return PrefixSlot(prefix)
        return expansion.expand_wildcard(leaf.pattern, self.vocabulary)

    def vocabulary(self, prefix: str) -> Iterator[str]:
        """Yield the distinct surface forms in the index with this prefix."""
        dictionaries = [segment.dictionary for segment in self._snapshot.segments]
        surfaces = (surface for dictionary in dictionaries for surface, _ in dictionary.surfaces(prefix))
        return surfaces if len(dictionaries) == 1 else iter(dict.fromkeys(surfaces))

    def _find(self, leaf: SpanExpr, field: str, documents: Documents) -> Sequence[SegmentHits]:
        """Return the live documents of each segment."""
        by_segment = []
        for finder, (base, end) in zip(self._finders_in(field), pairwise(documents.doc_bases)):
            check()
            hits = finder.hits(leaf)
            by_segment.append(hits if documents.live is None else _live_hits(hits, documents.live[base:end]))
        return by_segment

    def places(self, article: int, leaf: SpanExpr) -> Collection[int] | None:
        """See :meth:`SpanFinder.places`."""
        bases = self._snapshot.articles.doc_bases
        number = bisect_right(bases, article) - 1
        return self._finders_in("text")[number].places(leaf, article - bases[number])

    def _finders_in(self, field: str) -> Sequence[SpanFinder]:
        if field not in self._finders:
            self._finders[field] = [SpanFinder(one, field, self) for one in self._snapshot.segments]
        return self._finders[field]


def _live_hits(hits: SegmentHits, live: Mask) -> SegmentHits:
    keep, titles = live[hits.docs], hits.titles
    if titles:  # renumber the indices, which must count only live hits
        live_titles = keep[titles.indices]
        titles = TitleHits(keep.cumsum()[titles.indices[live_titles]] - 1, titles.tf[live_titles])
    return SegmentHits(hits.docs[keep], hits.tf[keep], titles)


def _bytes(segments: Sequence[SegmentHits]) -> int:
    """Return the memory of hits in bytes, without views of mapped files."""
    arrays = [array for hits in segments for part in (hits, hits.titles) if part for array in part[:2]]
    own = sum([array.nbytes for array in arrays if array.base is None])
    return own + _OVERHEAD_BYTES * (1 + len(segments))
