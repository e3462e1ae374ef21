"""The XML of news agencies: NITF, NewsML-G2 and the older NewsML 1.

The elements are those of https://iptc.org/standards/nitf/ and https://iptc.org/standards/newsml-g2/.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, BinaryIO

from searcher.article import Article
from searcher.errors import ReadError
from searcher.readers import bylines, dates
from searcher.readers.base import Event, Options, whole
from searcher.readers.exports import articles_in_xml
from searcher.readers.xml import local, parse_xml, text_of

_ITEMS = frozenset({"newsItem", "NewsItem"})
_PARAGRAPHS = frozenset(
    {"p", "hl2", "li", "td", "th", "blockquote", "h1", "h2", "h3", "h4", "pre", "dt", "dd"}
)

_MAX_ITEMS = 4  # items that stand in one another


class NewsXmlReader:
    """``.xml``, ``.nitf``, ``.newsml``: one story, or a message with many."""

    suffixes: tuple[str, ...] = (".nitf", ".newsml", ".nml", ".xml")
    whole = True

    def __init__(self, _options: Options) -> None: ...

    def read(self, stream: BinaryIO, _origin: str, /) -> Iterator[Event]:
        root = parse_xml(whole(stream))
        name = local(root)
        if name == "nitf":
            yield _nitf(root)
            return
        items = [root] if name in _ITEMS else [e for e in root.iter() if local(e) in _ITEMS and _is_outer(e)]
        if not items:
            exported = articles_in_xml(root)
            if exported is not None:
                yield from exported
                return
            stories = [element for element in root.iter() if local(element) == "nitf"]
            if not stories:
                raise ReadError(f"It is XML of a kind that no reader knows (<{name}>).")
            yield from map(_nitf, stories)
        for item in items:
            article = _item(item)
            if article is None:
                yield ReadError(f"“{_id(item)}”: The item holds no text (a picture, perhaps).")
            else:
                yield article


def _is_outer(item: Any) -> bool:
    """Whether an item stands in few others: each is read with all that is in it."""
    return sum(local(around) in _ITEMS for around in item.iterancestors()) < _MAX_ITEMS


def _find(element: Any, *names: str) -> Any:
    """The first element below of the first of ``names`` that there is."""
    for name in names:
        for found in element.iter():
            if local(found) == name:
                return found
    return None


def _all(element: Any, name: str) -> list[Any]:
    return [found for found in element.iter() if local(found) == name]


def _paragraphs(element: Any) -> list[str]:
    """Paragraphs below an element; of nested ones the innermost."""
    from lxml import etree

    out = []
    holding = [False]  # whether each paragraph that is open, and what is around them, holds one
    for event, found in etree.iterwalk(element, events=("start", "end")):
        if local(found) not in _PARAGRAPHS:
            continue
        if event == "start":
            holding.append(False)
            continue
        if not holding.pop() and (text := text_of(found)):
            out.append(text)
        holding[-1] = True
    if not out:
        out = [" ".join(part.split()) for part in "".join(element.itertext()).split("\n\n")]
    return [part for part in out if part]


def _nitf(root: Any) -> Article:
    content = _find(root, "body.content")
    head = _find(root, "body.head")
    above = root if head is None else head
    authors = (
        bylines.names("; ".join(text_of(e) for e in _all(above, "person")))
        if _find(above, "byline") is not None
        else ()
    )
    if not authors:
        authors = bylines.names(text_of(_find(above, "byline")))
    return Article(
        id=_attribute(root, "doc-id", "id-string"),
        title=text_of(_find(above, "hl1", "headline")) or text_of(_find(root, "title")),
        body="\n\n".join(_paragraphs(content)) if content is not None else "",
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
        tags=tuple(element.get("key") or "" for element in _all(root, "keyword")),
    )


def _attribute(root: Any, name: str, attribute: str) -> str:
    return next((e.get(attribute) for e in root.iter() if local(e) == name and e.get(attribute)), "")


def _language(root: Any) -> str | None:
    found = root.get("{http://www.w3.org/XML/1998/namespace}lang") or root.get("lang")
    return str(found) if found else None


def _id(item: Any) -> str:
    return item.get("guid") or text_of(_find(item, "NewsItemId", "PublicIdentifier"))


def _item(item: Any) -> Article | None:
    """A news item; None when it carries no text."""
    nitf = _find(item, "nitf")
    story = _nitf(nitf) if nitf is not None else None
    body = story.body if story else _inline(item)
    if not body:
        return None
    title = text_of(_find(item, "headline", "HeadLine")) or (
        story.title if story else text_of(_find(item, "title", "NewsLineText"))
    )
    given = [text_of(element) for name in ("by", "ByLine") for element in _all(item, name)]
    names = tuple(name for text in given for name in bylines.names(text))
    return Article(
        id=_id(item),
        title=title,
        body=body,
        source=_provider(item) or (story.source if story else None),
        authors=names or _creators(item) or (story.authors if story else ()),
        published=_published(item) or (story.published if story else None),
        language=_content_language(item) or _language(item) or (story.language if story else None),
        tags=tuple(text_of(element) for element in _all(item, "keyword")),
    )


def _inline(item: Any) -> str:
    inline = _find(item, "inlineXML")
    if inline is not None:
        body = _find(inline, "body")
        return "\n\n".join(_paragraphs(inline if body is None else body))
    data = _find(item, "inlineData", "DataContent")
    return "\n\n".join(_paragraphs(data)) if data is not None else ""


def _provider(item: Any) -> str:
    for name in ("creditline", "CreditLine", "provider", "infoSource"):
        element = _find(item, name)
        if element is None:
            continue
        inner = _find(element, "name")
        text = text_of(inner if inner is not None else element)
        if text:
            return text
        literal = element.get("literal") or element.get("qcode") or ""
        if literal:
            return str(literal.rsplit(":", 1)[-1])
    return ""


def _creators(item: Any) -> tuple[str, ...]:
    meta = _find(item, "contentMeta")
    texts = [text_of(_find(creator, "name")) for creator in _all(meta, "creator")] if meta is not None else []
    return tuple(name for text in texts for name in bylines.names(text))


def _published(item: Any) -> dt.datetime | None:
    names = (
        "firstPublished",
        "contentCreated",
        "firstCreated",
        "versionCreated",
        "DateLineDate",
        "FirstCreated",
        "DateId",
    )
    return next((moment for name in names if (moment := dates.parse(text_of(_find(item, name))))), None)


def _content_language(item: Any) -> str | None:
    element = _find(item, "language", "Language")
    if element is None:
        return None
    found = element.get("tag") or element.get("FormalName")
    return str(found) if found else None
