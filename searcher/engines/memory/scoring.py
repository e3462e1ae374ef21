"""Scores and the order of answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

from searcher.engines import scoring
from searcher.engines.memory.documents import IndexedArticle, Snapshot
from searcher.engines.memory.matching import article_spans
from searcher.query.spans import field_of, spans
from searcher.query.tree import Expr, SpanExpr, strip_in_quote


@dataclass(frozen=True, slots=True)
class Scorer:
    """BM25 over articles or over quotations, as :mod:`searcher.engines.scoring` defines it."""

    leaves: tuple[tuple[scoring.WeightedLeaf, int], ...]  # each with its document frequency
    documents: int
    average: float

    @classmethod
    def of_articles(cls, where: Expr, snapshot: Snapshot) -> Self:
        articles = list(snapshot.articles.values())
        leaves = [
            (leaf, sum(any(article_spans(leaf.leaf, a)) for a in articles)) for leaf in scoring.weigh(where)
        ]
        return cls(tuple(leaves), len(articles), _mean([a.length for a in articles]))

    @classmethod
    def of_quotes(cls, where: Expr, snapshot: Snapshot) -> Self:
        texts = [forms for a in snapshot.articles.values() for forms in a.quotes]
        leaves = [
            (leaf, sum(bool(spans(leaf.leaf, forms)) for forms in texts))
            for leaf in scoring.weigh(strip_in_quote(where))
            if field_of(leaf.leaf) == "text"
        ]
        return cls(tuple(leaves), len(texts), _mean([len(forms) for forms in texts]))

    def contributions(self, indexed: IndexedArticle) -> list[tuple[scoring.WeightedLeaf, float]]:
        return [
            (leaf, self._points(leaf, df, _tf(leaf.leaf, indexed), indexed.length))
            for leaf, df in self.leaves
        ]

    def score(self, indexed: IndexedArticle) -> float:
        return sum(points for _, points in self.contributions(indexed))

    def score_quote(self, indexed: IndexedArticle, number: int) -> float:
        forms = indexed.quotes[number]
        length = len(forms)
        return sum(self._points(leaf, df, len(spans(leaf.leaf, forms)), length) for leaf, df in self.leaves)

    def _points(self, leaf: scoring.WeightedLeaf, df: int, tf: float, length: int) -> float:
        if not tf:
            return 0.0
        return leaf.weight * scoring.bm25(tf, df, self.documents, length, self.average)


def _tf(leaf: SpanExpr, indexed: IndexedArticle) -> float:
    title, body = article_spans(leaf, indexed)
    return len(title) * (scoring.TITLE_WEIGHT if field_of(leaf) == "text" else 1) + len(body)


def _mean(numbers: Sequence[int]) -> float:
    return sum(numbers) / len(numbers) if numbers else 0.0


def no_score(_indexed: IndexedArticle) -> float:
    return 0.0


def no_quote_score(_indexed: IndexedArticle, _number: int) -> float:
    return 0.0


def sort_key(
    sort: str, score: Callable[[IndexedArticle], float]
) -> Callable[[IndexedArticle], tuple[float, ...]]:
    """Return a sort key: best, newest or oldest first; undated last; equal ones in the order of adding."""
    if sort == "relevance":
        return lambda a: (-score(a), a.number)
    sign = -1 if sort == "newest" else 1

    def by_date(indexed: IndexedArticle) -> tuple[float, ...]:
        published = indexed.article.published
        if published is None:
            return (1, 0, 0, indexed.number)
        seconds = published.hour * 3600 + published.minute * 60 + published.second
        return (0, sign * published.toordinal(), sign * seconds, indexed.number)

    return by_date
