"""Read Word, PowerPoint, OpenDocument and Pages files, and old Office files through converters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED

from searcher.article import Article
from searcher.errors import MissingExtra, ReadError
from searcher.files import temporary_folder
from searcher.readers import bylines, dates
from searcher.readers.base import Event, FormatReader, installed_program, read_whole, run_program
from searcher.readers.containers import Archive, member_bytes, open_zip, unpacked_stream
from searcher.readers.downloads import Paragraph, articles_in_lines, articles_in_word
from searcher.readers.encodings import decode
from searcher.readers.finish import MAX_BODY
from searcher.readers.text import article_from_text, transcribed_article
from searcher.readers.xml import attribute, local, own_elements, parse_xml, text_of

_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n"}
#: Outline levels and styles of first-level headings.
_HEADINGS = frozenset({"0", "Heading1"})
_WORD_TEXT, _WORD_METADATA = "word/document.xml", "docProps/core.xml"


class DocxReader(FormatReader):
    """Reads ``.docx`` (ECMA-376)."""

    def read(self, stream: BinaryIO, origin: str, /) -> Iterator[Event]:
        if stream.read(8) == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
            raise ReadError("It is encrypted, or of an old version of Word.")
        stream.seek(0)
        with open_zip(stream) as archive:
            names = archive.namelist()
            if _WORD_TEXT not in names:
                raise ReadError("It is not a Word document.")
            paragraphs = list(_word_paragraphs(parse_xml(member_bytes(archive, _WORD_TEXT))))
            core = parse_xml(member_bytes(archive, _WORD_METADATA)) if _WORD_METADATA in names else None
        lines = [line for paragraph in paragraphs for line in paragraph.text.split("\n") if line]
        if downloaded := articles_in_word(paragraphs) or articles_in_lines(lines):
            yield from downloaded
            return
        signed = tuple(name for one in paragraphs if one.author for name in bylines.names(one.text))
        own = [line for one in paragraphs if not one.author for line in one.text.split("\n") if line]
        article = transcribed_article("\n".join(lines), origin) or article_from_text("\n\n".join(own))
        article = replace(article, authors=article.authors or signed)
        yield article if core is None else _with_metadata(article, core)


def _with_metadata(article: Article, metadata: Any) -> Article:
    """Add metadata of the file to an article. Values from the text take precedence."""
    values = {local(element): text_of(element) for element in metadata.iter()}
    return replace(
        article,
        title=article.title or values.get("title", ""),
        authors=article.authors or bylines.file_authors(values.get("creator", "")),
        published=article.published or dates.parse(values.get("created") or values.get("creation-date")),
        tags=tuple(re.split(r"[,;]", values.get("keywords", ""))),
    )


def _word_paragraphs(root: Any) -> Iterator[Paragraph]:
    """Yield the paragraphs with their line breaks, without deleted text and field codes."""
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
    """Reads ``.pptx``."""

    def read(self, stream: BinaryIO, _origin: str, /) -> Iterator[Event]:
        with open_zip(stream) as archive:
            slides = [match for name in archive.namelist() if (match := _SLIDE.match(name))]
            if not slides:
                raise ReadError("It contains no slides.")
            slides.sort(key=lambda match: int(match[1]))
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


_ODT_TEXT, _ODT_METADATA, _ODT_MANIFEST = "content.xml", "meta.xml", "META-INF/manifest.xml"
#: Elements with text outside the document itself: comments, deleted text, running heads.
_ODT_OTHER_TEXT = frozenset({"annotation", "tracked-changes", "header", "footer"})
#: Elements that stand for white space, repeated as often as their attribute ``c`` says. The last two are from
#: Pages.
_ODT_SPACES = {"s": " ", "tab": "\t", "line-break": "\n", "br": "\n", "lnbr": "\n"}


class OdtReader(FormatReader):
    """Reads ``.odt``, and the slides of ``.odp``: one article, or a database download."""

    def read(self, stream: BinaryIO, origin: str, /) -> Iterator[Event]:
        content, metadata = _odt_parts(stream)
        lines = list(_odt_lines(content))
        if downloaded := articles_in_lines(lines):
            yield from downloaded
            return
        article = transcribed_article("\n".join(lines), origin) or article_from_text("\n\n".join(lines))
        yield article if metadata is None else replace(_with_metadata(article, metadata), tags=article.tags)


def _odt_parts(stream: BinaryIO) -> tuple[Any, Any]:
    """Return the content and the metadata, which are one element in a flat file. Raises ReadError."""
    head = stream.read(5)
    stream.seek(0)
    if head.startswith(b"<"):
        root = parse_xml(read_whole(stream))
        return root, root
    with open_zip(stream) as archive:
        names = archive.namelist()
        if _ODT_TEXT not in names:
            raise ReadError("It is not an OpenDocument text.")
        if _ODT_MANIFEST in names and b"encryption-data" in member_bytes(archive, _ODT_MANIFEST):
            raise ReadError("It is encrypted.")
        metadata = parse_xml(member_bytes(archive, _ODT_METADATA)) if _ODT_METADATA in names else None
        return parse_xml(member_bytes(archive, _ODT_TEXT)), metadata


def _odt_lines(root: Any) -> Iterator[str]:
    from lxml import etree

    steps = etree.iterwalk(root, events=("start",))
    for _, element in steps:
        if local(element) in _ODT_OTHER_TEXT:
            steps.skip_subtree()
        elif local(element) in ("p", "h"):
            yield from filter(str.strip, "".join(_odt_pieces(element)).split("\n"))


def _odt_pieces(element: Any) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        kind = local(child)
        if kind in _ODT_SPACES:
            yield _ODT_SPACES[kind]
        elif kind not in ("note", "p", "h", "frame", *_ODT_OTHER_TEXT):
            yield from _odt_pieces(child)
        yield child.tail or ""


#: Elements of Pages up to 2009 with text outside the document: placeholders of the template, running heads.
_PAGES_OTHER_TEXT = ("{*}section-prototypes", "{*}headers", "{*}footers", "{*}ghost-text", "{*}annotations")


class PagesReader(FormatReader):
    """Reads ``.pages``, stored as XML (up to 2009) or as protocol buffers (since 2013)."""

    def read(self, stream: BinaryIO, _origin: str, /) -> Iterator[Event]:
        with open_zip(stream) as archive:
            names, packed = archive.namelist(), {one.compress_type for one in archive.infolist()}
            if ".iwpv2" in names or packed - {ZIP_STORED, ZIP_DEFLATED}:
                raise ReadError("It is encrypted: take its password off in Pages, or export it as PDF.")
            if "index.xml" in names:
                yield _article_from_pages_xml(member_bytes(archive, "index.xml"))
            elif "index.xml.gz" in names:
                yield _article_from_pages_xml(
                    read_whole(unpacked_stream(BytesIO(member_bytes(archive, "index.xml.gz"))))
                )
            else:
                folder = "Index.zip" in names
                inner = open_zip(BytesIO(member_bytes(archive, "Index.zip"))) if folder else archive
                yield article_from_text("\n\n".join(_pages_lines(inner)))


def _article_from_pages_xml(data: bytes) -> Article:
    from lxml import etree

    root = parse_xml(data)
    etree.strip_elements(root, *_PAGES_OTHER_TEXT, with_tail=False)
    for element in list(root.iter("{*}footnotes", "{*}attachments", "{*}drawables")):
        root.append(element)  # notes, tables and boxes come before the text
    article = article_from_text("\n\n".join(_odt_lines(root)))
    title, people = root.find("{*}metadata/{*}title/"), root.iterfind("{*}metadata/{*}authors//{*}string")
    day = root.find("{*}publication-info/{*}SLCreationDateProperty/")
    return replace(
        article,
        title=article.title or ("" if title is None else attribute(title, "string")),
        authors=article.authors
        or bylines.file_authors("; ".join(attribute(one, "string") for one in people)),
        published=article.published or (None if day is None else dates.parse(attribute(day, "val"))),
    )


#: The parts with the text of a document and of its tables.
_IWA = re.compile(r"Index/(?:Document|Tables/(?:DataList|Tile)[\w-]*)\.iwa$")
_MAX_IWA_BYTES = 32 * 2**20  # maximum unpacked size; 100 pages take half a megabyte
#: Message types: a document, a text, the cell contents of a table.
_DOCUMENT, _STORAGE, _CELLS = 10000, 2001, 6005
#: Kinds of text in reading order: body, notes (2, 4), boxes, cells. Others are headers.
_TEXT_KINDS = (0, 2, 4, 3, 5)
_OBJECTS = re.compile(r"[\x00-\x08\x0b-\x1f\u2028\u2029\ufffc]+")


def _pages_lines(archive: Archive) -> list[str]:
    texts: dict[int, list[str]] = {kind: [] for kind in _TEXT_KINDS}
    left, numbers = _MAX_IWA_BYTES, set[int]()
    try:
        for name in filter(_IWA.match, archive.namelist()):
            data = _decompress_snappy(member_bytes(archive, name), left)
            left -= len(data)
            for number, message in _messages(data):
                numbers.add(number)
                fields = list(_fields(message))
                kind = next((value for key, value in fields if key == 1), 3)
                if number == _STORAGE and kind in texts:
                    texts[kind].append("\n".join(str(value, "utf-8") for key, value in fields if key == 3))
                elif number == _CELLS and kind == 1:
                    cells = (dict(_fields(value)).get(3, b"") for key, value in fields if key == 3)
                    texts[5] += (str(cell, "utf-8") for cell in cells)
    except (IndexError, KeyError, TypeError, ValueError):
        raise ReadError("It is damaged.") from None
    if _DOCUMENT not in numbers:
        raise ReadError("It is not a Pages document.")
    all_lines = (
        line for kind in _TEXT_KINDS for text in texts[kind] for line in _OBJECTS.sub("\n", text).split("\n")
    )
    return [line for line in all_lines if line.strip()]


def _messages(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(data):
        size, at = _varint(data, at)
        heads = [value for key, value in _fields(data[at : at + size]) if key == 2]
        at += size
        for head in map(dict, map(_fields, heads)):
            yield head[1], data[at : at + head[3]]
            at += head[3]


def _fields(message: bytes) -> Iterator[tuple[int, Any]]:
    """Yield the fields of a protocol buffer message (https://protobuf.dev/programming-guides/encoding/)."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        if key & 7 == 0:
            value, at = _varint(message, at)
            yield key >> 3, value
        else:
            size, at = _varint(message, at) if key & 7 == 2 else ({1: 8, 5: 4}[key & 7], at)
            yield key >> 3, message[at : at + size]
            at += size


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Decode a variable-length integer (seven bits per byte) and return it with the end position."""
    value = 0
    for shift in range(0, 70, 7):
        value |= (data[at] & 0x7F) << shift
        at += 1
        if data[at - 1] < 0x80:
            return value, at
    raise ValueError(at)


def _decompress_snappy(data: bytes, limit: int) -> bytes:
    """Decompress Snappy blocks (https://github.com/google/snappy/blob/main/format_description.txt), each
    preceded by its length in three bytes. Raises ReadError beyond ``limit`` bytes."""
    out, end = bytearray(), 0
    while end < len(data):
        length, at = _varint(data, end + 4)
        end, start = end + 4 + int.from_bytes(data[end + 1 : end + 4], "little"), len(out)
        while at < end:
            tag, kind = data[at] >> 2, data[at] & 3
            at += 1
            if kind == 0:
                more = max(0, tag - 59)  # number of bytes that hold a length above 60
                size = 1 + (int.from_bytes(data[at : at + more], "little") if more else tag)
                out += data[at + more : at + more + size]
                at += more + size
            else:
                more, size = (1, 4 + (tag & 7)) if kind == 1 else (2 * kind - 2, 1 + tag)
                back = int.from_bytes(data[at : at + more], "little") + (tag >> 3 << 8 if kind == 1 else 0)
                at += more
                if not 0 < back <= len(out) - start:
                    raise ValueError(back)
                piece = out[len(out) - back : len(out) - back + size]
                out += (piece * (size // len(piece) + 1))[:size]
            if len(out) > limit:
                raise ReadError(f"Its text takes more than {_MAX_IWA_BYTES // 2**20} MB.")
        if len(out) - start != length:
            raise ValueError(length)
    return bytes(out)


_INSTALL = (
    "It is an old office file, which {needs} can read: install it (apt install libreoffice, brew install "
    "--cask libreoffice) and index the file again, or save it as {instead}."
)


class DocReader(FormatReader):
    """Reads ``.doc`` (Word up to 2003) with antiword or LibreOffice."""

    def read(self, stream: BinaryIO, origin: str, /) -> Iterator[Event]:
        data = read_whole(stream)
        antiword = installed_program("antiword")
        if antiword is None:
            docx = _convert(data, ".doc", ".docx", "antiword or LibreOffice")
            yield from DocxReader(self.options).read(BytesIO(docx), origin)
            return
        with temporary_folder() as folder:
            path = Path(folder, "a.doc")
            path.write_bytes(data)
            text = decode(run_program([antiword, "-m", "UTF-8.txt", "-w", "0", str(path)], folder))
        if not text.strip():
            raise ReadError("It contains no text.")
        yield from articles_in_lines(text.split("\n")) or (article_from_text(text),)


class PptReader(FormatReader):
    """Reads ``.ppt`` (PowerPoint up to 2003) with LibreOffice, one article per file."""

    def read(self, stream: BinaryIO, origin: str, /) -> Iterator[Event]:
        pptx = _convert(read_whole(stream), ".ppt", ".pptx", "LibreOffice")
        yield from PptxReader(self.options).read(BytesIO(pptx), origin)


def _convert(data: bytes, ending: str, target: str, program: str) -> bytes:
    office = installed_program("soffice") or installed_program("libreoffice")
    if office is None:
        raise MissingExtra(_INSTALL.format(needs=program, instead=target))
    with temporary_folder() as folder:
        path = Path(folder, f"a{ending}")
        path.write_bytes(data)
        # A separate profile, because another LibreOffice may be running.
        profile = f"-env:UserInstallation={Path(folder, 'profile').as_uri()}"
        run_program(
            [office, profile, "--headless", "--convert-to", target[1:], "--outdir", str(folder), str(path)],
            folder,
        )
        output = Path(folder, f"a{target}")
        if not output.exists():
            raise ReadError("LibreOffice could not open it: it is damaged or encrypted.")
        return output.read_bytes()
