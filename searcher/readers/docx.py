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
from searcher.readers.exports import articles_of
from searcher.readers.text import article_from_text
from searcher.readers.xml import local, parse_xml, text_of

__all__ = ["DocxReader"]

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
            lines = list(_lines(parse_xml(member_bytes(archive, _TEXT))))
            core = parse_xml(member_bytes(archive, _FACTS)) if _FACTS in names else None
        exported = articles_of(lines)
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


def _lines(root: Any) -> Iterator[str]:
    """Its paragraphs; deleted text and field codes are no text."""
    for paragraph in root.iter():
        if local(paragraph) != "p" or not isinstance(paragraph.tag, str):
            continue
        pieces = []
        for run in paragraph.iter():
            kind = local(run)
            if kind == "t":
                pieces.append(run.text or "")
            elif kind == "tab":
                pieces.append("\t")
            elif kind in ("br", "cr"):
                pieces.append("\n")
        for line in "".join(pieces).split("\n"):
            if line.strip():
                yield " ".join(line.split())
