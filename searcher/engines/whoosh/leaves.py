"""The leaves of queries on a whole snapshot: which documents hold them, how often, and worth how much."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from searcher import expansion, ranking
from searcher.engines.whoosh.arena import Arena
from searcher.engines.whoosh.arrays import Array
from searcher.engines.whoosh.docset import DocSet
from searcher.engines.whoosh.layout import QUOTES, encoded
from searcher.engines.whoosh.patience import check
from searcher.engines.whoosh.scores import points, rarity
from searcher.engines.whoosh.snapshot import Documents, Snapshot
from searcher.engines.whoosh.spans import NOTHING, Counted, SpanFinder
from searcher.matching import field_of
from searcher.query import Fuzzy, Positional, Wildcard

__all__ = ["LeafHits", "Leaves"]

#: As many times more an occurrence counts that is in a title.
_IN_TITLES = ranking.TITLE_WEIGHT - 1
#: Looking numbers up one by one pays while they and those among which they are looked for are at most this
#: share of all documents.
_MANY = 4
#: The same for the titles that have a word, which are looked for among the articles that have it.
_MANY_TITLES = 100
#: Bytes of answered leaves kept for the next query.
_KEPT = 128 << 20


class LeafHits:
    """The living documents with a leaf. ``tf`` counts its spans."""

    def __init__(self, documents: Documents, found: Counted, arena: Arena) -> None:
        self._documents = documents
        self._arena = arena
        self.ids, self.tf, self._titles = found

    @property
    def docs(self) -> DocSet:
        """A new set each time: its mask is for one question."""
        return DocSet(self._documents.size, self.ids)

    @cached_property
    def rough(self) -> npt.NDArray[np.float32]:
        """What having the leaf is worth, by BM25 in single precision, but for :attr:`rarity`."""
        weighted: npt.NDArray[np.float32] = self._arena.empty(len(self.ids), np.float32)
        weighted[:] = self.tf
        if self._titles is not None:
            docs, more = self._titles.docs, np.float32(_IN_TITLES) * self._titles.tf
            if len(docs) * _MANY_TITLES > self._documents.size:
                weighted += self._everywhere(docs, more).take(self.ids)
            else:
                weighted[self.ids.searchsorted(docs)] += more
        weighted /= weighted + self._documents.rough_norms.take(self.ids)
        return weighted

    @property
    def rarity(self) -> float:
        """What :attr:`rough` is to be multiplied by."""
        return rarity(len(self.ids), self._documents.count) * (ranking.K1 + 1)

    def points(self, ids: Array, norms: Array) -> npt.NDArray[np.float64]:
        """What having the leaf is worth to each of these sorted documents, whose ``norms`` are given."""
        weighted = self._looked_up(self.ids, self.tf, ids)
        if self._titles is not None:
            weighted += _IN_TITLES * self._looked_up(self._titles.docs, self._titles.tf, ids)
        return points(weighted, len(self.ids), norms, self._documents.count)

    def _looked_up(self, docs: Array, counts: Array, ids: Array) -> npt.NDArray[np.float64]:
        """The counts of some of the sorted numbers, 0 where one is not among the sorted documents."""
        if (len(docs) + len(ids)) * _MANY > self._documents.size:
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

    @property
    def size(self) -> int:
        """Bytes in memory, with the rough points."""
        return len(self.ids) * 20 + 500


class Leaves:
    """Finds leaves, and remembers the last ones found."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[Positional, bool], LeafHits] = OrderedDict()
        self._kept_bytes = 0
        self._finders: dict[str, Sequence[SpanFinder]] = {}
        self._arena = Arena()

    def hits(self, leaf: Positional, in_quotes: bool = False) -> LeafHits:
        """The articles with the leaf; with ``in_quotes``, the quotations with it among their own words."""
        key = (leaf, in_quotes)
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
        found = self._find(leaf, in_quotes)
        with self._lock:
            self._kept[key] = found
            self._kept_bytes += found.size
            while self._kept_bytes > _KEPT and len(self._kept) > 1:
                self._kept_bytes -= self._kept.popitem(last=False)[1].size
        return found

    def expand(self, leaf: Wildcard | Fuzzy) -> Sequence[str]:
        """The surfaces that a pattern or a misspelling stands for. Raises QueryTooBroad."""
        if isinstance(leaf, Wildcard):
            return expansion.expand_wildcard(leaf.pattern, self.vocabulary)
        return expansion.expand_fuzzy(leaf.text, leaf.edits, self.vocabulary)

    def prefix(self, leaf: Wildcard) -> str | None:
        """What its surfaces begin with, where that is all that is asked and they are not too many."""
        prefix = expansion.plain_prefix(leaf.pattern)
        if prefix is None:
            return None
        ranges = (segment.lexicon.prefixed(encoded(prefix)) for segment in self._snapshot.segments)
        return prefix if sum(stop - start for start, stop in ranges) <= expansion.LIMIT else None

    def vocabulary(self, prefix: str) -> Iterator[str]:
        """Every surface in the index that begins with ``prefix``, once."""
        lexicons = [segment.lexicon for segment in self._snapshot.segments]
        if len(lexicons) == 1:
            return (surface for surface, _ in lexicons[0].surfaces(prefix))
        return iter(dict.fromkeys(surface for lexicon in lexicons for surface, _ in lexicon.surfaces(prefix)))

    def _find(self, leaf: Positional, in_quotes: bool) -> LeafHits:
        """The living documents of all segments, numbered through."""
        field = QUOTES if in_quotes else field_of(leaf)
        documents = self._snapshot.quotes if in_quotes else self._snapshot.articles
        parts = []
        for finder, base in zip(self._finders_in(field), documents.bases):
            check()
            parts.append((finder.count(leaf), base))
        found = self._joined(parts)
        if documents.live is not None:
            found = _chosen(found, documents.live)
        return LeafHits(documents, found, self._arena)

    def _joined(self, parts: Sequence[tuple[Counted, int]]) -> Counted:
        """The documents of all parts, those of each numbered from its base on."""
        parts = [part for part in parts if len(part[0].docs)]
        if not parts:
            return NOTHING
        count = sum([len(one.docs) for one, _ in parts])
        docs, tf = self._arena.empty(count, np.int64), parts[0][0].tf
        end = 0
        for one, base in parts:
            begin, end = end, end + len(one.docs)
            np.add(one.docs, base, out=docs[begin:end], dtype=np.int64)
        if len(parts) > 1:
            counts = [one.tf for one, _ in parts]
            tf = np.concatenate(counts, out=self._arena.empty(count, np.result_type(*counts)))
        titles = [(one.titles, base) for one, base in parts if one.titles]
        return Counted(docs, tf, self._joined(titles) if titles else None)

    def _finders_in(self, field: str) -> Sequence[SpanFinder]:
        found = self._finders.get(field)
        if found is None:
            found = [SpanFinder(segment, field, self) for segment in self._snapshot.segments]
            self._finders[field] = found
        return found


def _chosen(found: Counted, live: npt.NDArray[np.bool_]) -> Counted:
    which = live[found.docs]
    titles = _chosen(found.titles, live) if found.titles else None
    return Counted(found.docs[which], found.tf[which], titles)
