"""What was found, for other programs: a table, JSON Lines, and references for bibliographies."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from searcher.export.bibtex import bibtex
from searcher.export.csl import csl
from searcher.export.reference import Reference, references
from searcher.export.ris import ris
from searcher.export.table import heading, row
from searcher.results import Hit
from searcher.results.quotations import QuoteHit
from searcher.sanitize import json_safe

__all__ = ["FORMATS", "Format", "exported", "written"]

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
    yield heading(quotes=quotes)
    yield from map(row, hits)


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
