"""Factiva's HTML and XML downloads, whatever the language of the interface.

HTML comes in two layouts: a table with codes of two or three letters (HD, PD, …), or bare lines in a fixed
order: section, headline, author, number of words, date, time, source, its code, edition, page, language,
copyright.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from bs4 import Tag

from searcher.article import Article
from searcher.readers import dates
from searcher.readers.exports.factiva import LENGTH, TIME, accession, of_codes
from searcher.readers.exports.fields import authors, section
from searcher.readers.exports.markup import line_of, paragraphs_of, parsed
from searcher.readers.xml import local, text_of

__all__ = ["article", "article_in_xml", "articles_in_xml", "parts"]


_NUMBERED = re.compile(r"^\d+\)\s+")  # where the interface counts the headlines


def parts(text: str) -> list[Tag]:
    """The element of each article."""
    found = parsed(text).select("div.article")
    return [element for element in found if not element.select_one("div.article")]


def article(part: Tag) -> Article | None:
    """One article; None when it has no body or no date."""
    return _coded(part) if part.select_one("td.index") else _bare(part)


def _coded(part: Tag) -> Article | None:
    cells: dict[str, Tag] = {}
    for label in part.select("td.index"):
        value = label.find_next_sibling("td")
        if isinstance(value, Tag):
            cells.setdefault(line_of(label), value)
    one = {code: line_of(cell) for code, cell in cells.items()}
    return of_codes(one, paragraphs_of(cells[code] for code in ("LP", "TD") if code in cells))


def _bare(part: Tag) -> Article | None:
    headline = part.select_one('[class*="Headline"]')
    rows = [line for line in map(line_of, part.find_all("div", class_=False, id=False)) if line]
    counted = next((n for n, row in enumerate(rows) if LENGTH.match(row)), None)
    if counted is None:
        return None
    published, source, language = _after_length(rows[counted + 1 :])
    body = paragraphs_of(part.select("p.articleParagraph"))
    if not body or published is None:
        return None
    author = part.select_one(".author")
    return Article(
        id=accession(line_of(part)) or accession(str(part.parent.get("id") if part.parent else "")),
        title=_NUMBERED.sub("", line_of(headline)),
        body="\n\n".join(body),
        source=source,
        authors=authors(line_of(author)),
        published=published,
        language=language,
        section=section(_above(part, headline)),
    )


def _after_length(rows: Sequence[str]) -> tuple[Any, str | None, str | None]:
    """Date, source and language. The language stands before the copyright, which is the last."""
    clock = rows[1] if len(rows) > 1 and TIME.match(rows[1]) else ""
    rest = rows[2:] if clock else rows[1:]
    language = rest[-2] if len(rest) > 3 else None
    return dates.parse(f"{rows[0] if rows else ''} {clock}".strip()), (rest[0] if rest else None), language


def _above(part: Tag, headline: Tag | None) -> str:
    """What stands above the headline: the section."""
    before = ""
    for element in part.find_all("div"):
        if headline is not None and (element is headline or headline in element.descendants):
            return before
        before = line_of(element) if not element.attrs else before
    return ""


def articles_in_xml(root: Any) -> Iterator[Any]:
    """The elements of articles in an answer of Factiva's; none where it is no such answer."""
    for element in root.iter():
        if local(element) == "article" and any(local(child) == "accessionNo" for child in element):
            yield element


def article_in_xml(element: Any) -> Article | None:
    """One article; None when it has no text."""
    values: dict[str, list[Any]] = {}
    for child in element:
        values.setdefault(local(child), []).append(child)
    body = [
        text_of(p)
        for name in ("leadParagraph", "tailParagraphs")
        for field in values.get(name, ())
        for p in field
    ]

    def one(*names: str) -> str:
        return next(
            (text for name in names for found in values.get(name, ()) if (text := text_of(found))), ""
        )

    if not any(body):
        return None
    return Article(
        id=one("accessionNo"),
        title=one("headline"),
        body="\n\n".join(filter(None, body)),
        source=one("sourceName") or None,
        authors=authors(one("byline")),
        published=dates.parse(f"{one('publicationDate')} {one('publicationTime')}".strip()),
        language=one("baseLanguage") or None,
        section=one("sectionName", "columnName") or None,
        tags=tuple(text_of(found) for found in values.get("newsSubject", ())),
    )
