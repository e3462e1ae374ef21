"""The reader of one generation: simple queries go to the light searcher, the others to the one on arrays."""

from __future__ import annotations

import heapq
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from copy import copy
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from searcher.article import Article
from searcher.engines.base import TermField
from searcher.engines.whoosh.format.layout import QUOTES
from searcher.engines.whoosh.format.manifest import Manifest, toc_path
from searcher.engines.whoosh.format.segment import Segment, deleted_articles
from searcher.engines.whoosh.light import LightPolicy, LightSearcher
from searcher.engines.whoosh.names import StoredNames, open_names
from searcher.names.table import Identities
from searcher.query.tree import Query, QuoteQuery
from searcher.results import Hit, Results

if TYPE_CHECKING:
    from searcher.engines.whoosh.search.searcher import IndexSearcher
    from searcher.results.quotations import QuoteHit, Quotes


class Vocabulary:
    """The terms of all segments."""

    def __init__(self, segments: Sequence[Segment], deleted: Sequence[Sequence[int]]) -> None:
        """``deleted``: for each segment the numbers of its deleted articles."""
        self._segments = [(segment, frozenset(numbers)) for segment, numbers in zip(segments, deleted)]

    def terms(self, field: TermField, prefix: str) -> Iterator[str]:
        """Yield the terms that begin with ``prefix`` and that any live article has: words sorted."""
        if field == "id":
            return self._ids(prefix)
        lists = [_live_words(segment, deleted, prefix) for segment, deleted in self._segments]
        return (word for word, _ in groupby(heapq.merge(*lists)))

    def frequencies(self, field: TermField, terms: Collection[str]) -> Mapping[str, int]:
        """Return the number of live articles that have each of these terms, without terms that none has. Of
        what was said quotations count, those with another word of the same stem too, and deleted ones."""
        frequencies: dict[str, int] = {}
        for segment, deleted in self._segments:
            for term in terms:
                if count := _frequency(segment, deleted, field, term):
                    frequencies[term] = frequencies.get(term, 0) + count
        return frequencies

    def article(self, id: str) -> Article | None:
        """Return the live article of an id."""
        for segment, deleted in reversed(self._segments):
            number = segment.find_article(id)
            if number >= 0 and number not in deleted:
                return segment.article(number)
        return None

    def _ids(self, prefix: str) -> Iterator[str]:
        for segment, deleted in self._segments:
            known = segment.values("id")
            for id in known.texts(*known.prefixed(prefix)):
                if segment.find_article(id) not in deleted:
                    yield id


def _frequency(segment: Segment, deleted: frozenset[int], field: TermField, term: str) -> int:
    if field == "id":
        number = segment.find_article(term)
        return int(number >= 0 and number not in deleted)
    form = segment.dictionary.find(term)
    if form < 0:
        return 0
    if field == "text":
        return len(_articles_with(segment, form) - deleted)
    starts = segment.postings(QUOTES).starts
    return sum(starts[one.group + 1] - starts[one.group] for one in segment.dictionary.groups_of(form))


def _live_words(segment: Segment, deleted: frozenset[int], prefix: str) -> Iterator[str]:
    dictionary, postings = segment.dictionary, segment.postings("text")
    for word, form in dictionary.surfaces(prefix):
        # The dictionary has words of quotations too, which may be cut otherwise than their article's.
        present = any(postings.present[token] for token in dictionary.tokens_of(form))
        if present and deleted:
            groups = dictionary.groups_of(form)
            present = any(doc not in deleted for group in groups for doc, _ in postings.positions_of(group))
        if present:
            yield word


def _articles_with(segment: Segment, form: int) -> set[int]:
    """Return the articles that have a form, deleted ones included."""
    postings = segment.postings("text")
    articles: set[int] = set()
    for group in segment.dictionary.groups_of(form):
        if group.variants is None:
            articles.update(postings.docs[postings.starts[group.group] : postings.starts[group.group + 1]])
        else:
            articles.update(doc for doc, _ in postings.positions_of(group))
    return articles


T = TypeVar("T")

#: Articles of an index up to which NumPy is not imported to go through them: reading them takes as long, and
#: numbers in sets and lists as much memory.
_MAX_SCANNED = 1000


class IndexReader:
    """The open segments of a generation, and what answers queries from them."""

    def __init__(
        self,
        folder: Path,
        manifest: Manifest,
        segments: Sequence[Segment],
        identities: Identities | None,
        light_policy: LightPolicy,
    ) -> None:
        self.manifest = manifest
        self.segments = tuple(segments)
        self._identities = identities
        self._names = open_names(folder, manifest.names, identities)
        self._deleted = [deleted_articles(folder, record) for record in manifest.segments]
        self._lock = threading.Lock()
        self._searcher: IndexSearcher | None = None
        self._light_policy = light_policy
        self._queries = self._entries_read = 0
        self.toc = str(toc_path(folder, manifest.generation))
        self.next_toc = str(toc_path(folder, manifest.generation + 1))

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The terms; made only for the few queries that look one up, since it reads all deletions."""
        return Vocabulary(self.segments, self._deleted)

    @property
    def searcher(self) -> IndexSearcher:
        """The searcher on arrays, which answers everything. Imports NumPy."""
        with self._lock:
            if self._searcher is None:
                from searcher.engines.whoosh.search.searcher import IndexSearcher
                from searcher.engines.whoosh.search.snapshot import Snapshot

                self._searcher = IndexSearcher(Snapshot(self.segments, self._deleted), self._decided())
            return self._searcher

    @property
    def names(self) -> StoredNames:
        """The names of all values. Imports NumPy where they were committed by other rules or none."""
        with self._lock:
            return self._decided()

    def _decided(self) -> StoredNames:
        if self._names is None:
            from searcher.engines.whoosh.name_decisions import Part, resolved

            parts = [Part(*part) for part in zip(self.segments, self._deleted)]
            self._names = resolved(parts, self._identities or Identities())
        return self._names

    def search(self, query: Query | QuoteQuery) -> Results | Quotes:
        if isinstance(query, QuoteQuery):
            return self.searcher.quotes(query)
        results = self._light_answer(lambda light: light.search(query))
        return self.searcher.search(query) if results is None else results

    def scan(self, query: Query | QuoteQuery) -> Iterator[Hit] | Iterator[QuoteHit]:
        if isinstance(query, QuoteQuery):
            return self.searcher.scan_quotes(query)
        few = self.count() <= _MAX_SCANNED
        hits = self._light_answer(lambda light: light.scan(query)) if few else None
        return self.searcher.scan(query) if hits is None else hits

    def count(self) -> int:
        return sum(segment.size for segment in self.segments) - sum(map(len, self._deleted))

    def with_names(self, identities: Identities) -> IndexReader:
        """Return a reader of the same generation that resolves names by ``identities``."""
        other = copy(self)
        other._lock = threading.Lock()
        other._identities = identities
        with self._lock:
            other._names = self._names.with_identities(identities) if self._names else None
            other._searcher = None
            if self._searcher and other._names:
                other._searcher = self._searcher.with_names(other._names)
        return other

    def _light_answer(self, ask: Callable[[LightSearcher], T | None]) -> T | None:
        """Return what the light searcher answers; None if it is not to be asked, or declines."""
        policy = self._light_policy
        if self._searcher is not None and not policy.beside_numpy:
            return None
        self._queries += 1
        if not policy.allows(self._queries, self._entries_read):
            return None
        light = LightSearcher(self.segments, self._deleted, self._names, policy.max_entries)
        answer = ask(light)
        self._entries_read += light.entries_read
        return answer
