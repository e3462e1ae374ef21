"""What was found as a table: CSV, a line for each article, quotation or statement."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from searcher.article import iso
from searcher.results import Hit
from searcher.results.quotations import QuoteHit
from searcher.results.statements import Statement
from searcher.sanitize import cell

__all__ = ["heading", "row"]

_HIT_COLUMNS = (
    "id", "title", "source", "published", "authors", "people", "organisations", "tags", "language", "url",
    "origin", "score", "snippet",
)  # fmt: skip
_QUOTE_COLUMNS = (
    "text", "speaker", "kind", "confidence", "article", "title", "source", "published", "url", "origin",
    "start", "end", "before", "after",
)  # fmt: skip
_STATEMENT_COLUMNS = (
    "text", "speaker", "confidence", "places", "sources", "first", "title", "source", "published", "url",
)  # fmt: skip


def heading(*, quotes: bool = False, statements: bool = False, query: bool = False) -> str:
    """Return the heading. ``query`` adds a first column with the query of each line."""
    columns = _STATEMENT_COLUMNS if statements else _QUOTE_COLUMNS if quotes else _HIT_COLUMNS
    return _line(("query", *columns) if query else columns)


def row(hit: Hit | QuoteHit | Statement, *, query: str | None = None) -> str:
    """Return the line of a hit, with cells that no spreadsheet takes for formulas; ``query`` comes first."""
    match hit:
        case Hit():
            values = _hit_cells(hit)
        case QuoteHit():
            values = _quote_cells(hit)
        case Statement():
            values = _statement_cells(hit)
    return _line(cell(value) for value in (*(() if query is None else (query,)), *values))


def _line(cells: Iterable[object]) -> str:
    """Return a line of CSV (RFC 4180)."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()


def _hit_cells(hit: Hit) -> Iterable[object]:
    article = hit.article
    return (
        article.id,
        article.title,
        hit.source,
        iso(article.published),
        "; ".join(hit.authors),
        "; ".join(hit.people),
        "; ".join(hit.organisations),
        "; ".join(hit.tags),
        hit.language,
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


def _statement_cells(hit: Statement) -> Iterable[object]:
    first = hit.first.article
    return (
        hit.text,
        hit.speaker,
        round(hit.confidence, 4),
        len(hit.places),
        "; ".join(hit.sources),
        first.id,
        first.title,
        hit.first.source,
        iso(first.published),
        first.url,
    )
