"""The page of one article, read alone or among those that a search found."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from searcher.article import Article
from searcher.errors import SearcherError
from searcher.export.reference import citation, coins, meta, reference
from searcher.fields import NOTE, fields_of_tags, tag_of
from searcher.index import Index
from searcher.query.request import DEFAULT_LIMIT, Search
from searcher.results import Hit
from searcher.results.statements import Statement
from searcher.web.asking import Asked, address, article_address
from searcher.web.reading import Reading, reading
from searcher.web.site import site_of
from searcher.web.views.tags import STAR

__all__ = ["article_page", "article_of"]

#: Articles that are like one.
_MAX_RELATED = 5


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an article stands among what a search found."""

    number: int
    total: int
    back: str
    previous: str | None
    next: str | None


@dataclass(frozen=True, slots=True)
class _Steps:
    """The passage that is looked at, counted from 1 (0: none yet), and the ways to its neighbours."""

    number: int
    previous: str
    next: str


def article_page(request: Request) -> Response:
    """Show an article."""
    site, article = site_of(request), article_of(request)
    asked = Asked.of(request)
    noted = "noted" in asked.own
    asked = replace(asked, own={name: value for name, value in asked.own.items() if name != "noted"})
    cited = reference(article)
    in_title, in_body = _matches(site.index, article, asked.search)
    read = reading(site.index.named(article), in_title, in_body, asked.number("match"))
    values: dict[str, Any] = {
        "article": article,
        "reading": read,
        "steps": _steps(article, asked, read),
        "place": _place(site.index, asked),
        "tags": _tags(article),
        "note": "\n".join(fields_of_tags(article.tags).get(NOTE, ())),
        "noted": noted,
        "starred": STAR in article.tags,
        "related": site.index.related(article, _MAX_RELATED),
        "copies": site.index.count(story=article.story) if article.story else 0,
        "search": asked.search,
        "own": asked.own,
        "cited": citation(cited),
        "coins": coins(cited),
        "meta": list(meta(cited)),
    }
    return site.page(request, "article.html", values)


def article_of(request: Request) -> Article:
    """Return the article that the address names. Raises HTTPException (404)."""
    found = site_of(request).index.get(request.path_params["id"])
    if found is None:
        raise HTTPException(404)
    return found


def _tags(article: Article) -> list[tuple[str, str, str]]:
    """The tags of an article: the field of each, its value, and the tag as a whole."""
    fields = fields_of_tags(article.tags)
    return [
        (field, value, value if field == "tag" else tag_of(field, value))
        for field, values in fields.items()
        for value in values
        if field != NOTE
    ]


def _matches(index: Index, article: Article, search: Search) -> Any:
    try:
        return index.matches(article, search)
    except SearcherError:  # an old link: the article can be read whatever was asked
        return (), ()


def _place(index: Index, asked: Asked) -> _Place | None:
    """Return where the article stands, if the address says so."""
    number, search = asked.number("at"), asked.search
    if not number:
        return None
    first = max(0, number - 2)
    near = search.replace(offset=first, limit=3, snippets=False)
    found = index.statements(near) if search.quotes else index.search(near)
    around: dict[int, Hit | Statement] = dict(enumerate(found.hits, first + 1))

    def url(other: int) -> str | None:
        return _address(around[other], search, other) if other in around else None

    size = search.limit or DEFAULT_LIMIT
    page = search.replace(offset=(number - 1) // size * size)
    back = address("/quotes" if search.quotes else "/", page)
    return _Place(number, found.total, back, url(number - 1), url(number + 1))


def _steps(article: Article, asked: Asked, read: Reading) -> _Steps | None:
    """Return the ways from one passage with matches to another: those around the one that is looked at, in a
    circle."""
    number, total = read.here, read.passages
    if not total:
        return None

    def url(passage: int) -> str:
        one = (passage - 1) % total + 1
        return f"{article_address(article.id, asked.search, **{**asked.own, 'match': one})}#m{one}"

    return _Steps(number, url(number - 1 if number else total), url(number + 1))


def _address(hit: Hit | Statement, search: Search, at: int) -> str:
    if isinstance(hit, Hit):
        return article_address(hit.article.id, search, at=at)
    place = hit.whole
    return f"{article_address(place.article.id, search, at=at)}#q{place.parts[0].start}"
