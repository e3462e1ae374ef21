"""Answers to whole questions, from one snapshot."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from searcher.article import Article
from searcher.engines.base import Found, FoundQuote, FoundQuotes, Match
from searcher.engines.whoosh.arrays import Array
from searcher.engines.whoosh.format.columns import quotes_by_position
from searcher.engines.whoosh.format.layout import NO_DATE
from searcher.engines.whoosh.search.docset import DocSet
from searcher.engines.whoosh.search.evaluator import Evaluator, best, score, scored_parts
from searcher.engines.whoosh.search.facets import Names
from searcher.engines.whoosh.search.leaf_cache import Leaves, Question
from searcher.engines.whoosh.search.snapshot import Snapshot
from searcher.engines.whoosh.search.top_k import top
from searcher.names.resolution import Identities
from searcher.query.tree import Expr, Query, QuoteQuery

__all__ = ["Answers"]

#: Bytes of articles kept unpacked, and how much more they take than packed.
_KEPT, _UNPACKED = 64 << 20, 8


class Answers:
    """Everything that an engine answers, about one generation."""

    def __init__(self, snapshot: Snapshot, identities: Identities, leaves: Leaves | None = None) -> None:
        self._snapshot = snapshot
        self._leaves = leaves or Leaves(snapshot)
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
        return Evaluator(self._snapshot, Question(self._leaves), self._names)

    def search(self, query: Query) -> Found:
        evaluator = self._evaluator()
        matching = evaluator.articles(query.where)
        found = evaluator.filtered(matching, query.filters)
        wanted = query.offset + query.limit
        ordered = len(found) if query.collapse else wanted
        if query.sort == "relevance":
            ids, scores = self._best(evaluator, query.where, found, ordered)
        else:
            ids = found.ids.take(self._by_date(found.ids, query.sort, ordered))
            scores = np.zeros(len(ids))
        if query.collapse:
            first = self._first_of_stories(ids)
            ids, scores = ids[first], scores[first]
        page = slice(query.offset, wanted)
        articles = self._articles(ids[page].tolist() if query.limit else [])
        total = len(ids) if query.collapse else len(found)
        matches = tuple(map(Match, articles, scores[page].tolist()))
        return Found(matches, total, self._facets(evaluator, query, matching, found), len(found))

    def quotes(self, query: QuoteQuery) -> FoundQuotes:
        evaluator = self._evaluator()
        found = evaluator.wanted_quotes(query)
        wanted = query.offset + query.limit
        if query.sort == "relevance":
            ids, scores = self._best(evaluator, query.where, found, wanted, in_quotes=True)
        else:
            owners = self._snapshot.quote_article[found.ids]
            ids = found.ids.take(self._by_date(owners, query.sort, wanted))
            scores = np.zeros(len(ids))
        page = slice(query.offset, wanted)
        hits = zip(ids[page].tolist(), scores[page].tolist())
        return FoundQuotes(tuple(self._quote(number, points) for number, points in hits), len(found))

    def explain(self, expr: Expr, id: str) -> tuple[tuple[str, float], ...]:
        from searcher.query.language import render

        number = self._snapshot.find(id)
        if number < 0:
            return ()
        this = np.array([number])
        parts = scored_parts(expr, Question(self._leaves))
        given = [(one[0].leaf, float(score([one], this, self._snapshot.articles)[0])) for one in parts]
        return tuple((render(leaf), points) for leaf, points in given if points)

    def get(self, id: str) -> Article | None:
        number = self._snapshot.find(id)
        return self._article(number) if number >= 0 else None

    def articles(self) -> Iterator[Article]:
        live = self._snapshot.articles.live
        for number in range(self._snapshot.articles.size):
            if live is None or live[number]:
                segment, own = self._snapshot.place(number)
                yield segment.article(own)

    def count(self) -> int:
        return self._snapshot.articles.count

    def values(self, field: str) -> Mapping[str, int]:
        return self._names.count(field, self._snapshot.articles.all)

    def _best(
        self, evaluator: Evaluator, where: Expr, found: DocSet, wanted: int, in_quotes: bool = False
    ) -> tuple[Array, Array]:
        """The best ones and their scores."""
        if not wanted:
            return np.empty(0, np.int64), np.empty(0)
        documents = self._snapshot.quotes if in_quotes else self._snapshot.articles
        return best(scored_parts(where, evaluator.leaves, in_quotes), found, documents, wanted)

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
    ) -> dict[str, Mapping[str, int]]:
        """Counts over all that match, without the selections on the facet's own field."""
        counts = {}
        for name in query.facets:
            others = [one for one in query.filters if one.negated or one.field != name]
            among = found if len(others) == len(query.filters) else evaluator.filtered(matching, others)
            count = self._names.count_stories if query.collapse else self._names.count
            counts[name] = count(name, among)
        return counts

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
        segment, own = self._snapshot.place(number)
        packed = segment.packed(own)
        with self._lock:
            if number not in self._sizes:
                self._sizes[number] = _UNPACKED * len(packed)
                self._unpacked_bytes += self._sizes[number]
        return segment.unpack(packed)

    def _quote(self, number: int, points: float) -> FoundQuote:
        owner = int(self._snapshot.quote_article[number])
        article = self._article(owner)
        quote = quotes_by_position(article.quotes)[number - int(self._snapshot.quote_starts[owner])]
        known = self._names.canonical("speaker")
        speaker = known.get(quote.speaker, quote.speaker) if quote.speaker else None
        return FoundQuote(article, quote, speaker, points)
