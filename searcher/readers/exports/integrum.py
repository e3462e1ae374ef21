"""Integrum: a table cell with coded fields, a headline, and the text as it was set."""

from __future__ import annotations

import re

from bs4 import Tag

from searcher.article import Article
from searcher.readers import bylines, dates
from searcher.readers.exports.markup import line_of, parsed
from searcher.readers.paragraphs import paragraphs

__all__ = ["article", "parts"]


#: The codes of its fields: источник, рубрика, дата, автор, заголовок, источник в сети.
_SOURCE, _SECTION, _DATE, _AUTHOR, _TITLE, _ADDRESS = "ИС", "РБ", "ДТ", "АВ", "ЗГ", "АД"
_FIELD = re.compile(r"\^(\w{2}):\s*(.*?)\s*(?=\^\w{2}:|\Z)", re.S)


def parts(text: str) -> list[Tag]:
    """The element of each document."""
    cells = parsed(text).find_all("td", string=None)
    found = [cell for cell in cells if _FIELD.search(cell.get_text())]
    return [part for cell in found if isinstance(part := cell.find_parent("div"), Tag)]


def article(part: Tag) -> Article | None:
    """One document; None when it has no body or no date."""
    cell = part.find("td")
    values = {
        code: " ".join(value.split()) for code, value in _FIELD.findall(cell.get_text() if cell else "")
    }
    body = [line for text in part.find_all("pre") for line in paragraphs(text.get_text())]
    published = dates.parse(values.get(_DATE))
    if not body or published is None:
        return None
    return Article(
        id="",
        title=values.get(_TITLE) or line_of(part.find("h3")),
        body="\n\n".join(body),
        url=values.get(_ADDRESS),
        source=values.get(_SOURCE),
        authors=bylines.names(values.get(_AUTHOR, "").strip(" ,")),
        published=published,
        language="ru",
        section=values.get(_SECTION),
    )
