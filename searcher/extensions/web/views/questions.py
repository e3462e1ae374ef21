"""Redirect questions to the page of the search that answers them."""

from __future__ import annotations

from dataclasses import replace

from starlette.responses import RedirectResponse

from searcher.errors import QueryError
from searcher.extensions.web.addresses import PageQuery, address, page_of
from searcher.extensions.web.choices import describe_search
from searcher.extensions.web.strings import Strings
from searcher.index import Index
from searcher.query.request import Search

#: Name of the parameter that contains the question. Only this page uses it.
_QUESTION = "question"


def with_quotes_closed(index: Index, page_query: PageQuery) -> PageQuery:
    """Close an unclosed quotation mark in the query."""
    try:
        page_query.search.tree(index.fields)
    except QueryError as error:
        if error.correction:
            return replace(page_query, search=page_query.search.replace(error.correction))
    return page_query


def to_reading(index: Index, page_query: PageQuery) -> RedirectResponse | None:
    """Return a redirect to the search for a question. None for keywords, and on that page itself."""
    reading = None if _QUESTION in page_query.own else index.hints.read_question(page_query.search)
    if reading is None:
        return None
    own = {**page_query.own, _QUESTION: reading.question}
    return RedirectResponse(address(page_of(reading.search), reading.search, own), 303)


def shown_reading(page_query: PageQuery, words: Strings) -> tuple[str, str, Search] | None:
    """Return the question that led to a page, its reading, and the search for its words."""
    if not (question := page_query.own.get(_QUESTION)):
        return None
    kind = words.text("Statements" if page_query.search.quotes else "Articles")
    return (
        question,
        f"{kind} ({', '.join(describe_search(page_query.search, words))})",
        Search(f"({question})"),
    )
