"""Kikuzo (Asahi Shimbun): for each article a table of facts and a table with headline and text."""

from __future__ import annotations

from bs4 import Tag

from searcher.article import Article
from searcher.readers import dates
from searcher.readers.exports.markup import line_of, lines_of, parsed

__all__ = ["article", "parts"]


#: The heads of the columns: date, page as the paper calls it, and where it appeared.
_DATE, _SECTION, _MEDIUM = "発行日", "面名", "媒体"
_PUBLISHER = "朝日新聞"


def parts(text: str) -> list[tuple[Tag, Tag]]:
    """The two tables of each article."""
    details = parsed(text).select("table.topic-detail")
    facts = [detail.find_previous("table", class_="topic-list") for detail in details]
    return [(fact, detail) for fact, detail in zip(facts, details) if isinstance(fact, Tag)]


def article(part: tuple[Tag, Tag]) -> Article | None:
    """One article; None when it has no body (rights of others) or no date."""
    facts, detail = part
    values = dict(zip(map(line_of, facts.select("th")), map(line_of, facts.select("td"))))
    body = [line for element in detail.select(".detail001") for line in lines_of(element)]
    published = dates.parse(values.get(_DATE)) or dates.in_text(" ".join(values.values()))
    if not body or published is None:
        return None
    return Article(
        id="",
        title=line_of(detail.select_one(".font002")),
        body="\n\n".join(body),
        source=values.get(_MEDIUM) or _PUBLISHER,
        published=published,
        language="ja",
        section=values.get(_SECTION) or None,
    )
