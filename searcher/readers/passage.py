"""A passage of an article, and where it stands in the text of its file."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple


class Passage(NamedTuple):
    """A passage: ``body[start:end]`` of an article."""

    body: str
    start: int
    end: int


#: Characters on each side of a passage by which it is told from others, fewer where these are not found.
_CONTEXT_CHARACTERS = (160, 60, 20, 0)


def find(text: str, passage: Passage, *, alone: bool = True) -> tuple[int, int] | None:
    """Where in a text the passage stands, from its first letter to its last, whatever became of spaces and
    signs. None where it does not; without ``alone`` also where nothing that stands beside it does."""
    letters, places = _letters(text)
    for around in _CONTEXT_CHARACTERS if alone else _CONTEXT_CHARACTERS[:-1]:
        edges = (max(0, passage.start - around), passage.start, passage.end, passage.end + around)
        before, inside, after = (_letters(passage.body[a:b])[0] for a, b in pairwise(edges))
        at = letters.find(before + inside + after) if inside else -1
        if at >= 0:
            start = at + len(before)
            return places[start], places[start + len(inside) - 1] + 1
    return None


def _letters(text: str) -> tuple[str, list[int]]:
    """The letters and digits of a text, small, and where each stands."""
    found = [(small, at) for at, letter in enumerate(text) if letter.isalnum() for small in letter.lower()]
    return "".join(small for small, _ in found), [at for _, at in found]
