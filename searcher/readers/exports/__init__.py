"""Downloads from news databases: many articles in one file, told apart, dated and credited.

Pages are told by their markup, Word files by their bookmarks, plain lines by those that divide them. A
download that cannot be divided is an error, and never one article of the whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from searcher.article import Article
from searcher.errors import ReadError
from searcher.readers.exports import factiva, nexis, proquest, reviews

Found = Iterator[Article | ReadError]

#: What stands in the markup of each database; a page with it is a download if it says so or holds articles.
_PAGES = {
    "Nexis": ("<DOCFULL>",),
    "Factiva": ("articleParagraph", "activa"),
    "Europresse": ("DocPublicationName",),
    "ProQuest": ('name="DocID_', "ProQuest"),
    "Kikuzo": ("topic-detail", "detail001"),
    "Yomidasu": ("heiseiDetailContents",),
    "Integrum": ("^ИС:",),
    "DeFacto": ('class="eintrag"', "<pre>"),
}
#: ProQuest first: its “Document 1 of 500” is also a line of Nexis, its number of a document is of no other.
_LINES = (("ProQuest", proquest), ("Nexis", nexis), ("Factiva", factiva), ("a press review", reviews))

#: In small letters: to ignore case costs the search its speed.
_MARKS = re.compile(
    rf"\b(?:{nexis.END_WORDS}|\d+ of \d+ documents?|proquest document id"
    r"|[a-z0-9]{4,}(?:19|20)\d{6}[a-z][a-z0-9]{8})\b".lower().encode()
)
#: The line with the number of an article in each database.
_NUMBER = re.compile(
    r"[\W_]*(?:ProQuest document ID\W{1,5}\d{5,}|Document [A-Z0-9]{4,}(?:19|20)\d{6}[a-z][a-z0-9]{8}"
    r"|\d+ of \d+ DOCUMENTS|End of Document)\W*$",
    re.I,
)
_MIN_NUMBERS = 3  # so many say that it is a download
_OTHERWISE = "Download it in another format (text, RTF or Word)."
_QUOTED = re.compile(r"\s*(?:>+ ?)+")
#: Bytes around the word that all marks have in which the whole of a mark stands.
_MAX_MARK_BYTES = 100


def may_be_export(text: str, *, page: bool = False) -> bool:
    """Whether it is worth looking closer: cheap, and hardly ever true of anything else."""
    folded = text.encode("utf-8", "replace").lower()  # a fifth of the time that lower() of a text takes
    words = re.finditer(b"do[ck]ument", folded)
    marked = (
        _MARKS.search(folded, max(0, word.start() - _MAX_MARK_BYTES), word.end() + _MAX_MARK_BYTES)
        for word in words
    )
    return any(marked) or (not page and reviews.may_be(text))


def articles_in_page(text: str) -> Found | None:
    """The articles in a page that a database gave; None if it is none."""
    for name, marks in _PAGES.items():
        if all(mark in text for mark in marks):
            from searcher.readers.exports import pages

            parts, article = (getattr(pages, f"{name.lower()}_{what}") for what in ("parts", "article"))
            found = parts(text)
            if len(found) > 1 or any(map(article, found)) or _is_signed(name, text):
                return _articles(name, found, article)
    return None


def _is_signed(name: str, text: str) -> bool:
    """Whether a page says that it is of a database, in its title or where it claims rights."""
    return re.search(rf"(?:<title\b|&copy;|©)[^<]{{0,100}}{name}", text, re.I) is not None


def articles_of(lines: Sequence[str]) -> Found | None:
    """The articles in an export, given as its lines, which a mail may quote; None if it is none."""
    quoted = sum(map(bool, map(_QUOTED.match, lines)))
    if quoted > len(lines) / 2:
        lines = [_QUOTED.sub("", line) for line in lines]
    for name, database in _LINES:
        parts = database.split(lines)
        if parts:
            return _articles(name, parts, database.parse)
    marks = sum(bool(_NUMBER.match(line)) for line in lines)
    if marks >= _MIN_NUMBERS:
        text = f"It is a download of some {marks:,} articles, but they could not be told apart. {_OTHERWISE}"
        return iter((ReadError(text, parts=marks),))
    return None


def articles_in_word(paragraphs: Sequence[nexis.Paragraph]) -> Found | None:
    """The articles in a Word file of Nexis, which marks them by bookmarks; None if it is none."""
    parts = nexis.split_word(paragraphs)
    return _articles("Nexis", parts, nexis.parse_word) if parts else None


def articles_in_xml(root: Any) -> Found | None:
    """The articles in an answer of Factiva's; None if it is none."""
    from searcher.readers.exports import pages

    parts = list(pages.articles_in_xml(root))
    return _articles("Factiva", parts, pages.article_in_xml) if parts else None


def _articles(name: str, parts: Iterable[Any], parse: Callable[[Any], Article | None]) -> Found:
    """What cannot be read is counted in one ReadError at the end."""
    count = lost = 0
    for part in parts:
        count += 1
        article = parse(part)
        if article is None:
            lost += 1
        else:
            yield article
    if not count:
        yield ReadError(
            f"It is a download from {name}, but its articles could not be told apart. {_OTHERWISE}"
        )
    elif lost:
        yield ReadError(f"{lost} of {count} documents of the download from {name} have no text or no date.")
