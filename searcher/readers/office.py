"""Office files: texts and slides of Word, PowerPoint and OpenDocument, and what programs make of old ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from searcher.article import Article
from searcher.errors import MissingExtra, ReadError
from searcher.files import temporary_folder
from searcher.readers import bylines, dates
from searcher.readers.base import Event, FormatReader, decode, installed_program, run_program, whole
from searcher.readers.containers import member_bytes, open_zip
from searcher.readers.exports import articles_in_word, articles_of
from searcher.readers.exports.nexis import Paragraph
from searcher.readers.finish import MAX_BODY
from searcher.readers.text import article_from_text, transcribed
from searcher.readers.xml import attribute, local, own_elements, parse_xml, text_of

_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n"}
#: What says that a paragraph is a heading of the first level: its outline level or its style.
_HEADINGS = frozenset({"0", "Heading1"})
_WORD_TEXT, _WORD_FACTS = "word/document.xml", "docProps/core.xml"


class DocxReader(FormatReader):
    """``.docx`` (ECMA-376)."""

    def read(self, stream: BinaryIO, origin: str, /) -> Iterator[Event]:
        if stream.read(8) == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
            raise ReadError("It is encrypted, or of an old version of Word.")
        stream.seek(0)
        with open_zip(stream) as archive:
            names = archive.namelist()
            if _WORD_TEXT not in names:
                raise ReadError("It is no Word document.")
            paragraphs = list(_word_paragraphs(parse_xml(member_bytes(archive, _WORD_TEXT))))
            core = parse_xml(member_bytes(archive, _WORD_FACTS)) if _WORD_FACTS in names else None
        lines = [line for paragraph in paragraphs for line in paragraph.text.split("\n") if line]
        exported = articles_in_word(paragraphs) or articles_of(lines)
        if exported is not None:
            yield from exported
            return
        signed = tuple(name for one in paragraphs if one.author for name in bylines.names(one.text))
        own = [line for one in paragraphs if not one.author for line in one.text.split("\n") if line]
        article = transcribed("\n".join(lines), origin) or article_from_text("\n\n".join(own))
        article = replace(article, authors=article.authors or signed)
        yield article if core is None else _with_facts(article, core)


def _with_facts(article: Article, facts: Any) -> Article:
    """The article with what its file says of itself; what stands in the text itself goes before that."""
    said = {local(element): text_of(element) for element in facts.iter()}
    return replace(
        article,
        title=article.title or said.get("title", ""),
        authors=article.authors or bylines.of_file(said.get("creator", "")),
        published=article.published or dates.parse(said.get("created") or said.get("creation-date")),
        tags=tuple(re.split(r"[,;]", said.get("keywords", ""))),
    )


def _word_paragraphs(root: Any) -> Iterator[Paragraph]:
    """Its paragraphs, with their line breaks; deleted text and field codes are no text."""
    for own in own_elements(root):
        pieces, bookmarks, heading, author = [], [], False, False
        for inner in own:
            kind = local(inner)
            if kind in _BREAKS:
                pieces.append(_BREAKS[kind])
            elif kind == "t":
                pieces.append(inner.text or "")
            elif kind == "bookmarkStart":
                bookmarks.append(attribute(inner, "name"))
            elif kind in ("outlineLvl", "pStyle"):
                style = attribute(inner, "val")
                heading, author = heading or style in _HEADINGS, author or style == "Author"
        lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
        yield Paragraph("\n".join(filter(None, lines)), tuple(bookmarks), heading, author)


_SLIDE = re.compile(r"ppt/slides/slide(\d+)\.xml$")


class PptxReader(FormatReader):
    """``.pptx``."""

    def read(self, stream: BinaryIO, _origin: str, /) -> Iterator[Event]:
        with open_zip(stream) as archive:
            slides = [found for name in archive.namelist() if (found := _SLIDE.match(name))]
            if not slides:
                raise ReadError("It holds no slides.")
            slides.sort(key=lambda found: int(found[1]))
            lines: list[str] = []
            size = 0
            for slide in slides:
                own = list(_slide_lines(parse_xml(member_bytes(archive, slide[0]))))
                lines += own
                size += sum(map(len, own))
                if size > MAX_BODY:
                    raise ReadError(f"Its text is longer than {MAX_BODY:,} characters.")
        if not lines:
            raise ReadError("It holds pictures, but no text.")
        yield article_from_text("\n\n".join(lines))


def _slide_lines(root: Any) -> Iterator[str]:
    for own in own_elements(root):
        text = "".join(inner.text or "" for inner in own if local(inner) == "t")
        if text.strip():
            yield " ".join(text.split())


_ODT_TEXT, _ODT_FACTS, _ODT_MANIFEST = "content.xml", "meta.xml", "META-INF/manifest.xml"
#: Elements with text that is none of the document: notes of editors, deleted text, running heads.
_ODT_ELSEWHERE = frozenset({"annotation", "tracked-changes", "header", "footer"})
#: White space that elements stand for, as often as their attribute ``c`` says.
_ODT_SPACES = {"s": " ", "tab": "\t", "line-break": "\n"}


class OdtReader(FormatReader):
    """``.odt``, and the slides of ``.odp``: one article, or the export of a database."""

    def read(self, stream: BinaryIO, origin: str, /) -> Iterator[Event]:
        content, facts = _odt_parts(stream)
        lines = [line for line in _odt_lines(content) if line.strip()]
        exported = articles_of(lines)
        if exported is not None:
            yield from exported
            return
        article = transcribed("\n".join(lines), origin) or article_from_text("\n\n".join(lines))
        yield article if facts is None else replace(_with_facts(article, facts), tags=article.tags)


def _odt_parts(stream: BinaryIO) -> tuple[Any, Any]:
    """The content and the facts: of a flat file the same element. Raises ReadError for what is none."""
    head = stream.read(5)
    stream.seek(0)
    if head.startswith(b"<"):
        root = parse_xml(whole(stream))
        return root, root
    with open_zip(stream) as archive:
        names = archive.namelist()
        if _ODT_TEXT not in names:
            raise ReadError("It is no OpenDocument text.")
        if _ODT_MANIFEST in names and b"encryption-data" in member_bytes(archive, _ODT_MANIFEST):
            raise ReadError("It is encrypted.")
        facts = parse_xml(member_bytes(archive, _ODT_FACTS)) if _ODT_FACTS in names else None
        return parse_xml(member_bytes(archive, _ODT_TEXT)), facts


def _odt_lines(root: Any) -> Iterator[str]:
    """Its paragraphs and headings, those that stand in others as their own."""
    from lxml import etree

    steps = etree.iterwalk(root, events=("start",))
    for _, element in steps:
        if local(element) in _ODT_ELSEWHERE:
            steps.skip_subtree()
        elif local(element) in ("p", "h"):
            yield from "".join(_odt_pieces(element)).split("\n")


def _odt_pieces(element: Any) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        kind = local(child)
        if kind in _ODT_SPACES:
            yield _ODT_SPACES[kind]
        elif kind not in ("note", "p", "h", "frame", *_ODT_ELSEWHERE):
            yield from _odt_pieces(child)
        yield child.tail or ""


_INSTALL = (
    "It is an old office file, which {needs} can read: install it (apt install libreoffice, brew install "
    "--cask libreoffice) and index the file again, or save it as {instead}."
)


class DocReader(FormatReader):
    """``.doc`` (Word up to 2003), with antiword, else with LibreOffice."""

    def read(self, stream: BinaryIO, origin: str, /) -> Iterator[Event]:
        data = whole(stream)
        antiword = installed_program("antiword")
        if antiword is None:
            made = _by_office(data, ".doc", ".docx", "antiword or LibreOffice")
            yield from DocxReader(self.options).read(BytesIO(made), origin)
            return
        with temporary_folder() as folder:
            path = Path(folder, "a.doc")
            path.write_bytes(data)
            text = decode(run_program([antiword, "-m", "UTF-8.txt", "-w", "0", str(path)], folder))
        if not text.strip():
            raise ReadError("There is no text in it.")
        yield from articles_of(text.split("\n")) or (article_from_text(text),)


class PptReader(FormatReader):
    """``.ppt`` (PowerPoint up to 2003), with LibreOffice: one article a file."""

    def read(self, stream: BinaryIO, origin: str, /) -> Iterator[Event]:
        made = _by_office(whole(stream), ".ppt", ".pptx", "LibreOffice")
        yield from PptxReader(self.options).read(BytesIO(made), origin)


def _by_office(data: bytes, ending: str, wanted: str, needs: str) -> bytes:
    """What LibreOffice makes of a file, ending in ``wanted``. Raises ReadError, and MissingExtra."""
    office = installed_program("soffice") or installed_program("libreoffice")
    if office is None:
        raise MissingExtra(_INSTALL.format(needs=needs, instead=wanted))
    with temporary_folder() as folder:
        path = Path(folder, f"a{ending}")
        path.write_bytes(data)
        profile = f"-env:UserInstallation={Path(folder, 'profile').as_uri()}"  # its own: another may run
        run_program(
            [office, profile, "--headless", "--convert-to", wanted[1:], "--outdir", str(folder), str(path)],
            folder,
        )
        made = Path(folder, f"a{wanted}")
        if not made.exists():
            raise ReadError("LibreOffice could not open it: it is damaged or encrypted.")
        return made.read_bytes()
