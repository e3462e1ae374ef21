"""Text whose lines are broken at a width: names run on over such line ends."""

from __future__ import annotations

import re
from statistics import median
from typing import Final

__all__ = ["unwrapped"]

_LINE_END = re.compile(r"([^\n]*\S)\n(?=(\S))")
_LEAST: Final = 1 / 3  # of the lines go on in small letters: else they are paragraphs or a list
_WIDTHS: Final = range(30, 101)  # characters; shorter are the items of a list, longer paragraphs
_FULL: Final = 0.6  # of the usual length: a shorter line ends where it does for a reason


def unwrapped(text: str) -> str:
    """The text with a blank for every line end that only keeps lines short; offsets stay."""
    ends = list(_LINE_END.finditer(text))
    going_on = [len(end[1]) for end in ends if end[2].islower()]
    if not going_on or len(going_on) < _LEAST * len(ends) or round(median(going_on)) not in _WIDTHS:
        return text
    least = _FULL * median(going_on)
    characters = list(text)
    for end in ends:
        if end[2].islower() or len(end[1]) >= least:
            characters[end.end() - 1] = " "
    return "".join(characters)
