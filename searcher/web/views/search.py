"""The search page."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from searcher.errors import QueryError
from searcher.fields import NOTE, OWN
from searcher.index import Index
from searcher.query.request import Search
from searcher.results import Results
from searcher.web.asking import Asked, hidden_fields
from searcher.web.meant import said_about, ways_on, with_whole_value
from searcher.web.narrowing import FACETS, among, chips, choices, tag_choices, telling
from searcher.web.paging import pager
from searcher.web.site import Site, site_of, strings_of
from searcher.web.timeline import timeline
from searcher.web.views.saved import saved_as

__all__ = ["search_page"]

#: What the form of the page has fields for.
_IN_FORM = frozenset({"q", "after", "before", "sort", "collapse", "offset", "correct", "match"})


def search_page(request: Request) -> Response:
    """Answer a search for articles."""
    asked, site = Asked.of(request), site_of(request)
    if asked.search.quotes:
        return RedirectResponse(asked.address("/quotes"), 303)
    if not asked.canonical:
        return RedirectResponse(asked.address("/"), 303)
    try:
        found = site.index.search(_counted(asked.search))
    except QueryError as error:
        values = {"search": asked.search, "error": error, **_form(asked.search, ())}
        return site.page(request, "search.html", {**values, "found": None}, 400)
    return site.page(
        request, "search.html", _shown(request, site, asked.search, found, asked.own.get("saved", ""))
    )


def _counted(search: Search) -> Search:
    """The search with the facets that the page shows."""
    own = (name for name in OWN if name != NOTE)
    return search.with_facets(*dict.fromkeys((*FACETS, *own, *search.facets)))


def _shown(request: Request, site: Site, search: Search, found: Results, saved: str) -> dict[str, Any]:
    words = strings_of(request)
    index = site.index
    own = index.own_tag_names()
    listed = [
        one
        for facet in found.facets.values()
        for one in (
            tag_choices(index, facet, search, own)
            if facet.field == "tag"
            else [choices(index, facet, search)]
        )
    ]
    facets = telling(listed, found.total)
    return {
        "search": search,
        "error": None,
        "saved_as": saved_as(site, search, saved),
        "ways": [] if found.total else ways_on(index, search, words),
        "found": found,
        "empty": not found.total and not index.count(),
        "chips": list(chips(search, "/", words)),
        "timeline": timeline(index, search.relaxed() if found.relaxed else search),
        "copies": _copies(index, found),
        "pager": pager(search, found.total, "/"),
        "meant": with_whole_value(index, search) if found.relaxed or not found.total else None,
        # “What did Lindqvist say about drilling?” is a question for statements.
        "about": said_about(index, among(search, quotes=True)) if found.relaxed else None,
        "as_typed": search.replace(correct=False, offset=0),
        **_form(search, [facet.parameter for facet in facets]),
        "facets": facets,
    }


def _copies(index: Index, found: Results) -> dict[str, int]:
    """The number of articles of each story that is shown as one hit."""
    stories = {hit.article.story for hit in found.hits} - {None} if found.collapsed else set()
    return {story: index.count(story=story) for story in stories if story}


def _form(search: Search, facets: list[str] | tuple[()]) -> dict[str, Any]:
    """What the form sends along unseen: what narrows the search and has no field in the form."""
    fields = {*_IN_FORM, *facets, *(f"not_{name}" for name in facets)}
    return {"hidden": hidden_fields(search, fields)}
