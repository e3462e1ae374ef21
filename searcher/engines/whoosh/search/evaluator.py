"""Evaluation of query trees: which articles or quotations match."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import assert_never

import numpy as np

from searcher.engines.whoosh.arrays import Array, Mask, sorted_unique
from searcher.engines.whoosh.format.columns import column_range
from searcher.engines.whoosh.format.layout import KINDS, SAID_BY
from searcher.engines.whoosh.search.docset import DocSet
from searcher.engines.whoosh.search.facets import Facets
from searcher.engines.whoosh.search.leaf_cache import QueryLeaves
from searcher.engines.whoosh.search.leaf_hits import LeafHits
from searcher.engines.whoosh.search.snapshot import Documents, Snapshot
from searcher.query.spans import field_of
from searcher.query.tree import (
    And,
    AtLeast,
    Expr,
    Filter,
    Fuzzy,
    HasValue,
    InQuote,
    MatchAll,
    Near,
    Not,
    Or,
    Phrase,
    QuoteQuery,
    Range,
    Term,
    Wildcard,
)

__all__ = ["Evaluator"]


@dataclass(frozen=True, slots=True)
class Evaluator:
    """Evaluates the trees of one query on one snapshot."""

    snapshot: Snapshot
    leaves: QueryLeaves
    facets: Facets

    def articles(self, expr: Expr) -> DocSet:
        """Return the live articles that match."""
        match expr:
            case MatchAll():
                return self.snapshot.articles.all
            case And(parts):
                return self._all_of(parts)
            case Or(parts):
                return DocSet.union(self.snapshot.articles.size, [self.articles(part) for part in parts])
            case Not(part):
                return self.snapshot.articles.all - self.articles(part)
            case HasValue(field, value):
                return self.facets.docs_with(field, [value])
            case Range():
                return self._within(self.snapshot.articles.all, expr)
            case InQuote(where):
                return self._with_quote(where)
            case AtLeast(part, count):
                return self._at_least(self.leaves.hits(part), count, self.snapshot.articles)
            case Term() | Phrase() | Wildcard() | Fuzzy() | Near():
                return self.leaves.hits(expr).docs
            case _:
                assert_never(expr)

    def quotes(self, expr: Expr) -> DocSet:
        """Return the live quotations that match: by their own words and speaker, otherwise by their
        article."""
        match expr:
            case And(parts):
                return _intersection([self.quotes(part) for part in parts], self.snapshot.quotes)
            case Or(parts):
                return DocSet.union(self.snapshot.quotes.size, [self.quotes(part) for part in parts])
            case Not(part):
                return self.snapshot.quotes.all - self.quotes(part)
            case InQuote(where):
                return self.quotes(where)
            case MatchAll():
                return self.snapshot.quotes.all
            case HasValue("speaker", value):
                return self.facets.docs_with(SAID_BY, [value])
            case AtLeast(part, count) if field_of(part) == "text":
                return self._at_least(self.leaves.hits(part, in_quotes=True), count, self.snapshot.quotes)
            case Term() | Phrase() | Wildcard() | Fuzzy() | Near() if field_of(expr) == "text":
                return self.leaves.hits(expr, in_quotes=True).docs
            case _:
                return self._quotes_of(self.articles(expr))

    def filtered(self, articles: DocSet, filters: Sequence[Filter]) -> DocSet:
        """Return those of the articles that pass every filter."""
        for condition in filters:
            having = self.facets.docs_with(condition.field, condition.values)
            articles = articles - having if condition.negated else articles & having
        return articles

    def matching_quotes(self, query: QuoteQuery) -> DocSet:
        """Return the quotations that match a query for quotations, whatever their confidence."""
        snapshot = self.snapshot
        found = self.quotes(query.where)
        if not isinstance(query.articles, MatchAll) or query.filters:
            found = found & self._quotes_of(self.filtered(self.articles(query.articles), query.filters))
        if set(query.kinds) < set(KINDS):
            kinds = np.array([kind in query.kinds for kind in KINDS])
            found = _passing(found, snapshot.quote_kind, lambda codes: kinds[codes])
        return found

    def confident(self, quotes: DocSet, confidence: float) -> DocSet:
        """Return the quotations whose speaker has at least this confidence."""
        if confidence <= 0:
            return quotes
        return _passing(quotes, self.snapshot.quote_confidence, lambda given: given >= confidence)

    def _with_quote(self, where: Expr) -> DocSet:
        """Return the articles with a matching quotation that is not indirect."""
        quotes = self.quotes(where).ids
        quotes = quotes[self.snapshot.quote_kind[quotes] != KINDS.index("indirect")]
        return DocSet(self.snapshot.articles.size, sorted_unique(self.snapshot.quote_article[quotes]))

    def _quotes_of(self, articles: DocSet) -> DocSet:
        return DocSet(self.snapshot.quotes.size, mask=articles.mask[self.snapshot.quote_article])

    def _all_of(self, parts: Sequence[Expr]) -> DocSet:
        """Return the articles that match all parts. Dates and lengths are compared last, for the articles
        that are left."""
        sets = [self.articles(part) for part in parts if not isinstance(part, Range)]
        found = _intersection(sets, self.snapshot.articles)
        for part in parts:
            if isinstance(part, Range):
                found = self._within(found, part)
        return found

    def _within(self, articles: DocSet, between: Range) -> DocSet:
        """Return those of the articles whose date or length is within the bounds."""
        column = self.snapshot.body_length if between.field == "length" else self.snapshot.when
        values = column if articles.dense else column.take(articles.ids)
        low, below = column_range(between)
        within = values >= low
        if between.high is not None:
            within &= values < below
        if articles.dense:
            return DocSet(articles.size, mask=within & articles.mask)
        return DocSet(articles.size, articles.ids.compress(within))

    @staticmethod
    def _at_least(hits: LeafHits, count: int, documents: Documents) -> DocSet:
        return documents.all if count <= 0 else DocSet(documents.size, hits.ids[hits.tf >= count])


def _passing(documents: DocSet, column: Array, test: Callable[[Array], Mask]) -> DocSet:
    """Return those of the documents whose values in a column pass."""
    if documents.dense:
        return documents & DocSet(documents.size, mask=test(column))
    return DocSet(documents.size, documents.ids.compress(test(column.take(documents.ids))))


def _intersection(sets: Sequence[DocSet], documents: Documents) -> DocSet:
    """Return the documents that are in all sets; all live ones if there is no set."""
    if not sets:
        return documents.all
    found, *others = sorted(sets, key=len)
    for other in others:
        found = found & other
    return found
