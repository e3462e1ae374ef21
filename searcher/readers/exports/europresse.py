"""Europresse (Eureka.cc): ``<article>`` elements with a header and a footer, or, before 2014, table cells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bs4 import Tag

from searcher.article import Article
from searcher.readers import bylines, dates
from searcher.readers.exports.fields import is_copyright
from searcher.readers.exports.markup import line_of, paragraphs_of, parsed
from searcher.readers.html.fragment import fragment_paragraphs

__all__ = ["article", "parts"]


_NUMBER = re.compile(r"news·\d{8}·\w+·[\w·]+")
#: Behind the name of a publication: its number and how often it appears.
_ISSUE = re.compile(r"\s*(?:,\s*(?:no|n°|nº)\.?\s.*|\(.*\)\s*.*)$", re.I)
_BODY = ".docOcurrContainer, .DocText"


def parts(text: str) -> list[Tag]:
    """The element of each article."""
    page = parsed(text)
    found = page.select("article")
    if found:
        return [element for element in found if element.select_one(".DocPublicationName")]
    names = page.select("span.DocPublicationName")
    return [cell for name in names if isinstance(cell := name.find_parent("td"), Tag)]


def article(part: Tag) -> Article | None:
    """One article; None when it has no body or no date."""
    title = part.select_one(".titreArticle, .titreArticleVisu, .TitreArticleVisu")
    heads = [line_of(head) for head in part.select(".DocHeader, .DocTitreSousSection")]
    published = dates.in_text(" ".join(heads)) or dates.in_text(line_of(part.find("header")))
    inside = part.select_one(_BODY)
    body, signed = (paragraphs_of([inside]), ()) if inside else _after(title)
    number = _NUMBER.search(part.get_text())
    source = line_of(part.select_one(".DocPublicationName"))
    if not body or published is None:
        return None
    return Article(
        id=number[0] if number else "",
        title=line_of(title),
        body="\n\n".join(body),
        source=_ISSUE.sub("", source) or source,
        authors=bylines.names(line_of(part.select_one(".docAuthors, .sm-margin-bottomNews"))) or signed,
        published=published,
        section=_section(heads),
    )


def _section(heads: Sequence[str]) -> str | None:
    """What stands before the day of the week and the date."""
    first = " ".join(heads).split(",")[0].strip()
    return None if not first or dates.in_text(first) or "," not in " ".join(heads) else first


def _after(title: Tag | None) -> tuple[list[str], tuple[str, ...]]:
    """The paragraphs and the author that follow the title in a table cell, up to the notice of copyright."""
    if title is None:
        return [], ()
    kept = "".join(str(piece) for piece in _until_certificate(title))
    found = fragment_paragraphs(re.sub(r"(?:<br/?>\s*){2,}", "<p></p>", kept))
    ended = next(
        (n for n, part in enumerate(found) if is_copyright(part) or _NUMBER.search(part)), len(found)
    )
    found = found[:ended]
    if len(found) > 1 and len(found[0]) < 80 and bylines.is_name(found[0]):
        return found[1:], bylines.names(found[0])
    return found, ()


def _until_certificate(title: Tag) -> Iterator[object]:
    """What stands beside the title and after it, up to the table that certifies the download."""
    for piece in title.next_siblings:
        if isinstance(piece, Tag) and piece.name == "table" and _NUMBER.search(piece.get_text()):
            return
        yield piece
