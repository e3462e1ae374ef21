"""Codes of languages: ISO 639-1 of whatever a page or a file declares."""

from __future__ import annotations

import re
from typing import Final

_CODES = {
    "english": "en", "german": "de", "french": "fr", "spanish": "es", "italian": "it", "portuguese": "pt",
    "dutch": "nl", "swedish": "sv", "danish": "da", "norwegian": "no", "finnish": "fi", "polish": "pl",
    "czech": "cs", "russian": "ru", "ukrainian": "uk", "turkish": "tr", "arabic": "ar", "hebrew": "he",
    "persian": "fa", "hindi": "hi", "chinese": "zh", "japanese": "ja", "korean": "ko", "greek": "el",
    "hungarian": "hu", "romanian": "ro", "indonesian": "id", "vietnamese": "vi", "eng": "en", "deu": "de",
    "ger": "de", "fra": "fr", "fre": "fr", "spa": "es", "ita": "it", "por": "pt", "nld": "nl", "dut": "nl",
    "swe": "sv", "dan": "da", "nor": "no", "nb": "no", "nn": "no", "fin": "fi", "pol": "pl", "ces": "cs",
    "rus": "ru", "ukr": "uk", "tur": "tr", "ara": "ar", "heb": "he", "zho": "zh", "chi": "zh", "jpn": "ja",
    "kor": "ko", "ell": "el", "hun": "hu", "ron": "ro", "iw": "he", "in": "id", "deutsch": "de",
    "français": "fr", "español": "es", "italiano": "it", "português": "pt", "nederlands": "nl",
}  # fmt: skip


def code(declared: str | None) -> str | None:
    """The ISO 639-1 code of a declared language: ``en`` of "en-US", "en_GB", "English" or "eng"."""
    if not declared:
        return None
    word = re.split(r"[-_,;\s]", declared.strip().lower(), maxsplit=1)[0]
    word = _CODES.get(word, word)
    return word if re.fullmatch(r"[a-z]{2}", word) else None


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
