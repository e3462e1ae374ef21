"""The leaves of queries on a whole snapshot: finding them, and remembering where they were found."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import assert_never

import numpy as np
import numpy.typing as npt

from searcher import analysis
from searcher.engines.whoosh.format.layout import QUOTES, encoded
from searcher.engines.whoosh.search.deadline import check
from searcher.engines.whoosh.search.leaf_hits import LeafHits
from searcher.engines.whoosh.search.snapshot import Documents, Snapshot
from searcher.engines.whoosh.search.spans import Counted, Prefix, Slot, SpanFinder, Titles
from searcher.query import expansion
from searcher.query.spans import field_of
from searcher.query.tree import Fuzzy, Near, Or, Phrase, Positional, Term, Wildcard

__all__ = ["Leaves", "Question"]

#: Bytes of answered leaves kept for the next query, and what each segment takes of these besides its arrays.
_KEPT, _LITTLE = 128 << 20, 1000


class Question:
    """The leaves of one question."""

    def __init__(self, leaves: Leaves) -> None:
        self._leaves = leaves
        self._hits: dict[tuple[Positional, bool], LeafHits] = {}

    def hits(self, leaf: Positional, in_quotes: bool = False) -> LeafHits:
        """The articles with the leaf; with ``in_quotes``, the quotations with it among their own words."""
        key = (leaf, in_quotes)
        found = self._hits.get(key)
        if found is None:
            found = self._hits[key] = self._leaves.hits(leaf, in_quotes)
        return found


class Leaves:
    """Finds leaves, and remembers the last ones found."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[Positional, bool], Sequence[Counted]] = OrderedDict()
        self._kept_bytes = 0
        self._finders: dict[str, Sequence[SpanFinder]] = {}
        self._last_expanded: tuple[Positional | None, Slot] = (None, ())

    def hits(self, leaf: Positional, in_quotes: bool) -> LeafHits:
        documents = self._snapshot.quotes if in_quotes else self._snapshot.articles
        key = (leaf, in_quotes)
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return LeafHits(documents, found)
        found = self._find(leaf, QUOTES if in_quotes else field_of(leaf), documents)
        with self._lock:
            if key not in self._kept:  # another thread may have found it meanwhile
                self._kept[key] = found
                self._kept_bytes += _bytes(found)
            while self._kept_bytes > _KEPT and len(self._kept) > 1:
                self._kept_bytes -= _bytes(self._kept.popitem(last=False)[1])
        return LeafHits(documents, found)

    def slots(self, leaf: Positional) -> Sequence[Slot] | None:
        """For a leaf that is words in a row: what will do at each position. Raises QueryTooBroad."""
        match leaf:
            case Term(text=text, exact=exact):
                return analysis.sought(text, exact)
            case Phrase(text=text):
                return analysis.sought(text)
            case Near() | Or():
                return None
            case Wildcard() | Fuzzy():
                return (self._expanded(leaf),)
            case _:
                assert_never(leaf)

    def _expanded(self, leaf: Wildcard | Fuzzy) -> Slot:
        """What a pattern or a misspelling stands for, which each segment asks for."""
        last, found = self._last_expanded
        if leaf != last:
            found = self._expand(leaf)
            self._last_expanded = leaf, found
        return found

    def _expand(self, leaf: Wildcard | Fuzzy) -> Slot:
        if isinstance(leaf, Fuzzy):
            return expansion.expand_fuzzy(leaf.text, leaf.edits, self.vocabulary)
        prefix = expansion.plain_prefix(leaf.pattern)
        if prefix is not None:
            ranges = (segment.dictionary.prefixed(encoded(prefix)) for segment in self._snapshot.segments)
            if sum(stop - start for start, stop in ranges) <= expansion.LIMIT:
                return Prefix(prefix)
        return expansion.expand_wildcard(leaf.pattern, self.vocabulary)

    def vocabulary(self, prefix: str) -> Iterator[str]:
        """Every surface in the index that begins with ``prefix``, once."""
        lexicons = [segment.dictionary for segment in self._snapshot.segments]
        if len(lexicons) == 1:
            return (surface for surface, _ in lexicons[0].surfaces(prefix))
        return iter(dict.fromkeys(surface for lexicon in lexicons for surface, _ in lexicon.surfaces(prefix)))

    def _find(self, leaf: Positional, field: str, documents: Documents) -> Sequence[Counted]:
        """The living documents of each segment."""
        found = []
        for finder, (base, end) in zip(self._finders_in(field), pairwise(documents.bases)):
            check()
            counted = finder.count(leaf)
            found.append(counted if documents.live is None else _chosen(counted, documents.live[base:end]))
        return found

    def _finders_in(self, field: str) -> Sequence[SpanFinder]:
        found = self._finders.get(field)
        if found is None:
            found = [SpanFinder(segment, field, self) for segment in self._snapshot.segments]
            self._finders[field] = found
        return found


def _chosen(found: Counted, live: npt.NDArray[np.bool_]) -> Counted:
    which = live[found.docs]
    titles = _chosen_titles(found.titles, which) if found.titles else None
    return Counted(found.docs[which], found.tf[which], titles)


def _chosen_titles(titles: Titles, which: npt.NDArray[np.bool_]) -> Titles:
    left = which[titles.places]
    return Titles(which.cumsum()[titles.places[left]] - 1, titles.tf[left])


def _bytes(found: Sequence[Counted]) -> int:
    """Bytes in memory: most of what is found lies in the files."""
    arrays = [array for one in found for part in (one, one.titles) if part for array in part[:2]]
    return sum([array.nbytes for array in arrays if array.base is None], _LITTLE * (1 + len(found)))
