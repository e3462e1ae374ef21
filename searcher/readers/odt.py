"""OpenDocument texts (ISO 26300), with the standard library and lxml."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, BinaryIO

from searcher.errors import ReadError
from searcher.readers import bylines, dates
from searcher.readers.base import Event, Options, whole
from searcher.readers.containers import member_bytes, open_zip
from searcher.readers.exports import articles_of
from searcher.readers.text import article_from_text
from searcher.readers.xml import local, parse_xml, text_of

__all__ = ["OdtReader"]

_TEXT, _FACTS, _MANIFEST = "content.xml", "meta.xml", "META-INF/manifest.xml"
#: Elements with text that is none of the document: notes of editors, deleted text, running heads.
_ELSEWHERE = frozenset({"annotation", "tracked-changes", "header", "footer"})
#: White space that elements stand for, as often as their attribute ``c`` says.
_SPACES = {"s": " ", "tab": "\t", "line-break": "\n"}


class OdtReader:
    """``.odt``, and the slides of ``.odp``: one article, or the export of a database."""

    suffixes: tuple[str, ...] = (".odt", ".ott", ".fodt", ".odp")

    def __init__(self, _options: Options) -> None: ...

    def read(self, stream: BinaryIO, _origin: str, /) -> Iterator[Event]:
        content, facts = _parts(stream)
        lines = [line for line in _lines(content) if line.strip()]
        exported = articles_of(lines)
        if exported is not None:
            yield from exported
            return
        article = article_from_text("\n\n".join(lines))
        said = {local(element): text_of(element) for element in facts.iter()} if facts is not None else {}
        yield replace(
            article,
            title=article.title or said.get("title", ""),
            authors=article.authors or bylines.names(said.get("creator", "")),
            published=article.published or dates.parse(said.get("creation-date")),
        )


def _parts(stream: BinaryIO) -> tuple[Any, Any]:
    """The content and the facts: of a flat file the same element. Raises ReadError for what is none."""
    head = stream.read(5)
    stream.seek(0)
    if head.startswith(b"<"):
        root = parse_xml(whole(stream))
        return root, root
    with open_zip(stream) as archive:
        names = archive.namelist()
        if _TEXT not in names:
            raise ReadError("It is no OpenDocument text.")
        if _MANIFEST in names and b"encryption-data" in member_bytes(archive, _MANIFEST):
            raise ReadError("It is encrypted.")
        facts = parse_xml(member_bytes(archive, _FACTS)) if _FACTS in names else None
        return parse_xml(member_bytes(archive, _TEXT)), facts


def _lines(root: Any) -> Iterator[str]:
    """Its paragraphs and headings, those that stand in others as their own."""
    from lxml import etree

    steps = etree.iterwalk(root, events=("start",))
    for _, element in steps:
        if local(element) in _ELSEWHERE:
            steps.skip_subtree()
        elif local(element) in ("p", "h"):
            yield from "".join(_pieces(element)).split("\n")


def _pieces(element: Any) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        kind = local(child)
        if kind in _SPACES:
            yield _SPACES[kind]
        elif kind not in ("note", "p", "h", "frame", *_ELSEWHERE):
            yield from _pieces(child)
        yield child.tail or ""
