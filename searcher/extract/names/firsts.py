"""The letters that a body's name begins with and that the tagger leaves out: "T. Rowe Price"."""

from __future__ import annotations

import re
from typing import Final

from searcher.extract.names.tagger import Span

__all__ = ["PLACES", "is_initials", "with_first_letters"]

PLACES: Final = frozenset(
    (
        "U.S.",
        "U.K.",
        "U.N.",
        "E.U.",
        "N.Y.",
        "N.J.",
        "N.Z.",
        "H.K.",
        "D.C.",
        "S.C.",
        "N.C.",
        "L.A.",
        "U.A.E.",
        "N.W.T.",
    )
)
_HONOURS: Final = frozenset(("H.E.", "H.H.", "H.M.", "H.R.H."))  # before a person's name
_FORM = r"(?:Inc|Corp|Co|Company|Ltd|Plc|PLC|LLC|LLP|Bros|Sons|Partners|Associates|Group|Holdings)"
_FORM_END = re.compile(rf"\b{_FORM}\.?$")
_LETTERS = re.compile(r"(?:[A-Z]\.\s?){1,4}")
_BACK: Final = 30  # characters that the names and letters below take
_TOUCHING_BEFORE = re.compile(r"(?<![\w.])(?:[A-Z]\.){1,3}$")  # "S.Quill", as in Mongolia and India
_SEVERAL_BEFORE = re.compile(r"(?<![\w.])(?:[A-Z]\. ?){2,3}$")
# One letter may end a sentence ("Series A. Marlowe said"), but not after such a word.
_ONE_BEFORE = re.compile(r"(?:(?:\b(?:of|at|by|with|from|and|for|to|said)\s)|[<(])([A-Z]\.\s)$")
_NAMED_BEFORE = re.compile(r"(?<![\w.])[A-Z][a-z]+\s[A-Z]\.\s$")  # "Ada B. " of "Ada B. Quill and Co"


def is_initials(name: str) -> bool:
    """Whether it is nothing but letters with full stops, and no place: "T.", "J.P."."""
    return bool(_LETTERS.fullmatch(name)) and name.strip() not in PLACES


def with_first_letters(text: str, span: Span) -> int:
    """Where the name of a body or a person begins."""
    back = max(0, span.start - _BACK)
    if not text[span.start].isupper():
        return span.start
    several = _TOUCHING_BEFORE.search(text, back, span.start) or _SEVERAL_BEFORE.search(
        text, back, span.start
    )
    if several:
        letters = _LETTERS.match(text, several.start())
        other = letters and letters[0].rstrip() in (PLACES | _HONOURS)
        return span.start if other else several.start()
    if span.kind == "PER":
        return span.start
    one = _ONE_BEFORE.search(text, back, span.start)
    if one:
        return one.start(1)
    named = _NAMED_BEFORE.search(text, back, span.start)
    return named.start() if named and _FORM_END.search(text[span.start : span.end]) else span.start
