"""Web archives: the pages in WARC files, and in WACZ, which are zips of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from typing import Any, BinaryIO

from searcher.errors import ReadError
from searcher.readers.base import MAX_RECORD, Event, Options, optional
from searcher.readers.containers import members, open_member, open_zip
from searcher.readers.decode import decode
from searcher.readers.html import article_from_html
from searcher.readers.text import article_from_text

__all__ = ["WaczReader", "WarcReader"]

_PAGES = ("text/html", "application/xhtml+xml")


class WarcReader:
    """``.warc``, with warcio (extra ``warc``): every page that was answered with 200."""

    suffixes: tuple[str, ...] = (".warc",)

    def __init__(self, _options: Options) -> None: ...

    def read(self, stream: BinaryIO, origin: str, /) -> Iterator[Event]:
        archive = optional("warcio.archiveiterator", "warc")
        trouble = optional("warcio.exceptions", "warc").ArchiveLoadFailed
        try:
            for record in archive.ArchiveIterator(stream):
                if _kind(record):
                    yield from self._record(record, origin)
        except trouble as error:
            raise ReadError(f"The archive is damaged ({error}).") from None

    def _record(self, record: Any, origin: str) -> Iterator[Event]:
        url = record.rec_headers.get_header("WARC-Target-URI") or ""
        data = record.content_stream().read(MAX_RECORD)
        where = f"{origin}!{url}"
        try:
            yield replace(_article(data, _kind(record), url), origin=where, digest=sha256(data).hexdigest())
        except ReadError as error:
            yield ReadError(f"{url}: {error}")


def _kind(record: Any) -> str:
    """The media type of a record that holds a page or a text, else nothing."""
    if record.rec_type == "conversion":
        return "text/plain" if "text/plain" in (record.content_type or "") else ""
    if record.rec_type == "response" and record.http_headers is not None:
        if record.http_headers.get_statuscode() != "200":
            return ""
        kind = record.http_headers.get_header("Content-Type") or ""
    elif record.rec_type == "resource":
        kind = record.content_type or ""
    else:
        return ""
    return kind if kind.lower().startswith(_PAGES) else ""


def _article(data: bytes, kind: str, url: str) -> Any:
    if not data.strip():
        raise ReadError("It is empty.")
    charset = kind.lower().partition("charset=")[2].split(";")[0].strip(" \"'")
    text = decode(data, charset or None)
    if kind.startswith("text/plain"):
        return replace(article_from_text(text), url=url)
    return article_from_html(text, url)


class WaczReader:
    """``.wacz`` (https://specs.webrecorder.net/wacz/): the WARC files in its ``archive`` folder."""

    suffixes: tuple[str, ...] = (".wacz",)

    def __init__(self, options: Options) -> None:
        self._inside = options.inside

    def read(self, stream: BinaryIO, _origin: str, /) -> Iterator[Event]:
        with open_zip(stream) as archive:
            found = [m for m in members(archive) if m.filename.lower().endswith((".warc", ".warc.gz"))]
            if not found:
                raise ReadError("There is no WARC file in it.")
            for member in found:
                with open_member(archive, member) as opened:
                    yield from self._inside(member.filename, opened)
