"""The same answers for programs: as JSON (``openapi.json`` says what can be asked), and everything that was
found in a form for other programs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from importlib import resources
from itertools import chain
from typing import Any, Final, Literal

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from searcher.extensions.web.addresses import PageQuery
from searcher.extensions.web.choices import in_words
from searcher.extensions.web.site import Data, disposition, site_of, strings_of
from searcher.extensions.web.views.articles import article_of
from searcher.extensions.web.views.names import matching_values
from searcher.formats.export import BYTE_ORDER_MARK, FORMATS, export_parts, reference_parts
from searcher.formats.reference import reference
from searcher.index import Index
from searcher.query.request import Search
from searcher.results import Hit
from searcher.results.quotations import QuoteHit

#: Values of a facet in one answer; characters at the end of a query that suggestions are made for.
_MAX_VALUES: Final = 1_000
_MAX_TYPED_CHARACTERS: Final = 100


def api_of(what: Literal["search", "quotes", "statements"]) -> Callable[[Request], Response]:
    """Return what answers a search for articles, quotations or statements."""

    def answer(request: Request) -> Response:
        search, index = PageQuery.of(request, quotes=what != "search").search, site_of(request).index
        reading = index.read_question(search)
        found = getattr(index, what)(search).with_all_words()
        asked = {"query": search.text, **({"reading": reading.to_dict()} if reading else {})}
        content = {**asked, **found.to_dict()}
        if search.offset > found.total:
            content["note"] = f"The offset is beyond the last result. There are {found.total:,} in total."
        return _answer(what, content)

    return answer


def api_article(request: Request) -> Response:
    """Return one article, with its names and quotations."""
    return _answer("article", article_of(request).to_dict())


def api_facet(request: Request) -> Response:
    """Return the values of a facet, of which ``_find`` has to be a part."""
    asked = PageQuery.of(request)
    field = site_of(request).index.fields.facet_field(request.path_params["field"])
    found = matching_values(site_of(request).index, asked.search, field.name, asked.own.get("find", ""))
    values = [one.to_dict() for one in found[:_MAX_VALUES]]
    return _answer("facet", {"field": field.name, "total": len(found), "values": values})


def suggest(request: Request) -> Response:
    """Return what completes the search that is typed in a box of the page."""
    words, typed = strings_of(request), request.query_params.get("_find", "")[-_MAX_TYPED_CHARACTERS:]
    labels = ((one, words.text(one.kind.capitalize())) for one in site_of(request).index.suggest(typed))
    return Data({"suggestions": [one._asdict() | {"label": label} for one, label in labels]})


def openapi(_: Request) -> Response:
    written = resources.files("searcher.extensions.web").joinpath("openapi.json").read_bytes()
    return Response(written, media_type="application/json")


def _answer(name: str, content: dict[str, Any]) -> Response:
    return Data({"schema": f"searcher.{name}/1", **content})


#: Words of what was asked, of which the name of a file is made, and how long it is at most.
_WORD: Final = re.compile(r"\w+")
_MAX_STEM_CHARACTERS: Final = 60


def export_found(request: Request) -> Response:
    """Send all that a search finds, from the first to the last, as a file."""
    search, name = PageQuery.of(request).search, _format(request)
    hits = all_hits(site_of(request).index, search, snippets=search.quotes or name == "csv")
    parts = export_parts(name, hits, quotes=search.quotes)
    # Excel takes a table without this mark for another encoding.
    marked = chain([BYTE_ORDER_MARK], parts) if name == "csv" else parts
    stem = "-".join(_WORD.findall(" ".join(in_words(search, strings_of(request))).casefold()))
    return _as_file(request, stem[:_MAX_STEM_CHARACTERS].rstrip("-") or "searcher", marked)


def cite_article(request: Request) -> Response:
    name = _format(request)
    if name in ("csv", "jsonl"):
        raise HTTPException(404)
    return _as_file(request, "article", reference_parts(name, [reference(article_of(request))]))


def all_hits(index: Index, search: Search, *, snippets: bool = False) -> Iterator[Hit | QuoteHit]:
    """Return every hit of what the page shows one page of: with any of the words where none has all."""
    whole = search.replace(limit=None, offset=0, facets=(), snippets=snippets)
    found = index.quotes(whole, limit=0) if search.quotes else index.search(whole, limit=0)
    answered = index.advice(whole, found).answered
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
