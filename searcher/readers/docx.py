"""Word documents, with the standard library and lxml: one article, or the export of a database."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, BinaryIO

from searcher.errors import ReadError
from searcher.readers import bylines, dates
from searcher.readers.base import Event, Options
from searcher.readers.containers import member_bytes, open_zip
from searcher.readers.exports import articles_in_word, articles_of
from searcher.readers.exports.nexis import Paragraph
from searcher.readers.text import article_from_text
from searcher.readers.xml import local, own_elements, parse_xml, text_of

__all__ = ["DocxReader"]

_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n"}
#: What says that a paragraph is a heading of the first level: its outline level or its style.
_HEADINGS = frozenset({"0", "Heading1"})
_TEXT, _FACTS = "word/document.xml", "docProps/core.xml"


class DocxReader:
    """``.docx`` (ECMA-376)."""

    suffixes: tuple[str, ...] = (".docx",)

    def __init__(self, _options: Options) -> None: ...

    def read(self, stream: BinaryIO, _origin: str, /) -> Iterator[Event]:
        if stream.read(8) == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
            raise ReadError("It is encrypted, or of an old version of Word.")
        stream.seek(0)
        with open_zip(stream) as archive:
            names = archive.namelist()
            if _TEXT not in names:
                raise ReadError("It is no Word document.")
            paragraphs = list(_paragraphs(parse_xml(member_bytes(archive, _TEXT))))
            core = parse_xml(member_bytes(archive, _FACTS)) if _FACTS in names else None
        lines = [line for paragraph in paragraphs for line in paragraph.text.split("\n") if line]
        exported = articles_in_word(paragraphs) or articles_of(lines)
        if exported is not None:
            yield from exported
            return
        article = article_from_text("\n\n".join(lines))
        if core is None:
            yield article
            return
        facts = {local(element): text_of(element) for element in core.iter()}
        yield replace(
            article,
            title=article.title or facts.get("title", ""),
            authors=article.authors or bylines.names(facts.get("creator", "")),
            published=article.published or dates.parse(facts.get("created")),
            tags=tuple(re.split(r"[,;]", facts.get("keywords", ""))),
        )


def _paragraphs(root: Any) -> Iterator[Paragraph]:
    """Its paragraphs, with their line breaks; deleted text and field codes are no text."""
    for own in own_elements(root, "p"):
        pieces, bookmarks, heading = [], [], False
        for inner in own:
            kind = local(inner)
            if kind in _BREAKS:
                pieces.append(_BREAKS[kind])
            elif kind == "t":
                pieces.append(inner.text or "")
            elif kind == "bookmarkStart":
                bookmarks.append(_value(inner, "name"))
            elif kind in ("outlineLvl", "pStyle"):
                heading = heading or _value(inner, "val") in _HEADINGS
        lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
        yield Paragraph("\n".join(filter(None, lines)), tuple(bookmarks), heading)


def _value(element: Any, name: str) -> str:
    """An attribute, whatever its namespace."""
    return next((value for key, value in element.attrib.items() if key.rsplit("}", 1)[-1] == name), "")
