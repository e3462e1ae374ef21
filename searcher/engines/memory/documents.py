"""The documents of the memory engine: articles with their words analysed once, and the names of values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from searcher import analysis
from searcher.article import Article
from searcher.engines.field_values import values_of
from searcher.fields import FIELDS, Kind
from searcher.languages import word_language
from searcher.names.table import Identities, PlainTable, weights
from searcher.query.spans import Terms

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
class Snapshot:
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
    return PlainTable(identities.rules, weights(counts, said_by))
