"""Read EPUB: each chapter is an article whose source is the publisher, or else the book."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from typing import Any, BinaryIO
from urllib.parse import unquote

from searcher.article import Article
from searcher.errors import ReadError
from searcher.readers import bylines, dates
from searcher.readers.base import MAX_FIELD, MAX_VALUES, Event, FormatReader
from searcher.readers.containers import Archive, member_bytes, open_zip
from searcher.readers.encodings import decode
from searcher.readers.finish import short_digest
from searcher.readers.html.blocks import page_paragraphs
from searcher.readers.html.page import parse
from searcher.readers.paragraphs import is_copyright
from searcher.readers.xml import local, parse_xml, text_of

_ENCRYPTION = "META-INF/encryption.xml"
#: Licence files of Adobe, Readium (LCP) and Apple.
_LICENCES = ("META-INF/rights.xml", "META-INF/license.lcpl", "META-INF/sinf.xml")
_CHAPTER_CHARACTERS = 200  # minimum length of a chapter, except a titled one with sentences
_SENTENCE = re.compile(r"\w{2}[.!?…][\"'”’»)]*$", re.M)


class EpubReader(FormatReader):
    """Reads ``.epub`` with the standard library and lxml."""

    def read(self, stream: BinaryIO, _origin: str, /) -> Iterator[Event]:
        with open_zip(stream) as archive:
            package_name = _package(archive)
            package = parse_xml(member_bytes(archive, package_name))
            meta = _metadata(package)
            book = next(iter(meta.get("identifier", ())), "")
            digests = set[bytes]()  # a chapter may be listed, and even stored, repeatedly
            for name in dict.fromkeys(_spine(package, posixpath.dirname(package_name))):
                try:
                    data = member_bytes(archive, name)
                    if (digest := sha256(data).digest()) in digests:
                        continue
                    digests.add(digest)
                    article = replace(_chapter(data, meta), id=short_digest(f"{book} {name}") if book else "")
                except ReadError as error:
                    yield ReadError(f"{name}: {error}")
                    continue
                titled = bool(article.title and _SENTENCE.search(article.body))
                if len(article.body) >= _CHAPTER_CHARACTERS or (titled and not is_copyright(article.body)):
                    yield article


def _package(archive: Archive) -> str:
    if _is_locked(archive):
        raise ReadError("It is encrypted (DRM).")
    container = parse_xml(member_bytes(archive, "META-INF/container.xml"))
    for element in container.iter():
        if local(element) == "rootfile" and element.get("full-path"):
            return str(element.get("full-path"))
    raise ReadError("It names no package document.")


def _is_locked(archive: Archive) -> bool:
    """Return True if chapters are encrypted, not only fonts, which need no licence."""
    names = archive.namelist()
    if _ENCRYPTION not in names or not any(licence in names for licence in _LICENCES):
        return False
    return b"EncryptedData" in member_bytes(archive, _ENCRYPTION)


def _metadata(package: Any) -> dict[str, list[str]]:
    out: dict[str, list[str]] = {}
    for element in package.iter():
        if _is_core(element) and not _is_core(element.getparent()) and (text := text_of(element)):
            out.setdefault(local(element), []).append(text[:MAX_FIELD])
    return out


def _is_core(element: Any) -> bool:
    return element is not None and isinstance(element.tag, str) and "purl.org/dc" in element.tag


def _spine(package: Any, folder: str) -> Iterator[str]:
    files = {
        item.get("id"): item.get("href")
        for item in package.iter()
        if local(item) == "item" and item.get("href") and "nav" not in (item.get("properties") or "").split()
    }
    for element in package.iter():
        href = files.get(element.get("idref")) if local(element) == "itemref" else None
        if href:
            yield posixpath.normpath(posixpath.join(folder, unquote(href)))


def _chapter(data: bytes, meta: dict[str, list[str]]) -> Article:
    page = parse(decode(data))
    body = page_paragraphs(page)
    heading = next((text_of(e) for e in page.tree.iter("h1", "h2", "h3") if text_of(e)), "")
    title = heading or text_of(page.tree.find(".//title"))
    if body and body[0] == title:
        body = body[1:]
    authors = tuple(name for text in meta.get("creator", ())[:MAX_VALUES] for name in bylines.names(text))
    signed = bylines.byline(body[0]) if body else ()
    if signed and (not authors or set(signed) <= set(authors)):
        body, authors = body[1:], authors or signed
    book = next(iter(meta.get("title", ())), None)
    return Article(
        id="", title=title, body="\n\n".join(body),
        source=next(iter(meta.get("publisher", ())), book if book != title else None), authors=authors,
        published=next((moment for text in meta.get("date", ()) if (moment := dates.parse(text))), None),
        language=next(iter(meta.get("language", ())), None), tags=tuple(meta.get("subject", ())),
    )  # fmt: skip
