"""The values of an article's fields, as every engine indexes them."""

from __future__ import annotations

from collections.abc import Sequence

from searcher.article import Article, Quote
from searcher.fields import FIELDS
from searcher.query.time_units import label
from searcher.query.tree import TIME_FACETS
from searcher.urls import search_keys

_ATTRIBUTES = {f.name: f.attribute for f in FIELDS}


def indices_by_position(quotes: Sequence[Quote]) -> list[int]:
    """Return the indices of quotations in the order of the text, which is their order in every engine."""
    return sorted(range(len(quotes)), key=lambda n: (quotes[n].start, quotes[n].end, n))


def values_of(article: Article, field: str) -> tuple[str, ...]:
    """Return the distinct values of a value field or facet. The names of organisations are followed by
    evidence: acronyms that the article explains, and people who may be organisations."""
    if field == "organisation":
        from searcher.names.organisations import (  # imported late: searches do not need its rules
            explanations,
            marked_people,
        )

        evidence = (*explanations(article), *marked_people(article))
        return tuple(dict.fromkeys(filter(None, (*article.organisations, *evidence))))
    if field == "year":
        return (str(article.published.year),) if article.published else ()
    if field in TIME_FACETS:
        return (label(field, article.published.date()),) if article.published else ()
    if field == "url":
        return tuple(dict.fromkeys(filter(None, search_keys(article.url)))) if article.url else ()
    value = getattr(article, _ATTRIBUTES[field])
    if not value or isinstance(value, str):
        return (value,) if value else ()
    return tuple(dict.fromkeys(filter(None, value)))
