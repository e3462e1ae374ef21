"""Read news in XML: feeds, NITF (https://iptc.org/standards/nitf/), NewsML-G2
(https://iptc.org/standards/newsml-g2/), NewsML 1 and JATS."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any, BinaryIO

from lxml import etree

from searcher import urls
from searcher.article import Article
from searcher.errors import ReadError
from searcher.readers import bylines, dates
from searcher.readers.base import (
    MAX_FIELD,
    MAX_VALUES,
    Event,
    FormatReader,
    Options,
    import_optional,
    read_whole,
)
from searcher.readers.downloads import articles_in_xml
from searcher.readers.encodings import decode
from searcher.readers.finish import id_of_address, short_digest
from searcher.readers.html.blocks import paragraphs_of_markup
from searcher.readers.html.headline import without_site
from searcher.readers.mapper import Mapper, is_article
from searcher.readers.records import RecordErrors
from searcher.readers.turns import with_turns
from searcher.readers.xml import attribute, local, parse_xml, refuse_entities, refuse_many, text_of

_ITEMS = frozenset({"newsItem", "NewsItem"})
_PARAGRAPHS = frozenset(
    ("p", "hl2", "li", "td", "th", "blockquote", "h1", "h2", "h3", "h4", "pre", "dt", "dd")
)

_MAX_ITEM_LEVELS = 4  # maximum nesting of items


class NewsXmlReader(FormatReader):
    """Reads ``.xml``, ``.nitf``, ``.newsml``: one story, or a message with many."""

    needs_whole_file = True

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._mapper = Mapper(options.mapping)

    def read(self, stream: BinaryIO, _origin: str, /) -> Iterator[Event]:
        root = parse_xml(read_whole(stream))
        name = local(root)
        if name in _STORY_READERS and (name != "article" or root.find("{*}front") is not None):
            yield _STORY_READERS[name](root)
            return
        items = [root] if name in _ITEMS else [e for e in root.iter() if local(e) in _ITEMS and _is_outer(e)]
        if not items:
            if exported := articles_in_xml(root):
                yield from exported
                return
            stories = [element for element in root.iter() if local(element) == "nitf"]
            yield from map(_nitf, stories) if stories else self._recorded_articles(root)
        for item in items:
            article = _item_article(item)
            if article is None:
                yield ReadError(f"“{_item_id(item)}”: The item holds no text (a picture, perhaps).")
            else:
                yield article

    def _recorded_articles(self, root: Any) -> Iterator[Event]:
        """Yield the articles in other XML: elements with a text and a title or a day, named like columns of
        tables."""
        troubles, records = RecordErrors("Record"), enumerate(_records(root), 1)
        first = next(records, None)
        if first is None:
            raise ReadError(f"It is XML of an unknown kind (<{local(root)}>).")
        yield from troubles.parse_each(
            chain([first], records), lambda record: with_turns(self._mapper.article(record))
        )
        yield from troubles.errors()


def _records(root: Any) -> Iterator[dict[str, Any]]:
    steps = etree.iterwalk(root, events=("start",))
    for _, element in steps:
        if is_article(map(local, element)):
            record: dict[str, Any] = {}
            for child in element:
                record.setdefault(local(child), []).append("\n\n".join(_paragraphs(child)))
            yield {**element.attrib, **record}
            steps.skip_subtree()


def _is_outer(item: Any) -> bool:
    """Return True unless an item is nested too deeply: each is read with everything in it."""
    return sum(local(around) in _ITEMS for around in item.iterancestors()) < _MAX_ITEM_LEVELS


def _find(element: Any, *names: str) -> Any:
    """Return the first descendant with the first of ``names`` that exists."""
    for name in names:
        for descendant in element.iter():
            if local(descendant) == name:
                return descendant
    return None


def _find_all(element: Any, name: str) -> list[Any]:
    return [descendant for descendant in element.iter() if local(descendant) == name]


def _paragraphs(element: Any) -> list[str]:
    """Return the paragraphs below an element. Of nested ones, only the innermost count."""
    out = []
    holding = [False]  # whether each open element contains a paragraph
    for event, descendant in etree.iterwalk(element, events=("start", "end")):
        if local(descendant) not in _PARAGRAPHS:
            continue
        if event == "start":
            holding.append(False)
            continue
        if not holding.pop() and (text := text_of(descendant)):
            out.append(text)
        holding[-1] = True
    if not out:
        out = [" ".join(part.split()) for part in "".join(element.itertext()).split("\n\n")]
    return [part for part in out if part]


def _text_below(element: Any) -> str:
    return "" if element is None else "\n\n".join(_paragraphs(element))


def _nitf(root: Any) -> Article:
    head = _find(root, "body.head")
    above = root if head is None else head
    authors: tuple[str, ...] = ()
    if (byline := _find(above, "byline")) is not None:
        people = (text_of(e) for e in _find_all(above, "person"))
        authors = bylines.names("; ".join(people)) or bylines.names("; ".join(byline.itertext()))
    return Article(
        id=_attribute(root, "doc-id", "id-string"),
        title=text_of(_find(above, "hl1", "headline")) or text_of(_find(root, "title")),
        body=_text_below(_find(root, "body.content")),
        source=_attribute(root, "pubdata", "name")
        or text_of(_find(above, "distributor"))
        or _attribute(root, "doc.copyright", "holder")
        or None,
        authors=authors,
        published=dates.parse(
            _attribute(root, "date.issue", "norm")
            or _attribute(root, "story.date", "norm")
            or _attribute(root, "pubdata", "date.publication")
        ),
        language=_language(root),
        section=_attribute(root, "pubdata", "position.section")
        or _attribute(root, "fixture", "fix-id")
        or None,
        tags=tuple(element.get("key") or "" for element in _find_all(root, "keyword")),
    )


def _attribute(root: Any, name: str, attribute: str) -> str:
    return next((e.get(attribute) for e in root.iter() if local(e) == name and e.get(attribute)), "")


def _language(root: Any) -> str | None:
    return attribute(root, "lang") or None


def _item_id(item: Any) -> str:
    return item.get("guid") or text_of(_find(item, "NewsItemId", "PublicIdentifier"))


_NAME = ("{*}given-names", "{*}surname")


def _jats(root: Any) -> Article:
    """Read a journal article (https://jats.nlm.nih.gov/) or its abstract."""
    meta = next(root.iter("{*}article-meta"), root)
    body = root.find("{*}body")
    people = (e for e in meta.iter("{*}contrib") if e.get("contrib-type", "author") == "author")
    names = (name for e in people for name in e.iterfind("{*}name"))
    days = (
        "-".join(text_of(e.find(f"{{*}}{part}")).zfill(2) for part in ("year", "month", "day"))
        for e in meta.iter("{*}pub-date")
    )
    return Article(
        id=text_of(next((e for e in meta.iter("{*}article-id") if e.get("pub-id-type") == "doi"), None)),
        title=text_of(_find(meta, "article-title")),
        body=_text_below(_find(meta, "abstract") if body is None else body),
        source=text_of(_find(root, "journal-title")) or None,
        authors=tuple(" ".join(text_of(one.find(part)) for part in _NAME).strip() for one in names),
        published=next(filter(None, map(dates.parse, days)), None), language=_language(root),
        tags=tuple(text_of(element) for element in meta.iter("{*}kwd")),
    )  # fmt: skip


#: Readers of documents that are a single article, by root element.
_STORY_READERS = {"nitf": _nitf, "article": _jats}


def _item_article(item: Any) -> Article | None:
    nitf = _find(item, "nitf")
    story = _nitf(nitf) if nitf is not None else None
    body = story.body if story else _item_body(item)
    if not body:
        return None
    title = text_of(_find(item, "headline", "HeadLine")) or (
        story.title if story else text_of(_find(item, "title", "NewsLineText"))
    )
    bylines_text = [
        text_of(element) for name in ("by", "ByLine", "BYLINE") for element in _find_all(item, name)
    ]
    names = tuple(name for text in bylines_text for name in bylines.names(text))
    return Article(
        id=_item_id(item), title=title, body=body,
        source=_provider(item) or (story.source if story else None),
        authors=names or _creators(item) or (story.authors if story else ()),
        published=_publication_time(item) or (story.published if story else None),
        language=_content_language(item) or _language(item) or (story.language if story else None),
        tags=tuple(text_of(element) for element in _find_all(item, "keyword")),
    )  # fmt: skip


def _item_body(item: Any) -> str:
    inline = _find(item, "inlineXML")
    if inline is None:
        return _text_below(_find(item, "inlineData", "DataContent"))
    body = _find(inline, "body")
    return _text_below(inline if body is None else body)


def _provider(item: Any) -> str:
    for name in ("creditline", "CreditLine", "provider", "infoSource"):
        if (element := _find(item, name)) is not None:
            inner = _find(element, "name")
            literal = element.get("literal") or element.get("qcode") or ""
            if name_text := text_of(element if inner is None else inner) or literal.rpartition(":")[2]:
                return str(name_text)
    return ""


def _creators(item: Any) -> tuple[str, ...]:
    meta = _find(item, "contentMeta")
    texts = (
        [text_of(_find(creator, "name")) for creator in _find_all(meta, "creator")]
        if meta is not None
        else []
    )
    return tuple(name for text in texts for name in bylines.names(text))


def _publication_time(item: Any) -> dt.datetime | None:
    names = "firstPublished contentCreated firstCreated versionCreated DateLineDate FirstCreated DateId"
    moments = (dates.parse(text_of(_find(item, name))) for name in names.split())
    return next(filter(None, moments), None)


def _content_language(item: Any) -> str | None:
    element = _find(item, "language", "Language")
    return None if element is None else element.get("tag") or element.get("FormalName")


#: Maximum number of elements and attributes of a feed: feedparser reads about 50,000 per second.
_MAX_MARKS = 1_000_000


class FeedReader(FormatReader):
    """Reads ``.rss`` and ``.atom`` with feedparser (extra ``feeds``)."""

    needs_whole_file = True

    def read(self, stream: BinaryIO, _origin: str, /) -> Iterator[Event]:
        feedparser = import_optional("feedparser", "feeds")
        data = read_whole(stream)
        refuse_entities(data)
        refuse_many(data, _MAX_MARKS)
        # feedparser's own guess of the encoding took minutes for 400 kB that were not a feed.
        feed = feedparser.parse(
            decode(data).encode("utf-8", "replace"),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            resolve_relative_uris=False,
            sanitize_html=False,
        )
        if not feed.entries:
            trouble = feed.get("bozo_exception")
            raise ReadError(
                f"It is not a feed, or it is empty ({trouble})." if trouble else "The feed is empty."
            )
        for entry, url, id in _identified_entries(feed.entries, feed.feed):
            yield _entry_article(entry, feed.feed, url, id, feed.get("version", ""))


def _identified_entries(entries: Sequence[Any], feed: Any) -> Iterator[tuple[Any, str | None, str]]:
    """Yield each entry with its address, and its id, or "" if the address determines the id.

    If several entries link to one address, the id is the fragment of the address, if they have one, or the
    guid combined with the feed.
    """
    addresses = [_address(entry) for entry in entries]
    places, names = defaultdict[str, set[str]](set), defaultdict[str, set[tuple[str, str]]](set)
    for entry, url in zip(entries, addresses):
        if url:
            places[urls.canonical(url)].add(urls.canonical(url, fragment=True))
            names[urls.canonical(url)].add((entry.get("id", ""), entry.get("title", "")))
    has_fragments = any(len(places_of_address) > 1 for places_of_address in places.values())
    ambiguous = {
        address
        for address, places_of_address in names.items()
        if min(len(set(name_text)) for name_text in zip(*places_of_address)) > 1
    }
    for entry, url in zip(entries, addresses):
        named = url is not None and urls.has_path(url)
        if url and named and has_fragments and "#" in url:
            id = id_of_address(url, fragment=True)
        elif entry.get("id") and (not named or urls.canonical(url or "") in ambiguous):
            id = short_digest(f"{feed.get('link') or feed.get('title') or ''}\n{entry['id']}")
        else:
            id = ""
        yield entry, url, id


def _address(entry: Any) -> str | None:
    """Return the link of an entry, or its guid if that is the more specific address."""
    link, guid = urls.absolute(entry.get("link")), urls.absolute(entry.get("id"))
    return guid if guid and urls.has_path(guid) and not (link and urls.has_path(link)) else link


def _credits(entry: Any, feed: Any, version: str) -> list[str]:
    """Return the authors of an entry. In Atom they default to those of the feed (RFC 4287, 4.2.1)."""
    if rss := _RSS_AUTHOR.match(entry.get("author", "")[:MAX_FIELD]):
        return [rss[1]]
    authors = entry.get("authors") or (feed.get("authors", ()) if version.startswith("atom") else ())
    return [author.get("name", "") for author in authors] or [entry.get("author", "")]


#: An author in RSS: "lee@tallow.example (Ann Lee)".
_RSS_AUTHOR = re.compile(r"\S+@\S+\s+\(([^()]+)\)\s*$")


def _entry_article(entry: Any, feed: Any, url: str | None, id: str, version: str) -> Article:
    contents = [content.get("value", "") for content in entry.get("content", ())]
    markup = max((*contents, entry.get("summary", "")), key=len)
    title = " ".join(paragraphs_of_markup(entry.get("title", "")[:MAX_FIELD]))
    if not markup:
        return Article(id="", title=title, body="")
    authors = _credits(entry, feed, version)
    source = entry.get("source", {}).get("title") or feed.get("title")
    return Article(
        id=id, title=without_site(title, source), body="\n\n".join(paragraphs_of_markup(markup)), url=url,
        authors=tuple(name for author in authors[:MAX_VALUES] if author for name in bylines.names(author)),
        published=dates.parse(entry.get("published") or entry.get("updated")), source=source,
        language=entry.get("language") or feed.get("language"),
        tags=tuple(tag.get("term") or "" for tag in entry.get("tags", ())),
    )  # fmt: skip
