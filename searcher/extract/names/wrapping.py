"""Text whose lines are broken at a width: names run on over such line ends."""

from __future__ import annotations

from itertools import pairwise
from statistics import median
from typing import Final

__all__ = ["unwrapped"]

_LEAST: Final = 1 / 3  # of the lines go on in small letters: else they are paragraphs or a list
_WIDTHS: Final = range(30, 101)  # characters; shorter are the items of a list, longer paragraphs
_FULL: Final = 0.6  # of the usual length: a shorter line ends where it does for a reason


def unwrapped(text: str) -> str:
    """The text with a blank for every line end that only keeps lines short; offsets stay."""
    lines = text.split("\n")
    touching = [(left, right) for left, right in pairwise(lines) if _touch(left, right)]
    going_on = [len(left) for left, right in touching if right[0].islower()]
    if not going_on or len(going_on) < _LEAST * len(touching) or round(median(going_on)) not in _WIDTHS:
        return text
    least = _FULL * median(going_on)
    parts = [lines[0]]
    for left, right in pairwise(lines):
        goes_on = _touch(left, right) and (right[0].islower() or len(left) >= least)
        parts += [" " if goes_on else "\n", right]
    return "".join(parts)


def _touch(left: str, right: str) -> bool:
    """Whether neither is empty nor indented: a paragraph may begin with blanks."""
    return bool(left and right) and not left[-1].isspace() and not right[0].isspace()
