"""Downloads from Nexis, Factiva and ProQuest: many articles in one file, told apart, dated and credited."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from searcher.article import Article
from searcher.errors import ReadError
from searcher.readers.exports import factiva, nexis, proquest

__all__ = ["articles_of", "may_be_export"]

_DATABASES = (("Nexis", nexis), ("Factiva", factiva), ("ProQuest", proquest))

_MARKS = re.compile(
    r"\bEnd of Document\b|\b\d+ of \d+ DOCUMENTS?\b|\bDocument [A-Z]{3,}\w*\d{8}\w+|\bProQuest document ID\b",
    re.I,
)
#: Characters around the word that all marks have in which the whole of a mark stands.
_AROUND = 100

Parser = Callable[[Sequence[str]], Article | None]


def may_be_export(text: str) -> bool:
    """Whether it is worth looking closer: cheap, and hardly ever true of anything else. To look for the marks
    themselves all through a saved page took a 25th of the time from the page to the index."""
    lowered = text.lower()
    words = re.finditer("document", lowered)
    return any(_MARKS.search(lowered, max(0, word.start() - _AROUND), word.end() + _AROUND) for word in words)


def articles_of(lines: Sequence[str]) -> Iterator[Article | ReadError] | None:
    """The articles in an export, given as its lines without blank ones; None if it is none.

    What cannot be told apart is counted in one ReadError at the end.
    """
    for name, database in _DATABASES:
        parts = database.split(lines)
        if parts:
            return _articles(name, parts, database.parse)
    return None


def _articles(name: str, parts: Sequence[Sequence[str]], parse: Parser) -> Iterator[Article | ReadError]:
    lost = 0
    for part in parts:
        article = parse(part)
        if article is None:
            lost += 1
        else:
            yield article
    if lost:
        yield ReadError(f"{lost} of {len(parts)} documents in the {name} export could not be told apart.")
