"""Answers to whole questions, from one snapshot."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from searcher.article import Article
from searcher.engines.whoosh.arrays import Array
from searcher.engines.whoosh.format.columns import quotes_by_position
from searcher.engines.whoosh.format.layout import NO_DATE
from searcher.engines.whoosh.search.docset import DocSet
from searcher.engines.whoosh.search.evaluator import Evaluator
from searcher.engines.whoosh.search.facets import Names
from searcher.engines.whoosh.search.leaf_cache import LeafCache, QueryLeaves
from searcher.engines.whoosh.search.ranking import best, score, scored_leaves
from searcher.engines.whoosh.search.snapshot import Snapshot
from searcher.engines.whoosh.search.top_k import top
from searcher.names.resolution import Identities
from searcher.query.tree import Expr, Query, QuoteQuery
from searcher.results import Facet, FacetValues, Hit, QuoteHit, Quotes, Results

__all__ = ["Answers"]

#: Bytes of articles kept unpacked, and how much more they take than packed.
_KEPT, _UNPACKED = 64 << 20, 8


class Answers:
    """Everything that an engine answers, about one generation."""

    def __init__(self, snapshot: Snapshot, identities: Identities, leaves: LeafCache | None = None) -> None:
        self._snapshot = snapshot
        self._leaves = leaves or LeafCache(snapshot)
        self._names = Names(snapshot, identities)
        self._unpacked: OrderedDict[int, Article] = OrderedDict()
        self._sizes: dict[int, int] = {}  # bytes of these
        self._unpacked_bytes = 0
        self._lock = threading.Lock()

    def resolved_by(self, identities: Identities) -> Answers:
        """The same snapshot with names resolved anew."""
        return Answers(self._snapshot, identities, self._leaves)

    def _evaluator(self) -> Evaluator:
        """For one question."""
        return Evaluator(self._snapshot, QueryLeaves(self._leaves), self._names)

    def search(self, query: Query) -> Results:
        evaluator = self._evaluator()
        matching = evaluator.articles(query.where)
        found = evaluator.filtered(matching, query.filters)
        wanted = query.offset + query.limit
        ids, scores = self._ordered(evaluator, query, found, wanted)
        page = slice(query.offset, wanted)
        articles = self._articles(ids[page].tolist() if query.limit else [])
        total = len(ids) if query.collapse else len(found)
        hits = tuple(map(Hit, articles, scores[page].tolist()))
        facets = self._facets(evaluator, query, matching, found)
        return Results(hits, total, facets, collapsed=query.collapse, articles=len(found))

    def scan(self, query: Query) -> Iterator[Hit]:
        evaluator = self._evaluator()
        found = evaluator.filtered(evaluator.articles(query.where), query.filters)
        ids, scores = self._ordered(evaluator, query, found, len(found))
        return (Hit(self._read(int(id)), float(points)) for id, points in zip(ids, scores))

    def _ordered(self, evaluator: Evaluator, query: Query, found: DocSet, wanted: int) -> tuple[Array, Array]:
        """The first ``wanted`` articles, or the first one of every story, with their scores."""
        ordered = len(found) if query.collapse else wanted
        if query.sort == "relevance":
            ids, scores = self._best(evaluator, query.where, found, ordered)
        else:
            ids = found.ids.take(self._by_date(found.ids, query.sort, ordered))
            scores = np.zeros(len(ids))
        if query.collapse:
            first = self._first_of_stories(ids)
            ids, scores = ids[first], scores[first]
        return ids, scores

    def quotes(self, query: QuoteQuery) -> Quotes:
        evaluator = self._evaluator()
        matching = evaluator.wanted_quotes(query)
        found = evaluator.confident(matching, query.confidence)
        wanted = query.offset + query.limit
        ids, scores = self._ordered_quotes(evaluator, query, found, wanted)
        page = slice(query.offset, wanted)
        numbers = ids[page].tolist()
        owners = self._articles(self._snapshot.quote_article[numbers].tolist() if numbers else [])
        hits = tuple(map(self._quote, numbers, owners, scores[page].tolist()))
        return Quotes(hits, len(found), below_confidence=len(matching) - len(found))

    def scan_quotes(self, query: QuoteQuery) -> Iterator[QuoteHit]:
        evaluator = self._evaluator()
        found = evaluator.confident(evaluator.wanted_quotes(query), query.confidence)
        ids, scores = self._ordered_quotes(evaluator, query, found, len(found))
        owners = self._snapshot.quote_article[ids] if len(ids) else ids
        hits = zip(ids, owners, scores)
        return (self._quote(int(id), self._read(int(owner)), float(points)) for id, owner, points in hits)

    def _ordered_quotes(
        self, evaluator: Evaluator, query: QuoteQuery, found: DocSet, wanted: int
    ) -> tuple[Array, Array]:
        """The first ``wanted`` quotations with their scores."""
        if query.sort == "relevance":
            ids, scores = self._best(evaluator, query.where, found, wanted, in_quotes=True)
        else:
            owners = self._snapshot.quote_article[found.ids]
            ids = found.ids.take(self._by_date(owners, query.sort, wanted))
            scores = np.zeros(len(ids))
        return ids, scores

    def explain(self, expr: Expr, id: str) -> tuple[tuple[str, float], ...]:
        from searcher.query.language import render

        number = self._snapshot.find(id)
        if number < 0:
            return ()
        this = np.array([number])
        parts = scored_leaves(expr, QueryLeaves(self._leaves))
        given = [(one[0].leaf, float(score([one], this, self._snapshot.articles)[0])) for one in parts]
        return tuple((render(leaf), points) for leaf, points in given if points)

    def get(self, id: str) -> Article | None:
        number = self._snapshot.find(id)
        return self._article(number) if number >= 0 else None

    def articles(self) -> Iterator[Article]:
        live = self._snapshot.articles.live
        for number in range(self._snapshot.articles.size):
            if live is None or live[number]:
                yield self._read(number)

    def values(self, field: str) -> Mapping[str, int]:
        return self._names.count(field, self._snapshot.articles.all)

    def _best(
        self, evaluator: Evaluator, where: Expr, found: DocSet, wanted: int, in_quotes: bool = False
    ) -> tuple[Array, Array]:
        """The best ones and their scores."""
        if not wanted:
            return np.empty(0, np.int64), np.empty(0)
        documents = self._snapshot.quotes if in_quotes else self._snapshot.articles
        return best(scored_leaves(where, evaluator.leaves, in_quotes), found, documents, wanted)

    def _by_date(self, articles: Array, sort: str, wanted: int) -> Array:
        """The places of the newest or oldest; undated ones last, equal ones in their order."""
        when = self._snapshot.when.take(articles)
        return top(np.where(when == NO_DATE, -np.inf, when if sort == "newest" else -when), wanted)

    def _first_of_stories(self, articles: Array) -> Array:
        """The places of the first article of each story, in order."""
        _, places = np.unique(self._names.stories()[articles], return_index=True)
        return np.sort(places)

    def _facets(
        self, evaluator: Evaluator, query: Query, matching: DocSet, found: DocSet
    ) -> dict[str, Facet]:
        """Counts over all that match, without the selections on the facet's own field."""
        facets = {}
        for name in query.facets:
            others = [one for one in query.filters if one.negated or one.field != name]
            among = found if len(others) == len(query.filters) else evaluator.filtered(matching, others)
            count = self._names.count_stories if query.collapse else self._names.count
            facets[name] = Facet(name, FacetValues(count(name, among)))
        return facets

    def _read(self, number: int) -> Article:
        """An article that is not kept: one of many that are gone through once."""
        segment, own = self._snapshot.locate(number)
        return segment.article(own)

    def _article(self, number: int) -> Article:
        return self._articles([number])[0]

    def _articles(self, numbers: Sequence[int]) -> list[Article]:
        """The articles; those shown last are kept."""
        kept = self._unpacked
        found = [kept.get(number) or self._unpack(number) for number in numbers]
        with self._lock:
            for number, article in zip(numbers, found):
                kept[number] = article
                kept.move_to_end(number)
            while self._unpacked_bytes > _KEPT and len(kept) > 1:
                self._unpacked_bytes -= self._sizes.pop(kept.popitem(last=False)[0], 0)
        return found

    def _unpack(self, number: int) -> Article:
        """An article, and note the bytes that it takes."""
        segment, own = self._snapshot.locate(number)
        packed = segment.packed(own)
        with self._lock:
            if number not in self._sizes:
                self._sizes[number] = _UNPACKED * len(packed)
                self._unpacked_bytes += self._sizes[number]
        return segment.unpack(packed)

    def _quote(self, number: int, article: Article, points: float) -> QuoteHit:
        owner = int(self._snapshot.quote_article[number])
        quote = quotes_by_position(article.quotes)[number - int(self._snapshot.quote_starts[owner])]
        known = self._names.canonical("speaker")
        speaker = known.get(quote.speaker, quote.speaker) if quote.speaker else None
        return QuoteHit(quote, article, points, speaker)
