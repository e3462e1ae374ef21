"""What the memory engine holds: articles with their words analysed once, and what names go by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from searcher import analysis
from searcher.article import Article
from searcher.engines.base import values_for_resolution
from searcher.fields import FIELDS, Kind
from searcher.languages import word_language
from searcher.names.resolution import Identities
from searcher.query.spans import Terms

__all__ = ["Indexed", "Names", "State", "indexed_as", "resolve"]

_VALUE_FIELDS = tuple(f.name for f in FIELDS if f.kind is Kind.VALUES)


@dataclass(frozen=True, slots=True)
class Indexed:
    """An article with its words analysed once. ``place`` is its rank in the order of adding."""

    article: Article
    place: int
    title: Terms
    body: Terms
    quotes: tuple[Terms, ...]
    values: Mapping[str, tuple[str, ...]]

    @property
    def length(self) -> int:
        return len(self.title) + len(self.body)


@dataclass(frozen=True, slots=True)
class Names:
    """Names across articles: for each value field, raw value to the name it goes by."""

    identities: Identities
    canonical: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def asked(self, field_name: str, values: Sequence[str]) -> frozenset[str]:
        names = set(self.canonical[field_name].values())
        return frozenset().union(*(self.identities.matching_names(field_name, v, names) for v in values))


@dataclass(frozen=True, slots=True)
class State:
    """One committed state: readers keep the one they began with."""

    articles: Mapping[str, Indexed]
    names: Names


def indexed_as(article: Article, place: int, old: Indexed | None) -> Indexed:
    """The article analysed; ``old``: as it was before, to be used again if it is the same."""
    if old is not None and old.article == article:
        return Indexed(article, place, old.title, old.body, old.quotes, old.values)
    language = word_language(article.language)
    return Indexed(
        article,
        place,
        analysis.index_terms(article.title, language),
        analysis.index_terms(article.body, language),
        tuple(analysis.index_terms(quote.text, language) for quote in article.quotes),
        {name: _values(article, name) for name in _VALUE_FIELDS},
    )


def _values(article: Article, name: str) -> tuple[str, ...]:
    """The values of a value field, each once."""
    if name == "year":
        return (str(article.published.year),) if article.published else ()
    attribute = next(f.attribute for f in FIELDS if f.name == name)
    held = getattr(article, attribute)
    values = (held,) if isinstance(held, str) else held or ()
    return tuple(dict.fromkeys(v for v in values if v))


def resolve(articles: Mapping[str, Indexed], identities: Identities) -> Names:
    counts = {name: Counter(v for a in articles.values() for v in a.values[name]) for name in _VALUE_FIELDS}
    speaking = Counter(
        v for a in articles.values() for v in dict.fromkeys(q.speaker for q in a.article.quotes if q.speaker)
    )
    counts["speaker"] = speaking
    return Names(
        identities,
        {name: identities.resolve(name, values_for_resolution(name, counts)) for name in _VALUE_FIELDS},
    )
