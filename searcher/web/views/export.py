"""Everything that was found, or one article, in a form for other programs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Final
from urllib.parse import quote

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
from searcher.web.narrowing import in_words
from searcher.web.site import site_of, strings_of
from searcher.web.views.article import article_of

__all__ = ["BYTE_ORDER_MARK", "cite_article", "export_found"]

#: Before a table in UTF-8, so that Excel reads its letters.
BYTE_ORDER_MARK: Final = "\ufeff"
#: Words of what was asked, of which the name of a file is made, and how long it is at most.
_WORD: Final = re.compile(r"\w+")
_MAX_STEM: Final = 60


def export_found(request: Request) -> Response:
    """Send all that a search finds, from the first to the last, as a file."""
    search, name = Asked.of(request).search, _format(request)
    hits = everything(site_of(request).index, search, snippets=search.quotes or name == "csv")
    stem = "-".join(_WORD.findall(" ".join(in_words(search, strings_of(request))).casefold()))
    return _file(
        request,
        stem[:_MAX_STEM].rstrip("-") or "searcher",
        _for_excel(name, exported(name, hits, quotes=search.quotes)),
    )


def cite_article(request: Request) -> Response:
    """Send the reference of one article."""
    name = _format(request)
    if name in ("csv", "jsonl"):
        raise HTTPException(404)
    return _file(request, "article", written(name, [reference(article_of(request))]))


def everything(index: Index, search: Search, *, snippets: bool = False) -> Iterator[Hit | QuoteHit]:
    """Return every hit of what the page shows one page of: with any of the words where none has all."""
    whole = search.replace(limit=None, offset=0, facets=(), snippets=snippets)
    if search.quotes:
        return iter(index.scan_quotes(_as_answered(whole, index.quotes(whole, limit=0).relaxed)))
    return iter(index.scan(_as_answered(whole, index.search(whole, limit=0).relaxed)))


def _for_excel(name: str, parts: Iterator[str]) -> Iterator[str]:
    """Excel takes a table without this mark for another encoding."""
    return chain([BYTE_ORDER_MARK], parts) if name == "csv" else parts


def _as_answered(search: Search, relaxed: bool) -> Search:
    return search.relaxed() if relaxed else search


def _format(request: Request) -> str:
    name: str = request.path_params["format"]
    if name not in FORMATS:
        raise HTTPException(404)
    return name


def _file(request: Request, stem: str, parts: Iterator[str]) -> Response:
    made = FORMATS[request.path_params["format"]]
    name = f"{stem}.{made.ending}"
    # As RFC 6266 says: letters of any alphabet in UTF-8.
    written = f'filename="{name}"' if name.isascii() else f"filename*=UTF-8''{quote(name)}"
    headers = {"Content-Disposition": f"attachment; {written}"}
    return StreamingResponse(parts, media_type=made.media_type, headers=headers)
