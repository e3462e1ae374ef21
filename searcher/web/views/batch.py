"""A list of names or queries asked at once: one table back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from searcher.errors import QueryError, UsageError
from searcher.index import Index
from searcher.query.request import Search
from searcher.sanitize import cell
from searcher.web.asking import address
from searcher.web.settings import MAX_QUERY
from searcher.web.site import site_of
from searcher.web.views.export import BYTE_ORDER_MARK

__all__ = ["answer_batch", "batch_page"]

#: Lines of one list, and its characters.
_MAX_LINES: Final = 500
_MAX_CHARACTERS: Final = 200_000
_COLUMNS: Final = ("query", "articles", "statements", "first", "last", "problem")


@dataclass(frozen=True, slots=True)
class _Row:
    """What one line of the list finds."""

    query: str
    articles: int = 0
    statements: int = 0
    first: str = ""
    last: str = ""
    url: str = ""
    said_url: str = ""
    problem: str = ""


def batch_page(request: Request) -> Response:
    """Show the box for a list."""
    return site_of(request).page(request, "batch.html", {"text": "", "names": True, "rows": None})


async def answer_batch(request: Request) -> Response:
    """Answer a list, as a page or as a table in CSV."""
    async with request.form(max_fields=10, max_part_size=_MAX_CHARACTERS) as form:
        text, names, as_csv = str(form.get("list", "")), form.get("as") == "names", form.get("form") == "csv"
    lines = list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
    if len(lines) > _MAX_LINES:
        raise UsageError(f"A list may have {_MAX_LINES} lines.")
    site = site_of(request)
    rows = await run_in_threadpool(lambda: [_asked(site.index, line[:MAX_QUERY], names) for line in lines])
    if as_csv:
        headers = {"Content-Disposition": 'attachment; filename="batch.csv"'}
        return Response(
            "".join([BYTE_ORDER_MARK, *_csv(rows)]), media_type="text/csv; charset=utf-8", headers=headers
        )
    return site.page(request, "batch.html", {"text": text, "names": names, "rows": rows})


def _asked(index: Index, line: str, name: bool) -> _Row:
    search = Search(person=line) if name else Search(line, correct=False)
    said = Search(said_by=line) if name else Search(line, quotes=True, correct=False)
    try:
        found = index.count(search)
        first, last = _day(index, search.sorted_by("oldest")), _day(index, search.sorted_by("newest"))
        urls = address("/", search), address("/quotes", said)
        return _Row(line, found, index.count(said), first, last, *urls)
    except QueryError as error:
        return _Row(line, problem=error.problem)


def _day(index: Index, search: Search) -> str:
    """The day of the first article in the order of a search; those without a date come last in any."""
    hits = index.search(search, limit=1, snippets=False).hits
    moment = hits[0].article.published if hits else None
    return moment.date().isoformat() if moment else ""


def _csv(rows: list[_Row]) -> Iterator[str]:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows([cell(getattr(row, column)) for column in _COLUMNS] for row in rows)
    yield out.getvalue()
