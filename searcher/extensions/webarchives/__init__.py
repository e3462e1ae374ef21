"""Read the pages in web archives: WARC files, and WACZ files, which are zips of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import redirect_stderr
from dataclasses import replace
from hashlib import sha256
from io import BytesIO, StringIO
from itertools import islice
from typing import Any, BinaryIO

from searcher.errors import ReadError
from searcher.readers.base import MAX_RECORD, Event, FormatReader, import_optional
from searcher.readers.containers import events_within, members, open_member, open_zip, unpacked_stream
from searcher.readers.encodings import decode
from searcher.readers.html.reader import events_from_html
from searcher.readers.text import article_from_text

_PAGES = ("text/html", "application/xhtml+xml")
#: Other supported media types, and the endings of their files.
_DOCUMENTS = {
    "application/pdf": ".pdf",
    "application/rtf": ".rtf",
    "text/rtf": ".rtf",
    "application/epub+zip": ".epub",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/msword": ".doc",
}


#: Maximum size in bytes of the headers of a record. A few thousand are usual.
_MAX_HEADERS_BYTES = 4_000_000


class WarcReader(FormatReader):
    """Reads ``.warc`` and ``.arc`` with warcio (extra ``warc``): pages with status 200, and documents."""

    def read(self, stream: BinaryIO, origin: str, /) -> Iterator[Event]:
        load_error = import_optional("warcio.exceptions", "warc").ArchiveLoadFailed
        try:
            for record in _records(stream, load_error):
                if not (kind := _kind_of_record(record)):
                    continue
                url = record.rec_headers.get_header("WARC-Target-URI") or ""
                data = record.content_stream().read(MAX_RECORD)
                if kind.startswith((*_PAGES, "text/plain")):
                    yield from _page(data, kind, url, f"{origin}!{url}")
                else:  # the address of a PDF need not end in .pdf
                    suffix = _DOCUMENTS[kind.split(";")[0].strip()]
                    name = url if url.lower().endswith(suffix) else url + suffix
                    yield from events_within(url, self.options.read_member(name, BytesIO(data)))
        except load_error as error:
            raise ReadError(f"The archive is damaged ({' '.join(str(error).split()):.160}).") from None

    def parts(self, stream: BinaryIO) -> Iterator[tuple[str, bytes]]:
        """Yield the content of pages and documents, each with a file name."""
        for record in _records(stream, import_optional("warcio.exceptions", "warc").ArchiveLoadFailed):
            if kind := _kind_of_record(record):
                ending = _DOCUMENTS.get(
                    kind.split(";")[0].strip(), ".html" if kind.startswith(_PAGES) else ".txt"
                )
                yield f"page{ending}", record.content_stream().read(MAX_RECORD)


def _records(stream: BinaryIO, load_error: type[Exception]) -> Iterator[Any]:
    """Yield the records of an archive, compressed individually (as the standard requires) or as a whole."""
    iterate = import_optional("warcio.archiveiterator", "warc").ArchiveIterator
    count = 0
    try:
        for record in _BoundedRecords(iterate(stream, arc2warc=True)):
            count += 1
            yield record
    except load_error:
        stream.seek(0)
        packed = stream.read(2) == b"\x1f\x8b"
        stream.seek(0)
        if not packed:
            raise
        yield from islice(_BoundedRecords(iterate(unpacked_stream(stream), arc2warc=True)), count, None)


class _BoundedRecords:
    """Iterates over records with limited headers and without warcio's messages about small faults."""

    def __init__(self, records: Any) -> None:
        self._records = iter(records)
        self._left = _MAX_HEADERS_BYTES
        self._line = records.reader.readline
        records.reader.readline = self._bounded_line  # warcio joins lines of any length

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        self._left = _MAX_HEADERS_BYTES
        with redirect_stderr(StringIO()):
            return next(self._records)

    def _bounded_line(self, length: int | None = None) -> bytes:
        """Read a line. Raises ReadError if the headers of a record do not end."""
        line: bytes = self._line(min(length, self._left) if length else self._left)
        self._left -= len(line)
        if self._left <= 0:
            raise ReadError(f"The headers of a record are longer than {_MAX_HEADERS_BYTES // 1_000_000} MB.")
        return line


def _kind_of_record(record: Any) -> str:
    """Return the media type of a record with a page, text or document, or ""."""
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
    kind = kind.lower()
    return kind if kind.startswith(_PAGES) or kind.split(";")[0].strip() in _DOCUMENTS else ""


def _page(data: bytes, kind: str, url: str, origin: str) -> Iterator[Event]:
    if not data.strip():
        yield ReadError("It is empty.").in_part(url)
        return
    charset = kind.partition("charset=")[2].split(";")[0].strip(" \"'")
    text, plain = decode(data, charset or None), kind.startswith("text/plain")
    try:
        for event in [replace(article_from_text(text), url=url)] if plain else events_from_html(text, url):
            if isinstance(event, ReadError):
                yield event.in_part(url)
            else:
                yield replace(event, origin=origin, digest=sha256(data).hexdigest())
    except ReadError as error:
        yield error.in_part(url)


class WaczReader(FormatReader):
    """Reads the WARC files in the ``archive`` folder of a ``.wacz`` (https://specs.webrecorder.net/wacz/)."""

    def read(self, stream: BinaryIO, _origin: str, /) -> Iterator[Event]:
        with open_zip(stream) as archive:
            archives = [m for m in members(archive) if m.filename.lower().endswith((".warc", ".warc.gz"))]
            if not archives:
                raise ReadError("There is no WARC file in it.")
            for member in archives:
                with open_member(archive, member) as opened:
                    yield from events_within(
                        member.filename, self.options.read_member(member.filename, opened)
                    )
