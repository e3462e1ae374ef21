"""Read downloads from news databases: files with many articles, each with date and author.

Pages are recognised by their markup, Word files by their bookmarks, plain text by its separators. A download
that cannot be split is an error and never becomes a single article.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import chain, islice
from typing import Any

from searcher.article import Article
from searcher.errors import ReadError
from searcher.extensions.databases import factiva, nexis, proquest, reviews
from searcher.readers.downloads import Articles, Paragraph

#: Strings that all occur in pages of a database. A page is a download if it also names the database or
#: contains articles.
_PAGE_MARKS = {
    "Nexis": ("<DOCFULL>",),
    "Factiva": ("articleParagraph", "activa"),
    "Europresse": ("DocPublicationName",),
    "ProQuest": ('name="DocID_', "ProQuest"),
    "Kikuzo": ("topic-detail", "detail001"),
    "Yomidasu": ("heiseiDetailContents",),
    "Integrum": ("^ИС:",),
    "DeFacto": ('class="eintrag"', "<pre>"),
}
#: ProQuest is first: its line "Document 1 of 500" also occurs in Nexis, but its document numbers are unique.
_TEXT_DATABASES = (
    ("ProQuest", proquest),
    ("Nexis", nexis),
    ("Factiva", factiva),
    ("a press review", reviews),
)

#: In lower case, since ignoring case is much slower.
_MARKS = re.compile(
    rf"\b(?:{nexis.END_WORDS}|\d+ of \d+ documents?|proquest document id"
    r"|[a-z0-9]{4,}(?:19|20)\d{6}[a-z][a-z0-9]{8})\b".lower().encode()
)
#: The line with the number of an article, in each database.
_NUMBER = re.compile(
    r"[\W_]*(?:ProQuest document ID\W{1,5}\d{5,}|Document [A-Z0-9]{4,}(?:19|20)\d{6}[a-z][a-z0-9]{8}"
    r"|\d+ of \d+ DOCUMENTS|End of Document)\W*$",
    re.I,
)
_MIN_NUMBERS = 3  # minimum number of such lines in a download
_ADVICE = "Download it in another format (text, RTF or Word)."
_QUOTED = re.compile(r"\s*(?:>+ ?)+")
#: Maximum length of a mark on either side of the word "document" in it.
_MAX_MARK_BYTES = 100


class Databases:
    """Recognises downloads from news databases, and press reviews."""

    @staticmethod
    def articles_in_text(text: str) -> Articles | None:
        return articles_in_lines(text.split("\n")) if may_be_download(text) else None

    @staticmethod
    def articles_in_lines(lines: Sequence[str]) -> Articles | None:
        return articles_in_lines(lines)

    @staticmethod
    def articles_in_page(page: str, lines: Callable[[], Sequence[str]]) -> Articles | None:
        for name, marks in _PAGE_MARKS.items():
            if all(mark in page for mark in marks):
                from searcher.extensions.databases.pages import DATABASES

                articles = DATABASES[name](page)
                first = list(islice(articles, 2))
                if len(first) > 1 or any(first) or _names_database(name, page):
                    return _events(name, chain(first, articles))
        return articles_in_lines(lines()) if may_be_download(page, page=True) else None

    @staticmethod
    def articles_in_word(paragraphs: Sequence[Paragraph]) -> Articles | None:
        parts = nexis.split_word(paragraphs)
        return _events("Nexis", map(nexis.parse_word, parts)) if parts else None

    @staticmethod
    def articles_in_xml(root: Any) -> Articles | None:
        from searcher.extensions.databases import pages

        articles = pages.articles_in_xml(root)
        return _events("Factiva", articles) if articles else None


def may_be_download(text: str, *, page: bool = False) -> bool:
    """Return True if the text may be a database download. A cheap check with few false positives."""
    folded = text.encode("utf-8", "replace").lower()  # five times as fast as lower() of text
    words = re.finditer(b"do[ck]ument", folded)
    marked = (
        _MARKS.search(folded, max(0, word.start() - _MAX_MARK_BYTES), word.end() + _MAX_MARK_BYTES)
        for word in words
    )
    return any(marked) or (not page and reviews.may_be_review(text))


def _names_database(name: str, text: str) -> bool:
    """Return True if the title or the copyright notice of a page names the database."""
    return re.search(rf"(?:<title\b|&copy;|©)[^<]{{0,100}}{name}", text, re.I) is not None


def articles_in_lines(lines: Sequence[str]) -> Articles | None:
    """Return the articles in the lines of a download, which may be quoted in a mail, or None."""
    quoted = sum(map(bool, map(_QUOTED.match, lines)))
    if quoted > len(lines) / 2:
        lines = [_QUOTED.sub("", line) for line in lines]
    for name, database in _TEXT_DATABASES:
        parts = database.split(lines)
        if parts:
            return _events(name, map(database.parse, parts))
    marks = sum(bool(_NUMBER.match(line)) for line in lines)
    if marks >= _MIN_NUMBERS:
        text = f"It is a download of about {marks:,} articles, but they could not be separated. {_ADVICE}"
        return iter((ReadError(text, parts=marks),))
    return None


def _events(name: str, articles: Iterable[Article | None]) -> Articles:
    """Yield the articles, and one error that counts the documents that are not articles."""
    count = lost = 0
    for article in articles:
        count += 1
        if article is None:
            lost += 1
        else:
            yield article
    if not count:
        yield ReadError(f"It is a download from {name}, but its articles could not be separated. {_ADVICE}")
    elif lost:
        yield ReadError(f"{lost} of {count} documents of the download from {name} have no text or no date.")
