"""Words that names are made of: titles, suffixes, nicknames, generic words of bodies."""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import Final

from searcher.languages import english
from searcher.names.normalise import LETTERS
from searcher.sanitize import normal_form

SMALL: Final = english("SMALL")
GENERIC: Final = english("GENERIC")
SUBUNITS: Final = english("SUBUNITS")
FORMAL: Final = english("FORMAL")
OWN_POSSESSIVE: Final = english("OWN_POSSESSIVE")

_MARKS = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "‐": "-", "‑": "-", "–": "-", "—": "-"})
_SQUARE = str.maketrans("", "", "[]")  # editors' marks: "Barack] Obama"
_POSSESSIVE = re.compile(r"(?:['’]s|(?<=[sSxXzZ])['’])$", re.IGNORECASE)
ABBREVIATED: Final = re.compile(r"\b(Inc|Co|Corp|Ltd|Jr|Sr|Bros|[A-Z])\.$")


def plain(name: str) -> str:
    """A name without case and accents, with plain apostrophes and hyphens."""
    if name.isascii():
        return name.lower()
    plain = "".join(c for c in normal_form("NFKD", name) if not unicodedata.combining(c))
    return plain.translate(_MARKS).casefold().translate(LETTERS)


def own_possessive(name: str) -> bool:
    """Whether a name ends in a possessive of its own: "McDonald’s", "Papa John’s"."""
    return name[-2:].lower() in ("'s", "’s") and plain(name).split()[-1] in OWN_POSSESSIVE


@functools.lru_cache(maxsize=10_000)  # repair and consolidation ask for each name of an article many times
def without_possessive(name: str) -> str:
    """The name as it stands alone: no "’s", no punctuation around it, one space between words."""
    name = " ".join(name.translate(_SQUARE).split())
    if not own_possessive(name):
        name = _POSSESSIVE.sub("", name)
    edges = ' ,;:"“”‘()[]' if ABBREVIATED.search(name) else ' .,;:"“”‘()[]'
    return name.strip(edges)
