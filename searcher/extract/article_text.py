"""The language and the text of an article for extraction."""

from __future__ import annotations

from itertools import pairwise
from statistics import median
from typing import Final

from searcher.article import Article
from searcher.languages import ENGLISH, is_served, word_list
from searcher.languages.detection import detect


def language_of(article: Article) -> str | None:
    """Return the language of an article, None if it is unsupported. A few plain words are English."""
    language = article.language if article.cleaner else detect(article.body, article.language)
    if language is None:
        letters = [char for char in (article.body or article.title)[:1000] if char.isalpha()]
        return ENGLISH if sum(map(str.isascii, letters)) >= 0.9 * len(letters) else None
    return language if is_served(language) else None


_SMALL: Final = word_list("SMALL")
_MIN_SHARE: Final = 1 / 3  # minimum share of lines that continue a sentence in wrapped text
# Usual characters per line of wrapped text. List items are shorter, and unwrapped paragraphs longer.
_WIDTHS: Final = range(30, 101)
_MIN_SHARE_OF_LENGTH: Final = 0.6  # a line shorter than this share of the median was not wrapped
_ENDS: Final = '.!?:;"”’'
_TITLE_END: Final = "\n\n"


def joined_text(article: Article) -> str:
    """Return the text for a tagger: title and body, without line ends inside paragraphs."""
    body = unwrapped_text(article.body)
    return f"{article.title}{_TITLE_END}{body}" if article.title else body


def body_offset(article: Article) -> int:
    return len(article.title) + len(_TITLE_END) if article.title else 0


def unwrapped_text(text: str) -> str:
    """Replace the line ends of wrapped lines by spaces. Offsets stay the same."""
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
    """Return True if neither line is empty or indented at the break: a paragraph may start with spaces."""
    return bool(left and right) and not left[-1].isspace() and not right[0].isspace()


def _is_open(line: str) -> bool:
    """Return True if the last word needs another: "the Chicago Board of"."""
    return line.rpartition(" ")[2] in _SMALL


def _begins_paragraph(line: str, after: str, least: float) -> bool:
    """Return True if a short line starts a paragraph whose place and day were removed, not a heading."""
    return len(after) >= least and line[-1] not in _ENDS and not line.isupper()
