"""Answers as programs read them: JSON, JSON Lines, CSV, ids and paths."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from searcher.article import iso
from searcher.cli.output.sanitize import cell, clean, json_safe
from searcher.results import Hit, QuoteHit, Quotes, Results
from searcher.saved_searches import Question

__all__ = ["answer", "csv_rows", "dumps", "files", "ids", "rows"]

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
    """JSON with every letter as it is, except those that could command a terminal."""
    return json_safe(json.dumps(value, ensure_ascii=False, indent=indent))


def answer(question: Question, found: Results | Quotes, facet_limit: int = 0) -> dict[str, Any]:
    """One object for a whole answer. ``facet_limit``: values of a facet at most (0: all); selected ones
    are always among them."""
    quotes = isinstance(found, Quotes)
    out = {
        "schema": QUOTES_SCHEMA if quotes else SEARCH_SCHEMA,
        "query": question.text,
        "narrowed": question.narrowed(),
        **found.to_dict(),
    }
    if facet_limit and not quotes:
        out["facets"] = {name: _most(values, facet_limit) for name, values in out["facets"].items()}
    return out


def rows(found: Results | Quotes) -> Iterator[dict[str, Any]]:
    """One object a hit."""
    for hit in found:
        yield hit.to_dict()


def csv_rows(found: Results | Quotes, *, heading: bool, query: str | None = None) -> str:
    """CSV (RFC 4180) with cells that no spreadsheet takes for formulas; ``query``: a first column."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    first: Mapping[str, Any] = {} if query is None else {"query": query}
    if heading:
        table.writerow([*first, *(_QUOTE_COLUMNS if isinstance(found, Quotes) else _HIT_COLUMNS)])
    for hit in found:
        values = _hit_cells(hit) if isinstance(hit, Hit) else _quote_cells(hit)
        table.writerow([cell(value) for value in (*first.values(), *values)])
    return out.getvalue()


def ids(found: Results | Quotes) -> Iterator[str]:
    for hit in found:
        yield clean(hit.article.id)


def files(found: Results | Quotes) -> Iterator[str]:
    """The files the articles came from; a member of an archive as ``archive.zip!member``."""
    for hit in found:
        if hit.article.origin:
            yield hit.article.origin


def _most(values: list[dict[str, Any]], limit: int) -> list[dict[str, Any]]:
    return [*values[:limit], *(value for value in values[limit:] if value["selected"])]


def _hit_cells(hit: Hit) -> Iterable[object]:
    article = hit.article
    return (
        article.id,
        article.title,
        article.source,
        iso(article.published),
        "; ".join(article.authors),
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
        article.source,
        iso(article.published),
        article.url,
        article.origin,
        quote.start,
        quote.end,
        hit.before,
        hit.after,
    )
