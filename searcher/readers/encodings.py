"""Decode bytes: detect the encoding from marks, declarations and content."""

from __future__ import annotations

import codecs
import re

from searcher.errors import ReadError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# Browsers read these names as the wider encoding (https://encoding.spec.whatwg.org/#names-and-labels).
_NARROW_NAMES = {
    "cp1252": "iso-8859-1 iso8859-1 latin1 latin-1 ascii us-ascii",
    "cp1254": "iso-8859-9",
    "gb18030": "gb2312 gbk x-gbk",
    "cp932": "shift_jis shift-jis sjis x-sjis windows-31j",
    "euc_jp": "x-euc-jp",
    "cp949": "euc-kr ks_c_5601-1987",
    "big5hkscs": "big5",
    "cp874": "tis-620 windows-874",
    "mac_roman": "macintosh x-mac-roman",
}
_WIDER_NAMES = {name: wider for wider, names in _NARROW_NAMES.items() for name in names.split()}
#: Python's names for text encodings.
_TEXT_ENCODING = re.compile(
    r"utf-8|ascii|iso8859|iso2022|latin|cp\d|koi8|mac|gb|hz|big5|euc|shift|johab|kz1048|ptcp|tis|hp-?roman"
)
#: Bytes searched for a declared encoding. Browsers examine 1,024, but some pages begin with more.
_MAX_HEAD_BYTES = 4096
#: Bytes examined to guess an encoding: an article is a tenth as long, and more would be slow. The sample
#: begins just before the first non-ASCII byte, as scripts and styles may precede the text.
_MAX_SAMPLE_BYTES, _GUESS_BYTES = 200_000, 20_000
_MAX_BYTES_BEFORE = 1_000
_NOT_ASCII = re.compile(rb"[\x80-\xff]")


def decode(data: bytes, declared: str | None = None) -> str:
    """Decode ``data`` and remove NUL characters.

    Tried in order: a byte order mark, UTF-16 recognised by its zeros, UTF-8 if (nearly) all bytes are valid,
    the encoding ``declared`` by the source of the bytes, the one declared in the text, a guess.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return _clean(data[len(mark) :].decode(name, "replace"))
    wide = _utf16(data)
    if wide:
        return _clean(data.decode(wide, "replace"))
    named = _codec(declared) or _self_declared(data)
    if named and named.startswith(("iso2022", "hz")):
        return _clean(data.decode(named, "replace"))  # all bytes are ASCII, so it precedes UTF-8
    try:
        return _clean(data.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    if _nearly_utf8(data):
        return _clean(data.decode("utf-8", "replace"))
    if named is None or named == "utf-8":
        named = guess(data)
    return _clean(data.decode(named, "replace"))  # cp1252 leaves five bytes undefined


_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x80-\x9f\ufffd]")


def refuse_binary(text: str) -> None:
    """Raise ReadError if the decoded bytes are not text."""
    sample = text[:20_000]
    if len(_CONTROLS.findall(sample)) > 0.02 * len(sample):
        raise ReadError("It is not text but binary data.")


def _clean(text: str) -> str:
    return text.replace("\0", "").lstrip("\ufeff")


def _utf16(data: bytes) -> str | None:
    """Detect UTF-16 without a mark: in mostly Latin text every second byte is zero."""
    head = data[:400]
    half = len(head) // 2
    if half < 4:
        return None
    if head[1::2].count(0) > 0.4 * half and head[0::2].count(0) < 0.1 * half:
        return "utf-16-le"
    if head[0::2].count(0) > 0.4 * half and head[1::2].count(0) < 0.1 * half:
        return "utf-16-be"
    return _utf16_of_other_scripts(data[:_MAX_HEAD_BYTES])


_VISIBLE = re.compile(rb"[ -~]")
_PRINTABLE = re.compile(r"[^\W_]|[^\w\ue000-\uf8ff\ufffd\x00-\x08\x0e-\x1f\x7f-\x9f]")


def _utf16_of_other_scripts(head: bytes) -> str | None:
    """Detect UTF-16 without a mark in other scripts.

    Zeros, from spaces and line ends, are only at even or only at odd positions, and few bytes are ASCII,
    unlike in text with a stray zero.
    """
    zeros = head[0::2].count(0), head[1::2].count(0)
    if sum(zeros) < 0.005 * len(head) or all(zeros) or len(_VISIBLE.findall(head)) > 0.75 * len(head):
        return None
    name = "utf-16-be" if zeros[0] else "utf-16-le"
    text = head[: len(head) // 2 * 2].decode(name, "replace")
    letters = sum(map(str.isalpha, text))
    return name if len(_PRINTABLE.findall(text)) > 0.98 * len(text) and letters > 0.5 * len(text) else None


def _codec(name: str | None) -> str | None:
    if not name:
        return None
    name = name.strip().lower()
    try:
        codec = codecs.lookup(_WIDER_NAMES.get(name, name))
    except (LookupError, ValueError):
        return None
    # A declaration that can be read as ASCII rules out UTF-16. Python's codecs that are not text encodings
    # are excluded; some take quadratic time ("punycode").
    return codec.name if _TEXT_ENCODING.match(codec.name) else None


def _self_declared(data: bytes) -> str | None:
    from bs4.dammit import EncodingDetector

    return _codec(EncodingDetector.find_declared_encoding(data[:_MAX_HEAD_BYTES], is_html=True))


def _nearly_utf8(data: bytes) -> bool:
    sample = _sample(data).decode("utf-8", "replace")
    bad = sample.count("\ufffd")
    several = sum(1 for c in sample if c > "\x7f" and c != "\ufffd")
    return bad <= 0.05 * several


def _sample(data: bytes) -> bytes:
    match = _NOT_ASCII.search(data)
    start = max(0, match.start() - _MAX_BYTES_BEFORE) if match else 0
    return data[start : start + _MAX_SAMPLE_BYTES]


def guess(data: bytes) -> str:
    """Guess the encoding of bytes that are not UTF-8."""
    from charset_normalizer import from_bytes

    sample = _sample(data)
    high = bytes(b for b in sample if b > 0x7F)
    if len(high) < 40:
        return "cp1252"  # too few bytes to guess from
    # Markup confuses detection, so only lines with non-ASCII bytes are examined.
    lines = b"\n".join(line for line in sample.splitlines() if max(line, default=0) > 0x7F)
    if len(lines) > _GUESS_BYTES:
        # Cut after a space, line end or tag, never within a multi-byte character.
        lines = lines[: max(map(lines[:_GUESS_BYTES].rfind, (b"\n", b" ", b">"))) + 1] or lines[:_GUESS_BYTES]
    best = from_bytes(lines, cp_isolation=list(_CANDIDATES)).best()
    return _codec(best.encoding) or "cp1252" if best else "cp1252"


_CANDIDATES = (
    "cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874",
    "koi8_r", "iso8859_2", "iso8859_5", "iso8859_7", "gb18030", "big5hkscs", "cp932", "euc_jp", "cp949",
)  # fmt: skip
