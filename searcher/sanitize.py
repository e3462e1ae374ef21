"""Sanitizing: the text of an article must not control a terminal, a spreadsheet or a JSON parser."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, Literal

#: Control characters (C0, DEL, C1, which some terminals take for escape sequences), line and paragraph
#: separators, bidirectional embeddings, overrides and isolates (they reach beyond their own line), tag
#: characters (invisible), lone surrogates (no encoding takes them) and what is no character (XML has no place
#: for it).
_UNSAFE_CHARACTER = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufffe\uffff\U000e0000-\U000e007f]"
)
#: Marks in a row that belong together at most: the Stream-Safe Text Format of Unicode (UAX #15, section 13).
_MAX_MARKS: Final = 30
_MARK: Final = r"[^\w\s\x00-\u02ff]"
_MANY_MARKS: Final = rf"{_MARK}{{{_MAX_MARKS + 1}}}"
_PARTS: Final = rf"(?:[\w\s\x00-\u02ff]+{_MARK}{{0,{_MAX_MARKS}}}|{_MARK}{{1,{_MAX_MARKS}}})"
_WHITE = str.maketrans("\n\r\t", "   ")
_WHITE_WITHIN_LINES = str.maketrans("\r\t", "  ")
#: What a spreadsheet takes for the beginning of a formula (OWASP, "CSV injection"; the full-width forms are
#: read as their narrow ones by some).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def clean(text: str) -> str:
    """Return a text that is safe in one line of a terminal. Its length does not change, so offsets stay."""
    return _UNSAFE_CHARACTER.sub("\ufffd", text.translate(_WHITE))


def clean_lines(text: str) -> str:
    """Return a text that is safe on a terminal, with its line breaks."""
    return _UNSAFE_CHARACTER.sub("\ufffd", text.translate(_WHITE_WITHIN_LINES))


def normal_form(form: Literal["NFC", "NFD", "NFKC", "NFKD"], text: str) -> str:
    """Return a normal form of Unicode, in time that grows as the text does: to put thousands of marks in a
    row into their order takes the square of that, so that no more than 30 are looked at together."""
    if len(text) <= _MAX_MARKS or text.isascii() or not re.search(_MANY_MARKS, text):
        return unicodedata.normalize(form, text)
    return "".join(unicodedata.normalize(form, part) for part in re.findall(_PARTS, text))


def cell(value: object) -> str:
    """Return the cell of a CSV file for a value: safe on a terminal, never a formula in a spreadsheet.

    A text that begins like a formula gets an apostrophe before it, as spreadsheets write text.
    """
    if value is None:
        return ""
    if isinstance(value, int | float):
        return str(value)
    text = clean_lines(str(value))
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def json_safe(text: str) -> str:
    r"""Return JSON with each unsafe character as its ``\u`` escape: the same data, safe to print."""
    return _UNSAFE_CHARACTER.sub(_escaped_character, text)


def web_link(url: str | None) -> str | None:
    """Return an address that may become a link, or be opened: an article's may be ``javascript:…``."""
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def _escaped_character(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code > 0xFFFF:
        high, low = divmod(code - 0x10000, 0x400)
        return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"
    return f"\\u{code:04x}"
