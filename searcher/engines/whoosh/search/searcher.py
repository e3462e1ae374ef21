"""The searcher: answers whole queries from one snapshot."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import chain, groupby, islice, repeat
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np

from searcher.article import Article
from searcher.engines.base import StemGroup
from searcher.engines.whoosh.arrays import Array, as_array, blocks, top
from searcher.engines.whoosh.format.layout import FORM_SEPARATOR, NO_DATE, quotes_by_position
from searcher.engines.whoosh.names import StoredNames, facet_values
from searcher.engines.whoosh.search.evaluator import Evaluator, best, numbers_by_date, score, scored_leaves
from searcher.engines.whoosh.search.facets import Facets
from searcher.engines.whoosh.search.leaves import LeafCache, QueryLeaves
from searcher.engines.whoosh.search.snapshot import ArticleCache, DocSet, Snapshot
from searcher.names.table import SAID_BY
from searcher.query.tree import Expr, Query, QuoteQuery
from searcher.results import Facet, Hit, Results
from searcher.results.quotations import QuoteHit, Quotes

if TYPE_CHECKING:
    from searcher.engines.whoosh.search.statements import StatementFinder
    from searcher.results.statements import Statement, Statements


#: Positions whose words are counted at once.
_MAX_COUNTED = 1 << 20


class IndexSearcher:
    """Answers everything that an engine is asked, from one generation. See :class:`.base.Engine`."""

    def __init__(self, snapshot: Snapshot, names: StoredNames, leaf_cache: LeafCache | None = None) -> None:
        self._snapshot = snapshot
        self._names = names
        self._leaf_cache = leaf_cache or LeafCache(snapshot)
        self._facets = Facets(snapshot, names)
        self._article_cache = ArticleCache(snapshot)

    def with_names(self, names: StoredNames) -> IndexSearcher:
        """Return a searcher of the same snapshot with other names."""
        return IndexSearcher(self._snapshot, names, self._leaf_cache)

    def search(self, query: Query) -> Results:
        evaluator = self._evaluator()
        matching = evaluator.articles(query.where)
        found = evaluator.filtered(matching, query.filters)
        end = query.offset + query.limit
        ids, scores = self._ordered(evaluator, query, found, end)
        page = slice(query.offset, end)
        articles = self._article_cache.get(ids[page].tolist() if query.limit else [])
        total = len(ids) if query.collapse else len(found)
        explained = self._explained(evaluator, query, ids[page])
        none = repeat(())
        hits = tuple(map(Hit, articles, scores[page].tolist(), none, none, explained, repeat(self._names)))
        facets = self._facet_counts(evaluator, query, matching, found)
        return Results(hits, total, facets, collapsed=query.collapse, articles=len(found))

    def scan(self, query: Query) -> Iterator[Hit]:
        evaluator = self._evaluator()
        found = evaluator.filtered(evaluator.articles(query.where), query.filters)
        scored: Iterable[tuple[int, float]]
        explained: Iterator[tuple[tuple[str, float], ...]] = repeat(())
        if query.sort == "relevance" or query.collapse or query.explain:
            ids, scores = self._ordered(evaluator, query, found, len(found))
            scored, explained = zip(_each(ids), _each(scores)), self._explained(evaluator, query, ids)
        else:
            numbers = numbers_by_date(found, self._snapshot.when, query.sort)
            scored = zip(chain.from_iterable(map(_each, numbers)), repeat(0.0))
        return (
            Hit(self._read(id), points, explanation=parts, names=self._names)
            for (id, points), parts in zip(scored, explained)
        )

    def articles(self) -> Iterator[Article]:
        return map(self._read, _each(self._snapshot.articles.all.ids))

    def stem_groups(self) -> Iterator[StemGroup]:
        """Yield the words of each segment by stem; deleted articles count."""
        for segment in self._snapshot.segments:
            dictionary, postings = segment.dictionary, segment.postings("text")
            starts = as_array(dictionary.group_starts).astype(np.int64)
            places, members = as_array(postings.position_starts).astype(np.int64), as_array(postings.variants)
            tokens, articles = dictionary.tokens.texts(), np.diff(as_array(postings.starts)).tolist()
            for first, end in blocks(np.diff(places), _MAX_COUNTED):
                group = np.repeat(starts[first:end] - starts[first], np.diff(places[first : end + 1]))
                group += members[places[first] : places[end]]
                times = iter(np.bincount(group, minlength=starts[end] - starts[first]).tolist())
                for number in range(first, end):
                    size = int(starts[number + 1] - starts[number])
                    words = zip(islice(tokens, size), islice(times, size))
                    found = {tuple(word.split(FORM_SEPARATOR)): often for word, often in words if often}
                    if found:
                        yield StemGroup(found, articles[number])

    def quotes(self, query: QuoteQuery) -> Quotes:
        evaluator = self._evaluator()
        matching = evaluator.matching_quotes(query)
        found = evaluator.confident(matching, query.confidence)
        end = query.offset + query.limit
        ids, scores = self._ordered_quotes(evaluator, query, found, end)
        page = slice(query.offset, end)
        numbers = ids[page].tolist()
        owners = self._article_cache.get(self._snapshot.quote_article[numbers].tolist() if numbers else [])
        hits = tuple(map(self._quote_hit, numbers, owners, scores[page].tolist()))
        return Quotes(hits, len(found), below_confidence=len(matching) - len(found))

    def scan_quotes(self, query: QuoteQuery) -> Iterator[QuoteHit]:
        evaluator = self._evaluator()
        found = evaluator.confident(evaluator.matching_quotes(query), query.confidence)
        ids, scores = self._ordered_quotes(evaluator, query, found, len(found))
        owners = self._snapshot.quote_article[ids] if len(ids) else ids
        of_articles = groupby(zip(_each(ids), _each(owners), _each(scores)), key=itemgetter(1))
        return (
            self._quote_hit(id, article, points)
            for owner, hits in of_articles
            for article in (self._read(owner),)
            for id, _, points in hits
        )

    def statements(self, query: QuoteQuery) -> Statements:
        evaluator = self._evaluator()
        matching = evaluator.matching_quotes(query)
        found = evaluator.confident(matching, query.confidence)
        ids, scores = self._ordered_quotes(evaluator, query, found, len(found))
        from searcher.results.statements import Statements

        hits, total, places = self._statements.page(ids, scores, query.kinds, query.offset, query.limit)
        return Statements(hits, total, places, below_confidence=len(matching) - len(found))

    def statement_counts(self, query: QuoteQuery, fields: Collection[str]) -> Mapping[str, Mapping[str, int]]:
        evaluator = self._evaluator()
        found = evaluator.confident(evaluator.matching_quotes(query), query.confidence)
        return self._statements.counts(found.ids, query.kinds, fields)

    def statement_of(self, hit: QuoteHit, kinds: tuple[str, ...]) -> Statement | None:
        owner = self._snapshot.find(hit.article.id)
        if owner < 0:
            return None
        quotes = quotes_by_position(self._article_cache.get([owner])[0].quotes)
        if hit.quote not in quotes:
            return None
        quote = np.array([int(self._snapshot.quote_starts[owner]) + quotes.index(hit.quote)])
        return self._statements.page(quote, np.array([hit.score]), kinds, 0, 1).hits[0]

    @cached_property
    def _statements(self) -> StatementFinder:
        from searcher.engines.whoosh.search.statements import StatementFinder

        return StatementFinder(self._snapshot, self._names, self._facets, self._article_cache)

    def _evaluator(self) -> Evaluator:
        """Return an evaluator for one query."""
        return Evaluator(self._snapshot, QueryLeaves(self._leaf_cache), self._facets)

    def _ordered(self, evaluator: Evaluator, query: Query, found: DocSet, count: int) -> tuple[Array, Array]:
        """Return the first ``count`` articles, or the first article of every story, and their scores."""
        needed = len(found) if query.collapse else count
        if query.sort == "relevance":
            ids, scores = self._best(evaluator, query.where, found, needed)
        else:
            ids = found.ids.take(self._by_date(found.ids, query.sort, needed))
            scores = np.zeros(len(ids))
        if query.collapse:
            first = self._first_of_stories(ids)
            ids, scores = ids[first], scores[first]
        return ids, scores

    def _ordered_quotes(
        self, evaluator: Evaluator, query: QuoteQuery, found: DocSet, count: int
    ) -> tuple[Array, Array]:
        """Return the first ``count`` quotations and their scores."""
        if query.sort == "relevance":
            return self._best(evaluator, query.where, found, count, in_quotes=True)
        owners = self._snapshot.quote_article[found.ids]
        ids = found.ids.take(self._by_date(owners, query.sort, count))
        return ids, np.zeros(len(ids))

    def _best(
        self, evaluator: Evaluator, where: Expr, found: DocSet, count: int, in_quotes: bool = False
    ) -> tuple[Array, Array]:
        if not count:
            return np.empty(0, np.int64), np.empty(0)
        documents = self._snapshot.quotes if in_quotes else self._snapshot.articles
        return best(scored_leaves(where, evaluator.leaves, in_quotes), found, documents, count)

    def _by_date(self, articles: Array, sort: str, count: int) -> Array:
        """Return the indices of the newest or oldest; undated ones last, equal ones in their order."""
        when = self._snapshot.when.take(articles)
        return top(np.where(when == NO_DATE, -np.inf, when if sort == "newest" else -when), count)

    def _explained(
        self, evaluator: Evaluator, query: Query, articles: Array
    ) -> Iterator[tuple[tuple[str, float], ...]]:
        """Return what each leaf adds to the scores of these articles, if the query asks for it."""
        if not query.explain:
            return repeat(())
        from searcher.query.language import render

        leaves = scored_leaves(query.where, evaluator.leaves)
        if not leaves:
            return repeat(())
        ascending, at = np.unique(articles, return_inverse=True)
        points = [score([one], ascending, self._snapshot.articles)[at].tolist() for one in leaves]
        texts = [render(leaf.leaf) for leaf, _ in leaves]
        return (tuple(part for part in zip(texts, of_one) if part[1]) for of_one in zip(*points))

    def _first_of_stories(self, articles: Array) -> Array:
        """Return the indices of the first article of each story, in order."""
        _, first = np.unique(self._facets.stories()[articles], return_index=True)
        return np.sort(first)

    def _facet_counts(
        self, evaluator: Evaluator, query: Query, matching: DocSet, found: DocSet
    ) -> dict[str, Facet]:
        """Count each facet over all that match, without the selections on the facet's own field."""
        count = self._facets.count_stories if query.collapse else self._facets.count
        facets = {}
        for name in query.facets:
            others = [f for f in query.filters if f.negated or f.field != name]
            among = found if len(others) == len(query.filters) else evaluator.filtered(matching, others)
            facets[name] = Facet(name, facet_values(count(name, among)))
        return facets

    def _read(self, number: int) -> Article:
        """Return an article without caching it: one of many that are read once."""
        segment, own = self._snapshot.locate(number)
        return segment.article(own)

    def _quote_hit(self, number: int, article: Article, points: float) -> QuoteHit:
        owner = int(self._snapshot.quote_article[number])
        quote = quotes_by_position(article.quotes)[number - int(self._snapshot.quote_starts[owner])]
        said_by = quote.speaker and (self._names.name_of(SAID_BY, quote.speaker) or quote.speaker)
        return QuoteHit(quote, article, points, said_by, names=self._names)


def _each(numbers: Array) -> Iterator[Any]:
    """Yield the numbers of an array as Python has them: some are made at once, and few are held."""
    return chain.from_iterable(numbers[n : n + 1024].tolist() for n in range(0, len(numbers), 1024))
