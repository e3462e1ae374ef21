"""Pages of saved searches, feeds, and lists of names or queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from heapq import nlargest
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from searcher.errors import QueryError, UsageError
from searcher.extensions.web.addresses import PageQuery, address, article_address, page_of
from searcher.extensions.web.choices import describe_search
from searcher.extensions.web.guard import MAX_QUERY
from searcher.extensions.web.site import Site, site_of, strings_of
from searcher.formats.export import BYTE_ORDER_MARK, FORMATS, table_line
from searcher.formats.markup import atom
from searcher.index import Index
from searcher.query.request import Search
from searcher.records.log import SEARCH, Step
from searcher.results import Hit
from searcher.results.names import match_table
from searcher.results.quotations import QuoteHit
from searcher.saved_searches import SavedSearches

#: Maximum number of hits in a feed.
_FEED_HITS: Final = 50
#: Maximum number of new hits shown per saved search.
_MAX_NEW_HITS: Final = 10


def saved_page(request: Request) -> Response:
    """Show the saved searches with their new results."""
    site, words = site_of(request), strings_of(request)
    rows: list[dict[str, Any]] = []
    saved = _saved_searches(site)
    steps = reversed(site.index.log.steps(kinds=[SEARCH]))
    by = {change.about: step for step in steps for change in step.changes}
    for one in saved:
        news = saved.new_hits(one, site.index)
        url, about = address(page_of(one.search), one.search), describe_search(one.search, words)
        if one.names:
            url = _path_of_list(one.name)
            about = [words.count(len(one.names), "names")]
        row = {"name": one.name, "url": url, "search": one.search, "about": about, "names": one.names}
        rows.append({**row, "new": len(news), "hits": news[:_MAX_NEW_HITS], "step": by.get(one.name)})
    return site.page(request, "saved.html", {"rows": rows})


async def change_saved(request: Request) -> Response:
    """Save a search, mark its new results as seen, or delete it."""
    async with request.form(max_fields=20, max_part_size=4 * MAX_QUERY) as form:
        action, name, search_text = (str(form.get(key, "")).strip() for key in ("action", "name", "search"))
    await run_in_threadpool(_change_saved, site_of(request), action, name, search_text)
    if action == "save":
        search = Search.from_url(search_text)
        return RedirectResponse(address(page_of(search), search, {"saved": name}), 303)
    return RedirectResponse("/saved", 303)


def _change_saved(site: Site, action: str, name: str, search_text: str) -> None:
    searches = _saved_searches(site)
    match action:
        case "save":
            searches.save(name, Search.from_url(search_text), site.index)
        case "seen":
            saved = searches.get(name)
            searches.mark_seen(saved, searches.new_hits(saved, site.index))
        case "forget":
            searches.delete(name)
        case _:
            raise UsageError("Unknown action. Actions: save, seen, forget.")


def feed(request: Request) -> Response:
    """Send the newest results of a search, or articles with a name of a saved list, as a feed."""
    site, search = site_of(request), PageQuery.of(request).search
    if listed := request.query_params.get("_saved"):
        names = site.index.names.scan(_saved_searches(site).get(listed).names, snippets=False)
        return _feed_of(request, listed, _path_of_list(listed), nlargest(_FEED_HITS, names, key=_moment_of))
    newest = search.replace(sort="newest", limit=_FEED_HITS, offset=0, facets=())
    hits = (site.index.quotes(newest) if search.quotes else site.index.search(newest)).hits
    description = " · ".join(describe_search(search, strings_of(request)))
    name = _saved_searches(site).name_of(search) if site.index.log.is_persistent else None
    return _feed_of(request, name or description or "Searcher", address(page_of(search), search), hits)


def _feed_of(request: Request, title: str, page: str, hits: Iterable[Hit | QuoteHit]) -> Response:
    before = str(request.base_url).rstrip("/")
    made = atom(title, before + page, [(before + _place_of(hit), hit) for hit in hits])
    # Without the charset, browsers that show the text guess the encoding.
    return Response(made, media_type="application/atom+xml; charset=utf-8")


def _moment_of(hit: Hit | QuoteHit) -> dt.datetime:
    return hit.article.published or dt.datetime.min


def _path_of_list(name: str) -> str:
    return address("/batch", Search(), {"saved": name})


def _place_of(hit: Hit | QuoteHit) -> str:
    """Return the address of a hit."""
    place = article_address(hit.article.id)
    return f"{place}#q{hit.quote.start}" if isinstance(hit, QuoteHit) else place


def saved_as(site: Site, search: Search, name: str | None) -> str | None:
    """Return the name from the address if the search is saved under it."""
    if not name or not site.index.log.is_persistent:
        return None
    return name if _saved_searches(site).holds(name, search) else None


def _saved_searches(site: Site) -> SavedSearches:
    if not site.index.log.is_persistent:
        raise HTTPException(404)
    return SavedSearches.of(site.index)


#: Maximum number of queries in a list.
_MAX_QUERIES: Final = 500
#: Maximum size of a list, in characters.
_MAX_CHARACTERS: Final = 4_000_000
#: Maximum number of names shown on a page.
_MAX_SHOWN_NAMES: Final = 1_000
_COLUMNS: Final = ("query", "articles", "statements", "first", "last", "problem")


def batch_page(request: Request) -> Response:
    """Show the form for a list, filled with a saved list if one is requested."""
    site, saved_name = site_of(request), request.query_params.get("_saved")
    return _list_page(request, _saved_searches(site).get(saved_name).names if saved_name else ())


def _list_page(request: Request, lines: Sequence[str], **values: Any) -> Response:
    context = {"text": "\n".join(lines), "names": True, **dict.fromkeys(("rows", "found", "made", "problem"))}
    return site_of(request).page(request, "batch.html", {**context, "shown": _MAX_SHOWN_NAMES, **values})


async def answer_batch(request: Request) -> Response:
    """Check a list of names or queries, as a page or CSV, or save a list of names."""
    async with request.form(max_files=1, max_fields=10, max_part_size=_MAX_CHARACTERS) as form:
        fields = {name: value.strip() for name, value in form.items() if isinstance(value, str)}
        file = form.get("file")
        origin = file.filename or "" if isinstance(file, UploadFile) else ""
        data = (
            await file.read() if isinstance(file, UploadFile) and origin else fields.get("list", "").encode()
        )
    text = data.decode("utf-8", "replace")
    site, as_csv = site_of(request), fields.get("form") == "csv"
    if fields.get("as") != "names":
        lines = list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
        if len(lines) > _MAX_QUERIES:
            raise UsageError(f"The list has more than {_MAX_QUERIES} queries.")
        rows = await run_in_threadpool(lambda: [_row_of(site.index, line[:MAX_QUERY]) for line in lines])
        if as_csv:
            return _table_file([_COLUMNS, *([row[column] for column in _COLUMNS] for row in rows)])
        return _list_page(request, [text], names=False, rows=rows)
    try:
        lines = site.index.names.read_list(data, origin, fields.get("column", ""))
    except UsageError as error:
        return _list_page(request, [text], problem=str(error))
    if fields.get("form") == "keep":
        if site.allowed(request).read_only:
            raise HTTPException(403)
        await run_in_threadpool(_saved_searches(site).save_list, fields.get("name", ""), lines, site.index)
        return RedirectResponse("/saved", 303)
    made = None
    if decided := fields.get("decide"):
        if site.allowed(request).read_only:
            raise HTTPException(403)
        made = await run_in_threadpool(_decide, site.index, decided)
    name_matches = await run_in_threadpool(site.index.names.match, lines)
    return (
        _table_file(match_table(name_matches))
        if as_csv
        else _list_page(request, lines, found=name_matches, made=made)
    )


def _decide(index: Index, answer: str) -> Step:
    """Save whether a name of a list is a name of the index, and return the step of the log."""
    match answer.split("\t", 3):
        case ["merge", kind, name, asked]:
            step = index.names.decide(index.names.decisions.merge(kind, name, [asked]))
        case ["deny", kind, name, asked]:
            step = index.names.decide(index.names.decisions.add_difference(kind, asked, name))
        case _:
            raise UsageError("Unknown decision. Decisions: merge, deny.")
    return index.log.steps(id=step)[0]


def _table_file(rows: Iterable[Sequence[Any]]) -> Response:
    return Response(
        "".join([BYTE_ORDER_MARK, *map(table_line, rows)]),
        media_type=FORMATS["csv"].media_type,
        headers={"Content-Disposition": 'attachment; filename="batch.csv"'},
    )


def _row_of(index: Index, line: str) -> dict[str, Any]:
    """Return the results of a query."""
    search, said = Search(line), Search(line, quotes=True)
    row: dict[str, Any] = dict.fromkeys(_COLUMNS, "") | {"query": line, "articles": 0, "statements": 0}
    try:
        results = index.search(search, match="all", facets=("day",), limit=0)
        days = [one.value for one in results.facets["day"].values]
        row |= {"articles": results.total, "statements": index.count(said)}
        row |= {"first": min(days, default=""), "last": max(days, default="")}
        return {**row, "url": address("/", search), "said_url": address("/quotes", said)}
    except QueryError as error:
        return {**row, "problem": error.problem}
