"""The utterances of an article: the quotations that are parts of what somebody said at once."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

from searcher.article import Article, Quote

__all__ = ["first_parts", "parts_of"]

_PLACE = attrgetter("start", "end")


def first_parts(quotes: Sequence[Quote]) -> list[int]:
    """Return for each of an article's quotations, which are given in the order of the text, the number of the
    first part of its utterance. Indirect speech is a report of its own."""
    firsts: dict[int, int] = {}
    return [
        number if quote.kind == "indirect" else firsts.setdefault(quote.utterance, number)
        for number, quote in enumerate(quotes)
    ]


def parts_of(article: Article, quote: Quote) -> tuple[Quote, ...]:
    """Return the utterance of which a quotation of the article is a part, in the order of the text."""
    if quote.kind == "indirect":
        return (quote,)
    parts = [part for part in article.quotes if part.utterance == quote.utterance and part.kind != "indirect"]
    return tuple(sorted(parts, key=_PLACE))
