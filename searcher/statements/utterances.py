"""The utterances of an article: the quotations that are parts of what somebody said at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from searcher.article import Article, Quote

__all__ = ["parts_of", "utterances"]


def parts_of(article: Article, quote: Quote) -> tuple[Quote, ...]:
    """Return the utterance of which a quotation of the article is a part, in the order of the text.

    Indirect speech is a report of its own.
    """
    if quote.kind == "indirect":
        return (quote,)
    return next(parts for parts in utterances(article) if quote in parts)


def utterances(article: Article) -> Iterable[tuple[Quote, ...]]:
    """Return the utterances of an article, in the order of their beginnings, without indirect speech."""
    found: defaultdict[int, list[Quote]] = defaultdict(list)
    for quote in sorted(article.quotes, key=lambda quote: (quote.start, quote.end)):
        if quote.kind != "indirect":
            found[quote.utterance].append(quote)
    return [tuple(parts) for parts in found.values()]
