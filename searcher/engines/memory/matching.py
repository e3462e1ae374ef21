"""Matching: whether one article or quotation matches a query tree, by the definitions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from searcher.engines.memory.documents import IndexedArticle
from searcher.names.table import SAID_BY, NameTable
from searcher.query.spans import field_of, spans
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
)


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
