"""RSS and Atom feeds: every entry is an article."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from searcher.article import Article
from searcher.errors import ReadError
from searcher.readers import bylines, dates, urls
from searcher.readers.base import MAX_FIELD, MAX_VALUES, Event, Options, optional, whole
from searcher.readers.decode import decode
from searcher.readers.finish import id_of_address, short_digest
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
        for entry, url, id in _identified(feed.entries, feed.feed):
            yield _article(entry, feed.feed, url, id)


def _identified(entries: Sequence[Any], feed: Any) -> Iterator[tuple[Any, str | None, str]]:
    """Each entry with its address and its id, "" where that comes of the address.

    An address that several entries link to tells none of them: then it is the place in the page, where the
    addresses name one, or the guid, which counts in its feed only.
    """
    addresses = [_address(entry) for entry in entries]
    places, names = defaultdict[str, set[str]](set), defaultdict[str, set[tuple[str, str]]](set)
    for entry, url in zip(entries, addresses):
        if url:
            places[urls.canonical(url)].add(urls.canonical(url, fragment=True))
            names[urls.canonical(url)].add((entry.get("id", ""), entry.get("title", "")))
    by_place = any(len(found) > 1 for found in places.values())
    for entry, url in zip(entries, addresses):
        named = url is not None and urls.names_article(url)
        guids, titles = map(set, zip(*names[urls.canonical(url)])) if url else (set(), set())
        if url and named and by_place and "#" in url:
            id = id_of_address(url, fragment=True)
        elif entry.get("id") and (not named or min(len(guids), len(titles)) > 1):
            id = short_digest(f"{feed.get('link') or feed.get('title') or ''}\n{entry['id']}")
        else:
            id = ""
        yield entry, url, id


def _address(entry: Any) -> str | None:
    """Where an entry stands: its link, or its guid where that leads further."""
    link, guid = urls.absolute(entry.get("link")), urls.absolute(entry.get("id"))
    return guid if guid and urls.names_article(guid) and not (link and urls.names_article(link)) else link


def _article(entry: Any, feed: Any, url: str | None, id: str) -> Article:
    contents = [content.get("value", "") for content in entry.get("content", ())]
    markup = max((*contents, entry.get("summary", "")), key=len)
    title = " ".join(paragraphs_of_markup(entry.get("title", "")[:MAX_FIELD]))
    if not markup:
        return Article(id="", title=title, body="")
    authors = [author.get("name", "") for author in entry.get("authors", ())] or [entry.get("author", "")]
    return Article(
        id=id,
        title=title,
        body="\n\n".join(paragraphs_of_markup(markup)),
        url=url,
        source=entry.get("source", {}).get("title") or feed.get("title"),
        authors=tuple(name for author in authors[:MAX_VALUES] if author for name in bylines.names(author)),
        published=dates.parse(entry.get("published") or entry.get("updated")),
        language=entry.get("language") or feed.get("language"),
        tags=tuple(tag.get("term") or "" for tag in entry.get("tags", ())),
    )
