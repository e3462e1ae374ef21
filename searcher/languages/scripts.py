"""Scripts that run words together."""

from __future__ import annotations

from typing import Final

#: Scripts without spaces between words, and Hangul (composed), whose particles stand at the end of words: the
#: first and last character of each range.
_RANGES: Final = (
    *("\u0e01\u0eff", "\u1000\u109f", "\u1780\u17ff"),  # Thai and Lao, Burmese, Khmer
    *("\u3131\u318e", "\uac00\ud7af"),  # Hangul
    *("\u3005\u3007", "\u3040\u30ff", "\u31f0\u31ff", "\uff66\uff9f"),  # kana
    *("\u3400\u4dbf", "\u4e00\u9fff", "\uf900\ufaff", "\U00020000\U0003ffff"),  # Han
)
#: These ranges inside the brackets of a regular expression.
UNSPACED: Final = "".join(f"{first}-{last}" for first, last in _RANGES)


def is_unspaced(char: str) -> bool:
    """Tell whether a character belongs to such a script."""
    # Compared, not matched: compiling the pattern is a thirtieth of a command's start.
    return any(first <= char <= last for first, last in _RANGES)
