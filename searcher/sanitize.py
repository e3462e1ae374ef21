"""Keep the text of articles from controlling a terminal, a spreadsheet or a JSON parser."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, Literal

#: Control characters (some terminals treat C1 as escape sequences), line and paragraph separators,
#: bidirectional controls (they reach beyond their line), tag characters (invisible), lone surrogates (not
#: encodable) and noncharacters (not allowed in XML).
_UNSAFE_CHARACTER = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufffe\uffff\U000e0000-\U000e007f]"
)
#: Maximum number of consecutive combining marks, from the Stream-Safe Text Format (UAX #15, section 13).
_MAX_MARKS: Final = 30
_MARK: Final = r"[^\w\s\x00-\u02ff]"
_MANY_MARKS: Final = rf"{_MARK}{{{_MAX_MARKS + 1}}}"
_PARTS: Final = rf"(?:[\w\s\x00-\u02ff]+{_MARK}{{0,{_MAX_MARKS}}}|{_MARK}{{1,{_MAX_MARKS}}})"
_WHITE = str.maketrans("\n\r\t", "   ")
_WHITE_WITHIN_LINES = str.maketrans("\r\t", "  ")
#: Characters that start a formula in a spreadsheet (OWASP, "CSV injection"), also in their full-width forms.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def clean_line(text: str) -> str:
    """Return a text that is safe in one line of a terminal. Offsets stay valid."""
    return _UNSAFE_CHARACTER.sub("\ufffd", text.translate(_WHITE))


def clean_lines(text: str) -> str:
    """Return a text that is safe on a terminal, with its line breaks."""
    return _UNSAFE_CHARACTER.sub("\ufffd", text.translate(_WHITE_WITHIN_LINES))


def normal_form(form: Literal["NFC", "NFD", "NFKC", "NFKD"], text: str) -> str:
    """Return a Unicode normal form in linear time. Sorting marks takes quadratic time, so longer runs are
    normalised in parts of 30."""
    if len(text) <= _MAX_MARKS or text.isascii() or not re.search(_MANY_MARKS, text):
        return unicodedata.normalize(form, text)
    return "".join(unicodedata.normalize(form, part) for part in re.findall(_PARTS, text))


def csv_cell(value: object) -> str:
    """Return a CSV cell that is safe on a terminal and never a formula. Text that starts like a formula gets
    an apostrophe, as in spreadsheets."""
    if value is None:
        return ""
    if isinstance(value, int | float):
        return str(value)
    text = clean_lines(str(value))
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def escape_json(text: str) -> str:
    """Return JSON with unsafe characters escaped: the same data, safe to print."""
    return _UNSAFE_CHARACTER.sub(_escaped_character, text)


def web_link(url: str | None) -> str | None:
    """Return an address if it may become a link. Addresses of articles may be ``javascript:…``."""
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
