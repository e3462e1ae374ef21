"""What was found, for other programs: a table, JSON Lines, and references for bibliographies."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from searcher.article import iso
from searcher.export.reference import Reference, bibtex, csl, references, ris
from searcher.results import Hit
from searcher.results.quotations import QuoteHit
from searcher.results.statements import Statement
from searcher.sanitize import cell, json_safe

__all__ = ["BYTE_ORDER_MARK", "FORMATS", "Format", "exported", "table_heading", "table_row", "written"]

#: Before a table in UTF-8, so that Excel reads its letters.
BYTE_ORDER_MARK: Final = "\ufeff"

Hits = Iterable[Hit | QuoteHit]


@dataclass(frozen=True, slots=True)
class Format:
    """A form of export: what it is called, the ending of its files and their media type."""

    label: str
    ending: str
    media_type: str


FORMATS: Final[Mapping[str, Format]] = {
    "csv": Format("CSV", "csv", "text/csv; charset=utf-8"),
    "jsonl": Format("JSON Lines", "jsonl", "application/x-ndjson"),
    "ris": Format("RIS", "ris", "application/x-research-info-systems"),
    "bibtex": Format("BibTeX", "bib", "application/x-bibtex"),
    "csl": Format("CSL-JSON", "json", "application/vnd.citationstyles.csl+json"),
}


def exported(name: str, hits: Hits, *, quotes: bool = False) -> Iterator[str]:
    """Return the parts of a file in one of the formats. ``quotes``: the hits are quotations."""
    match name:
        case "csv":
            return _csv(hits, quotes)
        case "jsonl":
            return _json_lines(hits)
        case _:
            return written(name, references(hits))


def written(name: str, found: Iterable[Reference]) -> Iterator[str]:
    """Return the parts of a file with references: RIS, BibTeX or CSL-JSON."""
    if name == "csl":
        return _csl(found)
    write: Callable[[Reference], str] = {"ris": ris, "bibtex": bibtex}[name]
    return (write(one) for one in found)


def _csv(hits: Hits, quotes: bool) -> Iterator[str]:
    yield table_heading(quotes=quotes)
    yield from map(table_row, hits)


def _json_lines(hits: Hits) -> Iterator[str]:
    """Articles as they can be indexed again; quotations as they were found."""
    for hit in hits:
        data = hit.article.to_dict() if isinstance(hit, Hit) else hit.to_dict()
        yield json_safe(json.dumps(data, ensure_ascii=False)) + "\n"


def _csl(found: Iterable[Reference]) -> Iterator[str]:
    before = "[\n"
    for one in found:
        yield before + json.dumps(csl(one), ensure_ascii=False)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


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


def table_heading(*, quotes: bool = False, statements: bool = False, query: bool = False) -> str:
    """Return the heading. ``query`` adds a first column with the query of each line."""
    columns = _STATEMENT_COLUMNS if statements else _QUOTE_COLUMNS if quotes else _HIT_COLUMNS
    return _line(("query", *columns) if query else columns)


def table_row(hit: Hit | QuoteHit | Statement, *, query: str | None = None) -> str:
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
