"""Words that names are made of: titles, suffixes, nicknames, generic words of bodies."""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import Final

from searcher.names.normalise import LETTERS, word_set
from searcher.sanitize import normal_form

SMALL: Final = word_set("of the and for de la du des del di da y et e & in on to at")

# What newspapers drop the second time: "Meta Platforms" is Meta, "Goldman Sachs Group" Goldman Sachs.
GENERIC: Final = word_set(
    """
    platforms platform group groups holdings holding company corporation corp inc ltd limited plc
    technologies technology tech international industries industry enterprises enterprise motors motor
    airlines airline airways air bank brothers bros partners capital systems system software communications
    entertainment stores store foods food pharmaceuticals pharmaceutical pharma energy oil gas petroleum
    electric electronics steel insurance securities co sons associates services service networks network
    media news agency newspaper times party united city fc afc cf sc football club sports stores markets
    resources solutions global worldwide laboratories automotive label records recordings mining chemicals
    chemical financial finance investments investment management properties realty and & of the
    """
)

# What follows makes it a body of its own: Meta AI is not Meta, Barclays Africa not Barclays.
SUBUNITS: Final = word_set(
    """
    ai lab labs research uk us usa u.s eu europe asia africa india china japan korea america americas
    australia canada germany france russia mexico brazil north south east west ventures foundation fund
    trust institute team channel plus magazine division unit cloud studios studio pay music tv academy
    university college school hospital reserves youth women ladies juniors ii b u19 u21 u23 association
    federation union press sport mobile pictures
    """
)

# The second word of "Treasury Department" and "Foreign Ministry".
FORMAL: Final = word_set("department ministry office agency commission committee council")

# Names that end in a possessive of their own.
OWN_POSSESSIVE: Final = word_set(
    """
    macy's mcdonald's wendy's lowe's kohl's kellogg's domino's denny's sainsbury's lloyd's poor's moody's
    sotheby's christie's levi's arby's applebee's chili's dillard's hardee's hershey's reese's campbell's
    smucker's claire's peet's zaxby's bloomingdale's barney's carluccio's nando's fuller's kinko's
    """
)

_MARKS = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "‐": "-", "‑": "-", "–": "-", "—": "-"})
_POSSESSIVE = re.compile(r"(?:['’]s|(?<=[sSxXzZ])['’])$", re.IGNORECASE)
_ABBREVIATED = re.compile(r"\b(?:Inc|Co|Corp|Ltd|Jr|Sr|Bros|[A-Z])\.$")


def plain(name: str) -> str:
    """A name without case and accents, with plain apostrophes and hyphens."""
    if name.isascii():
        return name.lower()
    plain = normal_form("NFKD", name)
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return plain.translate(_MARKS).casefold().translate(LETTERS)


def own_possessive(name: str) -> bool:
    """Whether a name ends in a possessive of its own: "McDonald’s", "Papa John’s"."""
    if name[-2:].lower() not in ("'s", "’s"):
        return False
    return plain(name).split()[-1] in OWN_POSSESSIVE


@functools.lru_cache(maxsize=10_000)  # repair and consolidation ask for each name of an article many times
def without_possessive(name: str) -> str:
    """The name as it stands alone: no "’s", no punctuation around it, one space between words."""
    name = " ".join(name.split())
    if not own_possessive(name):
        name = _POSSESSIVE.sub("", name)
    edges = ' ,;:"“”‘()[]' if _ABBREVIATED.search(name) else ' .,;:"“”‘()[]'
    return name.strip(edges)
