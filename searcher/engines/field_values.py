"""The values of an article's value fields, as every engine indexes them."""

from __future__ import annotations

from searcher.article import Article
from searcher.fields import FIELDS

__all__ = ["values_of"]

_ATTRIBUTES = {f.name: f.attribute for f in FIELDS}


def values_of(article: Article, field: str) -> tuple[str, ...]:
    """Return the values of a value field, each once, without empty ones."""
    if field == "year":
        return (str(article.published.year),) if article.published else ()
    value = getattr(article, _ATTRIBUTES[field])
    if not value or isinstance(value, str):
        return (value,) if value else ()
    return tuple(dict.fromkeys(filter(None, value)))
