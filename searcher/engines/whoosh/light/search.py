"""The light searcher: answers simple queries in plain Python."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from searcher.article import Article
from searcher.engines import scoring
from searcher.engines.whoosh.format.columns import column_range
from searcher.engines.whoosh.format.layout import NO_DATE
from searcher.engines.whoosh.format.segment import Segment
from searcher.engines.whoosh.light.collection import Collection, NotSupported
from searcher.engines.whoosh.light.postings import LeafFrequencies
from searcher.engines.whoosh.names.stored import StoredNames
from searcher.query.tree import And, Expr, Filter, HasValue, MatchAll, Not, Or, Phrase, Query, Range, Term
from searcher.results import Facet, FacetValues, Hit, Results

if TYPE_CHECKING:
    from searcher.engines.whoosh.light.facets import LightFacets

__all__ = ["LightSearcher"]

T = TypeVar("T")


class LightSearcher:
    """Answers one query, or declines it by returning None. It caches what it reads and is not thread-safe."""

    def __init__(
        self,
        segments: Sequence[Segment],
        deleted: Sequence[Sequence[int]],
        names: StoredNames | None,
        max_entries: int,
    ) -> None:
        """``deleted``: for each segment the numbers of its deleted articles. ``max_entries``: the entries
        that the query may read."""
        self._articles = Collection(segments, deleted, max_entries)
        self._leaves = LeafFrequencies(self._articles)
        self._names = names

    @cached_property
    def _facets(self) -> LightFacets:
        from searcher.engines.whoosh.light.facets import LightFacets

        return LightFacets(self._articles, self._names)

    @property
    def entries_read(self) -> int:
        return self._articles.entries_read

    def get(self, id: str) -> Article | None:
        return self._articles.find(id)

    def search(self, query: Query) -> Results | None:
        """Return the answer, or None where the query is not supported."""
        return self._supported(query, self._search)

    def scan(self, query: Query) -> Iterator[Hit] | None:
        """Return every hit in order, or None where the query is not supported."""
        return self._supported(query, self._scan)

    @staticmethod
    def _supported(query: Query, answer: Callable[[Query], T]) -> T | None:
        if query.collapse:
            return None
        try:
            return answer(query)
        except NotSupported:
            return None

    def _scan(self, query: Query) -> Iterator[Hit]:
        self._require_names()
        found = self._filtered(self._matching(query.where), query.filters)
        return map(self._hit, self._best(query, found, len(found)))

    def _search(self, query: Query) -> Results:
        matching = self._matching(query.where)
        found = self._filtered(matching, query.filters)
        facets = {name: self._facet(name, matching, query.filters) for name in query.facets}
        if query.limit:
            self._require_names()
        best = self._best(query, found, query.offset + query.limit) if query.limit else []
        hits = tuple(map(self._hit, best[query.offset :]))
        return Results(hits, len(found), facets, articles=len(found))

    def _require_names(self) -> None:
        """Raise NotSupported where the names that hits have would have to be decided first."""
        if self._names is None:
            raise NotSupported

    def _hit(self, scored: tuple[int, float]) -> Hit:
        number, score = scored
        return Hit(self._articles.article(number), score, names=self._names)

    def _matching(self, expr: Expr) -> set[int]:
        """Return the live articles that match. Raises NotSupported."""
        match expr:
            case MatchAll():
                return self._articles.all()
            case And(parts):
                sets = [self._matching(part) for part in parts]
                return set.intersection(*sets) if sets else self._articles.all()
            case Or(parts):
                return set().union(*(self._matching(part) for part in parts))
            case Not(part):
                return self._articles.all() - self._matching(part)
            case HasValue(field, value):
                return self._facets.docs_with(field, (value,))
            case Range():
                return self._between(expr)
            case Term() | Phrase():
                return set(self._leaves.frequencies(expr))
            case _:
                raise NotSupported

    def _between(self, between: Range) -> set[int]:
        self._articles.charge(2 * self._articles.size)
        low, below = column_range(between)
        column = "body_length" if between.field == "length" else "when"
        found = {
            base + number
            for segment, base in self._articles
            for number, value in enumerate(segment.column(column))
            if low <= value < below
        }
        return found - self._articles.deleted

    def _filtered(self, articles: set[int], filters: Sequence[Filter]) -> set[int]:
        for condition in filters:
            having = self._facets.docs_with(condition.field, condition.values)
            articles = articles - having if condition.negated else articles & having
        return articles

    def _facet(self, name: str, matching: set[int], filters: Sequence[Filter]) -> Facet:
        """Count a facet over all that match, without the selections on the facet's own field."""
        others = [f for f in filters if f.negated or f.field != name]
        return Facet(name, FacetValues(self._facets.count(name, self._filtered(matching, others))))

    def _best(self, query: Query, found: set[int], count: int) -> list[tuple[int, float]]:
        """Return the first ``count`` articles and their scores."""
        if query.sort == "relevance":
            scores = self._scores(query.where, found)
            return heapq.nsmallest(count, scores.items(), key=lambda scored: (-scored[1], scored[0]))
        self._articles.charge(len(found))
        sign = -1 if query.sort == "newest" else 1

        def by_date(number: int) -> tuple[bool, int, int]:
            when = self._articles.value("when", number)
            return (when == NO_DATE, sign * when, number)

        return [(number, 0.0) for number in heapq.nsmallest(count, found, key=by_date)]

    def _scores(self, where: Expr, found: set[int]) -> dict[int, float]:
        articles = self._articles
        scores = dict.fromkeys(found, 0.0)
        leaves = scoring.weigh(where)
        if not leaves:
            return scores
        articles.charge(2 * len(articles.deleted))
        words = sum(segment.words for segment, _ in articles)
        words -= sum(articles.value("length", number) for number in articles.deleted)
        average = words / len(articles) if len(articles) else 0.0
        length_of = articles.reader("length")
        for scored in leaves:
            leaf = scored.leaf
            if not isinstance(leaf, Term | Phrase):
                raise NotSupported
            counts = self._leaves.weighted(leaf)
            articles.charge(4 * min(len(counts), len(found)))
            for number in counts.keys() & found:
                points = scoring.bm25(counts[number], len(counts), len(articles), length_of(number), average)
                scores[number] += scored.weight * points
        return scores
