"""RSS and Atom feeds: every entry is an article."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from searcher.article import Article
from searcher.errors import ReadError
from searcher.readers import bylines, dates
from searcher.readers.base import MAX_FIELD, MAX_VALUES, Event, Options, optional, whole
from searcher.readers.decode import decode
from searcher.readers.html.fragment import paragraphs_of_markup
from searcher.readers.xml import refuse_entities, refuse_many

#: Elements and attributes of one feed, of which feedparser reads some fifty thousand a second.
_MAX_MARKS = 1_000_000


class FeedReader:
    """``.rss`` and ``.atom``, with feedparser (extra ``feeds``)."""

    suffixes: tuple[str, ...] = (".rss", ".atom", ".rdf")
    whole = True

    def __init__(self, _options: Options) -> None: ...

    def read(self, stream: BinaryIO, _origin: str, /) -> Iterator[Event]:
        feedparser = optional("feedparser", "feeds")
        data = whole(stream)
        refuse_entities(data)
        refuse_many(data, _MAX_MARKS)
        # Decoded here: feedparser's own guess took minutes for 400 kB that are no feed.
        feed = feedparser.parse(
            decode(data).encode("utf-8", "replace"),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            resolve_relative_uris=False,
            sanitize_html=False,
        )
        if not feed.entries:
            trouble = feed.get("bozo_exception")
            raise ReadError(
                f"It is no feed, or an empty one ({trouble})." if trouble else "The feed is empty."
            )
        for entry in feed.entries:
            yield _article(entry, feed.feed)


def _article(entry: Any, feed: Any) -> Article:
    contents = [content.get("value", "") for content in entry.get("content", ())]
    markup = max((*contents, entry.get("summary", "")), key=len)
    title = " ".join(paragraphs_of_markup(entry.get("title", "")[:MAX_FIELD]))
    if not markup:
        return Article(id="", title=title, body="")
    authors = [author.get("name", "") for author in entry.get("authors", ())] or [entry.get("author", "")]
    return Article(
        id="" if entry.get("link") else entry.get("id", ""),
        title=title,
        body="\n\n".join(paragraphs_of_markup(markup)),
        url=entry.get("link"),
        source=entry.get("source", {}).get("title") or feed.get("title"),
        authors=tuple(name for author in authors[:MAX_VALUES] if author for name in bylines.names(author)),
        published=dates.parse(entry.get("published") or entry.get("updated")),
        language=entry.get("language") or feed.get("language"),
        tags=tuple(tag.get("term") or "" for tag in entry.get("tags", ())),
    )
