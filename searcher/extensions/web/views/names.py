"""The pages of names: who they are and what was said, all values of a facet, and names put right: merged,
renamed, ignored or kept apart, with what will change shown before.

Decisions are kept where the commands keep them, and stand in the log, where each can be taken back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from searcher.article import Article
from searcher.errors import UsageError
from searcher.extensions.web.addresses import PageQuery, address, article_address, page_of, path_of
from searcher.extensions.web.choices import narrowed_search
from searcher.extensions.web.guard import MAX_QUERY
from searcher.extensions.web.site import site_of
from searcher.extensions.web.timeline import timeline
from searcher.index import Index
from searcher.names.decisions import KINDS, Curation, Decision
from searcher.names.normalise import fold
from searcher.names.table import bare, one_alone
from searcher.query.request import Search
from searcher.query.tree import HasValue
from searcher.records.log import ARTICLE, TAG, Step
from searcher.results import FacetValue, Results

if TYPE_CHECKING:
    from searcher.names.doubts import NameDoubt

#: The kinds of names that can be decided about, as they are called on the page.
_KINDS: Final = {
    "person": "People",
    "organisation": "Organisations",
    "source": "Sources",
    "author": "Authors",
}
_MAX_SHOWN_NAMES: Final = 100  # and as many decisions, and steps of the log
#: What can be decided about a name; “forget” takes a decision back.
_ACTIONS: Final = ("merge", "rename", "ignore", "split", "forget")
#: Articles whose ways of writing a name are counted, and steps of the log in which decisions are looked for.
_MAX_COUNTED_ARTICLES: Final = 500
_MAX_STEPS: Final = 5_000


def names_page(request: Request) -> Response:
    """Show the names, what can be decided about those chosen, and what was decided."""
    site, given = site_of(request), request.query_params
    kind = given.get("_kind", "person")
    if kind not in _KINDS:
        raise HTTPException(404)
    # What is ticked in a facet comes by the name of its field.
    named = [*given.getlist("_name"), *(bare(kind, one) for one in given.getlist(kind))]
    chosen = list(dict.fromkeys(named))[:_MAX_SHOWN_NAMES]
    found = _names_holding(site.index, kind, given.get("_find", ""))
    told = set(chosen)
    doubts = site.index.doubtful_names(kind) if "_doubtful" in given else None
    preview = _preview(site.index, kind, chosen) if chosen else None
    rest = [pair for pair in found if pair[0] not in told]
    made = _made_by(site.index)
    values: dict[str, Any] = {
        "kind": kind,
        "kinds": _KINDS,
        "full": site.index.full_names(kind, [name for name, _ in rest[:_MAX_SHOWN_NAMES]]),
        "find": given.get("_find", ""),
        "chosen": chosen,
        "preview": preview,
        "forms": site.index.name_forms(kind, chosen[0]).get(chosen[0], ()) if len(chosen) == 1 else (),
        "alike": [pair for pair in _alike_names(site.index, kind, chosen) if pair[0] not in told],
        "fullest": _fullest(preview.counts) if preview else [],
        "found": found,
        "names": rest[:_MAX_SHOWN_NAMES],
        "doubts": doubts,
        "where": lambda doubt: _where(kind, doubt),
        "shown": _MAX_SHOWN_NAMES,
        "total": len(rest),
        "decisions": made[:_MAX_SHOWN_NAMES],
        "more": len(made) > _MAX_SHOWN_NAMES,
        "unticked": "_go" in given and not chosen,
        "undone": "_undone" in given,
        "last": next(
            (step for step in site.index.log.steps(1, kinds=KINDS) if step.id == given.get("_step")), None
        ),
        "within": _clicked_article(site.index, given.get("_article", ""), kind, chosen),
    }
    return site.page(request, "names.html", values)


def _clicked_article(index: Index, id: str, kind: str, chosen: list[str]) -> tuple[Article, list[str]] | None:
    """The article in which a name was clicked, if there is one, and the forms that it prints of that name."""
    article = index.get(id) if id else None
    if article is None:
        return None
    forms = {form for name in chosen for form in _printed_forms(index.named(article), kind, name)}
    return article, sorted(forms)


async def decide(request: Request) -> Response:
    async with request.form(max_fields=300, max_part_size=MAX_QUERY) as form:
        kind, action, article = (str(form.get(key, "")) for key in ("kind", "action", "article"))
        name = str(form.get("name", "")).strip()
        others = [
            str(other).strip() for other in form.getlist("other") if str(other).strip() not in ("", name)
        ]
    index = site_of(request).index
    if not name or (action in ("merge", "rename") and not others):
        raise UsageError("Name what to decide about.")
    if action == "within":
        await run_in_threadpool(index.name_within, article, kind, name, *others[:1])
        return RedirectResponse(article_address(article), 303)
    step = await run_in_threadpool(lambda: index.set_decisions(_curation(index, action, kind, name, others)))
    back = {"kind": kind, "step": step} | ({"doubtful": "1"} if "doubtful" in form else {})
    return RedirectResponse(address("/names", Search(), back), 303)


def _where(kind: str, doubt: NameDoubt) -> str:
    """The address of the articles with a form of which it is not sure who is meant."""
    if doubt.joined:
        return address("/", Search(f'"{doubt.form}"', where={kind: one_alone(kind, doubt.name)}))
    return address("/", Search(where={kind: one_alone(kind, doubt.form)}))


async def undo(request: Request) -> Response:
    async with request.form(max_fields=10, max_part_size=MAX_QUERY) as form:
        step = str(form.get("step", ""))
    await run_in_threadpool(site_of(request).index.take_back, step)
    path, told = ("/log", str(form["log"])) if "log" in form else ("/names", "1")
    return RedirectResponse(address(path, Search(), {"undone": told}), 303)


def log_page(request: Request) -> Response:
    """Show what people have changed, the newest first."""
    site, given = site_of(request), request.query_params
    by = given.get("_who")
    steps = site.index.log.steps(_MAX_SHOWN_NAMES + 1, who=by, before=given.get("_before"))
    shown = steps[:_MAX_SHOWN_NAMES]
    about = {one.about for step in shown for one in step.told if one.kind in (TAG, ARTICLE)}
    older = {"before": shown[-1].id} if len(steps) > _MAX_SHOWN_NAMES else {}
    return site.page(
        request,
        "log.html",
        {
            "steps": shown,
            "back": site.index.log.undone(shown),
            "who": by,
            "articles": {id: article for id in about if (article := site.index.get(id))},
            "older": address("/log", Search(), {**older, **({"who": by} if by else {})}) if older else None,
            "undone": given.get("_undone"),
        },
    )


def _fullest(counts: Mapping[str, int]) -> list[str]:
    """The names with the fullest first, and of those as full as each other the one that most articles have: a
    spelling is no better for being longer."""

    def emptiness(name: str) -> tuple[int, int, int]:
        words = name.split()
        return -len(words), sum(len(word.rstrip(".")) < 2 for word in words), -counts[name]

    return sorted(counts, key=emptiness)


def _alike_names(index: Any, kind: str, chosen: list[str]) -> list[tuple[str, int]]:
    """Names that share the last word of one that was chosen: who may be the same."""
    last = {name.split()[-1] for name in chosen if name.split()}
    return [pair for word in sorted(last) for pair in _names_holding(index, kind, word)][:30]


#: The kinds of names that have a page, and the facets on it.
_OF_PAGES: Final = ("person", "organisation", "source")
#: Values of each list, articles and statements that are shown.
_MAX_SHOWN_VALUES: Final = 10
_MAX_LATEST_STATEMENTS: Final = 5


def entity_page(request: Request) -> Response:
    """Show what the archive has of somebody."""
    site, kind = site_of(request), request.path_params["kind"]
    asked = request.path_params["name"]
    if kind not in _OF_PAGES:
        raise HTTPException(404)
    found = _meant_names(site.index, kind, asked)
    if len(found) != 1:
        values: dict[str, Any] = {"kind": kind, "name": asked, "names": [(one, None) for one in found]}
        return site.page(request, "entities.html", values, 200 if found else 404)
    if path_of(kind, found[0]) != path_of(kind, asked):
        return RedirectResponse(path_of(kind, found[0]), 303)
    return site.page(request, "entity.html", _values_of_entity(site.index, kind, found[0]))


def _values_of_entity(index: Index, kind: str, name: str) -> dict[str, Any]:
    # A condition rather than a filter: a facet leaves its own filter out, and who stands beside is asked.
    with_them = index.search(
        HasValue(kind, one_alone(kind, name)), sort="newest", limit=_MAX_LATEST_STATEMENTS, facets=_OF_PAGES
    )
    articles = narrowed_search(Search(), kind, name)
    said = (
        Search(said_by=one_alone("speaker", name)) if kind != "source" else Search(quotes=True, source=name)
    )
    quotes = index.statements(said.replace(sort="newest", limit=_MAX_LATEST_STATEMENTS))
    return {
        "kind": kind, "name": name, "full": index.full_names(kind, [name]).get(name), "articles": articles,
        "said": said, "found": with_them, "quotes": quotes, "timeline": timeline(index, articles),
        "lists": [(field, _values_beside(with_them, field, name)) for field in _OF_PAGES],
        "forms": _forms(index, kind, name) if kind != "source" else {},
    }  # fmt: skip


def _values_beside(found: Results, field: str, name: str) -> list[FacetValue]:
    values = found.facets[field].values[: _MAX_SHOWN_VALUES + 1]
    return [value for value in values if value.value != name][:_MAX_SHOWN_VALUES]


_MAX_NAMES_ON_PAGE: Final = 200  # where nothing but names is on it


def values_page(request: Request) -> Response:
    """Show the values of a facet among what a search finds."""
    asked, site = PageQuery.of(request), site_of(request)
    field = site.index.fields.facet_field(request.path_params["field"])
    path = f"/values/{field.name}"
    if not asked.canonical:
        return RedirectResponse(asked.address(path), 303)
    holding, by_name = asked.own.get("find", ""), asked.own.get("order") == "name"
    values = matching_values(site.index, asked.search, field.name, holding)
    if by_name:
        values = sorted(values, key=lambda one: one.value.casefold())
    last = max(1, -(-len(values) // _MAX_NAMES_ON_PAGE))
    page = min(max(asked.number("page"), 1), last)

    def url(**changes: str) -> str:
        return address(path, asked.search, {**asked.own, **changes})

    shown: dict[str, Any] = {
        "field": field,
        "search": asked.search,
        "own": asked.own,
        "values": [
            (one, _address_chosen(asked.search, field.name, one))
            for one in values[(page - 1) * _MAX_NAMES_ON_PAGE : page * _MAX_NAMES_ON_PAGE]
        ],
        "total": len(values),
        "by_name": by_name,
        "orders": (url(order="count"), url(order="name")),
        "previous": url(page=str(page - 1)) if page > 1 else None,
        "next": url(page=str(page + 1)) if page < last else None,
        "back": address(page_of(asked.search), asked.search),
        "hidden": [pair for pair in asked.pairs() if pair[0] not in ("_find", "_page")],
    }
    return site.page(request, "values.html", shown)


def matching_values(index: Index, search: Search, field: str, holding: str) -> list[FacetValue]:
    """Return the values of a facet that hold a text, whatever its case and accents, most frequent first."""
    asked = search.replace(limit=0, offset=0, facets=(field,), snippets=False)
    facet = (index.statements(asked) if search.quotes else index.search(asked)).facets[field]
    wanted = fold(holding)
    return [one for one in facet.values if wanted in fold(one.value)] if holding else list(facet.values)


def _address_chosen(search: Search, field: str, value: FacetValue) -> str:
    """The address of the search that is narrowed to a value too."""
    if search.quotes and field == "speaker":
        speakers = (*search.speakers, one_alone(field, value.value))
        said = search.replace(offset=0).said_by(*speakers, min_confidence=search.min_confidence)
        return address("/quotes", said)
    return address(page_of(search), narrowed_search(search, field, value.value))


def _names_holding(index: Index, kind: str, holding: str = "") -> list[tuple[str, int]]:
    """Return the names of a kind that hold a text, each with its number of articles, most frequent first."""
    wanted = fold(holding)
    counts = index.values(kind)
    found = [(name, count) for name, count in counts.items() if wanted in fold(name)]
    return sorted(found, key=lambda pair: (-pair[1], pair[0].casefold()))


def _meant_names(index: Index, kind: str, name: str) -> list[str]:
    """Return the names across articles that a name asks for: one mostly, several for a surname that some
    share, none for nobody."""
    found = index.names_meant(kind, name)
    return [name] if name in found else sorted(found)


def _forms(index: Index, kind: str, name: str) -> Mapping[str, int]:
    """Return how the latest articles write a name, each with the number of these articles."""
    asked: dict[str, Any] = {"where": {kind: name}}
    counts: Counter[str] = Counter()
    for hit in index.scan(Search(sort="newest", limit=_MAX_COUNTED_ARTICLES, snippets=False, **asked)):
        article = index.named(hit.article)
        counts.update(sorted(_printed_forms(article, kind, name)))  # of as many articles always in one order
    return dict(counts.most_common())


def _printed_forms(article: Article, kind: str, name: str) -> set[str]:
    """Return the forms of a name that an article prints, whose names are those across articles."""
    return {article.printed(one) for one in article.mentions if (one.kind, one.name) == (kind, name)}


@dataclass(frozen=True, slots=True)
class _Preview:
    """What a decision would change: the articles of each name that it is about, and all together at most."""

    counts: Mapping[str, int]
    total: int


def _preview(index: Index, kind: str, about: Iterable[str]) -> _Preview:
    """Return how many articles a decision about these names touches."""
    named = list(dict.fromkeys(about))
    known = index.values(kind)
    counts = {name: known.get(name, 0) for name in named}
    # A surname asks for everybody who has it: the sum is nearer then.
    together: dict[str, Any] = {"where": {kind: named}}
    return _Preview(counts, min(sum(counts.values()), index.count(Search(**together))))


def _curation(index: Index, action: str, kind: str, name: str, others: list[str]) -> Curation:
    """Return the decisions with one more. Raises UsageError for one that makes no sense."""
    if action not in _ACTIONS:
        raise UsageError(f"“{action}” is nothing that can be decided about a name.")
    more = {"merge": (others,), "rename": (others[0] if others else "",)}.get(action, ())
    made: Curation = getattr(index.decisions, action)(kind, name, *more)
    return made


def _made_by(index: Index) -> list[tuple[Step | None, list[Decision]]]:
    """Return the decisions that hold with the steps that made them, the newest first; those of no step that
    is known, as somebody has written them into the file, come last."""
    left, found = dict.fromkeys(index.decisions.decisions()), list[tuple[Step | None, list[Decision]]]()
    for step in index.log.steps(_MAX_STEPS, kinds=KINDS) if left else ():
        told = [(one.kind, one.about, one.value) for one in step.changes if one.added]
        if held := [one for one in told if one in left]:
            found.append((step, held))
            left = {one: None for one in left if one not in held}
    return [*found, *((None, [one]) for one in left)]
