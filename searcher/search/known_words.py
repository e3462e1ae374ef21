"""Which words are words of some language: those that the encoder's vocabulary holds whole.

It was chosen by frequency in the web pages of a hundred languages: “война” and “Polsce” are in it, and of
1,200 common slips of writers of English seven.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

__all__ = ["is_known"]

#: Read by its path: to import the package that it lies in would load NumPy.
_FILE = Path(__file__).parents[1] / "extract" / "encoder" / "pieces.tsv"
_SPACE = "\u2581"  # what a word begins with in the vocabulary
#: Letters of a word at least: shorter pieces are beginnings mostly, and what one slip makes of short words.
MIN_LETTERS = 5


def is_known(word: str) -> bool:
    """Tell whether a word is in the vocabulary, with or without a last s, that of a genitive: as typed, in
    small letters, or with a capital."""
    small = word.lower()
    written = (word, small, small.capitalize())
    forms = {form for one in written for form in (one, one.removesuffix("s")) if len(form) >= MIN_LETTERS}
    return any(f"\n{_SPACE}{form}\t".encode() in _vocabulary() for form in forms)


@cache
def _vocabulary() -> bytes:
    """Return the file as it is: it is asked for one word a search, and to split it takes 50 times as long."""
    return _FILE.read_bytes()
