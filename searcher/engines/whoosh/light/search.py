"""Whole questions: which articles match, in which order, with which facets."""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Iterator, Sequence

from searcher.article import Article
from searcher.engines import scoring
from searcher.engines.whoosh.format.columns import seconds
from searcher.engines.whoosh.format.layout import NO_DATE
from searcher.engines.whoosh.format.segment import Segment
from searcher.engines.whoosh.light.collection import Collection, NotSupported
from searcher.engines.whoosh.light.names import Names
from searcher.engines.whoosh.light.postings import LeafFrequencies
from searcher.names.resolution import Identities
from searcher.query.tree import And, Expr, Filter, HasValue, MatchAll, Not, Or, Phrase, Query, Range, Term
from searcher.results import Facet, FacetValues, Hit, Results

__all__ = ["Light"]

_DAY = 86_400


class Light:
    """Answers one question, and keeps what it finds for it. For one thread."""

    def __init__(
        self, segments: Sequence[Segment], deleted: Sequence[Sequence[int]], identities: Identities
    ) -> None:
        """``deleted``: the numbers of each segment's deleted articles."""
        self._articles = Collection(segments, deleted)
        self._leaves = LeafFrequencies(self._articles)
        self._names = Names(self._articles, identities)

    @property
    def spent(self) -> int:
        """The entries that were gone through."""
        return self._articles.entries_read

    def get(self, id: str) -> Article | None:
        return self._articles.find(id)

    def search(self, query: Query) -> Results | None:
        """The answer, or None where the question is declined."""
        if query.collapse:
            return None
        try:
            return self._search(query)
        except NotSupported:
            return None

    def scan(self, query: Query) -> Iterator[Hit] | None:
        """Every hit in order, or None where the question is declined."""
        if query.collapse:
            return None
        try:
            found = self._filtered(self._matching(query.where), query.filters)
            best = self._best(query, found, len(found))
        except NotSupported:
            return None
        return (Hit(self._articles.article(number), score) for number, score in best)

    def _search(self, query: Query) -> Results:
        matching = self._matching(query.where)
        found = self._filtered(matching, query.filters)
        facets = {name: self._facet(name, matching, query.filters) for name in query.facets}
        best = self._best(query, found, query.offset + query.limit) if query.limit else []
        page = best[query.offset :]
        hits = tuple(Hit(self._articles.article(number), score) for number, score in page)
        return Results(hits, len(found), facets, articles=len(found))

    def _matching(self, expr: Expr) -> set[int]:
        match expr:
            case MatchAll():
                return self._articles.all()
            case And(parts):
                found = [self._matching(part) for part in parts]
                return set.intersection(*found) if found else self._articles.all()
            case Or(parts):
                return set().union(*(self._matching(part) for part in parts))
            case Not(part):
                return self._articles.all() - self._matching(part)
            case HasValue(field, value):
                return self._names.holding(field, (value,))
            case Range():
                return self._between(expr)
            case Term() | Phrase():
                return set(self._leaves.frequencies(expr))
            case _:
                raise NotSupported

    def _between(self, between: Range) -> set[int]:
        self._articles.charge(2 * self._articles.size)
        low, high = _bounds(between)
        column = "body_length" if between.field == "length" else "when"
        found = {
            base + number
            for segment, base in self._articles
            for number, value in enumerate(segment.column(column))
            if low <= value < high and value != NO_DATE
        }
        return found - self._articles.deleted

    def _filtered(self, found: set[int], filters: Sequence[Filter]) -> set[int]:
        for one in filters:
            holding = self._names.holding(one.field, one.values)
            found = found - holding if one.negated else found & holding
        return found

    def _facet(self, name: str, matching: set[int], filters: Sequence[Filter]) -> Facet:
        """Counts over all that match, without the selections on the facet's own field."""
        others = [one for one in filters if one.negated or one.field != name]
        return Facet(name, FacetValues(self._names.count(name, self._filtered(matching, others))))

    def _best(self, query: Query, found: set[int], wanted: int) -> list[tuple[int, float]]:
        """The first ``wanted`` articles with their scores."""
        if query.sort == "relevance":
            scores = self._scores(query.where, found)
            return heapq.nsmallest(wanted, scores.items(), key=lambda one: (-one[1], one[0]))
        self._articles.charge(len(found))
        sign = -1 if query.sort == "newest" else 1

        def by_date(number: int) -> tuple[bool, int, int]:
            when = self._articles.value("when", number)
            return (when == NO_DATE, sign * when, number)

        return [(number, 0.0) for number in heapq.nsmallest(wanted, found, key=by_date)]

    def _scores(self, where: Expr, found: set[int]) -> dict[int, float]:
        articles = self._articles
        scores = dict.fromkeys(found, 0.0)
        parts = [(part.weight, part.leaf) for part in scoring.weigh(where)]
        if not parts:
            return scores
        total = sum(segment.words for segment, _ in articles)
        articles.charge(2 * len(articles.deleted))
        gone = sum(articles.value("length", number) for number in articles.deleted)
        average = (total - gone) / len(articles) if len(articles) else 0.0
        for weight, leaf in parts:
            if not isinstance(leaf, Term | Phrase):
                raise NotSupported
            counts = self._leaves.weighted(leaf)
            articles.charge(4 * min(len(counts), len(found)))
            for number in counts.keys() & found:
                length = articles.value("length", number)
                points = scoring.bm25(counts[number], len(counts), len(articles), length, average)
                scores[number] += weight * points
        return scores


def _bounds(between: Range) -> tuple[int, int]:
    """The least value, and what all values must be below."""
    low, high = between.low, between.high
    if between.field == "length":
        return (int(low) if isinstance(low, int) else 0, high + 1 if isinstance(high, int) else 1 << 62)
    return (
        _seconds(low) if isinstance(low, dt.date) else NO_DATE,
        _seconds(high) + _DAY if isinstance(high, dt.date) else 1 << 62,
    )


def _seconds(day: dt.date) -> int:
    return seconds(dt.datetime(day.year, day.month, day.day))
