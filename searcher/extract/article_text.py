"""An article as its stages read it: in which language, and as what text."""

from __future__ import annotations

from itertools import pairwise
from statistics import median
from typing import Final

from searcher.article import Article
from searcher.languages import ENGLISH, english, is_served
from searcher.languages.detection import detect


def language_of(article: Article) -> str | None:
    """The language to extract in: English (also of a few plain words), another that is served, else None."""
    language = article.language if article.cleaner else detect(article.body, article.language)
    if language is None:
        return ENGLISH if _is_ascii(article.body or article.title) else None
    return language if is_served(language) else None


def _is_ascii(text: str) -> bool:
    """Whether nine in ten of the first letters are of the English alphabet."""
    letters = [char for char in text[:1000] if char.isalpha()]
    return sum(map(str.isascii, letters)) >= 0.9 * len(letters)


_SMALL: Final = english("SMALL")
_MIN_SHARE: Final = 1 / 3  # of the lines surely go on: else they are paragraphs or a list
_WIDTHS: Final = range(30, 101)  # characters; shorter are the items of a list, longer paragraphs
_MIN_SHARE_OF_LENGTH: Final = 0.6  # of the usual length: a shorter line ends where it does for a reason
_ENDS: Final = '.!?:;"”’'
_TITLE_END: Final = "\n\n"


def joined_text(article: Article) -> str:
    """The text that a tagger reads: title and body, with blanks for the line ends within paragraphs."""
    body = unwrapped_text(article.body)
    return f"{article.title}{_TITLE_END}{body}" if article.title else body


def body_offset(article: Article) -> int:
    """Where the body begins in :func:`joined_text`."""
    return len(article.title) + len(_TITLE_END) if article.title else 0


def unwrapped_text(text: str) -> str:
    """The text with a blank for every line end that only keeps lines short; offsets stay."""
    lines = text.split("\n")
    touching = [(left, right) for left, right in pairwise(lines) if _touch(left, right)]
    going_on = [len(left) for left, right in touching if right[0].islower() or _is_open(left)]
    if not going_on or len(going_on) < _MIN_SHARE * len(touching) or round(median(going_on)) not in _WIDTHS:
        return text
    least = _MIN_SHARE_OF_LENGTH * median(going_on)
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
    return line.rpartition(" ")[2] in _SMALL


def _begins_paragraph(line: str, after: str, least: float) -> bool:
    """Whether a short line is no heading: the place and day that stood before it may have been taken away."""
    return len(after) >= least and line[-1] not in _ENDS and not line.isupper()
