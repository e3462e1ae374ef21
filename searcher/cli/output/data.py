"""Answers for programs: JSON, JSON Lines, CSV, ids and paths."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from typing import Any

from searcher.article import iso
from searcher.cli.output.sanitize import cell, json_safe
from searcher.query.request import Search
from searcher.results import Hit, QuoteHit, Quotes, Results

__all__ = ["answer", "csv_heading", "csv_row", "dumps"]

#: The shape of what is printed; raised when a key changes its meaning or goes.
SEARCH_SCHEMA, QUOTES_SCHEMA = "searcher.search/1", "searcher.quotes/1"

_HIT_COLUMNS = (
    "id", "title", "source", "published", "authors", "language", "url", "origin", "score", "snippet",
)  # fmt: skip
_QUOTE_COLUMNS = (
    "text", "speaker", "kind", "confidence", "article", "title", "source", "published", "url", "origin",
    "start", "end", "before", "after",
)  # fmt: skip


def dumps(value: Any, *, indent: int | None = None) -> str:
    """Write a value as JSON. Letters stay as they are, except those that could control a terminal."""
    return json_safe(json.dumps(value, ensure_ascii=False, indent=indent))


def answer(search: Search, found: Results | Quotes, facet_limit: int = 0) -> dict[str, Any]:
    """Return one document for a whole answer.

    ``facet_limit`` bounds the values of each facet (0: all of them); selected ones are always included.
    """
    quotes = isinstance(found, Quotes)
    out = {
        "schema": QUOTES_SCHEMA if quotes else SEARCH_SCHEMA,
        "query": search.text,
        "narrowed": search.narrowing(),
        **found.to_dict(),
    }
    if facet_limit and not quotes:
        out["facets"] = {name: _most(values, facet_limit) for name, values in out["facets"].items()}
    return out


def csv_heading(search: Search, *, query: bool) -> str:
    """Return the heading of the CSV. ``query`` adds a first column with the query of each line."""
    columns = _QUOTE_COLUMNS if search.quotes else _HIT_COLUMNS
    return _csv_line(("query", *columns) if query else columns)


def csv_row(hit: Hit | QuoteHit, *, query: str | None = None) -> str:
    """Return the line of a hit, with cells that no spreadsheet takes for formulas; ``query`` comes first."""
    values = _hit_cells(hit) if isinstance(hit, Hit) else _quote_cells(hit)
    return _csv_line(cell(value) for value in (*(() if query is None else (query,)), *values))


def _csv_line(cells: Iterable[object]) -> str:
    """Return a line of CSV (RFC 4180)."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()


def _most(values: list[dict[str, Any]], limit: int) -> list[dict[str, Any]]:
    return [*values[:limit], *(value for value in values[limit:] if value["selected"])]


def _hit_cells(hit: Hit) -> Iterable[object]:
    article = hit.article
    return (
        article.id,
        article.title,
        hit.source,
        iso(article.published),
        "; ".join(hit.authors),
        article.language,
        article.url,
        article.origin,
        round(hit.score, 6),
        hit.snippets[0].text if hit.snippets else "",
    )


def _quote_cells(hit: QuoteHit) -> Iterable[object]:
    quote, article = hit.quote, hit.article
    return (
        quote.text,
        hit.speaker,
        quote.kind,
        round(quote.confidence, 4),
        article.id,
        article.title,
        hit.source,
        iso(article.published),
        article.url,
        article.origin,
        quote.start,
        quote.end,
        hit.before,
        hit.after,
    )
