"""The words of a quotation, folded: what stays the same when a text is printed with other marks."""

from __future__ import annotations

import re

from searcher.analysis.folding import MARKS, fold
from searcher.languages.scripts import UNSPACED

__all__ = ["words_of", "words_with_places"]

#: A word; in scripts that run words together, a letter.
_WORD = re.compile(f"[{UNSPACED}]|(?:(?![{UNSPACED}])[\\w{MARKS}'’])+")


def words_of(text: str) -> tuple[str, ...]:
    """Return the words in plain lower-case letters, without punctuation and apostrophes."""
    return tuple(_WORD.findall(fold(text.replace("’", "'"))))


def words_with_places(text: str) -> list[tuple[str, int, int]]:
    """Return each word, folded, with the offsets at which it starts and ends in the text."""
    found = ((fold(match[0].replace("’", "'")), *match.span()) for match in _WORD.finditer(text))
    return [place for place in found if place[0]]
