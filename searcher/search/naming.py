"""An article with the names that its people, bodies, source and authors have across articles."""

from __future__ import annotations

from dataclasses import replace

from searcher.article import Article
from searcher.names.table import SAID_BY, NameTable

__all__ = ["named"]


def named(article: Article, names: NameTable) -> Article:
    """Return the article so. Mentions of those who are nobody by a decision are left out."""
    mentions = ((mention, names.name_of(mention.kind, mention.name)) for mention in article.mentions)
    quotes = (
        (quote, names.name_of(SAID_BY, quote.speaker) if quote.speaker else None) for quote in article.quotes
    )
    return replace(
        article,
        source=names.name_of("source", article.source) if article.source else article.source,
        authors=names.names_of("author", article.authors),
        mentions=tuple(replace(mention, name=name) for mention, name in mentions if name is not None),
        quotes=tuple(replace(quote, speaker=name or quote.speaker) for quote, name in quotes),
    )
