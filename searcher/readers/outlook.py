"""Outlook messages (``.msg``, MS-OXMSG): properties in the streams of a compound file."""

from __future__ import annotations

import datetime as dt
import re
import struct
from collections.abc import Iterator
from email.message import EmailMessage
from email.parser import HeaderParser
from email.utils import format_datetime, formataddr
from io import BytesIO
from typing import Any, BinaryIO

from searcher.errors import ReadError
from searcher.readers.base import MAX_DOCUMENT, Event, Options, optional, whole
from searcher.readers.decode import decode
from searcher.readers.mail import EmlReader

__all__ = ["MsgReader"]

#: Properties by their numbers in MS-OXPROPS.
_SUBJECT, _SENDER, _ADDRESS, _SMTP, _HEADERS = 0x0037, 0x0C1A, 0x0C1F, 0x5D01, 0x007D
_TEXT, _HTML, _NAME, _LONG_NAME, _DATA = 0x1000, 0x1013, 0x3704, 0x3707, 0x3701
_SUBMITTED, _DELIVERED = 0x0039, 0x0E06
#: Types of properties: text in UTF-16, text in bytes, bytes.
_WIDE, _NARROW, _BINARY = 0x001F, 0x001E, 0x0102
#: Where the times are told: 16 bytes a property, after a header.
_FIXED, _HEADER, _ENTRY = "__properties_version1.0", 32, 16
_EPOCH = dt.datetime(1601, 1, 1, tzinfo=dt.UTC)  # of FILETIME, which counts tenths of microseconds
#: Headers of the message as it travelled that say more than the properties do.
_TRAVELLED = ("Date", "From", "Message-ID", "Subject")


class MsgReader:
    """One message with its attachments, with olefile (extra ``outlook``)."""

    suffixes: tuple[str, ...] = (".msg",)

    def __init__(self, options: Options) -> None:
        self._one = EmlReader(options)

    def read(self, stream: BinaryIO, _origin: str, /) -> Iterator[Event]:
        olefile = optional("olefile", "outlook")
        data = whole(stream)
        if not olefile.isOleFile(BytesIO(data)):
            raise ReadError("It is no message of Outlook.")
        with olefile.OleFileIO(BytesIO(data)) as file:
            yield from self._one.events_of(_message(file))


def _message(file: Any) -> EmailMessage:
    """The message as it would have been sent."""
    message = EmailMessage()
    travelled = HeaderParser().parsestr(_text(file, "", _HEADERS))
    sent = _time(file)
    said = {
        "Subject": _text(file, "", _SUBJECT),
        "From": formataddr((_text(file, "", _SENDER), _text(file, "", _SMTP) or _text(file, "", _ADDRESS))),
        "Date": format_datetime(sent) if sent else "",
    } | {name: travelled[name] for name in _TRAVELLED if travelled[name]}
    for name, value in said.items():
        if value:
            message[name] = " ".join(str(value).split())
    html = _bytes(file, "", _HTML)
    message.set_content(_text(file, "", _TEXT) or " ")
    if html or _text(file, "", _HTML):
        message.add_alternative(decode(html) if html else _text(file, "", _HTML), subtype="html")
    left = MAX_DOCUMENT  # many attachments may lie in the same bytes
    for folder in _attachments(file):
        attached = _bytes(file, folder, _DATA)
        left -= len(attached)
        if left < 0:
            raise ReadError(f"What is attached is larger than {MAX_DOCUMENT // 2**20} MB.")
        name = _text(file, folder, _LONG_NAME) or _text(file, folder, _NAME)
        if attached and name:
            message.add_attachment(attached, "application", "octet-stream", filename=name)
    return message


def _attachments(file: Any) -> list[str]:
    found = {
        entry[0] for entry in file.listdir() if re.match(r"__attach_version1\.0_#[0-9A-F]{8}$", entry[0])
    }
    return sorted(found)


def _stream(file: Any, folder: str, number: int, kind: int) -> bytes:
    name = f"__substg1.0_{number:04X}{kind:04X}"
    path = [folder, name] if folder else [name]
    return bytes(file.openstream(path).read()) if file.exists(path) else b""


def _bytes(file: Any, folder: str, number: int) -> bytes:
    return _stream(file, folder, number, _BINARY)


def _text(file: Any, folder: str, number: int) -> str:
    wide = _stream(file, folder, number, _WIDE)
    text = wide.decode("utf-16-le", "replace") if wide else decode(_stream(file, folder, number, _NARROW))
    return text.strip("\0")


def _time(file: Any) -> dt.datetime | None:
    """When it was sent, else when it arrived."""
    table = bytes(file.openstream([_FIXED]).read()) if file.exists([_FIXED]) else b""
    times = {}
    for start in range(_HEADER, len(table) - _ENTRY + 1, _ENTRY):
        kind, number, _, value = struct.unpack_from("<HHIq", table, start)
        if kind == 0x0040 and number in (_SUBMITTED, _DELIVERED) and value > 0:
            times[number] = _EPOCH + dt.timedelta(microseconds=value // 10)
    return times.get(_SUBMITTED) or times.get(_DELIVERED)
