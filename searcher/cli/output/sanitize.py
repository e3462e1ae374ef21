"""What an article says must not command the terminal, a spreadsheet or a parser of JSON."""

from __future__ import annotations

import re

__all__ = ["cell", "clean", "clean_lines", "json_safe"]

#: Control characters (C0, DEL, C1, which some terminals take for escape sequences), line and paragraph
#: separators, bidirectional embeddings, overrides and isolates (they reach beyond their own line), tag
#: characters (invisible) and lone surrogates (no encoding takes them).
_UNSAFE_CHARACTER = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_WHITE = str.maketrans("\n\r\t", "   ")
_WHITE_WITHIN_LINES = str.maketrans("\r\t", "  ")
#: What a spreadsheet takes for the beginning of a formula (OWASP, "CSV injection"; the full-width forms are
#: read as their narrow ones by some).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def clean(text: str) -> str:
    """The text for one line of a terminal. Every character stands for one, so that offsets stay true."""
    return _UNSAFE_CHARACTER.sub("\ufffd", text.translate(_WHITE))


def clean_lines(text: str) -> str:
    """As :func:`clean`, with line breaks left alone."""
    return _UNSAFE_CHARACTER.sub("\ufffd", text.translate(_WHITE_WITHIN_LINES))


def cell(value: object) -> str:
    """A cell of a CSV file: harmless on a terminal, and never a formula in a spreadsheet.

    A text that begins like a formula gets an apostrophe before it, as spreadsheets write text.
    """
    if value is None:
        return ""
    if isinstance(value, int | float):
        return str(value)
    text = clean_lines(str(value))
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def json_safe(text: str) -> str:
    r"""JSON text with every unsafe character as its ``\u`` escape: the same data, harmless to print."""
    return _UNSAFE_CHARACTER.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code > 0xFFFF:
        high, low = divmod(code - 0x10000, 0x400)
        return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"
    return f"\\u{code:04x}"
