"""The same answers for programs, as JSON. ``openapi.json`` says what can be asked."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from searcher.fields import facet_field
from searcher.web.asking import Asked
from searcher.web.site import Data, site_of
from searcher.web.views.article import article_of
from searcher.web.views.values import matching_values

__all__ = ["api_article", "api_facet", "api_quotes", "api_search", "api_statements", "openapi"]

#: Values of a facet in one answer.
_MAX_VALUES: Final = 1_000


def api_search(request: Request) -> Response:
    """Answer a search for articles."""
    search = Asked.of(request).search
    return _answer("search", {"query": search.text, **site_of(request).index.search(search).to_dict()})


def api_quotes(request: Request) -> Response:
    """Answer a search for quotations."""
    search = Asked.of(request, quotes=True).search
    return _answer("quotes", {"query": search.text, **site_of(request).index.quotes(search).to_dict()})


def api_statements(request: Request) -> Response:
    """Answer a search for statements: each once, with everyone who carried it."""
    search = Asked.of(request, quotes=True).search
    return _answer(
        "statements", {"query": search.text, **site_of(request).index.statements(search).to_dict()}
    )


def api_article(request: Request) -> Response:
    """Return one article, with its names and quotations."""
    return _answer("article", article_of(request).to_dict())


def api_facet(request: Request) -> Response:
    """Return the values of a facet, of which ``_find`` has to be a part."""
    asked, field = Asked.of(request), facet_field(request.path_params["field"])
    found = matching_values(site_of(request), asked.search, field.name, asked.own.get("find", ""))
    values = [one.to_dict() for one in found[:_MAX_VALUES]]
    return _answer("facet", {"field": field.name, "total": len(found), "values": values})


def openapi(_: Request) -> Response:
    """Return the description of this interface."""
    text = resources.files("searcher.web").joinpath("openapi.json").read_text("utf-8")
    return Data(json.loads(text))


def _answer(name: str, content: dict[str, Any]) -> Response:
    return Data({"schema": f"searcher.{name}/1", **content})
