"""The reader of ``.html``, and the way from a page to an article."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from searcher.errors import ReadError
from searcher.model import Article
from searcher.readers.base import Event, Options, whole
from searcher.readers.decode import decode

__all__ = ["HtmlReader", "article_from_html"]


class HtmlReader:
    """Saved pages, one article a page."""

    suffixes: tuple[str, ...] = (".html", ".htm", ".xhtml", ".shtml")

    def __init__(self, options: Options) -> None:
        self._options = options

    def read(self, stream: BinaryIO, _origin: str, /) -> Iterator[Event]:
        yield article_from_html(decode(whole(stream)))


def article_from_html(text: str, url: str | None = None) -> Article:
    """The article in a page. ``url`` is where the page was saved from, if that is known.

    Raises ReadError when there is none.
    """
    from searcher.readers.html.body import paragraphs
    from searcher.readers.html.metadata import metadata
    from searcher.readers.html.page import parse

    page = parse(text, url)
    facts = metadata(page)
    body = paragraphs(page, facts)
    if not body and not facts.title:
        raise ReadError("There is no article in the page.")
    return Article(
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
