"""Everything that was found, or one article, in a form for other programs."""

from __future__ import annotations

from collections.abc import Iterator

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from searcher.export import FORMATS, exported, written
from searcher.export.reference import reference
from searcher.index import Index
from searcher.query.request import Search
from searcher.results import Hit
from searcher.results.quotations import QuoteHit
from searcher.web.asking import Asked
from searcher.web.site import site_of
from searcher.web.views.article import article_of

__all__ = ["cite_article", "export_found"]


def export_found(request: Request) -> Response:
    """Send all that a search finds, from the first to the last, as a file."""
    search = Asked.of(request).search
    hits = everything(site_of(request).index, search)
    return _file(request, "searcher", exported(_format(request), hits, quotes=search.quotes))


def cite_article(request: Request) -> Response:
    """Send the reference of one article."""
    name = _format(request)
    if name in ("csv", "jsonl"):
        raise HTTPException(404)
    return _file(request, "article", written(name, [reference(article_of(request))]))


def everything(index: Index, search: Search) -> Iterator[Hit | QuoteHit]:
    """Return every hit of what the page shows one page of: with any of the words where none has all."""
    whole = search.replace(limit=None, offset=0, facets=(), snippets=search.quotes)
    if search.quotes:
        return iter(index.scan_quotes(_as_answered(whole, index.quotes(whole, limit=0).relaxed)))
    return iter(index.scan(_as_answered(whole, index.search(whole, limit=0).relaxed)))


def _as_answered(search: Search, relaxed: bool) -> Search:
    return search.relaxed() if relaxed else search


def _format(request: Request) -> str:
    name: str = request.path_params["format"]
    if name not in FORMATS:
        raise HTTPException(404)
    return name


def _file(request: Request, stem: str, parts: Iterator[str]) -> Response:
    made = FORMATS[request.path_params["format"]]
    headers = {"Content-Disposition": f'attachment; filename="{stem}.{made.ending}"'}
    return StreamingResponse(parts, media_type=made.media_type, headers=headers)
