"""Full-text search over your own articles, with people, organisations and who said what.

The public API. Heavy parts are imported when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from searcher.collision import warn_of_collision

if TYPE_CHECKING:  # the same names, for type checkers
    from searcher import query as query
    from searcher.article import Article as Article
    from searcher.article import Mention as Mention
    from searcher.article import Quote as Quote
    from searcher.errors import AmbiguousName as AmbiguousName
    from searcher.errors import IndexDamaged as IndexDamaged
    from searcher.errors import IndexFailure as IndexFailure
    from searcher.errors import IndexLocked as IndexLocked
    from searcher.errors import IndexMissing as IndexMissing
    from searcher.errors import IndexOutdated as IndexOutdated
    from searcher.errors import MissingExtra as MissingExtra
    from searcher.errors import ModelsMissing as ModelsMissing
    from searcher.errors import QueryError as QueryError
    from searcher.errors import QueryTooBroad as QueryTooBroad
    from searcher.errors import ReadError as ReadError
    from searcher.errors import SearcherError as SearcherError
    from searcher.errors import SourcesUnknown as SourcesUnknown
    from searcher.errors import UsageError as UsageError
    from searcher.extract import annotate as annotate
    from searcher.fields import Fields as Fields
    from searcher.index import Index as Index
    from searcher.index import open_index as open_index
    from searcher.ingest.report import Failure as Failure
    from searcher.ingest.report import Problem as Problem
    from searcher.ingest.report import Progress as Progress
    from searcher.ingest.report import Report as Report
    from searcher.names.decisions import Curation as Curation
    from searcher.names.doubts import NameDoubt as NameDoubt
    from searcher.names.doubts import NameForm as NameForm
    from searcher.query.language import parse as parse
    from searcher.query.language import render as render
    from searcher.query.request import Search as Search
    from searcher.query.synonyms import Synonyms as Synonyms
    from searcher.readers import read as read
    from searcher.records.log import Step as Step
    from searcher.records.tags import TagDecisions as TagDecisions
    from searcher.results import Facet as Facet
    from searcher.results import FacetValue as FacetValue
    from searcher.results import Hit as Hit
    from searcher.results import Results as Results
    from searcher.results import Snippet as Snippet
    from searcher.results.names import NameMatch as NameMatch
    from searcher.results.quotations import QuoteHit as QuoteHit
    from searcher.results.quotations import Quotes as Quotes
    from searcher.results.statements import Change as Change
    from searcher.results.statements import FoundQuote as FoundQuote
    from searcher.results.statements import Place as Place
    from searcher.results.statements import Statement as Statement
    from searcher.results.statements import Statements as Statements
    from searcher.results.statements import Vote as Vote
    from searcher.results.versions import ArticleVersion as ArticleVersion
    from searcher.results.versions import CopyCounts as CopyCounts
    from searcher.results.versions import Original as Original
    from searcher.search.advice import Advice as Advice
    from searcher.search.advice import Offer as Offer
    from searcher.search.network import Link as Link
    from searcher.search.network import Network as Network
    from searcher.search.network import NetworkName as NetworkName
    from searcher.search.question_reader import Reading as Reading
    from searcher.search.record import Record as Record
    from searcher.search.suggestions import Suggestion as Suggestion

__version__ = "0.1.0"

warn_of_collision(__path__[0])

#: The public names of each module.
_PUBLIC = """
article: Article Mention Quote
errors: AmbiguousName IndexDamaged IndexFailure IndexLocked IndexMissing IndexOutdated MissingExtra
errors: ModelsMissing QueryError QueryTooBroad ReadError SearcherError SourcesUnknown UsageError
extract: annotate
fields: Fields
index: Index open_index
ingest.report: Failure Problem Progress Report
names.decisions: Curation
names.doubts: NameDoubt NameForm
query.language: parse render
query.request: Search
query.synonyms: Synonyms
readers: read
records.log: Step
records.tags: TagDecisions
results: Facet FacetValue Hit Results Snippet
results.names: NameMatch
results.quotations: QuoteHit Quotes
results.statements: Change FoundQuote Place Statement Statements Vote
results.versions: ArticleVersion CopyCounts Original
search.advice: Advice Offer
search.network: Link Network NetworkName
search.question_reader: Reading
search.record: Record
search.suggestions: Suggestion
"""
_HOME = {
    name: f"searcher.{home}"
    for home, _, names in (line.partition(":") for line in _PUBLIC.splitlines())
    for name in names.split()
}
__all__ = sorted([*_HOME, "query"])


if not TYPE_CHECKING:  # a type checker would accept every name

    def __getattr__(name: str) -> Any:
        if name == "query":
            return import_module("searcher.query")
        if name in _HOME:
            value = globals()[name] = getattr(import_module(_HOME[name]), name)
            return value
        raise AttributeError(f"module “searcher” has no attribute “{name}”")


def __dir__() -> list[str]:
    return ["__version__", *__all__]
