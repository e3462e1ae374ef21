"""Saved searches and what is new in them; any search as a feed."""

from __future__ import annotations

from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from searcher.errors import UsageError
from searcher.export.markup import atom
from searcher.query.request import Search
from searcher.results import Hit
from searcher.results.quotations import QuoteHit
from searcher.saved_searches import SavedSearches
from searcher.web.asking import Asked, address, article_address
from searcher.web.narrowing import in_words
from searcher.web.settings import MAX_QUERY
from searcher.web.site import Site, site_of, strings_of

__all__ = ["change_saved", "feed", "saved_as", "saved_page"]

#: Hits of a feed; new ones that a page shows of a saved search.
_MAX_IN_FEED: Final = 50
_MAX_NEW: Final = 10


def saved_page(request: Request) -> Response:
    """Show the saved searches, each with what is new in it."""
    site, words = site_of(request), strings_of(request)
    rows: list[dict[str, Any]] = []
    for one in _searches(site):
        news = _searches(site).new_hits(one, site.index)
        path = _path(one.search)
        rows.append(
            {
                "name": one.name,
                "url": address(path, one.search),
                "search": one.search,
                "about": in_words(one.search, words),
                "new": len(news),
                "hits": news[:_MAX_NEW],
            }
        )
    return site.page(request, "saved.html", {"rows": rows})


async def change_saved(request: Request) -> Response:
    """Save a search, mark what is new in one as seen, or forget one."""
    async with request.form(max_fields=20, max_part_size=4 * MAX_QUERY) as form:
        action, name, asked = (str(form.get(key, "")).strip() for key in ("action", "name", "search"))
    await run_in_threadpool(_change, site_of(request), action, name, asked)
    if action == "save":
        search = Search.from_url(asked)
        return RedirectResponse(address(_path(search), search, {"saved": name}), 303)
    return RedirectResponse("/saved", 303)


def _change(site: Site, action: str, name: str, asked: str) -> None:
    searches = _searches(site)
    match action:
        case "save":
            searches.save(name, Search.from_url(asked), site.index)
        case "seen":
            saved = searches.get(name)
            searches.mark_seen(saved, searches.new_hits(saved, site.index))
        case "forget":
            searches.delete(name)
        case _:
            raise UsageError("A search is saved, seen or forgotten.")


def feed(request: Request) -> Response:
    """Send the newest that a search finds as a feed."""
    site, search = site_of(request), Asked.of(request).search
    newest = search.replace(sort="newest", limit=_MAX_IN_FEED, offset=0, facets=(), correct=False)
    hits = (site.index.quotes(newest) if search.quotes else site.index.search(newest)).hits
    told = " · ".join(in_words(search, strings_of(request)))
    title = _name_of(site, search) or told or "Searcher"
    before = str(request.base_url).rstrip("/")
    found = [(before + _place_of(hit), hit) for hit in hits]
    made = atom(title, before + address(_path(search), search), found)
    # Without the encoding here, browsers that show the text take it for another.
    return Response(made, media_type="application/atom+xml; charset=utf-8")


def _place_of(hit: Hit | QuoteHit) -> str:
    """Where a hit is read."""
    place = article_address(hit.article.id)
    return f"{place}#q{hit.quote.start}" if isinstance(hit, QuoteHit) else place


def saved_as(site: Site, search: Search, name: str) -> str | None:
    """Return the name that an address gives a search, if the search is saved under it; else None."""
    if not name or site.index.beside is None:
        return None
    return name if _searches(site).holds(name, search) else None


def _name_of(site: Site, search: Search) -> str | None:
    return None if site.index.beside is None else _searches(site).name_of(search)


def _path(search: Search) -> str:
    return "/quotes" if search.quotes else "/"


def _searches(site: Site) -> SavedSearches:
    if site.index.beside is None:
        raise HTTPException(404)
    return SavedSearches.of(site.index)
