"""Folding maps a word to plain lower-case letters, without accents, ligatures and invisible characters;
wildcard patterns, and the edit distance between words, are of folded ones.
"""

from __future__ import annotations

import re
from functools import lru_cache

from searcher.sanitize import normal_form

#: Characters inside words that nobody sees: soft hyphen, zero-width space, (non-)joiners, BOM, …
INVISIBLE = "\u00ad\u200b-\u200f\u2060\u2061-\u2064\ufeff"
#: Combining marks, which belong to the letter before them although ``\w`` leaves them out.
MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"
    "\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u0981-\u0983\u09bc-\u09cd\u09d7"
    "\u0a01-\u0a03\u0a3c-\u0a51\u0a70\u0a71\u0a81-\u0a83\u0abc-\u0acd\u0b01-\u0b03\u0b3c-\u0b57"
    "\u0b82\u0bbe-\u0bcd\u0bd7\u0c00-\u0c04\u0c3e-\u0c56\u0c81-\u0c83\u0cbc-\u0cd6"
    "\u0d00-\u0d03\u0d3b-\u0d4d\u0d57\u0d81-\u0d83\u0dca-\u0ddf"
    "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u102b-\u103e\u1056-\u1059"
    "\u17b4-\u17d3\u3099\u309a\ufe00-\ufe0f\ufe20-\ufe2f"
)

# What remains of a letter once it is taken apart and is no accent that a reader would miss: Latin, Greek
# and Cyrillic accents, Hebrew points, Arabic vowel signs and hamza. The breve of й stays: it is a letter.
_ACCENTS = re.compile(
    "(?<![иИ])[\u0300-\u036f]|(?<=[иИ])[\u0300-\u0305\u0307-\u036f]|[\u0591-\u05c7\u064b-\u065f\u0670]"
)
_UNSEEN = re.compile(f"[{INVISIBLE}\ufe00-\ufe0f'\u0640]")
_LETTERS = {
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ħ": "h",
    "ı": "i", "ŋ": "ng", "ſ": "s", "ς": "σ", "ё": "е", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ٱ": "ا",
}  # fmt: skip
_PLAIN = str.maketrans(_LETTERS)
#: A nasal before a consonant, which Hindi writes with a dot as well: हिन्दी is हिंदी.
_NASAL = re.compile("[ङञणनम]\u094d(?=[क-ह])")
#: The other way to write these letters in plain ones: Müller is Mueller, Sørensen is Soerensen.
_WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
_HAS_TWO_WAYS = re.compile("[äöüøå]")


def fold(word: str) -> str:
    """Return the word in plain lower-case letters, without apostrophes and invisible characters."""
    if word.isascii():
        return word.lower().replace("'", "")
    return _plain_letters(composed(word))


def variants(word: str) -> tuple[str, ...]:
    """Return each way to write the word in plain letters, that of :func:`fold` first."""
    if word.isascii():
        return (word.lower().replace("'", ""),)
    small = composed(word)
    plain = _plain_letters(small)
    if not _HAS_TWO_WAYS.search(small):
        return (plain,)
    written_out = _plain_letters(small.translate(_WRITTEN_OUT))
    return (plain, written_out) if written_out != plain else (plain,)


def composed(word: str) -> str:
    """Return the word in lower case with its accents, without invisible characters."""
    return normal_form("NFKC", _UNSEEN.sub("", word)).lower()


def _plain_letters(small: str) -> str:
    apart = normal_form("NFKD", _NASAL.sub("\u0902", small.translate(_PLAIN)))
    return normal_form("NFC", _ACCENTS.sub("", apart)).translate(_PLAIN)


_APOSTROPHES_OF_PATTERNS = str.maketrans(dict.fromkeys("’‘ʼʻ`´′＇‛", "'"))
_WILDCARDS = re.compile(r"([*?]+)")
_NO_LETTER = re.compile(r"[^\w.+#]|_")


def fold_pattern(pattern: str) -> str:
    """Fold a pattern as surface forms are folded. ``*`` and ``?`` stay; several ``*`` in a row become one."""
    parts = _WILDCARDS.split(pattern.translate(_APOSTROPHES_OF_PATTERNS))
    folded = "".join(part if i % 2 else _NO_LETTER.sub("", fold(part)) for i, part in enumerate(parts))
    return re.sub(r"\*[*?]*\*", lambda run: "?" * run[0].count("?") + "*", folded)


def pattern_matches(folded_pattern: str, surface: str) -> bool:
    """Tell whether a whole surface form matches a folded pattern."""
    return _compiled(folded_pattern).fullmatch(surface) is not None


@lru_cache(maxsize=256)
def _compiled(folded_pattern: str) -> re.Pattern[str]:
    """Compile a folded pattern. Atomic groups keep matching linear: a part's first place always serves."""
    first, *rest = (re.escape(part).replace(r"\?", ".") for part in folded_pattern.split("*"))
    if not rest:
        return re.compile(first, re.DOTALL)
    middle = "".join(f"(?>.*?{part})" for part in rest[:-1])
    return re.compile(f"{first}{middle}.*{rest[-1]}", re.DOTALL)


def within_edits(a: str, b: str, edits: int) -> bool:
    """Tell whether the edit distance of two words is at most ``edits``.

    The distance is optimal string alignment: insertions, deletions, changes and swaps of neighbours, where no
    letter is edited twice.
    """
    if a == b:
        return True
    if abs(len(a) - len(b)) > edits:
        return False
    a, b = _differing(a, b)
    if min(len(a), len(b)) == 0:
        return max(len(a), len(b)) <= edits
    if edits == 1:
        return (len(a) == len(b) == 1) or (len(a) == len(b) == 2 and a == b[::-1])
    return _aligned(a, b, edits)


def _differing(a: str, b: str) -> tuple[str, str]:
    """Cut the common beginning and end off two words: an alignment never needs to edit them."""
    shorter = min(len(a), len(b))
    start = 0
    while start < shorter and a[start] == b[start]:
        start += 1
    end = 0
    while end < shorter - start and a[-1 - end] == b[-1 - end]:
        end += 1
    return a[start : len(a) - end], b[start : len(b) - end]


def _aligned(a: str, b: str, edits: int) -> bool:
    """Fill the usual table of distances row by row, and stop once every entry of a row is too large."""
    before: list[int] = []
    last = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        row = [i]
        for j, other in enumerate(b, 1):
            cost = min(last[j] + 1, row[-1] + 1, last[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > edits:
            return False
        before, last = last, row
    return last[-1] <= edits
