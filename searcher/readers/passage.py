"""Locate a passage of an article in the text of its source file."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple


class Passage(NamedTuple):
    """A passage: ``body[start:end]`` of an article."""

    body: str
    start: int
    end: int


#: Context on each side that identifies a passage, in characters. Tried in order.
_CONTEXT_CHARACTERS = (160, 60, 20, 0)


def find_passage(text: str, passage: Passage, *, without_context: bool = True) -> tuple[int, int] | None:
    """Return the span of a passage in a text, ignoring spaces and punctuation, or None.

    Args:
        text: The text to search.
        passage: The passage to find.
        without_context: Accept a match without any of the context around the passage.
    """
    letters, places = _letters(text)
    for around in _CONTEXT_CHARACTERS if without_context else _CONTEXT_CHARACTERS[:-1]:
        edges = (max(0, passage.start - around), passage.start, passage.end, passage.end + around)
        before, inside, after = (_letters(passage.body[a:b])[0] for a, b in pairwise(edges))
        at = letters.find(before + inside + after) if inside else -1
        if at >= 0:
            start = at + len(before)
            return places[start], places[start + len(inside) - 1] + 1
    return None


def _letters(text: str) -> tuple[str, list[int]]:
    """Return the letters and digits of a text in lower case, and the offset of each."""
    letters = [(small, at) for at, letter in enumerate(text) if letter.isalnum() for small in letter.lower()]
    return "".join(small for small, _ in letters), [at for _, at in letters]
