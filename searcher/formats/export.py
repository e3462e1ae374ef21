"""Export results as CSV, JSON Lines, references and captions."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

from searcher.article import Article, seconds_of
from searcher.formats.reference import Reference, bibtex, csl, references, ris
from searcher.results import Hit
from searcher.results.articles import headline
from searcher.results.articles import reference as about_article
from searcher.results.quotations import QuoteHit
from searcher.results.statements import Statement
from searcher.sanitize import csv_cell, escape_json

#: Written at the start of a CSV file so that Excel recognises UTF-8.
BYTE_ORDER_MARK: Final = "\ufeff"

Hits = Iterable[Hit | QuoteHit]


@dataclass(frozen=True, slots=True)
class Format:
    """An export format."""

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


def export_parts(name: str, hits: Hits, *, quotes: bool = False) -> Iterator[str]:
    """Return the parts of an exported file. ``quotes``: the hits are quotations."""
    match name:
        case "csv":
            return chain([table_heading(quotes=quotes)], map(table_row, hits))
        case "jsonl":
            return _json_lines(hits)
        case _:
            return reference_parts(name, references(hits))


def reference_parts(name: str, references: Iterable[Reference]) -> Iterator[str]:
    """Return the parts of a file in RIS, BibTeX or CSL-JSON."""
    if name == "csl":
        return _csl(references)
    write: Callable[[Reference], str] = {"ris": ris, "bibtex": bibtex}[name]
    return (write(one) for one in references)


#: Estimated duration of a word, in seconds. It is used if the start of the next turn is unknown.
_SECONDS_A_WORD = 0.4


def webvtt(article: Article) -> Iterator[str]:
    """Yield captions (https://www.w3.org/TR/webvtt1/) with a cue per turn."""
    yield f"WEBVTT\n\nNOTE {_cue_line(article.title or article.id)}\n"
    turns = sorted(article.speech, key=lambda turn: turn.start)
    starts = [seconds_of(turn.moment) for turn in turns]
    later: list[float | None] = [None]
    for own in reversed(starts[1:]):
        later.append(later[-1] if own is None else own)
    last = 0.0
    for turn, own, end in zip(turns, starts, reversed(later)):
        start = max(last, own or 0.0)
        last = start + max(1.0, _SECONDS_A_WORD * len(turn.text.split()))
        last = min(last, end) if end is not None and end > start else last
        voice = f"<v {_cue_line(turn.speaker)}>" if turn.speaker else ""
        words = "\n".join(map(_cue_line, filter(str.strip, turn.text.split("\n"))))
        yield f"\n{_cue_time(start)} --> {_cue_time(last)}\n{voice}{words}\n"


def _cue_line(text: str) -> str:
    return " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _cue_time(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}.{round(seconds % 1 * 1000) % 1000:03}"


def _json_lines(hits: Hits) -> Iterator[str]:
    """Yield articles, which can be indexed again, or quotations."""
    for hit in hits:
        data = hit.article.to_dict() if isinstance(hit, Hit) else hit.to_dict()
        yield escape_json(json.dumps(data, ensure_ascii=False)) + "\n"


def _csl(references: Iterable[Reference]) -> Iterator[str]:
    before = "[\n"
    for one in references:
        yield before + json.dumps(csl(one), ensure_ascii=False)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


_COLUMNS: Final[Mapping[type, tuple[str, ...]]] = {
    Hit: (
        "id", "title", "source", "published", "authors", "people", "organisations", "tags", "language", "url",
        "origin", "score", "snippet",
    ),
    QuoteHit: (
        "text", "speaker", "role", "party", "moment", "kind", "confidence", "article", "title", "source",
        "published", "url", "origin", "start", "end", "before", "after",
    ),
    Statement: (
        "text", "speaker", "confidence", "places", "sources", "first", "title", "source", "published", "url",
    ),
}  # fmt: skip


def table_heading(*, quotes: bool = False, statements: bool = False, query: bool = False) -> str:
    """Return the heading of a table. ``query`` adds a first column for the query."""
    columns = _COLUMNS[Statement if statements else QuoteHit if quotes else Hit]
    return table_line(("query", *columns) if query else columns)


def table_row(hit: Hit | QuoteHit | Statement, *, query: str | None = None) -> str:
    """Return a hit as a line of CSV. Multiple values are separated by semicolons."""
    values = _values_of(hit)
    cells = (values[name] for name in _COLUMNS[type(hit)])
    joined = ("; ".join(one) if isinstance(one, list | tuple) else one for one in cells)
    return table_line((*(() if query is None else (query,)), *joined))


def table_line(values: Iterable[object]) -> str:
    """Return a line of CSV (RFC 4180) whose cells spreadsheets cannot take for formulas."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(map(csv_cell, values))
    return out.getvalue()


def _values_of(hit: Hit | QuoteHit | Statement) -> Mapping[str, Any]:
    match hit:
        case Hit():
            snippet = hit.snippets[0].text if hit.snippets else ""
            columns = {"title": headline(hit.article), "tags": hit.tags, "language": hit.language}
            return {**hit.to_dict(), **columns, "snippet": snippet}
        case QuoteHit():
            said = hit.to_dict()
            return {**said["article"], **said, "title": headline(hit.article), "article": hit.article.id}
        case Statement():
            first = hit.first.article
            return {
                **about_article(first, hit.first.source),
                "title": headline(first),
                "text": hit.text,
                "speaker": hit.speaker,
                "confidence": round(hit.confidence, 4),
                "places": len(hit.places),
                "sources": hit.sources,
                "first": first.id,
            }
