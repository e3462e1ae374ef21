"""All values of a facet, on a page of their own: searched, in either order, and page by page."""

from __future__ import annotations

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from searcher.fields import facet_field
from searcher.names.table import one_alone
from searcher.query.request import Search
from searcher.results import FacetValue
from searcher.web import who
from searcher.web.asking import Asked, address
from searcher.web.narrowing import narrowed
from searcher.web.site import Site, site_of

__all__ = ["matching_values", "values_page"]

_PAGE: Final = 200


def values_page(request: Request) -> Response:
    """Show the values of a facet among what a search finds."""
    asked, site = Asked.of(request), site_of(request)
    field = facet_field(request.path_params["field"])
    path = f"/values/{field.name}"
    if not asked.canonical:
        return RedirectResponse(asked.address(path), 303)
    holding, by_name = asked.own.get("find", ""), asked.own.get("order") == "name"
    values = matching_values(site, asked.search, field.name, holding)
    if by_name:
        values = sorted(values, key=lambda one: one.value.casefold())
    last = max(1, -(-len(values) // _PAGE))
    page = min(max(asked.number("page"), 1), last)

    def url(**changes: str) -> str:
        return address(path, asked.search, {**asked.own, **changes})

    shown: dict[str, Any] = {
        "field": field,
        "search": asked.search,
        "own": asked.own,
        "values": [
            (one, _chosen(asked.search, field.name, one)) for one in values[(page - 1) * _PAGE : page * _PAGE]
        ],
        "total": len(values),
        "by_name": by_name,
        "orders": (url(order="count"), url(order="name")),
        "previous": url(page=str(page - 1)) if page > 1 else None,
        "next": url(page=str(page + 1)) if page < last else None,
        "back": address(_page_of(asked.search), asked.search),
        "hidden": [pair for pair in asked.pairs() if pair[0] not in ("_find", "_page")],
    }
    return site.page(request, "values.html", shown)


def matching_values(site: Site, search: Search, field: str, holding: str) -> list[FacetValue]:
    """Return the values of a facet that hold a text, most frequent first."""
    asked = search.replace(limit=0, offset=0, facets=(field,), snippets=False)
    facets = (site.index.statements(asked) if search.quotes else site.index.search(asked)).facets
    facet = facets[field]
    if not holding:
        return list(facet.values)
    return who.holding(facet.values, holding)


def _chosen(search: Search, field: str, value: FacetValue) -> str:
    """The address of the search that is narrowed to a value too."""
    if search.quotes and field == "speaker":
        speakers = (*search.speakers, one_alone(field, value.value))
        return address("/quotes", search.replace(offset=0).said_by(*speakers, confidence=search.confidence))
    return address(_page_of(search), narrowed(search, field, value.value))


def _page_of(search: Search) -> str:
    return "/quotes" if search.quotes else "/"
