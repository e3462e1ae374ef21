"""Full-text search over your own articles, with people, organisations and who said what.

The one door: everything public is here. Heavy parts load when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from searcher import query
    from searcher.article import Article, Mention, Quote
    from searcher.errors import (
        IndexDamaged,
        IndexFailure,
        IndexLocked,
        IndexMissing,
        IndexOutdated,
        MissingExtra,
        QueryError,
        QueryTooBroad,
        ReadError,
        SearcherError,
        SourcesUnknown,
        UsageError,
    )
    from searcher.extract import annotate
    from searcher.index import Index, open_index
    from searcher.ingest.report import Failure, Problem, Progress, Report
    from searcher.names.decisions import Curation
    from searcher.query.language import parse, render
    from searcher.query.request import Search
    from searcher.query.synonyms import Synonyms
    from searcher.readers import read
    from searcher.records.tags import Tagged
    from searcher.results import Facet, FacetValue, Hit, Results, Snippet
    from searcher.results.quotations import QuoteHit, Quotes
    from searcher.results.statements import Change, FoundQuote, Place, Statement, Statements, Vote
    from searcher.search.record import Record
    from searcher.search.together import Link, Network, Who

__version__ = "0.1.0"

_HOMES = {
    "searcher.names.decisions": ("Curation",),
    "searcher.errors": (
        "IndexDamaged",
        "IndexFailure",
        "IndexLocked",
        "IndexMissing",
        "IndexOutdated",
        "MissingExtra",
        "QueryError",
        "QueryTooBroad",
        "ReadError",
        "SearcherError",
        "SourcesUnknown",
        "UsageError",
    ),
    "searcher.extract": ("annotate",),
    "searcher.index": ("Index", "open_index"),
    "searcher.records.tags": ("Tagged",),
    "searcher.ingest.report": ("Failure", "Problem", "Progress", "Report"),
    "searcher.article": ("Article", "Mention", "Quote"),
    "searcher.readers": ("read",),
    "searcher.results": ("Facet", "FacetValue", "Hit", "Results", "Snippet"),
    "searcher.results.quotations": ("QuoteHit", "Quotes"),
    "searcher.results.statements": (
        "Change",
        "FoundQuote",
        "Place",
        "Statement",
        "Statements",
        "Vote",
    ),
    "searcher.search.record": ("Record",),
    "searcher.search.together": ("Link", "Network", "Who"),
    "searcher.query.request": ("Search",),
    "searcher.query.synonyms": ("Synonyms",),
    "searcher.query.language": ("parse", "render"),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Article",
    "Change",
    "Curation",
    "Facet",
    "FacetValue",
    "Failure",
    "FoundQuote",
    "Hit",
    "Index",
    "IndexDamaged",
    "IndexFailure",
    "IndexLocked",
    "IndexMissing",
    "IndexOutdated",
    "Link",
    "Mention",
    "MissingExtra",
    "Network",
    "Place",
    "Problem",
    "Progress",
    "QueryError",
    "QueryTooBroad",
    "Quote",
    "QuoteHit",
    "Quotes",
    "ReadError",
    "Record",
    "Report",
    "Results",
    "Search",
    "SearcherError",
    "Snippet",
    "SourcesUnknown",
    "Statement",
    "Statements",
    "Synonyms",
    "Tagged",
    "UsageError",
    "Vote",
    "Who",
    "annotate",
    "open_index",
    "parse",
    "query",
    "read",
    "render",
]


def __getattr__(name: str) -> Any:
    if name == "query":
        return import_module("searcher.query")
    if name in _HOME:
        value = globals()[name] = getattr(import_module(_HOME[name]), name)
        return value
    raise AttributeError(f"module “searcher” has no attribute “{name}”")


def __dir__() -> list[str]:
    return ["__version__", *__all__]
