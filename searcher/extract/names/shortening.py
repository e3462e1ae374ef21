"""When one name of an organisation can be short for another of the same article."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from searcher.extract.names.bodies import COMMON_ENDS, Name
from searcher.extract.names.lexicon import FORMAL, GENERIC, SMALL, SUBUNITS
from searcher.names.forms import SHORT_FORMS, STATES
from searcher.names.normalise import fold, word_set

__all__ = ["begins", "core", "in_full", "is_end", "is_short", "is_start"]

_COMMON_STARTS: Final = word_set("university ministry department bank house senate parliament congress")
_MAX_UNIVERSITY: Final = 2  # words of its name: "Ohio State"; firms of more have "universities" of their own
_COMPASS: Final = word_set("north south east west northern southern eastern western new old")


def in_full(name: Name) -> Sequence[Name]:
    """What its readers know it is short for: "Fed" for "Federal Reserve", or "Federal Reserve Board"."""
    short = " ".join(name)
    full = tuple(SHORT_FORMS.get(fold(short), "").split())
    return [full, (*full, "board"), ("us", *full)] if full else []


def is_short(name: Name, other: Name) -> bool:
    """The same, or less only what readers add: generic words, a legal form and a place, "University"."""
    return (
        other == name
        or (other == (*name, "university") and len(name) <= _MAX_UNIVERSITY)
        or (is_start(name, other) and all(word in GENERIC for word in other[len(name) :]))
    )


def is_start(name: Name, other: Name) -> bool:
    """As "Meta" begins "Meta Platforms", but not "Meta AI", and "Sea Bank" "Sea Bank of Canada"."""
    rest = other[len(name) :]
    if not begins(name, other) or (len(name) == 1 and rest[0] in ("of", "for")):
        return False
    whole = len(name) > 1 and rest[0] == "of"
    return whole or not SUBUNITS.intersection(rest)


def begins(name: Name, other: Name) -> bool:
    """Whether it is the first words of the other, and not alone one that begins too many."""
    lone = len(name) == 1
    return other[: len(name)] == name and len(other) > len(name) and not (lone and name[0] in _COMMON_STARTS)


def is_end(name: Name, other: Name) -> bool:
    """As "White Sox" ends "Chicago White Sox" and "United" "Manchester United"; not "Council" or "Bank"."""
    if len(name) > 1 and other[0] in FORMAL and other[1:] == ("of", *name):
        return True  # "Homeland Security"
    return (
        len(other) - len(name) in (1, 2)
        and other[-len(name) :] == name
        and (len(name) > 1 or (len(name[0]) > 3 and name[0] not in COMMON_ENDS))
        and not SMALL.intersection(other[: -len(name)])
        and (other[0] not in _COMPASS or len(other) - len(name) > 1)  # "New York" is no part of a town
    )


def core(name: Name) -> frozenset[str]:
    """What "Department of Justice" and "Justice Department" share, "Ministry of Foreign Affairs" and "Foreign
    Ministry"; a leading "US" does not matter."""
    return frozenset(word for word in name if word not in SMALL and word not in STATES and word != "affairs")
