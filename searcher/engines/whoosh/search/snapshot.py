"""The snapshot: the segments of one generation as one collection, whose documents are numbered consecutively.

Also sets of documents, and a cache of unpacked articles.
"""

from __future__ import annotations

import bisect
import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from functools import cached_property, partial
from itertools import accumulate
from typing import Self

import numpy as np
import numpy.typing as npt

from searcher.engines import scoring
from searcher.engines.whoosh.arrays import Array, Mask, all_but, as_array, join_arrays, sorted_unique
from searcher.engines.whoosh.format.array_file import SPEAKER_KINDS
from searcher.engines.whoosh.format.articles import StoredArticle
from searcher.engines.whoosh.format.segment import Segment, languages_of
from searcher.query.tree import SpanExpr

#: If one set is at least this many times as large as the other, looking up the members of the smaller set is
#: faster than making a mask.
_MIN_LOOKUP_RATIO = 16
#: Sorting the document numbers of several lists is faster than making a mask if the lists contain at most
#: 1/n of all documents.
_SPARSE_RATIO = 4


class DocSet:
    """A set of documents, as numbers or as a mask. Each form is computed from the other when first needed,
    and a union is not computed before."""

    __slots__ = ("_count", "_ids", "_mask", "_union_of", "size")

    def __init__(
        self, size: int, ids: Array | None = None, mask: Mask | None = None, union_of: Sequence[DocSet] = ()
    ) -> None:
        """One of: ``ids``, sorted numbers; ``mask``, of ``size`` flags; ``union_of``, other sets."""
        self.size = size
        self._union_of = union_of
        self._ids = ids
        self._mask = mask
        self._count = len(ids) if ids is not None else -1

    @classmethod
    def empty(cls, size: int) -> Self:
        return cls(size, np.empty(0, np.int64))

    @classmethod
    def union(cls, size: int, sets: Sequence[DocSet]) -> DocSet:
        sets = [one for one in sets if one._cost()]
        if len(sets) < 2:
            return sets[0] if sets else cls.empty(size)
        return cls(size, union_of=sets)

    def is_union_of(self, sets: Sequence[DocSet]) -> bool:
        """Return True if this set is the union of exactly these sets (the same objects), or the only one of
        them."""
        return {*map(id, self._union_of or (self,))} == {*map(id, sets)}

    @property
    def ids(self) -> Array:
        """The numbers of the documents, sorted."""
        if self._ids is None:
            self._ids = self._sorted_ids() if self._is_sparse() else np.flatnonzero(self.mask)
            self._count = len(self._ids)
        return self._ids

    @property
    def mask(self) -> Mask:
        """A flag for each of ``size`` documents."""
        if self._mask is None:
            self._mask = np.zeros(self.size, np.bool_)
            for one in (self,) if self._ids is not None else self._union_of:
                if one._ids is None:
                    self._mask |= one.mask
                else:
                    self._mask[one._ids] = True
        return self._mask

    def set_mask(self, mask: Mask) -> None:
        """Set the mask of a union that was computed elsewhere."""
        self._mask = mask
        self._count = int(np.count_nonzero(mask))

    @property
    def is_dense(self) -> bool:
        """True if the numbers are not known and too many to sort."""
        return self._ids is None and not self._is_sparse()

    def __len__(self) -> int:
        if self._count < 0:
            if self._mask is None and self._is_sparse():
                return len(self.ids)
            self._count = int(np.count_nonzero(self.mask))
        return self._count

    @property
    def upper_bound(self) -> int:
        """An upper bound of the length; the length if it is known."""
        if self._ids is None and self._mask is None:
            return sum([one.upper_bound for one in self._union_of])
        return len(self)

    def _is_sparse(self) -> bool:
        """Return True for a union of so few documents that sorting their numbers is fastest."""
        return bool(self._union_of) and self.upper_bound * _SPARSE_RATIO <= self.size

    def _sorted_ids(self) -> Array:
        return sorted_unique(np.concatenate([one.ids for one in self._union_of]))

    def __and__(self, other: DocSet) -> DocSet:
        small, large = (self, other) if self._cost() <= other._cost() else (other, self)
        if small.is_dense:
            return DocSet(self.size, mask=small.mask & large.mask)
        if large._mask is None and not large.is_dense and len(small) * _MIN_LOOKUP_RATIO < len(large):
            return DocSet(self.size, small.ids.compress(_is_in(small.ids, large.ids)))
        return DocSet(self.size, small.ids.compress(large.mask.take(small.ids)))

    def __sub__(self, other: DocSet) -> DocSet:
        if not self.is_dense:
            return DocSet(self.size, self.ids[~other.mask[self.ids]])
        return DocSet(self.size, mask=self.mask & ~other.mask)

    def _cost(self) -> int:
        """Return the number of entries read by an iteration over the set."""
        return len(self.ids) if not self.is_dense else self.size


def _is_in(ids: Array, ascending: Array) -> Mask:
    """Return a flag for each of the sorted ``ids``: True if it is in the sorted, nonempty ``ascending``."""
    flags: Mask = ascending.take(ascending.searchsorted(ids), mode="clip") == ids
    return flags


class Documents:
    """The articles or the quotations of a snapshot, with their lengths."""

    def __init__(self, doc_bases: Sequence[int], live: Mask | None, lengths: Array) -> None:
        """``doc_bases``: the number of each segment's first document, and finally of all. ``live``: None if
        no document is deleted."""
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
        """The length norm of each document, computed in the same steps as in scoring.bm25."""
        if not self.average_length:
            return np.full(self.size, scoring.K1)
        return scoring.K1 * (1 - scoring.B + scoring.B * self.lengths / self.average_length)

    @cached_property
    def float32_norms(self) -> npt.NDArray[np.float32]:
        """The norms in single precision: half as many bytes to read."""
        return self.norms.astype(np.float32)

    def scratch_array(self) -> npt.NDArray[np.float32]:
        """Return an array with a zero for each document, which the next call of this thread reuses."""
        array: npt.NDArray[np.float32] | None = getattr(self._scratch, "array", None)
        if array is None:
            array = self._scratch.array = np.empty(self.size, np.float32)
        array.fill(0)
        return array

    def live_ids(self, ids: Array) -> Array:
        return ids if self.live is None else ids[self.live[ids]]


def column_property(name: str) -> cached_property[Array]:
    """Return a property of a snapshot with one of its columns."""
    return cached_property(lambda snapshot: snapshot.column(name))


class Snapshot:
    """One generation. Articles are numbered in the order of adding, quotations by article and position, both
    consecutively through all segments."""

    def __init__(self, segments: Sequence[Segment], deleted: Sequence[memoryview]) -> None:
        """``deleted``: for each segment the numbers of its deleted articles."""
        self.segments = tuple(segments)
        article_bases = [0, *accumulate(segment.size for segment in segments)]
        self._quote_bases = [0, *accumulate(segment.quotes for segment in segments)]
        self.articles = Documents(article_bases, _live_mask(segments, deleted), self.column("length"))

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages of the articles whose words have stems, English first."""
        return languages_of(self.segments)

    @cached_property
    def quotes(self) -> Documents:
        live = self.articles.live
        live = None if live is None else live[self.quote_article]
        return Documents(self._quote_bases, live, self.column("quote_length"))

    @cached_property
    def quote_article(self) -> Array:
        """The article of each quotation."""
        numbered = zip(self.segments, self.articles.doc_bases)
        parts = [as_array(one.column("quote_article")) + np.uint32(base) for one, base in numbered]
        return join_arrays(parts, np.uint32)

    @cached_property
    def quote_starts(self) -> Array:
        """The first quotation of each article, and finally the number of all."""
        numbered = zip(self.segments, self._quote_bases)
        parts = [as_array(one.quote_starts)[:-1].astype(np.int64) + base for one, base in numbered]
        return np.append(join_arrays(parts, np.int64), self._quote_bases[-1])

    when, body_length = column_property("when"), column_property("body_length")
    quote_kind, quote_confidence = column_property("quote_kind"), column_property("quote_confidence")
    quote_speaker_kind = column_property("quote_speaker_kind")

    def is_unnamed(self, quotes: Array) -> Mask:
        """Return a flag for each of these quotations: True if its article does not name the speaker."""
        unnamed: Mask = self.quote_speaker_kind[quotes] == SPEAKER_KINDS.index("unnamed")
        return unnamed

    def column(self, name: str) -> Array:
        """Return a column of all segments, without copying if there is only one."""
        return join_arrays([as_array(segment.column(name)) for segment in self.segments], np.uint32)

    def locate(self, article: int) -> tuple[Segment, int]:
        """Return the segment of an article, and its number there."""
        bases = self.articles.doc_bases
        number = bisect.bisect_right(bases, article) - 1
        return self.segments[number], article - bases[number]

    def find(self, id: str) -> int:
        """Return the number of the live article with this id, or -1."""
        for segment, base in zip(reversed(self.segments), reversed(self.articles.doc_bases[:-1])):
            number = segment.find_article(id)
            if number >= 0 and (self.articles.live is None or self.articles.live[base + number]):
                return base + number
        return -1


def _live_mask(segments: Sequence[Segment], deleted: Sequence[memoryview]) -> Mask | None:
    """Return a flag for each article: True if it is live. None if all are."""
    if not any(map(len, deleted)):
        return None
    return np.concatenate([all_but(segment.size, numbers) for segment, numbers in zip(segments, deleted)])


#: Maximum size of the cached articles in bytes, estimated as _UNPACKED_RATIO times their packed size.
_MAX_CACHED_BYTES, _UNPACKED_RATIO = 64 << 20, 8


class ArticleCache:
    """Reads the articles of a snapshot by number. The last ones are cached."""

    def __init__(self, snapshot: Snapshot, places: Callable[[int, SpanExpr], Collection[int] | None]) -> None:
        """``places``: returns the words of an article's body at which an expression may begin."""
        self._snapshot = snapshot
        self._places = places
        self._lock = threading.Lock()
        self._articles: OrderedDict[int, StoredArticle] = OrderedDict()
        self._sizes: dict[int, int] = {}  # estimated sizes of the cached articles in bytes
        self._bytes = 0

    def get(self, numbers: Sequence[int]) -> list[StoredArticle]:
        """Read the articles with these numbers. Raises IndexDamaged."""
        articles = self._cached_or_made(numbers, Segment.article)
        for article in articles:
            _ = article.title  # accessing the title reads the article, so that damage is reported here
        return articles

    def get_lazy(self, numbers: Sequence[int]) -> list[StoredArticle]:
        """Return the same articles, which are read when any field but the id is first accessed."""
        return self._cached_or_made(numbers, Segment.lazy_article)

    def _cached_or_made(
        self, numbers: Sequence[int], make: Callable[[Segment, int], StoredArticle]
    ) -> list[StoredArticle]:
        cached, locate = self._articles, self._snapshot.locate
        articles, made = [], {}
        for number in numbers:
            if (article := cached.get(number)) is None:
                segment, own = locate(number)
                article = make(segment, own)
                article.set_word_lookup(partial(self._places, number))
                made[number] = article, _UNPACKED_RATIO * segment.packed_size(own)
            articles.append(article)
        with self._lock:
            for number in numbers:
                if number in cached:
                    cached.move_to_end(number)
            for number, (article, size) in made.items():
                self._bytes += size - self._sizes.get(number, 0)
                cached[number], self._sizes[number] = article, size
            while self._bytes > _MAX_CACHED_BYTES and len(cached) > 1:
                self._bytes -= self._sizes.pop(cached.popitem(last=False)[0], 0)
        return articles
