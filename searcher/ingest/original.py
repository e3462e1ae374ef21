"""Show the original file of an article, found by its digest.

The file is untrusted, so it is opened in a separate process with limits. Pages are displayed without anything
active: no scripts, forms, frames or external addresses. The Content-Security-Policy forbids these too, but
Chromium opens some connections before it checks the policy.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from hashlib import sha256
from html import escape
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from searcher.article import Article
from searcher.errors import ReadError
from searcher.ingest.worker_pool import Pool
from searcher.readers.base import MAX_DOCUMENT, Event, MemberReader
from searcher.readers.dispatch import (
    Dispatcher,
    detect_ending,
    ending,
    file_of_origin,
    reader_of,
    without_surrogates,
)
from searcher.readers.encodings import decode
from searcher.readers.passage import Passage, find_passage
from searcher.results.versions import Original

#: Maximum processor time in seconds, memory in bytes, and time without progress in seconds. They are low
#: because a user is waiting.
_LIMITS = 20.0, 2**30, 60.0
#: Files shown as they are. For other formats, the reader says how (``html_of``, ``text_of``).
_PAGE_ENDINGS = frozenset({".html", ".htm", ".xhtml", ".shtml"})
_TEXT_ENDINGS = frozenset({
    ".txt", ".text", ".md", ".markdown", ".vtt", ".srt", ".sbv", ".ttml", ".dfxp", ".json",
    ".jsonl", ".ndjson", ".otr", ".csv", ".tsv", ".rss", ".atom", ".rdf", ".nitf", ".newsml",
    ".nml", ".xml", ".tei", ".akn",
})  # fmt: skip


def original(
    article: Article, files: Collection[str], start: int = 0, end: int = 0, *, with_data: bool = True
) -> Original:
    """Return the file of an article. ``files`` are the files that contained it.

    If ``with_data`` is False, the data is left out and size does not matter. Raises ReadError if the file is
    unknown, missing, changed or too large.
    """
    origin = article.origin
    if not origin or not article.digest or str(file_of_origin(origin)) not in files:
        raise ReadError("Its file is not known.")
    request = origin, article.digest, Passage(article.body, start, end), with_data
    with Pool(1, *_LIMITS) as pool:
        results = [result for _, result in pool.stream(_open_views, [request], ahead=1)]
    originals = [result for result in results if isinstance(result, Original)]
    if not originals:
        errors = (result for result in results if isinstance(result, ReadError))
        raise next(errors, ReadError("It cannot be opened here."))
    return originals[-1]


#: Maximum number of characters of a text to show.
_MAX_SHOWN_CHARACTERS = 300_000


def _open_views(request: tuple[str, str, Passage, bool]) -> Iterator[Original | ReadError]:
    """Yield the file, and a PDF again with the page of the passage, which may take too long to find."""
    origin, digest, passage, with_data = request
    try:
        name, data = part_of(origin, digest)
        if not with_data:
            yield Original("file", name, b"")
        elif len(data) > MAX_DOCUMENT:
            yield ReadError("It is too large to show here.")
        else:
            yield from _views(name, data, passage)
    except ReadError as error:
        yield error


def _views(name: str, data: bytes, passage: Passage) -> Iterator[Original]:
    suffix = detect_ending(data[:4096], ending(name))
    reader: Any = reader_of(suffix)
    if suffix == ".pdf":
        yield Original("pdf", name, data)
        if hasattr(reader, "page_number") and passage.end > passage.start:
            page = reader.page_number(data, passage)
            yield Original("pdf", name, data, page=page, has_passage=page > 0)
    elif suffix in _PAGE_ENDINGS or hasattr(reader, "html_of"):
        html, is_marked = inert(getattr(reader, "html_of", decode)(data), passage)
        yield Original("page", name, data, html, has_passage=is_marked)
    elif suffix in _TEXT_ENDINGS or hasattr(reader, "text_of"):
        html, is_marked = inert(_as_html(getattr(reader, "text_of", decode)(data), passage), passage)
        yield Original("text", name, data, html, has_passage=is_marked)
    else:
        yield Original("file", name, data)


def _as_html(text: str, passage: Passage) -> str:
    """Return the part of a plain text around the passage as HTML."""
    start = max(0, (find_passage(text, passage) or (0, 0))[0] - _MAX_SHOWN_CHARACTERS // 2)
    excerpt = escape(text[start : start + _MAX_SHOWN_CHARACTERS])
    return f'<pre dir="auto" style="white-space: pre-wrap">{excerpt}</pre>'


def part_of(origin: str, digest: str) -> tuple[str, bytes]:
    """Return the name and bytes of the file or archive member with that digest. Raises ReadError."""
    path, finder = file_of_origin(origin), _PartFinder(origin, digest)
    if not path.exists():
        raise ReadError("The file no longer exists.")
    for _ in finder.file(path):
        if finder.part:
            break
    if finder.part is None:
        raise ReadError("The file has changed since it was read.")
    name, data = finder.part
    return PurePosixPath(name.replace("\\", "/")).name, data


class _PartFinder(Dispatcher):
    """Opens only the containers on the way to a part."""

    def __init__(self, origin: str, digest: str) -> None:
        super().__init__()
        self._origin, self._digest = origin, digest
        self.part: tuple[str, bytes] | None = None

    def _read(self, name: str, stream: BinaryIO, origin: str, digest: str, depth: int) -> Iterator[Event]:
        if self._origin == origin and digest == self._digest:
            self.part = name, stream.read(MAX_DOCUMENT + 1)
            return
        reader = self._reader(name, stream, origin, depth)
        parts = reader.parts(stream) if hasattr(reader, "parts") else ()
        self.part = next((one for one in parts if sha256(one[1]).hexdigest() == self._digest), None)
        if self.part is None and self._origin != origin:
            stream.seek(0)
            yield from reader.read(stream, origin)

    def _inside(self, origin: str, depth: int) -> MemberReader:
        inside, target = super()._inside(origin, depth), f"{self._origin}!"
        return lambda name, stream, read_sibling=None: (
            inside(name, stream, read_sibling)
            if target.startswith(f"{origin}!{without_surrogates(name)}!")
            else iter(())
        )


#: Elements removed with their content. SVG and MathML follow other parsing rules.
_DROPPED_ELEMENTS = frozenset({
    "script", "template", "iframe", "frame", "frameset", "object", "applet", "link", "meta", "base", "title",
    "svg", "math", "audio", "video",
})  # fmt: skip
#: Elements replaced by their content, which a browser would otherwise treat as plain text.
_PLAIN_ELEMENTS = frozenset({
    "noscript", "form", "xmp", "noembed", "noframes", "plaintext", "listing", "textarea", "embed", "source",
    "track", "param",
})  # fmt: skip
#: Attributes to keep, besides those of images and links.
_KEPT_ATTRIBUTES = frozenset({
    "class", "id", "style", "title", "lang", "dir", "alt", "width", "height", "colspan", "rowspan",
    "align", "valign", "bgcolor", "color", "face", "size", "border", "cellpadding", "cellspacing",
    "start", "type", "datetime", "open", "hidden", "role", "span", "clear",
})  # fmt: skip
_ELEMENT_NAME = re.compile(r"[a-z][a-z0-9-]*")
_INLINE_DATA = re.compile(r"data:[\w/+.-]{3,60};base64,[A-Za-z0-9+/=\s%]+")
#: Parts of a style sheet that load a resource from an address.
_STYLE_ADDRESS = re.compile(
    r"@import[^;}]*;?|url\(\s*(?![\"']?data:)[^)]*\)?|(?:image-set|image|src)\([^)]*\)?", re.I
)
#: Characters that could end a style element or hide an address: “\75rl(” means “url(”.
_STYLE_MARKUP = re.compile(r"<(?:!--|!\[CDATA\[)?|\\(?:[\da-f]{1,6}\s?)?", re.I)
#: Characters that lxml accepts as numeric references, such as “&#1;”, but refuses to write.
_CONTROL_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def inert(text: str, passage: Passage) -> tuple[str, bool]:
    """Return the page without active content, and whether the passage was found. Raises ReadError."""
    from lxml import html as lxml_html

    from searcher.readers.html.page import MAX_MARKUP, limit_depth, tree_of

    if len(_INLINE_DATA.sub("", text)) > MAX_MARKUP:
        raise ReadError("It is too large to show here.")
    lean, _ = limit_depth(re.sub(r"^\s*<\?xml[^>]{0,300}\?>", "", text))
    tree = tree_of(lean)
    for element in list(tree.iter()):
        _remove_active_content(element)
    tree.set("tabindex", "0")  # Lets keyboard users focus and scroll the frame.
    is_marked = _mark_passage(tree, passage)
    return (
        f'<!DOCTYPE html>\n<meta charset="utf-8">\n{lxml_html.tostring(tree, encoding="unicode")}',
        is_marked,
    )


def _remove_active_content(element: Any) -> None:
    tag = element.tag
    if tag in _DROPPED_ELEMENTS:
        if element.getparent() is not None:
            element.drop_tree()
        return
    if tag in _PLAIN_ELEMENTS or not _ELEMENT_NAME.fullmatch(tag):
        element.tag = "div" if tag == "form" else "span"
    if tag == "style":
        element.text = _inert_style(element.text or "")
    attributes = {name: value for name, value in element.attrib.items() if name in _KEPT_ATTRIBUTES}
    safe = {name: _inert_style(value) if name == "style" else value for name, value in attributes.items()}
    address = (element.get("href") or "").strip()
    if tag == "a" and address:  # Other links would lead out of the frame.
        safe = {**safe, "href": address} if address.startswith("#") else {"title": address, **safe}
    if tag == "img" and (element.get("src") or "").lower().startswith("data:image/"):
        safe["src"] = element.get("src")
    element.attrib.clear()
    element.attrib.update({name: _CONTROL_CHARACTER.sub("", value) for name, value in safe.items()})


def _inert_style(style: str) -> str:
    """Return a style sheet without addresses. Empty if removing one address created another."""
    cleaned = _STYLE_ADDRESS.sub("", _STYLE_MARKUP.sub("", style))
    return "" if _STYLE_ADDRESS.search(cleaned) else cleaned


def _mark_passage(tree: Any, passage: Passage) -> bool:
    """Wrap the passage in mark elements, the first with the id “passage”. Returns False if not found."""
    from lxml import etree

    # Each piece: the element, True if the text follows it (False if it is inside), and the text.
    pieces: list[tuple[Any, bool, str]] = []
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        text = element.tail if event == "end" else element.text if element.tag != "style" else ""
        if text and element is not tree:
            pieces.append((element, event == "end", _CONTROL_CHARACTER.sub("", text)))
    span = find_passage("".join(text for _, _, text in pieces), passage)
    if span is None:
        return False
    for old in tree.xpath("//*[@id='passage']"):
        del old.attrib["id"]
    start, end = span
    at, spans = 0, []
    for element, behind, text in pieces:
        first, last = max(start - at, 0), min(end - at, len(text))
        if first < last and text[first:last].strip():
            spans.append((element, behind, text, first, last))
        at += len(text)
    for number in reversed(range(len(spans))):
        _wrap_text(*spans[number], first=number == 0)
    return True


def _wrap_text(element: Any, behind: bool, text: str, start: int, end: int, *, first: bool) -> None:
    mark = element.makeelement("mark", {"id": "passage"} if first else {})
    mark.text, mark.tail = text[start:end], text[end:]
    if behind:
        element.tail = text[:start]
        parent = element.getparent()
        parent.insert(parent.index(element) + 1, mark)
    else:
        element.text = text[:start]
        element.insert(0, mark)
