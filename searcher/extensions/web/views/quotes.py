"""The page of statements: who said what, each once, with everyone who carried it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from searcher.errors import QueryError, QueryTooBroad
from searcher.extensions.web.addresses import PageQuery, hidden_fields, pager
from searcher.extensions.web.choices import STATEMENT_FACETS, chips, speakers, useful_choices
from searcher.extensions.web.marks import context, nearest_match
from searcher.extensions.web.site import site_of, strings_of
from searcher.extensions.web.strings import CONFIDENCE_LEVELS, Strings
from searcher.extensions.web.timeline import UNITS, statement_timeline
from searcher.extensions.web.views.questions import shown_reading, to_reading, with_quotes_closed
from searcher.extensions.web.views.searches import saved_as
from searcher.formats.reference import citation, reference
from searcher.index import Index
from searcher.names.table import without_exact_mark
from searcher.query.request import DEFAULT_MIN_CONFIDENCE, Search, displayed_speaker
from searcher.results.articles import Facet, FacetValues
from searcher.results.statements import Statement, Statements

_PATH = "/quotes"
_IN_FORM = frozenset(
    {"q", "said_by", "about", "min_confidence", "kind", "after", "before", "sort", "offset"} | {"translate"}
)


def quotes_page(request: Request) -> Response:
    page_query, site = PageQuery.of(request, quotes=True, shows_dates=True), site_of(request)
    if not page_query.canonical:
        return RedirectResponse(page_query.address(_PATH), 303)
    typed, page_query = page_query, with_quotes_closed(site.index, page_query)
    if answer := to_reading(site.index, page_query):
        return answer
    search = page_query.search
    values: dict[str, Any] = {
        "search": search,
        "speaking": ", ".join(without_exact_mark("speaker", name) for name in search.speakers),
        "hidden": hidden_fields(search, _IN_FORM), "found": None, "error": None,
    }  # fmt: skip
    words = strings_of(request)
    try:
        if corrections := (statements := _statements_found(site.index, search)).corrections:
            search = search.corrected(corrections, site.index.fields)
            statements = _statements_found(site.index, search)
    except QueryError as error:
        return site.page(request, "quotes.html", {**values, "error": error}, 400)
    advice = site.index.hints.advise(search, statements)
    facets = useful_choices(
        site.index, [statements.facets[name] for name in STATEMENT_FACETS], search, statements.total
    )
    values |= {
        "search": search,
        "corrections": corrections,
        "original": page_query.search.literal(corrections, site.index.fields),
        "found": statements,
        "saved_as": saved_as(site, search, page_query.own.get("saved")),
        "hidden": hidden_fields(search, _IN_FORM, [facet.parameter for facet in facets]),
        "cards": [(hit, _citation(hit), _context_of(site.index, search, hit)) for hit in statements.hits],
        "chips": list(chips(search, _PATH, words)),
        "speakers": speakers(site.index, statements.facets["speaker"], search),
        "facets": facets,
        "timeline": statement_timeline(statements),
        "sureness": _sureness(search, words),
        "pager": pager(search, statements.total, _PATH),
        "advice": advice,
        "reading": shown_reading(page_query, words),
        "recorded": site.index.count(quotes=True, kinds=("speech",)) > 0,
        "context": context,
        "day_errors": page_query.day_errors,
        "typed": typed.search,
        "closed": page_query.search,
    }
    return site.page(request, "quotes.html", values, 400 if page_query.day_errors else 200)


def _statements_found(index: Index, search: Search) -> Statements:
    """Return statements with facets, which are empty if there are too many to count."""
    names = ("speaker", *STATEMENT_FACETS, *UNITS)
    try:
        return index.statements(search.with_facets(*names))
    except QueryTooBroad:
        statements = index.statements(search.replace(facets=()))
        return replace(statements, facets={name: Facet(name, FacetValues({})) for name in names})


def _sureness(search: Search, words: Strings) -> list[tuple[float | str, str]]:
    """Return the choices for the minimum confidence. An empty value stands for the default."""
    default = DEFAULT_MIN_CONFIDENCE if search.speakers else 0.0
    values = sorted(
        {*CONFIDENCE_LEVELS, *({search.min_confidence} if search.min_confidence is not None else ())},
        reverse=True,
    )
    named: list[tuple[float | str, str]] = [(value, words.at_least(value)) for value in values]
    return [("", words.text("default: {sure}", sure=words.at_least(default))), *named]


def _context_of(index: Index, search: Search, hit: Statement) -> Markup | None:
    """Return the match of the ``about`` query nearest to a statement."""
    if not search.about:
        return None
    _, marks = index.articles.matches(hit.whole.article, search.about)
    return nearest_match(hit.whole, marks)


def _citation(hit: Statement) -> str:
    """Return a statement with its speaker and article, in one line."""
    words = hit.text if hit.whole.best_part.kind == "indirect" else f"“{hit.text}”"
    # “in:”, the same in English and German, separates the speaker from the author.
    # If the article does not name the speaker, it is not evidence for them, so the confidence is 0.
    sure = hit.confidence if hit.whole.speaker in (hit.speaker, None) else 0.0
    speaker = f"{displayed_speaker(hit.speaker, sure)}, in: " if hit.speaker else ""
    moment = f" {hit.whole.best_part.moment}." if hit.whole.best_part.moment else ""
    return f"{words} ({speaker}{citation(reference(hit.whole.article))}{moment})"
