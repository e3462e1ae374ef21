"""The reader of ``.html``, and the way from a page to an article."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from searcher.article import Article
from searcher.errors import ReadError
from searcher.readers.base import Event, Options, whole
from searcher.readers.decode import decode, refuse_binary
from searcher.readers.exports import articles_in_page, may_be_export

__all__ = ["HtmlReader", "article_from_html"]


class HtmlReader:
    """Saved pages, one article a page."""

    suffixes: tuple[str, ...] = (".html", ".htm", ".xhtml", ".shtml")
    whole = True

    def __init__(self, _options: Options) -> None: ...

    def read(self, stream: BinaryIO, _origin: str, /) -> Iterator[Event]:
        text = decode(whole(stream))
        refuse_binary(text)
        exported = articles_in_page(text) or (_exported(text) if may_be_export(text) else None)
        if exported is not None:
            yield from exported
        else:
            yield article_from_html(text)


def _exported(text: str) -> Iterator[Event] | None:
    from searcher.readers.exports import articles_of
    from searcher.readers.html.blocks import layout
    from searcher.readers.html.page import parse

    lines = [line for block in layout(parse(text).tree).blocks for line in block.text.split("\n")]
    return articles_of(lines)


def article_from_html(text: str, url: str | None = None) -> Article:
    """The article in a page. ``url`` is where the page was saved from, if that is known.

    Raises ReadError when there is none.
    """
    from searcher.readers.html.body import paragraphs
    from searcher.readers.html.metadata import metadata
    from searcher.readers.html.page import parse
    from searcher.readers.html.scripted import scripted_markup

    page = parse(text, url)
    facts = metadata(page)
    body = paragraphs(page, facts)
    if not body and (markup := scripted_markup(text, facts.title or "")):
        body = paragraphs(parse(markup), facts)
    if not body:
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
