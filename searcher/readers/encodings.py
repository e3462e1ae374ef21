"""The text of bytes: in which encoding they are, as they say, as others say, or as is guessed."""

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

# Browsers read the narrow name as the wider encoding (https://encoding.spec.whatwg.org/#names-and-labels).
_NARROW = {
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
_WIDER = {name: wider for wider, names in _NARROW.items() for name in names.split()}
#: The names that Python has for encodings of text.
_OF_TEXT = re.compile(
    r"utf-8|ascii|iso8859|iso2022|latin|cp\d|koi8|mac|gb|hz|big5|euc|shift|johab|kz1048|ptcp|tis|hp-?roman"
)
#: Bytes in which a page declares its encoding: browsers look at 1,024, and some pages begin with more.
_MAX_HEAD_BYTES = 4096
#: Bytes by which an encoding is told: an article is a tenth of them, and a detector takes long for more. They
#: begin shortly before the first that is not ASCII, since scripts and styles may stand before every text.
_MAX_SAMPLE_BYTES, _GUESS_BYTES = 200_000, 20_000
_MAX_BYTES_BEFORE = 1_000
_NOT_ASCII = re.compile(rb"[\x80-\xff]")


def decode(data: bytes, declared: str | None = None) -> str:
    """The text of ``data``, without NUL characters.

    In order: a byte order mark, UTF-16 told by its zeros, UTF-8 where (nearly) all bytes fit, the encoding
    ``declared`` by whoever delivered the bytes, the one that the text itself declares, a guess.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return _clean(data[len(mark) :].decode(name, "replace"))
    wide = _sixteen(data)
    if wide:
        return _clean(data.decode(wide, "replace"))
    named = _codec(declared) or _self_declared(data)
    if named and named.startswith(("iso2022", "hz")):
        return _clean(data.decode(named, "replace"))  # all its bytes are ASCII, so it must go first
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
    """Raises ReadError when decoded bytes were never text."""
    sample = text[:20_000]
    if len(_CONTROLS.findall(sample)) > 0.02 * len(sample):
        raise ReadError("It is not text but binary data.")


def _clean(text: str) -> str:
    return text.replace("\0", "").lstrip("\ufeff")


def _sixteen(data: bytes) -> str | None:
    """UTF-16 without a mark: every second byte of mostly Latin text is zero."""
    head = data[:400]
    half = len(head) // 2
    if half < 4:
        return None
    if head[1::2].count(0) > 0.4 * half and head[0::2].count(0) < 0.1 * half:
        return "utf-16-le"
    if head[0::2].count(0) > 0.4 * half and head[1::2].count(0) < 0.1 * half:
        return "utf-16-be"
    return _sixteen_of_other_letters(data[:_MAX_HEAD_BYTES])


_VISIBLE = re.compile(rb"[ -~]")
_SHOWN = re.compile(r"[^\W_]|[^\w\ue000-\uf8ff\ufffd\x00-\x08\x0e-\x1f\x7f-\x9f]")


def _sixteen_of_other_letters(head: bytes) -> str | None:
    """UTF-16 without a mark in a script other than Latin: zeros, of spaces and ends of lines, stand at even
    places alone or at odd ones, and few bytes are ASCII, as they are in a text with a stray zero."""
    zeros = head[0::2].count(0), head[1::2].count(0)
    if sum(zeros) < 0.005 * len(head) or all(zeros) or len(_VISIBLE.findall(head)) > 0.75 * len(head):
        return None
    name = "utf-16-be" if zeros[0] else "utf-16-le"
    text = head[: len(head) // 2 * 2].decode(name, "replace")
    letters = sum(map(str.isalpha, text))
    return name if len(_SHOWN.findall(text)) > 0.98 * len(text) and letters > 0.5 * len(text) else None


def _codec(name: str | None) -> str | None:
    if not name:
        return None
    name = name.strip().lower()
    try:
        found = codecs.lookup(_WIDER.get(name, name))
    except (LookupError, ValueError):
        return None
    # A page whose declaration could be read as ASCII is not UTF-16, whatever it says; and none is in what
    # Python has besides encodings of text, some of which take the square of its length (“punycode”).
    return found.name if _OF_TEXT.match(found.name) else None


def _self_declared(data: bytes) -> str | None:
    from bs4.dammit import EncodingDetector

    return _codec(EncodingDetector.find_declared_encoding(data[:_MAX_HEAD_BYTES], is_html=True))


def _nearly_utf8(data: bytes) -> bool:
    """Whether bad bytes are few beside good characters of several bytes."""
    sample = _sample(data).decode("utf-8", "replace")
    bad = sample.count("\ufffd")
    several = sum(1 for c in sample if c > "\x7f" and c != "\ufffd")
    return bad <= 0.05 * several


def _sample(data: bytes) -> bytes:
    found = _NOT_ASCII.search(data)
    start = max(0, found.start() - _MAX_BYTES_BEFORE) if found else 0
    return data[start : start + _MAX_SAMPLE_BYTES]


def guess(data: bytes) -> str:
    """The encoding that bytes which are no UTF-8 most likely have."""
    from charset_normalizer import from_bytes

    sample = _sample(data)
    high = bytes(b for b in sample if b > 0x7F)
    if len(high) < 40:
        return "cp1252"  # a handful of accents and curly quotes says nothing to a detector
    # Markup is noise to the detector: it looks at the lines that hold the high bytes.
    lines = b"\n".join(line for line in sample.splitlines() if max(line, default=0) > 0x7F)
    if len(lines) > _GUESS_BYTES:
        # Behind a space, an end of line or a tag: half a character is none in the encoding that it is of.
        lines = lines[: max(map(lines[:_GUESS_BYTES].rfind, (b"\n", b" ", b">"))) + 1] or lines[:_GUESS_BYTES]
    best = from_bytes(lines, cp_isolation=list(_CANDIDATES)).best()
    return _codec(best.encoding) or "cp1252" if best else "cp1252"


_CANDIDATES = (
    "cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874",
    "koi8_r", "iso8859_2", "iso8859_5", "iso8859_7", "gb18030", "big5hkscs", "cp932", "euc_jp", "cp949",
)  # fmt: skip
