"""Read Outlook messages (MS-OXMSG) and mailbox stores (MS-PST): ``.msg``, ``.pst``, ``.ost``."""

from __future__ import annotations

import datetime as dt
import re
import struct
from abc import ABC, abstractmethod
from collections.abc import Iterator
from email.message import EmailMessage
from email.parser import HeaderParser
from email.utils import format_datetime, formataddr
from io import BytesIO
from typing import Any, BinaryIO

from searcher.errors import ReadError
from searcher.extensions.mail.messages import MessageReader
from searcher.readers.base import MAX_DOCUMENT, Event, FormatReader, import_optional, read_whole
from searcher.readers.containers import events_within
from searcher.readers.encodings import decode
from searcher.readers.rtf import text_of_rtf

#: Property numbers (MS-OXPROPS).
_TOPIC, _SENDER, _ADDRESS, _SMTP, _TRANSPORT = 0x0037, 0x0C1A, 0x0C1F, 0x5D01, 0x007D
_BODY, _BODY_HTML, _SHORT_NAME, _LONG_NAME, _DATA = 0x1000, 0x1013, 0x3704, 0x3707, 0x3701
_SUBMITTED, _DELIVERED, _CLASS = 0x0039, 0x0E06, 0x001A
#: Classes of items without text (MS-OXOCNTC).
_CONTACTS = ("IPM.Contact", "IPM.DistList")
#: Property types: UTF-16 text, text in bytes, binary.
_WIDE, _NARROW, _BINARY = 0x001F, 0x001E, 0x0102
#: Names of folders with attachments.
_ATTACHED = re.compile(r"__attach_version1\.0_#[0-9A-F]{8}$")
#: The stream with times: a header, then 16 bytes per property.
_FIXED, _TABLE_HEADER, _ENTRY = "__properties_version1.0", 32, 16
_EPOCH = dt.datetime(1601, 1, 1, tzinfo=dt.UTC)  # start of FILETIME, in units of 0.1 microseconds
#: Transport headers that are more reliable than the properties.
_TRANSPORT_HEADERS = ("Date", "From", "Message-ID", "Subject")
#: Maximum nesting of folders, as in Exchange.
_MAX_FOLDERS = 300


class MsgReader(MessageReader):
    """Reads one message with its attachments, with olefile (extra ``outlook``)."""

    def read(self, stream: BinaryIO, _origin: str, /) -> Iterator[Event]:
        olefile = import_optional("olefile", "outlook")
        data = read_whole(stream)
        if not olefile.isOleFile(BytesIO(data)):
            raise ReadError("It is not an Outlook message.")
        with olefile.OleFileIO(BytesIO(data)) as file:
            folders = sorted({entry[0] for entry in file.listdir() if _ATTACHED.match(entry[0])})
            attachments = (_Streams(file, folder) for folder in folders)
            yield from self.events_of(_message_of(_Streams(file, ""), _sent_time(file), attachments))


class PstReader(FormatReader):
    """Reads the messages of a mailbox with their attachments, without contacts, with libpff (extra
    ``pst``)."""

    def read(self, stream: BinaryIO, _origin: str, /) -> Iterator[Event]:
        file = import_optional("pypff", "pst").file()
        try:
            file.open_file_object(stream)
            yield from self._folder(file.root_folder, "", 0)
        except OSError as error:
            raise ReadError(f"It is damaged, or no mailbox of Outlook ({_cause(error)}).") from None

    def _folder(self, folder: Any, name: str, depth: int) -> Iterator[Event]:
        if depth > _MAX_FOLDERS:
            raise ReadError(f"Its folders stand more than {_MAX_FOLDERS} deep in one another.")
        for number in range(folder.number_of_sub_messages):
            try:
                item = folder.get_sub_message(number)
                properties = _Entries(item)
                if not properties.text_of(_CLASS).startswith(_CONTACTS):
                    yield from events_within(name, self._message(item, properties))
            except (OSError, ReadError) as error:
                yield ReadError(f"{name}, message {number + 1}: {_cause(error)}")
        for number in range(folder.number_of_sub_folders):
            try:
                subfolder = folder.get_sub_folder(number)
                yield from self._folder(subfolder, "/".join(filter(None, (name, subfolder.name))), depth + 1)
            except OSError as error:
                yield ReadError(f"{name}, folder {number + 1}: {_cause(error)}")

    def _message(self, item: Any, properties: _Entries) -> Iterator[Event]:
        # Appointments and notes are not messages for libpff: they only have properties.
        sent = getattr(item, "client_submit_time", None) or getattr(item, "delivery_time", None)
        count = getattr(item, "number_of_attachments", 0)
        attachments = (_Attachment(item.get_attachment(number)) for number in range(count))
        message = _message_of(properties, sent, attachments, _rich_text(item, properties))
        yield from MessageReader(self.options).events_of(message)


def _cause(error: Exception) -> str:
    """Return an error message of libpff without source locations."""
    return str(error).partition(". ")[0][:200]


class _Properties(ABC):
    def text_of(self, number: int) -> str:
        wide = self._property(number, _WIDE)
        text = wide.decode("utf-16-le", "replace") if wide else decode(self._property(number, _NARROW))
        return text.strip("\0")

    def data(self, number: int) -> bytes:
        return self._property(number, _BINARY)

    @abstractmethod
    def _property(self, number: int, kind: int) -> bytes:
        """Return the value of a property of this type, or b""."""


def _message_of(
    properties: _Properties, sent: dt.datetime | None, attachments: Iterator[_Properties], rich_text: str = ""
) -> EmailMessage:
    """Build the message as it would have been sent. ``rich_text`` is its text if there is only rich text."""
    message = EmailMessage()
    travelled = HeaderParser().parsestr(properties.text_of(_TRANSPORT))
    headers = {
        "Subject": properties.text_of(_TOPIC),
        "From": formataddr(
            (properties.text_of(_SENDER), properties.text_of(_SMTP) or properties.text_of(_ADDRESS))
        ),
        "Date": format_datetime(sent) if sent else "",
    } | {name: travelled[name] for name in _TRANSPORT_HEADERS if travelled[name]}
    for name, value in headers.items():
        if value:
            message[name] = " ".join(str(value).split())
    html = properties.data(_BODY_HTML)
    message.set_content(properties.text_of(_BODY) or rich_text or " ")
    if html or properties.text_of(_BODY_HTML):
        message.add_alternative(decode(html) if html else properties.text_of(_BODY_HTML), subtype="html")
    left = MAX_DOCUMENT  # attachments may share the same bytes
    for one in attachments:
        data = one.data(_DATA)
        left -= len(data)
        if left < 0:
            raise ReadError(f"What is attached is larger than {MAX_DOCUMENT // 2**20} MB.")
        name = one.text_of(_LONG_NAME) or one.text_of(_SHORT_NAME)
        if data and name:
            message.add_attachment(data, "application", "octet-stream", filename=name)
    return message


class _Streams(_Properties):
    def __init__(self, file: Any, folder: str) -> None:
        self._file = file
        self._folder = folder

    def _property(self, number: int, kind: int) -> bytes:
        name = f"__substg1.0_{number:04X}{kind:04X}"
        path = [self._folder, name] if self._folder else [name]
        return bytes(self._file.openstream(path).read()) if self._file.exists(path) else b""


def _sent_time(file: Any) -> dt.datetime | None:
    """Return the time of sending, else of delivery."""
    table = bytes(file.openstream([_FIXED]).read()) if file.exists([_FIXED]) else b""
    times = {}
    for start in range(_TABLE_HEADER, len(table) - _ENTRY + 1, _ENTRY):
        kind, number, _, value = struct.unpack_from("<HHIq", table, start)
        if kind == 0x0040 and number in (_SUBMITTED, _DELIVERED) and value > 0:
            times[number] = _EPOCH + dt.timedelta(microseconds=value // 10)
    return times.get(_SUBMITTED) or times.get(_DELIVERED)


class _Entries(_Properties):
    def __init__(self, item: Any) -> None:
        entries = (entry for records in item.record_sets for entry in records.entries)
        self._entries = {(entry.entry_type, entry.value_type): entry for entry in entries}

    def _property(self, number: int, kind: int) -> bytes:
        entry = self._entries.get((number, kind))
        return bytes(entry.data or b"") if entry else b""


class _Attachment(_Entries):
    def __init__(self, item: Any) -> None:
        super().__init__(item)
        self._item = item

    def data(self, _number: int) -> bytes:
        size = self._item.get_size()
        if size > MAX_DOCUMENT:
            raise ReadError(f"What is attached is larger than {MAX_DOCUMENT // 2**20} MB.")
        return bytes(self._item.read_buffer(size)) if size else b""


def _rich_text(item: Any, properties: _Entries) -> str:
    """Return the text of a message stored only as RTF, or ""."""
    if properties.text_of(_BODY) or properties.data(_BODY_HTML):
        return ""
    try:
        return text_of_rtf(getattr(item, "rtf_body", None) or b"")
    except OSError:
        return ""
