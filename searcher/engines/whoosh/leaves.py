"""The leaves of queries on a whole snapshot: which documents hold them, how often, and worth how much."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from searcher import expansion, ranking
from searcher.engines.whoosh.arrays import Array
from searcher.engines.whoosh.docset import DocSet
from searcher.engines.whoosh.layout import QUOTES
from searcher.engines.whoosh.scores import points
from searcher.engines.whoosh.snapshot import Documents, Snapshot
from searcher.engines.whoosh.spans import Counted, SpanFinder
from searcher.matching import field_of
from searcher.query import Fuzzy, Positional, Wildcard

__all__ = ["LeafHits", "Leaves"]

#: Bytes of answered leaves kept for the next query.
_KEPT = 128 << 20


class LeafHits:
    """The living documents with a leaf. ``tf`` counts its spans; ``weighted`` counts those in titles more."""

    def __init__(self, documents: Documents, ids: Array, tf: Array, weighted: Array) -> None:
        self._documents = documents
        self.ids = ids
        self.tf = tf
        self.weighted = weighted

    @cached_property
    def docs(self) -> DocSet:
        return DocSet(self._documents.size, self.ids)

    @cached_property
    def points(self) -> npt.NDArray[np.float64]:
        """What having the leaf is worth, by BM25."""
        return points(self.weighted, self._documents.norms[self.ids], self._documents.count)

    def points_among(self, ids: Array) -> npt.NDArray[np.float64]:
        """What the leaf gives to each of these sorted documents; 0 where it is not."""
        given = np.zeros(len(ids))
        if not len(self.ids) or not len(ids):
            return given
        if len(ids) < len(self.ids):
            at = np.searchsorted(self.ids, ids.astype(self.ids.dtype, copy=False))
            at[at == len(self.ids)] = 0
            held = self.ids[at] == ids
            given[held] = self.points[at[held]]
        else:
            at = np.searchsorted(ids, self.ids.astype(ids.dtype, copy=False))
            at[at == len(ids)] = 0
            held = ids[at] == self.ids
            given[at[held]] = self.points[held]
        return given

    @property
    def size(self) -> int:
        """Bytes in memory, with the points."""
        return len(self.ids) * 32 + 500


class Leaves:
    """Finds leaves, and remembers the last ones found."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[Positional, bool], LeafHits] = OrderedDict()
        self._kept_bytes = 0

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

    def vocabulary(self, prefix: str) -> Iterator[str]:
        """Every surface in the index that begins with ``prefix``, once."""
        lexicons = [segment.lexicon for segment in self._snapshot.segments]
        if len(lexicons) == 1:
            return (surface for surface, _ in lexicons[0].surfaces(prefix))
        return iter(dict.fromkeys(surface for lexicon in lexicons for surface, _ in lexicon.surfaces(prefix)))

    def _find(self, leaf: Positional, in_quotes: bool) -> LeafHits:
        field = QUOTES if in_quotes else field_of(leaf)
        documents = self._snapshot.quotes if in_quotes else self._snapshot.articles
        found = self._count(leaf, field, documents)
        weighted = found.tf
        if field == "text" and ranking.TITLE_WEIGHT != 1 and len(found.docs):
            weighted = found.tf + (ranking.TITLE_WEIGHT - 1) * self._titled(leaf, found, documents)
        return LeafHits(documents, found.docs, found.tf, weighted)

    def _titled(self, leaf: Positional, found: Counted, documents: Documents) -> Array:
        """For each document with the leaf, how often its title has it."""
        if found.titled is not None:
            return found.titled
        titles = self._count(leaf, "title", documents)
        titled = np.zeros(len(found.docs), np.int64)
        titled[np.searchsorted(found.docs, titles.docs)] = titles.tf
        return titled

    def _count(self, leaf: Positional, field: str, documents: Documents) -> Counted:
        """The living documents of all segments, numbered through."""
        parts = []
        for segment, base in zip(self._snapshot.segments, documents.bases):
            docs, tf, titled = SpanFinder(segment, field, self.expand).count(leaf)
            if len(docs):
                parts.append(Counted(docs + np.uint32(base) if base else docs, tf, titled))
        if not parts:
            return Counted(np.empty(0, np.uint32), np.empty(0, np.uint32))
        found = parts[0] if len(parts) == 1 else _joined(parts)
        return found if documents.live is None else _chosen(found, documents.live[found.docs])


def _joined(parts: Sequence[Counted]) -> Counted:
    docs, tf = np.concatenate([one.docs for one in parts]), np.concatenate([one.tf for one in parts])
    titled = [one.titled for one in parts if one.titled is not None]
    return Counted(docs, tf, np.concatenate(titled) if len(titled) == len(parts) else None)


def _chosen(found: Counted, which: npt.NDArray[np.bool_]) -> Counted:
    return Counted(found.docs[which], found.tf[which], None if found.titled is None else found.titled[which])
