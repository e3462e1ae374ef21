"""Scripts that run words together."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["UNSPACED", "is_unspaced"]

#: Ranges of a regular expression: scripts without spaces between words, and Hangul, whose particles stand at
#: the end of words.
UNSPACED: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai and Lao, Burmese, Khmer
    "\u1100-\u11ff\u3131-\u318e\uac00-\ud7af"  # Hangul
    "\u3005-\u3007\u3040-\u30ff\uff66-\uff9f"  # kana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"  # Han
)
_LETTER: Final = re.compile(f"[{UNSPACED}]")


def is_unspaced(char: str) -> bool:
    """Whether a character belongs to such a script."""
    return _LETTER.match(char) is not None
