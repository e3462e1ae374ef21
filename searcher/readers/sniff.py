"""What a file is by its name and its first bytes, as the ending by which readers are chosen; and what to say
of what is no file, or none that is read."""

from __future__ import annotations

import re
import stat
from pathlib import Path, PurePosixPath

from searcher.errors import ReadError

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAGIC = (
    (b"%PDF-", ".pdf"),
    (b"\x1f\x8b", ".gz"),
    (b"WARC/", ".warc"),
    (b"{\\rtf", ".rtf"),
)
#: Endings of what is packed as a zip file, and of compound files (MS-CFB).
_ZIPS = frozenset({
    ".zip", ".docx", ".epub", ".wacz", ".odt", ".ott", ".ods", ".odp", ".xlsx", ".xlsm", ".xlsb", ".pptx",
    ".ppsx",
})  # fmt: skip
_COMPOUND = frozenset({".doc", ".dot", ".xls", ".ppt", ".pps", ".msg", ".docx", ".xlsx", ".pptx"})
#: What a file of an old office program is where its bytes are those of the new one.
_SUCCESSORS = {".doc": ".docx", ".dot": ".docx", ".xls": ".xlsx", ".ppt": ".pptx"}
_BINARY = frozenset({".pdf", ".rtf", *_ZIPS, *_COMPOUND})
#: Compressed files keep the ending by which they are opened.
_PACKED = frozenset({".gz", ".tgz", ".warc"})
_ROOTS = (
    (re.compile(rb"<(?:\w+:)?nitf\b", re.I), ".nitf"),
    (re.compile(rb"<(?:\w+:)?(?:newsMessage|newsItem|packageItem|knowledgeItem|NewsML)\b"), ".newsml"),
    (re.compile(rb"<(?:rss|feed|rdf:RDF)\b", re.I), ".rss"),
    (re.compile(rb"<html\b", re.I), ".html"),
    (re.compile(rb"\A\s*<(?:div|p|article|section|span)\b", re.I), ".html"),  # a part of a page
)
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.I)
_MESSAGE = re.compile(
    rb"(?:From|Received|Return-Path|Delivered-To|Subject|Message-ID|MIME-Version|Date):[ \t]", re.I
)
#: Headers that only programs write: a text that begins with “From:” and “Subject:” need be no message.
_TRAVELLED = re.compile(
    rb"^(?:Received|Return-Path|Delivered-To|Message-ID|MIME-Version|X-Original-To|DKIM-Signature):[ \t]",
    re.I | re.M,
)
#: Lines as headers have them, the first ones of a file.
_HEADERS = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]*:[^\r\n]*\r?\n(?:[ \t]+[^\r\n]*\r?\n)*)+")
#: How a name ends in a folder of mail (https://cr.yp.to/proto/maildir.html), or where names have no colon.
_MAILDIR = re.compile(r"^.+[:;!_]2,[A-Za-z]*$")


def is_maildir(name: str) -> bool:
    """Whether a file is called as messages in a Maildir are."""
    return bool(_MAILDIR.match(name))


def ending(name: str) -> str:
    """The ending of a file's name, in lower case: of what is compressed the last one, except where the reader
    of the one before it unpacks."""
    name = PurePosixPath(name.replace("\\", "/")).name.lower()
    if is_maildir(name):
        return ".eml"
    inner = PurePosixPath(name.removesuffix(".gz")).suffix if name.endswith(".gz") else ""
    return inner if inner in (".warc", ".arc") else PurePosixPath(name).suffix


def by_content(head: bytes, suffix: str) -> str:
    """The ending that ``head`` calls for, or ``suffix`` where it is plausible or nothing better is known."""
    for magic, found in _MAGIC:
        if head.startswith(magic):
            return suffix if suffix.endswith(found) or suffix in _PACKED | {".arc"} else found
    if head.startswith(b"PK\x03\x04"):
        return suffix if suffix in _ZIPS else _SUCCESSORS.get(suffix, ".zip")
    if head.startswith(_OLE):
        return suffix if suffix in _COMPOUND else ".doc"
    if head[257:262] == b"ustar":
        return ".tar"
    if suffix in _BINARY and _HTML.search(head[:500]):
        return ".html"  # a server's page saved under the name of what was asked for
    if suffix == ".xml":
        return next((found for root, found in _ROOTS if root.search(head)), suffix)
    if suffix in (".htm", ".html", ".txt", "") and head.startswith(b"From ") and _MESSAGE.search(head):
        return ".mbox"
    if suffix in (".txt", ".text", "") and _is_message(head):
        return ".eml"
    return suffix or _guess(head)


def _is_message(head: bytes) -> bool:
    """Whether a text begins with the headers of a message that was sent."""
    headers = _HEADERS.match(head)
    return bool(headers and headers[0].count(b"\n") > 2 and _TRAVELLED.search(headers[0]))


def _guess(head: bytes) -> str:
    """For names without an ending."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if _HTML.search(head):
        return ".html"
    if start.startswith(b"<"):
        return next((found for root, found in _ROOTS if root.search(head)), "")
    if start.startswith((b"{", b"[")):
        return ".jsonl"
    if _MESSAGE.match(start):
        return ".eml"
    return "" if b"\0" in head else ".txt"


#: What stands among files and is none.
_SPECIAL = (
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISDIR, "a folder"),
)
_PICTURES = frozenset({
    ".gif", ".jpg", ".jpeg", ".png", ".jp2", ".webp", ".heic", ".svg", ".bmp", ".tif", ".tiff", ".djvu",
})  # fmt: skip
#: Kinds of files that people have among their articles, and what to do about them.
_ADVICE = {
    ".7z": "Unpack it, or pack it as .zip", ".rar": "Unpack it, or pack it as .zip",
    ".pst": "Save the messages as .mbox or .eml (readpst does)", ".dbf": "Save it as .csv",
    ".pages": "Save it as .docx", ".one": "Save it as .docx", ".wpd": "Save it as .docx",
    ".numbers": "Save it as .xlsx",
    ".mobi": "Turn it into .epub (calibre does)",
    ".azw3": "Turn it into .epub (calibre does)",
}  # fmt: skip


def size_of(path: Path) -> int:
    """The bytes of a file. Raises ReadError for what is none: to open a pipe waits for ever, a device has no
    end."""
    state = path.stat()
    kind = next((word for test, word in _SPECIAL if test(state.st_mode)), None)
    if kind:
        raise ReadError(f"It is {kind}, and no file.")
    return state.st_size


def unknown(suffix: str) -> str:
    """What to say of a file that ends in ``suffix``, which no reader takes."""
    if not suffix:
        return "Its format is unknown. If it is text, let its name end in .txt."
    if suffix in _PICTURES:
        return f"It is a picture ({suffix}). Text that it shows can be read from a PDF with text (ocrmypdf)."
    advice = _ADVICE.get(suffix, "If it is text, let its name end in .txt")
    return f"No reader takes files that end in “{suffix}”. {advice}."
