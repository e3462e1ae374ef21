"""The page of statements: who said what, each once, with everyone who carried it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from searcher.errors import QueryError, QueryTooBroad
from searcher.export.reference import citation, reference
from searcher.index import Index
from searcher.names.normalise import fold
from searcher.names.table import bare, one_alone
from searcher.query.request import DEFAULT_MIN_CONFIDENCE, Search
from searcher.results.facets import Facet, FacetValues
from searcher.results.statements import Statement, Statements
from searcher.web import who
from searcher.web.addresses import Asked, hidden_fields, pager
from searcher.web.choices import STATEMENT_FACETS, Choices, chips, choices, speakers, tag_choices, telling
from searcher.web.marks import context, nearest
from searcher.web.meant import finds, said_about, ways_on, with_whole_value
from searcher.web.site import site_of, strings_of
from searcher.web.strings import SURE, Strings
from searcher.web.timeline import UNITS, statement_timeline
from searcher.web.views.searches import saved_as

_PATH = "/quotes"
#: Names that are offered for half of one.
_MAX_BEGUN = 8
_IN_FORM = frozenset(
    {"q", "said_by", "about", "confidence", "kind", "after", "before", "sort", "offset", "correct"}
)


def quotes_page(request: Request) -> Response:
    """Answer a search for quotations."""
    asked, site = Asked.of(request, quotes=True), site_of(request)
    search = asked.search
    if not asked.canonical:
        return RedirectResponse(asked.address(_PATH), 303)
    values: dict[str, Any] = {
        "search": search,
        "speaking": ", ".join(bare("speaker", name) for name in search.speakers),
        "hidden": _hidden(search, ()),
        "found": None,
        "error": None,
    }
    words = strings_of(request)
    try:
        found = _found(site.index, search)
    except QueryError as error:
        return site.page(request, "quotes.html", {**values, "error": error}, 400)
    own = site.index.own_tag_names()
    facets = telling(_facets(site.index, search, found, own), found.total)
    values |= {
        "found": found,
        "saved_as": saved_as(site, search, asked.own.get("saved", "")),
        "ways": [] if found.total else ways_on(site.index, search, words),
        "begun": [] if found.total else _begun(site.index, search),
        "hidden": _hidden(search, facets),
        "cards": [(hit, _citation(hit), _beside(site.index, search, hit)) for hit in found.hits],
        "chips": list(chips(search, _PATH, words)),
        "speakers": speakers(site.index, found.facets["speaker"], search),
        "facets": facets,
        "timeline": statement_timeline(found),
        "sureness": _sureness(search, words),
        "pager": pager(search, found.total, _PATH),
        "as_typed": search.replace(correct=False, offset=0),
        "reported": _reported(site.index, search, found),
        "wider": _wider(site.index, search, found),
        "themselves": _themselves(site.index, search),
        "meant": with_whole_value(site.index, search) if found.relaxed or not found.total else None,
        "about": said_about(site.index, search) if found.relaxed or not found.total else None,
        "all": Search(search.query, quotes=True),
        "context": context,
    }
    return site.page(request, "quotes.html", values)


def _found(index: Index, search: Search) -> Statements:
    """Return statements with the facets of the page, which are empty where an index cannot count so many."""
    names = ("speaker", *STATEMENT_FACETS, *UNITS)
    try:
        return index.statements(search.with_facets(*names))
    except QueryTooBroad:
        found = index.statements(search.replace(facets=()))
        return replace(found, facets={name: Facet(name, FacetValues({})) for name in names})


def _facets(index: Index, search: Search, found: Statements, own: frozenset[str]) -> list[Choices]:
    *others, tags = (found.facets[name] for name in STATEMENT_FACETS)
    return [*(choices(index, facet, search) for facet in others), *tag_choices(index, tags, search, own)]


def _reported(index: Index, search: Search, found: Statements) -> tuple[int, Search] | None:
    """How often reported speech is found that is left out, and the search with it. None for never.

    Quotations are counted, which every engine does at once; statements would have to be put together.
    """
    if "indirect" in search.kinds or found.relaxed:
        return None
    times = index.count(search.core().replace(kinds=("indirect",)))
    return (times, search.replace(kinds=(*search.kinds, "indirect"), offset=0)) if times else None


def _wider(index: Index, search: Search, found: Statements) -> tuple[int, Search] | None:
    """How many quotations of those asked for stand in articles that have the words, and the search for them;
    None where these are no more. Somebody who asks what was said about Japan is not told by the quotations
    alone that name it."""
    if not search.text or search.about or search.match == "any" or (found.total and not search.speakers):
        return None
    wide = search.replace("", about=search.text, offset=0)
    number = index.count(wide.core())
    strict = 0 if found.relaxed else index.count(search.core())
    return (number, wide) if number > strict else None


def _themselves(index: Index, search: Search) -> tuple[str, Search] | None:
    """Somebody whom the articles name, and the search for what they said themselves; None for nothing."""
    people = search.included.get("person", ())
    if search.speakers or len(people) != 1:
        return None
    others = {name: values for name, values in search.included.items() if name != "person"}
    asked = search.replace(only=others, said_by=people[0], offset=0)
    return (bare("person", people[0]), asked) if index.count(asked.core()) else None


def _begun(index: Index, search: Search) -> list[tuple[str, Search]]:
    """Those who said something of the sort and in whose name a word begins as the one name that was typed,
    which means nobody; each with the search for that."""
    if len(search.speakers) != 1 or index.names_meant("speaker", search.speakers[0]):
        return []
    begins = f" {fold(search.speakers[0])}"
    names = [
        name for name, _ in who.names(index, "speaker", search.speakers[0]) if begins in f" {fold(name)}"
    ]
    asked = [
        (name, search.replace(said_by=one_alone("speaker", name), offset=0)) for name in names[:_MAX_BEGUN]
    ]
    return [(name, one) for name, one in asked if finds(index, one)]


def _hidden(search: Search, facets: Sequence[Choices]) -> list[tuple[str, str]]:
    """What the form sends along unseen: what narrows the search and has no field in the form."""
    fields = {*_IN_FORM, *(f"{no}{facet.parameter}" for facet in facets for no in ("", "not_"))}
    return [pair for pair in hidden_fields(search, fields) if pair[0] != "quotes"]


def _sureness(search: Search, words: Strings) -> list[tuple[float | str, str]]:
    """How sure a speaker has to be, as can be chosen; nothing stands for what is usual."""
    usual = DEFAULT_MIN_CONFIDENCE if search.speakers else 0.0
    values = sorted({*SURE, *({search.confidence} if search.confidence is not None else ())}, reverse=True)
    named: list[tuple[float | str, str]] = [(value, words.at_least(value)) for value in values]
    return [("", words.text("as usual: {sure}", sure=words.at_least(usual))), *named]


def _beside(index: Index, search: Search, hit: Statement) -> Markup | None:
    """What stands beside a statement of what its article is about."""
    if not search.about:
        return None
    _, marks = index.matches(hit.whole.article, search.about, correct=search.correct)
    return nearest(hit.whole, marks)


def _citation(hit: Statement) -> str:
    """A statement with its speaker and where it stands whole, in one line."""
    words = hit.text if hit.whole.said.kind == "indirect" else f"“{hit.text}”"
    # “in:” is the same in both languages of the page, and tells who spoke from who wrote.
    speaker = f"{hit.speaker}, in: " if hit.speaker else ""
    return f"{words} ({speaker}{citation(reference(hit.whole.article))})"
