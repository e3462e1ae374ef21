"""What a bibliography says of an article, whatever the format."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from searcher.article import Article
from searcher.names.normalise import PARTICLES
from searcher.results import Hit
from searcher.results.quotations import QuoteHit
from searcher.sanitize import clean

__all__ = ["Author", "Reference", "reference", "references", "said"]

#: Authors that are no person.
_BODY = re.compile(
    r"\b(?:staff|agency|agencies|press|news|reuters|agence|desk|team|redaktion|rédaction)\b", re.I
)

#: Chinese, Japanese and Korean, which put the family first: no name of theirs is turned round.
_FAMILY_FIRST = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class Author:
    """A person by family and given name; a body, who has one name only, and who has
    the family first anyway, without the second."""

    family: str
    given: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """An article as a bibliography lists it; ``notes`` are quotations in it."""

    id: str
    title: str
    authors: tuple[Author, ...] = ()
    source: str = ""
    published: dt.date | None = None
    url: str = ""
    language: str = ""
    section: str = ""
    tags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def reference(article: Article, notes: Iterable[str] = ()) -> Reference:
    """Return the reference of an article."""
    return Reference(
        clean(article.id),
        clean(article.title) or clean(article.id),
        tuple(map(_author, article.authors)),
        clean(article.source or ""),
        article.published.date() if article.published else None,
        clean(article.url or ""),
        clean(article.language or ""),
        clean(article.section or ""),
        tuple(map(clean, article.tags)),
        tuple(map(clean, notes)),
    )


def references(hits: Iterable[Hit | QuoteHit]) -> Iterator[Reference]:
    """Return the reference of each article found; one of which several quotations were found once, with
    these as its notes."""
    statements: dict[str, tuple[Article, list[str]]] = {}
    for hit in hits:
        if isinstance(hit, Hit):
            yield reference(hit.article)
        else:
            statements.setdefault(hit.article.id, (hit.article, []))[1].append(said(hit))
    for article, notes in statements.values():
        yield reference(article, notes)


def said(hit: QuoteHit) -> str:
    """Return a quotation with its speaker in one line."""
    words = clean(hit.quote.text)
    quoted = words if hit.quote.kind == "indirect" else f"“{words}”"
    return f"{clean(hit.speaker)}: {quoted}" if hit.speaker else quoted


def _author(name: str) -> Author:
    """Part a name: “Ludwig van Beethoven” is “van Beethoven, Ludwig”."""
    name = clean(name).strip()
    if ", " in name:
        family, given = name.split(", ", 1)
        return Author(family, given)
    words = name.split()
    at = len(words) - 1
    while at > 1 and words[at - 1].lower() in PARTICLES:
        at -= 1
    if at < 1 or _BODY.search(name) or _FAMILY_FIRST.search(name):
        return Author(name)
    return Author(" ".join(words[at:]), " ".join(words[:at]))
