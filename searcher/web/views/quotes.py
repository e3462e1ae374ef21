"""The page of statements: who said what, each once, with everyone who carried it."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from searcher.errors import QueryError
from searcher.export import citation
from searcher.export.reference import reference
from searcher.query.request import Search
from searcher.results.statements import Statement
from searcher.web.asking import Asked, hidden_fields
from searcher.web.marking import context
from searcher.web.narrowing import chips
from searcher.web.paging import pager
from searcher.web.site import site_of, strings_of

__all__ = ["quotes_page"]

_PATH = "/quotes"
_IN_FORM = frozenset({"q", "said_by", "confidence", "kind", "after", "before", "sort", "offset", "correct"})


def quotes_page(request: Request) -> Response:
    """Answer a search for quotations."""
    asked, site = Asked.of(request, quotes=True), site_of(request)
    search = asked.search
    if not asked.canonical:
        return RedirectResponse(asked.address(_PATH), 303)
    values: dict[str, Any] = {
        "search": search,
        "hidden": [pair for pair in hidden_fields(search, _IN_FORM) if pair[0] != "quotes"],
        "found": None,
        "error": None,
    }
    try:
        found = site.index.statements(search)
    except QueryError as error:
        return site.page(request, "quotes.html", {**values, "error": error}, 400)
    values |= {
        "found": found,
        "cards": [(hit, _citation(hit)) for hit in found.hits],
        "chips": list(chips(search, _PATH, strings_of(request))),
        "pager": pager(search, found.total, _PATH),
        "as_typed": search.replace(correct=False, offset=0),
        "all": Search(search.query, quotes=True),
        "context": context,
    }
    return site.page(request, "quotes.html", values)


def _citation(hit: Statement) -> str:
    """A statement with its speaker and where it stands whole, in one line."""
    words = hit.text if hit.whole.said.kind == "indirect" else f"“{hit.text}”"
    speaker = f"{hit.speaker}, " if hit.speaker else ""
    return f"{words} ({speaker}{citation.line(reference(hit.whole.article))})"
