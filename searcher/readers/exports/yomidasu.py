"""Yomidasu (Yomiuri Shimbun): a row of facts, and below it the paragraphs."""

from __future__ import annotations

from bs4 import Tag

from searcher.article import Article
from searcher.readers import dates
from searcher.readers.exports.markup import line_of, lines_of, parsed

__all__ = ["article", "parts"]


_PUBLISHER = "読売新聞"


def parts(text: str) -> list[tuple[list[str], Tag]]:
    """The cells of the row of each article, and the element that holds its text."""
    out = []
    for row in parsed(text).select("table.contentsTable"):
        contents = row.find_next("div", id="heiseiDetailContents")
        if isinstance(contents, Tag):
            out.append((list(map(line_of, row.select("th, td"))), contents))
    return out


def article(part: tuple[list[str], Tag]) -> Article | None:
    """One article; None when it has no body or no date. After the date: headline, edition, section."""
    cells, contents = part
    dated = next((n for n, cell in enumerate(cells) if dates.parse(cell)), None)
    body = [line for element in contents.select("p.mb10") for line in lines_of(element)]
    if dated is None or not body:
        return None
    after = [*cells[dated + 1 :], "", "", ""]
    return Article(
        id="",
        title=after[0],
        body="\n\n".join(body),
        source=_PUBLISHER,
        published=dates.parse(cells[dated]),
        language="ja",
        section=after[2] or None,
    )
