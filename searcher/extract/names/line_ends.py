"""Text whose lines are broken at a width: names run on over such line ends."""

from __future__ import annotations

from itertools import pairwise
from statistics import median
from typing import Final

from searcher.article import Article
from searcher.extract.names.word_lists import SMALL

_MIN_SHARE: Final = 1 / 3  # of the lines surely go on: else they are paragraphs or a list
_WIDTHS: Final = range(30, 101)  # characters; shorter are the items of a list, longer paragraphs
_MIN_FULL: Final = 0.6  # of the usual length: a shorter line ends where it does for a reason
_ENDS: Final = '.!?:;"”’'
_BETWEEN: Final = "\n\n"


def joined_text(article: Article) -> str:
    """The text that a tagger reads: title and body with an empty line between, or the body alone, and blanks
    for the line ends within paragraphs."""
    body = unwrapped(article.body)
    return f"{article.title}{_BETWEEN}{body}" if article.title else body


def body_offset(article: Article) -> int:
    """Where the body begins in :func:`joined_text`."""
    return len(article.title) + len(_BETWEEN) if article.title else 0


def unwrapped(text: str) -> str:
    """The text with a blank for every line end that only keeps lines short; offsets stay."""
    lines = text.split("\n")
    touching = [(left, right) for left, right in pairwise(lines) if _touch(left, right)]
    going_on = [len(left) for left, right in touching if right[0].islower() or _is_open(left)]
    if not going_on or len(going_on) < _MIN_SHARE * len(touching) or round(median(going_on)) not in _WIDTHS:
        return text
    least = _MIN_FULL * median(going_on)
    parts = [lines[0]]
    for before, left, right in zip(["", *lines], lines, lines[1:]):
        goes_on = _touch(left, right) and (
            right[0].islower()
            or _is_open(left)
            or len(left) >= least
            or (not _touch(before, left) and _begins_paragraph(left, right, least))
        )
        parts += [" " if goes_on else "\n", right]
    return "".join(parts)


def _touch(left: str, right: str) -> bool:
    """Whether neither is empty nor indented: a paragraph may begin with blanks."""
    return bool(left and right) and not left[-1].isspace() and not right[0].isspace()


def _is_open(line: str) -> bool:
    """Whether its last word wants another: "the Chicago Board of"."""
    return line.rpartition(" ")[2] in SMALL


def _begins_paragraph(line: str, after: str, least: float) -> bool:
    """Whether a short line is no heading: the place and day that stood before it may have been taken away."""
    return len(after) >= least and line[-1] not in _ENDS and not line.isupper()
