"""The JSON API and the exports of results."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any, Final, Literal

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from searcher.extensions.web.addresses import PageQuery
from searcher.extensions.web.choices import describe_search
from searcher.extensions.web.openapi import description
from searcher.extensions.web.site import Data, disposition, site_of, strings_of
from searcher.extensions.web.views.articles import article_of
from searcher.extensions.web.views.names import matching_values
from searcher.formats.export import BYTE_ORDER_MARK, FORMATS, export_parts, reference_parts
from searcher.formats.reference import reference
from searcher.index import Index
from searcher.query.request import Search
from searcher.results import Hit
from searcher.results.quotations import QuoteHit

#: Maximum number of values in one response.
_MAX_VALUES: Final = 1_000
#: Suggestions consider at most this many characters at the end of the query.
_MAX_TYPED_CHARACTERS: Final = 100


def api_of(what: Literal["search", "quotes", "statements"]) -> Callable[[Request], Response]:
    """Return the view that searches articles, quotations or statements."""

    def answer(request: Request) -> Response:
        search, index = PageQuery.of(request, quotes=what != "search").search, site_of(request).index
        reading = index.hints.read_question(search)
        results = getattr(index, what)(search).with_all_words()
        request_fields = {"query": search.text, **({"reading": reading.to_dict()} if reading else {})}
        content = {**request_fields, **results.to_dict()}
        if search.offset > results.total:
            content["note"] = f"The offset is beyond the last result. There are {results.total:,} in total."
        return _answer(what, content)

    return answer


def api_article(request: Request) -> Response:
    return _answer("article", article_of(request).to_dict())


def api_facet(request: Request) -> Response:
    """Return the values of a facet that contain the text in ``_find``."""
    page_query = PageQuery.of(request)
    field = site_of(request).index.fields.facet_field(request.path_params["field"])
    matches = matching_values(
        site_of(request).index, page_query.search, field.name, page_query.own.get("find", "")
    )
    values = [one.to_dict() for one in matches[:_MAX_VALUES]]
    return _answer("facet", {"field": field.name, "total": len(matches), "values": values})


def suggest(request: Request) -> Response:
    """Return completions for a query as it is typed."""
    words, typed = strings_of(request), request.query_params.get("_find", "")[-_MAX_TYPED_CHARACTERS:]
    labels = (
        (one, words.text(one.kind.capitalize())) for one in site_of(request).index.hints.complete(typed)
    )
    return Data({"suggestions": [one._asdict() | {"label": label} for one, label in labels]})


def openapi(_: Request) -> Response:
    return Data(description())


def _answer(name: str, content: dict[str, Any]) -> Response:
    return Data({"schema": f"searcher.{name}/1", **content})


_WORD: Final = re.compile(r"\w+")
#: Maximum length of a file name made from the query, without its extension.
_MAX_STEM_CHARACTERS: Final = 60


def export_found(request: Request) -> Response:
    """Send all results of a search as a file."""
    search, name = PageQuery.of(request).search, _format(request)
    hits = all_hits(site_of(request).index, search, snippets=search.quotes or name == "csv")
    parts = export_parts(name, hits, quotes=search.quotes)
    # Without the byte order mark, Excel does not recognise UTF-8.
    marked = chain([BYTE_ORDER_MARK], parts) if name == "csv" else parts
    stem = "-".join(_WORD.findall(" ".join(describe_search(search, strings_of(request))).casefold()))
    return _as_file(request, stem[:_MAX_STEM_CHARACTERS].rstrip("-") or "searcher", marked)


def cite_article(request: Request) -> Response:
    name = _format(request)
    if name in ("csv", "jsonl"):
        raise HTTPException(404)
    return _as_file(request, "article", reference_parts(name, [reference(article_of(request))]))


def all_hits(index: Index, search: Search, *, snippets: bool = False) -> Iterator[Hit | QuoteHit]:
    """Return all results. If no article has all the words, those with any of them, as the page does."""
    whole = search.replace(limit=None, offset=0, facets=(), snippets=snippets)
    results = index.quotes(whole, limit=0) if search.quotes else index.search(whole, limit=0)
    answered = index.hints.advise(whole, results).answered_search
    return index.scan_quotes(answered) if search.quotes else index.scan(answered)


def _format(request: Request) -> str:
    name: str = request.path_params["format"]
    if name not in FORMATS:
        raise HTTPException(404)
    return name


def _as_file(request: Request, stem: str, parts: Iterator[str]) -> Response:
    made = FORMATS[request.path_params["format"]]
    headers = {"Content-Disposition": disposition(f"{stem}.{made.ending}")}
    return StreamingResponse(parts, media_type=made.media_type, headers=headers)
