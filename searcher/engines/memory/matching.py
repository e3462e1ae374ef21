"""Matching: whether one article or quotation matches a query tree, by the definitions."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self, assert_never

from searcher import analysis
from searcher.article import Article
from searcher.engines import scoring
from searcher.engines.field_values import values_of
from searcher.fields import FIELDS, Kind
from searcher.languages import word_language
from searcher.names.nearness import Glimpse, glimpse
from searcher.names.table import SAID_BY, Identities, NameTable, PlainTable, weights
from searcher.query.spans import Terms, field_of, spans
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
    Range,
    SpanExpr,
    Term,
    Wildcard,
    strip_in_quote,
)

_VALUE_FIELDS = tuple(f.name for f in FIELDS if f.kind is Kind.VALUES)


@dataclass(frozen=True, slots=True)
class IndexedArticle:
    """An article with its words analysed once. ``number`` is its rank in the order of adding."""

    article: Article
    number: int
    title: Terms
    body: Terms
    quotes: tuple[Terms, ...]
    values: Mapping[str, tuple[str, ...]]

    @property
    def length(self) -> int:
        return len(self.title) + len(self.body)


@dataclass(frozen=True, slots=True)
class MemorySnapshot:
    """One committed state: readers keep the one they began with."""

    articles: Mapping[str, IndexedArticle]
    names: PlainTable
    identities: Identities


def index_article(article: Article, number: int, old: IndexedArticle | None) -> IndexedArticle:
    """Return the article analysed; ``old``, as it was indexed before, is used again if it is the same."""
    if old is not None and old.article == article:
        return IndexedArticle(article, number, old.title, old.body, old.quotes, old.values)
    language = word_language(article.language)
    return IndexedArticle(
        article,
        number,
        analysis.index_terms(article.title, language),
        analysis.index_terms(article.body, language),
        tuple(analysis.index_terms(quote.text, language) for quote in article.quotes),
        {name: values_of(article, name) for name in _VALUE_FIELDS},
    )


def resolve(articles: Mapping[str, IndexedArticle], identities: Identities) -> PlainTable:
    """Decide the names of all values."""
    counts = {name: Counter(v for a in articles.values() for v in a.values[name]) for name in _VALUE_FIELDS}
    said_by = {quote.speaker for a in articles.values() for quote in a.article.quotes if quote.speaker}
    of_people: dict[str, list[Glimpse]] = defaultdict(list)
    for indexed in articles.values():
        published = indexed.article.published
        day = published.toordinal() if published else None
        for person in indexed.values["person"]:
            of_people[person].append(glimpse(day, indexed.values.__getitem__))
    return PlainTable(identities.rules, weights(counts, said_by), lambda _: of_people)


def matches(expr: Expr, indexed: IndexedArticle, names: NameTable) -> bool:
    """Tell whether an article matches."""
    match expr:
        case MatchAll():
            return True
        case And(parts):
            return all(matches(part, indexed, names) for part in parts)
        case Or(parts):
            return any(matches(part, indexed, names) for part in parts)
        case Not(part):
            return not matches(part, indexed, names)
        case HasValue(name, value):
            return _has_value(indexed.values[name], name, [value], names)
        case Range():
            return _between(expr, indexed)
        case InQuote(where):
            return any(
                quote.kind != "indirect" and quote_matches(where, indexed, number, names)
                for number, quote in enumerate(indexed.article.quotes)
            )
        case AtLeast(part, count):
            return sum(len(part) for part in article_spans(part, indexed)) >= count
        case Term() | Phrase() | Wildcard() | Fuzzy() | Near():
            return any(article_spans(expr, indexed))
        case _:
            assert_never(expr)


def quote_matches(expr: Expr, indexed: IndexedArticle, number: int, names: NameTable) -> bool:
    """Tell whether a quotation matches: its own words and speaker, for the rest its article."""
    match expr:
        case And(parts):
            return all(quote_matches(part, indexed, number, names) for part in parts)
        case Or(parts):
            return any(quote_matches(part, indexed, number, names) for part in parts)
        case Not(part):
            return not quote_matches(part, indexed, number, names)
        case InQuote(where):
            return quote_matches(where, indexed, number, names)
        case HasValue("speaker", value):
            speaker = indexed.article.quotes[number].speaker
            return _has_value((speaker,) if speaker else (), SAID_BY, [value], names)
        case AtLeast(part, count) if field_of(part) == "text":
            return len(spans(part, indexed.quotes[number])) >= count
        case Term() | Phrase() | Wildcard() | Fuzzy() | Near() if field_of(expr) == "text":
            return bool(spans(expr, indexed.quotes[number]))
        case _:
            return matches(expr, indexed, names)


def article_spans(
    leaf: SpanExpr, indexed: IndexedArticle
) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Return the spans in the title and those in the body; of a title leaf, none in the body."""
    body = spans(leaf, indexed.body) if field_of(leaf) == "text" else []
    return spans(leaf, indexed.title), body


def _has_value(values: Sequence[str], field_name: str, asked: Sequence[str], names: NameTable) -> bool:
    return bool(values) and not names.values_meant(field_name, asked).isdisjoint(values)


def _between(between: Range, indexed: IndexedArticle) -> bool:
    published = indexed.article.published
    value = len(indexed.body) if between.field == "length" else published and published.date()
    if value is None:
        return False
    low, high = between.low, between.high
    return (low is None or low <= value) and (high is None or value <= high)  # type: ignore[operator]


def passes(filters: Sequence[Filter], indexed: IndexedArticle, names: NameTable) -> bool:
    """Tell whether an article passes every filter."""
    return all(_has_value(indexed.values[f.field], f.field, f.values, names) != f.negated for f in filters)


@dataclass(frozen=True, slots=True)
class Scorer:
    """BM25 over articles or over quotations, as :mod:`searcher.engines.scoring` defines it."""

    leaves: tuple[tuple[scoring.WeightedLeaf, int], ...]  # each with its document frequency
    documents: int
    average: float

    @classmethod
    def of_articles(cls, where: Expr, snapshot: MemorySnapshot) -> Self:
        articles = list(snapshot.articles.values())
        leaves = [
            (leaf, sum(any(article_spans(leaf.leaf, a)) for a in articles)) for leaf in scoring.weigh(where)
        ]
        return cls(tuple(leaves), len(articles), _mean([a.length for a in articles]))

    @classmethod
    def of_quotes(cls, where: Expr, snapshot: MemorySnapshot) -> Self:
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

    def explanation(self, indexed: IndexedArticle) -> tuple[tuple[str, float], ...]:
        from searcher.query.language import render

        return tuple((render(part.leaf), points) for part, points in self.contributions(indexed) if points)

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
