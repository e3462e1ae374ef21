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

    def __init__(self, documents: Documents, found: Counted) -> None:
        self._documents = documents
        self.ids, self.tf, titled = found
        self.weighted = self.tf if titled is None else self.tf + (ranking.TITLE_WEIGHT - 1) * titled
        self.docs = DocSet(documents.size, self.ids)

    @cached_property
    def points(self) -> npt.NDArray[np.float64]:
        """What having the leaf is worth, by BM25."""
        return self._worth(self.weighted, self._documents.norms[self.ids])

    def add_points(self, totals: Array, ids: Array, norms: Array, weight: float) -> None:
        """Add what the leaf gives, so many times, to those of the sorted documents that have it. ``norms``
        are theirs."""
        own = self.ids
        if not len(own) or not len(ids):
            return
        if len(own) < len(ids):
            at, held = _among(own, ids)
            totals[at] += weight * self._worth(self.weighted[held], norms[at])
            return
        at, held = _among(ids, own)
        if len(at) == len(ids):
            totals += weight * self._worth(self.weighted[at], norms)
        else:
            totals[held] += weight * self._worth(self.weighted[at], norms[held])

    def _worth(self, weighted: Array, norms: Array) -> npt.NDArray[np.float64]:
        return points(weighted, len(self.ids), norms, self._documents.count)

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
        self._finders: dict[str, Sequence[SpanFinder]] = {}

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
        """The living documents of all segments, numbered through."""
        field = QUOTES if in_quotes else field_of(leaf)
        documents = self._snapshot.quotes if in_quotes else self._snapshot.articles
        parts = []
        for finder, base in zip(self._finders_in(field), documents.bases):
            found = finder.count(leaf)
            if base and len(found.docs):
                found = found._replace(docs=found.docs + np.uint32(base))
            parts.append(found)
        found = parts[0] if len(parts) == 1 else _joined(parts)
        if documents.live is not None:
            found = _chosen(found, documents.live[found.docs])
        return LeafHits(documents, found)

    def _finders_in(self, field: str) -> Sequence[SpanFinder]:
        found = self._finders.get(field)
        if found is None:
            found = [SpanFinder(segment, field, self.expand) for segment in self._snapshot.segments]
            self._finders[field] = found
        return found


def _among(few: Array, many: Array) -> tuple[Array, Array]:
    """Of the sorted numbers ``few`` that are in ``many``: their places in ``many``, and those in ``few``."""
    at = many.searchsorted(few.astype(many.dtype, copy=False))
    at[at == len(many)] = 0
    held = (many[at] == few).nonzero()[0]
    return (at, held) if len(held) == len(few) else (at[held], held)


def _joined(parts: Sequence[Counted]) -> Counted:
    held = [one for one in parts if len(one.docs)]
    if len(held) < 2:
        return held[0] if held else Counted(*[np.empty(0, np.uint32)] * 3)
    docs, tf = np.concatenate([one.docs for one in held]), np.concatenate([one.tf for one in held])
    titled = [one.titled for one in held if one.titled is not None]
    return Counted(docs, tf, np.concatenate(titled) if titled else None)


def _chosen(found: Counted, which: npt.NDArray[np.bool_]) -> Counted:
    return Counted(found.docs[which], found.tf[which], None if found.titled is None else found.titled[which])
