"""Normalisation of names: case, accents, particles and short forms, wherever names are compared."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from searcher.sanitize import normal_form

__all__ = ["LETTERS", "PARTICLES", "SHORT_FORMS", "fold", "word_set"]

_WORDS = re.compile(r"[^\W_]+")
_APOSTROPHES = re.compile(r"['’‘`´]")
#: Letters that Unicode does not take apart.
LETTERS: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"}
)


def fold(name: str) -> str:
    """Fold a name: without case, accents, punctuation and extra space, equal for two spellings of it.

    >>> fold("  Seán  O’Brien-Łuc, Jr.")
    'sean obrien luc jr'
    """
    plain = name.lower()
    if plain.isascii():
        if plain.replace(" ", "").isalnum():  # most names; a third of the time
            return " ".join(plain.split())
    else:
        plain = normal_form("NFKD", plain)
        plain = "".join(c for c in plain if not unicodedata.combining(c)).casefold().translate(LETTERS)
    return " ".join(_WORDS.findall(_APOSTROPHES.sub("", plain)))


def word_set(words: str) -> frozenset[str]:
    """Return the words of a text as a set: the notation of word tables here and in extraction."""
    return frozenset(words.split())


#: Belong to the surname that follows: "van Gaal", "bin Salman", "da Silva".
PARTICLES: Final = word_set(
    """
    van von der den de da di del della dos das do du la le les lo bin bint ibn ben bar al el ul ap ter ten
    te zu zur af av st san santa mac mc o abu umm
    """
)

#: Short forms that a reader knows without being told, folded, with the full name that they mostly mean in the
#: news. A short form is joined only with a full name that stands in the same text or the same index.
SHORT_FORMS: Final = {
    "fed": "federal reserve",
    "boj": "bank of japan",
    "boe": "bank of england",
    "ecb": "european central bank",
    "imf": "international monetary fund",
    "wto": "world trade organization",
    "who": "world health organization",
    "un": "united nations",
    "u n": "united nations",
    "eu": "european union",
    "nato": "north atlantic treaty organization",
    "g7": "group of seven",
    "g 7": "group of seven",
    "opec": "organization of the petroleum exporting countries",
    "iaea": "international atomic energy agency",
    "ioc": "international olympic committee",
    "fbi": "federal bureau of investigation",
    "cia": "central intelligence agency",
    "nsa": "national security agency",
    "sec": "securities and exchange commission",
    "ftc": "federal trade commission",
    "fcc": "federal communications commission",
    "faa": "federal aviation administration",
    "fda": "food and drug administration",
    "epa": "environmental protection agency",
    "cdc": "centers for disease control and prevention",
    "nih": "national institutes of health",
    "irs": "internal revenue service",
    "fannie mae": "federal national mortgage association",
    "ginnie mae": "government national mortgage association",
    "doj": "department of justice",
    "dod": "department of defense",
    "dhs": "department of homeland security",
    "usda": "department of agriculture",
    "nhs": "national health service",
    "mod": "ministry of defence",
    "met": "metropolitan police",
    "tories": "conservative party",
    "lib dems": "liberal democrats",
    "snp": "scottish national party",
    "gop": "republican party",
    "republicans": "republican party",
    "democrats": "democratic party",
    "bjp": "bharatiya janata party",
    "ap": "associated press",
    "afp": "agence france presse",
    "bbc": "british broadcasting corporation",
    "ft": "financial times",
    "wsj": "wall street journal",
    "nyt": "new york times",
    "vw": "volkswagen",
    "gm": "general motors",
    "ge": "general electric",
    "ibm": "international business machines",
    "ba": "british airways",
    "jpmorgan": "jpmorgan chase",
    "nyse": "new york stock exchange",
    "nfl": "national football league",
    "nba": "national basketball association",
    "nhl": "national hockey league",
    "mlb": "major league baseball",
    "aclu": "american civil liberties union",
    "nasa": "national aeronautics and space administration",
    "mit": "massachusetts institute of technology",
}
