"""Normalisation of names, wherever names are compared."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from searcher.sanitize import normal_form

_WORDS = re.compile(r"[^\W_]+")
_APOSTROPHES = re.compile(r"['’‘`´]")
#: Letters that Unicode does not decompose.
LETTERS: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"}
)


def fold(name: str) -> str:
    """Return a name without case, accents, punctuation and extra spaces.

    >>> fold("  Seán  O’Brien-Łuc, Jr.")
    'sean obrien luc jr'
    """
    plain = name.lower()
    if plain.isascii():
        if plain.replace(" ", "").isalnum():  # true for most names; three times as fast
            return " ".join(plain.split())
    else:
        plain = normal_form("NFKD", plain)
        plain = "".join(c for c in plain if not unicodedata.combining(c)).casefold().translate(LETTERS)
    return " ".join(_WORDS.findall(_APOSTROPHES.sub("", plain)))


def word_set(words: str) -> frozenset[str]:
    """Return the words of a table of words."""
    return frozenset(words.split())


#: Marks a value among organisations that an article uses as a person's name. It does not occur in texts.
PERSON_MARK: Final = "\x1e"


def person_mark(name: str) -> str:
    """Return the marked value of organisations for a person."""
    return name + PERSON_MARK


def without_mark(value: str) -> str:
    return value.partition(PERSON_MARK)[0]
