"""Short ways to ask for the quotations of a made-up text."""

from __future__ import annotations

import pytest

from searcher.article import Article, Mention, Quote
from searcher.extract.names import find_names
from searcher.extract.quotes import find_quotes


class Found:
    """The quotes of a body, told in the words of a test."""

    def __init__(self, body: str, quotes: tuple[Quote, ...]) -> None:
        self.body = body
        self.all = quotes
        self.quoted = tuple(quote for quote in quotes if quote.kind != "indirect")

    @property
    def texts(self) -> list[str]:
        return [quote.text for quote in self.quoted]

    @property
    def said(self) -> list[tuple[str | None, str]]:
        return [(quote.speaker, quote.text) for quote in self.quoted]


@pytest.fixture
def find():
    def found(body: str, mentions: tuple[Mention, ...] = ()) -> Found:
        article = Article(id="a", body=body, language="en", mentions=mentions)
        return Found(body, find_quotes(article if mentions else find_names(article)).quotes)

    return found
