"""Read messages (``.eml``), mailboxes (``.mbox``) and web pages saved as messages (MHTML)."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import parseaddr
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from typing import Any, BinaryIO

from searcher.article import Article
from searcher.errors import ReadError
from searcher.readers import bylines, dates
from searcher.readers.base import MAX_RECORD, Event, FormatReader, read_whole
from searcher.readers.containers import events_within
from searcher.readers.downloads import Articles, articles_in_page, articles_in_text
from searcher.readers.encodings import decode
from searcher.readers.finish import short_digest
from searcher.readers.html.blocks import paragraphs_of_markup
from searcher.readers.html.lines import without_clutter
from searcher.readers.html.reader import events_from_html
from searcher.readers.paragraphs import split_paragraphs

_SERVICE_LINE = re.compile(
    r"""^\W*(?:
    (?:click\s+here\s+to\s+)?un-?subscribe\b.*
  | view\s+(?:this\s+)?(?:email\s+|message\s+|it\s+)?(?:in|on)\s+(?:your|a|the)\s+(?:web\s+)?browser.*
  | (?:read|open|view)\s+(?:it\s+)?online | forward(?:ed)?\s+(?:this\s+email\s+)?to\s+a\s+friend.*
  | manage\s+(?:your\s+)?(?:preferences|subscription).* | update\s+your\s+preferences.*
  | you(?:'|’)?(?:re|\s+are)\s+receiving\s+this\s+(?:email|because).*
  | (?:sent|mailed)\s+(?:to|by)\s+\S+@\S+.*
  | privacy\s+policy | abmelden | newsletter\s+abbestellen | se\s+désabonner | darse\s+de\s+baja
  | im\s+browser\s+(?:öffnen|ansehen).* | voir\s+(?:en|dans)\s+.{0,20}(?:ligne|navigateur).*
  )\W*$""",
    re.I | re.X,
)


#: Maximum size of headers, as parsing more takes long. Postfix accepts a tenth (header_size_limit).
_MAX_HEADERS_BYTES = 2**20
#: Maximum length of a header. Parsing time is quadratic; a line has at most 998 characters (RFC 5322).
_MAX_HEADER_CHARACTERS = 2_000
#: Maximum lines, parts and nesting of a message. Each line is compared with the boundaries of all enclosing
#: parts.
_MAX_TEXT_BYTES = 16 * 2**20  # per part
_MAX_LINES, _MAX_PARTS, _MAX_DEPTH = 1_000_000, 1_000, 20
#: Types of encrypted parts (RFC 3156, RFC 8551).
_ENCRYPTED = ("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime")
#: Types of plain text. Multipart types occur without parts in malformed messages.
_PLAIN = ("text/plain", "multipart/mixed", "multipart/alternative", "multipart/related")
_BOUNDARY_LINE = re.compile(rb"(?m)^(?:--|Content-[\w-]+:).*$")  # the boundaries in a malformed message
_MAX_BYLINE_PARAGRAPHS = 6  # paragraphs that may hold a byline
_FROM = re.compile(r"(?<!\s)\s+(?:from|at|bei|chez|@|[|·–—-])\s+|,\s+", re.I)


class _Policy(EmailPolicy):
    """Limits the length of headers, and parses each value once."""

    def header_fetch_parse(self, name: str, value: str) -> Any:
        if hasattr(value, "name"):
            return value
        if not value.isascii():  # headers should be ASCII
            value = decode(value.encode("utf-8", "surrogateescape"))
        return _header_value(name.lower(), value[:_MAX_HEADER_CHARACTERS])


@lru_cache(1_000)
def _header_value(name: str, value: str) -> Any:
    try:
        return email.policy.default.header_fetch_parse(name, value)
    except Exception:  # noqa: BLE001  # IndexError, TypeError, RecursionError, …
        return email.policy.default.header_fetch_parse(name, "")


class _Part(EmailMessage):
    """A message or part that knows its nesting."""

    depth = 0

    def attach(self, payload: Any) -> None:
        payload.depth = self.depth + 1
        if payload.depth > _MAX_DEPTH:
            raise ReadError(f"Its parts stand more than {_MAX_DEPTH} deep in one another.")
        if len(self.get_payload() or ()) >= _MAX_PARTS:
            raise ReadError(f"It has more than {_MAX_PARTS:,} parts.")
        super().attach(payload)


def _parse(data: bytes) -> EmailMessage:
    if len(data) > _MAX_HEADERS_BYTES and not re.search(rb"\r?\n\r?\n", data[:_MAX_HEADERS_BYTES]):
        raise ReadError(f"Its headers are larger than {_MAX_HEADERS_BYTES // 2**20} MB.")
    if data.count(b"\n") > _MAX_LINES:
        raise ReadError(f"It has more than {_MAX_LINES:,} lines, too many for one message.")
    return email.message_from_bytes(data, _Part, policy=_Policy())  # type: ignore[arg-type]


def _content(part: EmailMessage) -> str:
    payload = part.get_payload(decode=True)
    if isinstance(payload, bytes) and part.get_content_maintype() == "multipart":
        payload = _BOUNDARY_LINE.sub(b"", payload)
    if not isinstance(payload, bytes):
        return ""
    charset = part.get_content_charset()
    if charset in ("utf-7", "unicode-1-1-utf-7"):  # only in mail; in pages it would hide markup (RFC 2152)
        return payload[:_MAX_TEXT_BYTES].decode("utf-7", "replace")
    return decode(payload[:_MAX_TEXT_BYTES], charset)


def _header(message: EmailMessage, name: str) -> str:
    return " ".join(str(message.get(name, "")).split())


class MessageReader(FormatReader):
    """Base class of readers of messages with their supported attachments."""

    needs_whole_file = True

    def message(self, data: bytes) -> Iterator[Event]:
        message = _parse(data)
        if not message.keys():
            raise ReadError("It is not a message: it has no headers.")
        yield from self.events_of(message)

    def events_of(self, message: EmailMessage) -> Iterator[Event]:
        """Yield the article in a message, or those of a database download, and the attachments."""
        text = _Text.of(message)
        articles = list(text.downloaded() or ())
        if not articles and (article := _article(message, text)).body:
            articles = [article]
        yield from articles
        attached = list(self._attached_events(message))
        yield from attached
        if not articles and not attached:
            raise ReadError(_without_text(message))

    def _attached_events(self, message: EmailMessage) -> Iterator[Event]:
        for part in message.walk():
            name, attached = part.get_filename(), part.get_content_disposition() == "attachment"
            payload = part.get_payload(decode=True) if name and attached else None
            if name and isinstance(payload, bytes):
                yield from events_within(name, self.options.read_member(name, BytesIO(payload)))


class EmlReader(MessageReader):
    """Reads one message."""

    def read(self, stream: BinaryIO, _origin: str, /) -> Iterator[Event]:
        yield from self.message(read_whole(stream))

    def text_of(self, data: bytes) -> str:
        """Return a message for display: headers, text and names of attachments. Raises ReadError."""
        message = _parse(data)
        headers = (f"{name}: {' '.join(str(value).split())}" for name, value in message.items())
        text = _Text.of(message)
        names = (f"[{part.get_filename()}]" for part in message.walk() if part.get_filename())
        return "\n".join([*headers, "", text.plain.strip() or "\n\n".join(text.paragraphs()), "", *names])


def _without_text(message: EmailMessage) -> str:
    if any(p.get_content_type() in _ENCRYPTED for p in message.walk()):
        return "The message is encrypted: save it decrypted from the mail program."
    return "There is no text in the message."


@dataclass(frozen=True, slots=True)
class _Text:
    marked: str
    plain: str

    @classmethod
    def of(cls, message: EmailMessage) -> _Text:
        parts = [
            p for p in message.walk() if not p.is_multipart() and p.get_content_disposition() != "attachment"
        ]
        marked = "\n".join(_content(p) for p in parts if p.get_content_type() == "text/html")
        plain = "\n\n".join(_content(p) for p in parts if p.get_content_type() in _PLAIN)
        return cls(marked, plain)

    def downloaded(self) -> Articles | None:
        """Return the articles of a database download, or None if the message is not one."""
        if self.marked.strip():
            return articles_in_page(self.marked)
        return articles_in_text(self.plain)

    def paragraphs(self) -> list[str]:
        paragraphs = paragraphs_of_markup(self.marked) if self.marked.strip() else []
        return paragraphs or split_paragraphs(re.sub(r"(?m)^-- \n.*\Z", "", self.plain, flags=re.S))


def _article(message: EmailMessage, text: _Text) -> Article:
    name, address = _name_and_address(_header(message, "From"))
    raw = (_name_and_address(str(value))[0] for key, value in message.raw_items() if key == "From")
    name = name or next(raw, "")
    subject = _header(message, "Subject")
    identity = _header(message, "Message-ID")
    paragraphs = text.paragraphs()
    sender, source = _sender(name, address)
    body = "\n\n".join(
        part for part in without_clutter(paragraphs, [subject]) if not _SERVICE_LINE.match(part)
    )
    return Article(
        id=short_digest(identity) if identity else "", title=subject,
        body=body,
        source=source or None,
        authors=next(filter(None, map(bylines.byline, paragraphs[:_MAX_BYLINE_PARAGRAPHS])), sender),
        published=dates.parse(_header(message, "Date")),
        language=_header(message, "Content-Language") or None,
    )  # fmt: skip


def _name_and_address(text: str) -> tuple[str, str]:
    """Parse a From line. Returns empty strings if it nests brackets too deeply."""
    try:
        return parseaddr(text)
    except RecursionError:
        return "", ""


def _sender(name: str, address: str) -> tuple[tuple[str, ...], str]:
    """Return the author in a From line, if it is a person, and the source: "Ann Lee from The Ledger"."""
    joint = _FROM.search(name)
    person, newsletter = (name[: joint.start()], name[joint.end() :]) if joint else (name, "")
    mailbox, _, domain = address.casefold().partition("@")
    words = [word.casefold() for word in person.split() if len(word) > 1]
    in_mailbox = any(word in mailbox or (len(mailbox) > 2 and word.startswith(mailbox)) for word in words)
    is_person = bylines.is_name(person) and not bylines.is_organisation(person) and words[0] != "the"
    if is_person and (newsletter or in_mailbox or not any(word in domain for word in words)):
        return (person,), newsletter or name
    return (), name or address


class EmlxReader(MessageReader):
    """Reads ``.emlx`` of Apple Mail: the message's length, the message, and a property list."""

    def read(self, stream: BinaryIO, _origin: str, /) -> Iterator[Event]:
        count, _, rest = read_whole(stream).partition(b"\n")
        if not count.strip().isdigit():
            raise ReadError("It is not an Apple Mail message.")
        yield from self.message(rest[: int(count)])


class MboxReader(MessageReader):
    """Reads many messages in one file, each after a ``From …`` line."""

    needs_whole_file = False

    def read(self, stream: BinaryIO, _origin: str, /) -> Iterator[Event]:
        for number, (_, data) in enumerate(self.parts(stream), 1):
            try:
                for event in self.message(data):
                    if isinstance(event, Article) and not event.digest:
                        event = replace(event, digest=sha256(data).hexdigest())
                    yield event
            except ReadError as error:
                yield ReadError(f"Message {number}: {error}")

    def parts(self, stream: BinaryIO) -> Iterator[tuple[str, bytes]]:
        """Yield the messages unchanged, each with a file name."""
        return ((f"message {number}.eml", data) for number, data in enumerate(_messages(stream), 1))


def _messages(stream: BinaryIO) -> Iterator[bytes]:
    lines: list[bytes] = []
    size = 0
    blank = True
    while line := stream.readline(2**20):
        if blank and line.startswith(b"From ") and lines:
            yield b"".join(lines)
            lines, size = [], 0
        elif not (line.startswith(b"From ") and not lines) and size < MAX_RECORD:
            lines.append(line[1:] if line[:1] == b">" and re.match(rb">+From ", line) else line)
            size += len(line)
        blank = not line.strip()
    if b"".join(lines).strip():
        yield b"".join(lines)


class MhtmlReader(FormatReader):
    """Reads ``.mhtml`` and ``.mht``, the single-file format of browsers."""

    needs_whole_file = True

    def read(self, stream: BinaryIO, _origin: str, /) -> Iterator[Event]:
        page, address = _page_in(read_whole(stream))
        yield from articles_in_page(page) or events_from_html(page, address or None)

    def html_of(self, data: bytes) -> str:
        """Return the page. Raises ReadError."""
        return _page_in(data)[0]


def _page_in(data: bytes) -> tuple[str, str]:
    """Return the page in a message saved by a browser, and its address. Raises ReadError."""
    message = _parse(data)
    pages = [p for p in message.walk() if p.get_content_type() in ("text/html", "application/xhtml+xml")]
    if not pages:
        raise ReadError("There is no page in it.")
    address = _header(message, "Snapshot-Content-Location") or _header(pages[0], "Content-Location")
    return _content(pages[0]), address
