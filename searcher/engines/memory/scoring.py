"""The order of answers: by score or by date."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

from searcher.engines import scoring
from searcher.engines.memory.documents import Indexed, State
from searcher.engines.memory.matching import places
from searcher.query.spans import field_of, spans
from searcher.query.tree import Expr, SpanExpr, strip_in_quote

__all__ = ["Scorer", "no_quote_score", "no_score", "order"]


@dataclass(frozen=True, slots=True)
class Scorer:
    """BM25 over articles or over quotations, as :mod:`searcher.engines.scoring` defines it."""

    parts: tuple[tuple[scoring.WeightedLeaf, int], ...]  # each with its document frequency
    documents: int
    average: float

    @classmethod
    def of_articles(cls, where: Expr, state: State) -> Self:
        articles = list(state.articles.values())
        parts = [(part, sum(any(places(part.leaf, a)) for a in articles)) for part in scoring.weigh(where)]
        return cls(tuple(parts), len(articles), _mean([a.length for a in articles]))

    @classmethod
    def of_quotes(cls, where: Expr, state: State) -> Self:
        texts = [forms for a in state.articles.values() for forms in a.quotes]
        parts = [
            (part, sum(bool(spans(part.leaf, forms)) for forms in texts))
            for part in scoring.weigh(strip_in_quote(where))
            if field_of(part.leaf) == "text"
        ]
        return cls(tuple(parts), len(texts), _mean([len(forms) for forms in texts]))

    def contributions(self, indexed: Indexed) -> list[tuple[scoring.WeightedLeaf, float]]:
        return [
            (part, self._points(part, df, _tf(part.leaf, indexed), indexed.length)) for part, df in self.parts
        ]

    def score(self, indexed: Indexed) -> float:
        return sum(points for _, points in self.contributions(indexed))

    def score_quote(self, indexed: Indexed, number: int) -> float:
        forms = indexed.quotes[number]
        return sum(self._points(p, df, len(spans(p.leaf, forms)), len(forms)) for p, df in self.parts)

    def _points(self, part: scoring.WeightedLeaf, df: int, tf: float, length: int) -> float:
        if not tf:
            return 0.0
        return part.weight * scoring.bm25(tf, df, self.documents, length, self.average)


def _tf(leaf: SpanExpr, indexed: Indexed) -> float:
    title, body = places(leaf, indexed)
    return len(title) * (scoring.TITLE_WEIGHT if field_of(leaf) == "text" else 1) + len(body)


def _mean(numbers: Sequence[int]) -> float:
    return sum(numbers) / len(numbers) if numbers else 0.0


def no_score(_indexed: Indexed) -> float:
    return 0.0


def no_quote_score(_indexed: Indexed, _number: int) -> float:
    return 0.0


def order(sort: str, score: Callable[[Indexed], float]) -> Callable[[Indexed], tuple[float, ...]]:
    """A sort key: best, newest or oldest first; undated last; ties in order of adding."""
    if sort == "relevance":
        return lambda a: (-score(a), a.place)
    sign = -1 if sort == "newest" else 1

    def by_date(indexed: Indexed) -> tuple[float, ...]:
        published = indexed.article.published
        if published is None:
            return (1, 0, 0, indexed.place)
        seconds = published.hour * 3600 + published.minute * 60 + published.second
        return (0, sign * published.toordinal(), sign * seconds, indexed.place)

    return by_date
