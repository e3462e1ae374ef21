"""The page of a person, an organisation or a source: how often, when, with whom, and what was said."""

from __future__ import annotations

from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from searcher.index import Index
from searcher.names.table import one_alone
from searcher.query.request import Search
from searcher.query.tree import HasValue
from searcher.results import FacetValue, Results
from searcher.web import who
from searcher.web.asking import path_of
from searcher.web.narrowing import narrowed
from searcher.web.site import site_of
from searcher.web.timeline import timeline

__all__ = ["KINDS", "entity_page"]

KINDS: Final = ("person", "organisation", "source")
_FACETS: Final = ("person", "organisation", "source")
#: Values of each list, articles and statements that are shown.
_MAX_SHOWN: Final = 10
_MAX_LATEST: Final = 5


def entity_page(request: Request) -> Response:
    """Show what the archive has of somebody."""
    site, kind = site_of(request), request.path_params["kind"]
    asked = request.path_params["name"]
    if kind not in KINDS:
        raise HTTPException(404)
    found = who.meant(site.index, kind, asked)
    if len(found) != 1:
        values: dict[str, Any] = {"kind": kind, "name": asked, "names": [(one, None) for one in found]}
        return site.page(request, "entities.html", values, 200 if found else 404)
    if path_of(kind, found[0]) != path_of(kind, asked):
        return RedirectResponse(path_of(kind, found[0]), 303)
    return site.page(request, "entity.html", _values(site.index, kind, found[0]))


def _values(index: Index, kind: str, name: str) -> dict[str, Any]:
    # A condition rather than a filter: a facet leaves its own filter out, and who stands beside is asked.
    with_them = index.search(
        HasValue(kind, one_alone(kind, name)), sort="newest", limit=_MAX_LATEST, facets=_FACETS
    )
    articles = narrowed(Search(), kind, name)
    said = (
        Search(said_by=one_alone("speaker", name)) if kind != "source" else Search(quotes=True, source=name)
    )
    quotes = index.statements(said.replace(sort="newest", limit=_MAX_LATEST))
    return {
        "kind": kind,
        "name": name,
        "articles": articles,
        "said": said,
        "found": with_them,
        "quotes": quotes,
        "timeline": timeline(index, articles),
        "lists": [(field, _beside(with_them, field, name)) for field in _FACETS],
        "forms": who.forms(index, kind, name) if kind != "source" else {},
    }


def _beside(found: Results, field: str, name: str) -> list[FacetValue]:
    values = found.facets[field].values[: _MAX_SHOWN + 1]
    return [value for value in values if value.value != name][:_MAX_SHOWN]
