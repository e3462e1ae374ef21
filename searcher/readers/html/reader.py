"""Saved web pages to articles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO

from searcher.article import Article
from searcher.errors import Doubt, ReadError
from searcher.readers.base import ArticlePage, Event, FormatReader, whole
from searcher.readers.encodings import decode, refuse_binary
from searcher.readers.exports import articles_in_page, may_be_export
from searcher.readers.html.hidden_text import (
    MIN_STRING,
    markup_without_scripts,
    scripted_markup,
    source_shown,
)

if TYPE_CHECKING:
    from searcher.readers.html.page import Page


#: Characters of a body for which it is looked whether the text stands in what is for readers without scripts.
_MAX_SHORT_BODY = 2_000


class HtmlReader(FormatReader):
    """Saved pages, one article a page."""

    whole = True

    def read(self, stream: BinaryIO, _origin: str, /) -> Iterator[Event]:
        text = decode(whole(stream))
        refuse_binary(text)
        yield from exported_page(text) or events_from_html(text)


def events_from_html(text: str, url: str | None = None) -> Iterator[Event]:
    """The article in a page, and what is doubtful in it. Raises ReadError when there is none."""
    from searcher.readers.html.doubts import doubts
    from searcher.readers.html.page import parse

    text = source_shown(text)
    page = parse(text, url)
    article = _article(page, text)
    yield article
    yield from map(Doubt, doubts(page, article))


def exported_page(text: str) -> Iterator[Event] | None:
    """The articles in the page, or the mail, that a database gave; None if it is none."""
    found = articles_in_page(text)
    if found is not None or not may_be_export(text, page=True):
        return found
    from searcher.readers.exports import articles_of
    from searcher.readers.html.blocks import layout
    from searcher.readers.html.page import parse

    lines = [line for block in layout(parse(text).tree).blocks for line in block.text.split("\n")]
    return articles_of(lines)


def article_from_html(text: str, url: str | None = None) -> Article:
    """The article in a page that was saved from ``url``. Raises ReadError when there is none."""
    from searcher.readers.html.page import parse

    text = source_shown(text)
    return _article(parse(text, url), text)


def _article(page: Page, text: str) -> Article:
    from searcher.readers.finish import id_of_address
    from searcher.readers.html.body import paragraphs
    from searcher.readers.html.metadata import metadata, place_of
    from searcher.readers.html.page import parse

    facts = metadata(page)
    body = paragraphs(page, facts)
    size = sum(map(len, body))
    if not body and (markup := scripted_markup(text, facts.title or "")):
        body = paragraphs(parse(markup), facts)
    elif size < _MAX_SHORT_BODY and (markup := markup_without_scripts(text)):
        other = paragraphs(parse(markup), facts)
        body = other if sum(map(len, other)) > 2 * max(size, MIN_STRING) else body
    if not body:
        raise ReadError("There is no article in the page.")
    article = Article(
        id="",
        title=facts.title or "",
        body="\n\n".join(body),
        url=facts.url,
        source=facts.source,
        authors=facts.authors,
        published=facts.published,
        language=facts.language,
        section=facts.section,
        tags=facts.tags,
    )
    if found := place_of(page, facts.url):
        address, number = found
        return ArticlePage.of(replace(article, id=id_of_address(address)), number)
    return article
