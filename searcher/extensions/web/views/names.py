"""Pages of names: people, organisations, sources, values of a facet, decisions, and the log."""

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
from searcher.names.decisions import CURATED_KINDS, Curation, Decision
from searcher.names.normalise import fold
from searcher.names.table import exact_query, without_exact_mark
from searcher.query.request import Search
from searcher.query.tree import HasValue
from searcher.records.log import ARTICLE, TAG, Step
from searcher.results import FacetValue, Results

if TYPE_CHECKING:
    from searcher.names.doubts import NameDoubt

#: The kinds of names that users can make decisions about, and their labels.
_KINDS: Final = {
    "person": "People",
    "organisation": "Organisations",
    "source": "Sources",
    "author": "Authors",
}
#: Maximum number of names on a page. The same limit applies to decisions and to steps of the log.
_MAX_SHOWN_NAMES: Final = 100
#: The possible decisions about a name. “forget” undoes a decision.
_ACTIONS: Final = ("merge", "rename", "ignore", "split", "forget")
#: The forms of a name are counted in at most this many articles.
_MAX_COUNTED_ARTICLES: Final = 500
#: Decisions are looked up in at most this many steps of the log.
_MAX_STEPS: Final = 5_000


def names_page(request: Request) -> Response:
    """Show names, the possible decisions about selected names, and past decisions."""
    site, parameters = site_of(request), request.query_params
    kind = parameters.get("_kind", "person")
    if kind not in _KINDS:
        raise HTTPException(404)
    # Values selected in a facet are in the parameter with the name of the field.
    named = [
        *parameters.getlist("_name"),
        *(without_exact_mark(kind, one) for one in parameters.getlist(kind)),
    ]
    selected = list(dict.fromkeys(named))[:_MAX_SHOWN_NAMES]
    matches = _names_holding(site.index, kind, parameters.get("_find", ""))
    doubts = site.index.names.doubts(kind) if "_doubtful" in parameters else None
    preview = _preview(site.index, kind, selected) if selected else None
    rest = [pair for pair in matches if pair[0] not in selected]
    made = _made_by(site.index)
    values: dict[str, Any] = {
        "kind": kind,
        "kinds": _KINDS,
        "full": site.index.names.full_names(kind, [name for name, _ in rest[:_MAX_SHOWN_NAMES]]),
        "find": parameters.get("_find", ""),
        "chosen": selected,
        "preview": preview,
        "forms": site.index.names.forms(kind, selected[0]).get(selected[0], ()) if len(selected) == 1 else (),
        "alike": [pair for pair in _alike_names(site.index, kind, selected) if pair[0] not in selected],
        "fullest": _fullest(preview.counts) if preview else [],
        "found": matches,
        "names": rest[:_MAX_SHOWN_NAMES],
        "doubts": doubts,
        "where": lambda doubt: _doubtful_articles(kind, doubt),
        "shown": _MAX_SHOWN_NAMES,
        "total": len(rest),
        "decisions": made[:_MAX_SHOWN_NAMES],
        "more": len(made) > _MAX_SHOWN_NAMES,
        "unticked": "_go" in parameters and not selected,
        "undone": "_undone" in parameters,
        "last": next(
            (
                step
                for step in site.index.log.steps(1, kinds=CURATED_KINDS)
                if step.id == parameters.get("_step")
            ),
            None,
        ),
        "within": _clicked_article(site.index, parameters.get("_article", ""), kind, selected),
    }
    return site.page(request, "names.html", values)


def _clicked_article(
    index: Index, id: str, kind: str, selected: list[str]
) -> tuple[Article, list[str]] | None:
    """Return the article in which a name was clicked, and the forms of the name that it prints."""
    article = index.articles.get(id) if id else None
    if article is None:
        return None
    forms = {
        form for name in selected for form in _printed_forms(index.names.resolve_article(article), kind, name)
    }
    return article, sorted(forms)


async def decide(request: Request) -> Response:
    async with request.form(max_fields=300, max_part_size=MAX_QUERY) as form:
        kind, action, article = (str(form.get(key, "")) for key in ("kind", "action", "article"))
        name = str(form.get("name", "")).strip()
        other_names = [
            str(other).strip() for other in form.getlist("other") if str(other).strip() not in ("", name)
        ]
    index = site_of(request).index
    if not name or (action in ("merge", "rename") and not other_names):
        raise UsageError("No name was given.")
    if action == "within":
        await run_in_threadpool(index.names.rename_in_article, article, kind, name, *other_names[:1])
        return RedirectResponse(article_address(article), 303)
    step = await run_in_threadpool(
        lambda: index.names.decide(_curation(index, action, kind, name, other_names))
    )
    back = {"kind": kind, "step": step} | ({"doubtful": "1"} if "doubtful" in form else {})
    return RedirectResponse(address("/names", Search(), back), 303)


def _doubtful_articles(kind: str, doubt: NameDoubt) -> str:
    """Return the address of the articles with an uncertain form of a name."""
    if doubt.joined:
        return address("/", Search(f'"{doubt.form}"', where={kind: exact_query(kind, doubt.name)}))
    return address("/", Search(where={kind: exact_query(kind, doubt.form)}))


async def undo(request: Request) -> Response:
    async with request.form(max_fields=10, max_part_size=MAX_QUERY) as form:
        step = str(form.get("step", ""))
    await run_in_threadpool(site_of(request).index.log.undo, step)
    path, undone = ("/log", str(form["log"])) if "log" in form else ("/names", "1")
    return RedirectResponse(address(path, Search(), {"undone": undone}), 303)


def log_page(request: Request) -> Response:
    """Show the changes made by people, newest first."""
    site, parameters = site_of(request), request.query_params
    by = parameters.get("_who")
    steps = site.index.log.steps(_MAX_SHOWN_NAMES + 1, who=by, before=parameters.get("_before"))
    listed = steps[:_MAX_SHOWN_NAMES]
    about = {one.about for step in listed for one in step.summary if one.kind in (TAG, ARTICLE)}
    older = {"before": listed[-1].id} if len(steps) > _MAX_SHOWN_NAMES else {}
    values = {
        "steps": listed,
        "back": site.index.log.reverted_steps(listed),
        "who": by,
        "articles": {id: article for id in about if (article := site.index.articles.get(id))},
        "older": address("/log", Search(), {**older, **({"who": by} if by else {})}) if older else None,
        "undone": parameters.get("_undone"),
    }
    return site.page(request, "log.html", values)


def _fullest(counts: Mapping[str, int]) -> list[str]:
    """Sort names by number of words, then fewest initials, then number of articles."""

    def emptiness(name: str) -> tuple[int, int, int]:
        words = name.split()
        return -len(words), sum(len(word.rstrip(".")) < 2 for word in words), -counts[name]

    return sorted(counts, key=emptiness)


def _alike_names(index: Any, kind: str, selected: list[str]) -> list[tuple[str, int]]:
    """Return names with the same last word as a selected name."""
    last = {name.split()[-1] for name in selected if name.split()}
    return [pair for word in sorted(last) for pair in _names_holding(index, kind, word)][:30]


#: The kinds of names that have a page, and the facets on that page.
_OF_PAGES: Final = ("person", "organisation", "source")
#: Maximum number of values per list.
_MAX_SHOWN_VALUES: Final = 10
#: Maximum number of latest articles, and of latest statements, to show.
_MAX_LATEST: Final = 5


def entity_page(request: Request) -> Response:
    """Show a person, organisation or source."""
    site, kind = site_of(request), request.path_params["kind"]
    requested_name = request.path_params["name"]
    if kind not in _OF_PAGES:
        raise HTTPException(404)
    meanings = _meant_names(site.index, kind, requested_name)
    if len(meanings) != 1:
        values: dict[str, Any] = {
            "kind": kind,
            "name": requested_name,
            "names": [(one, None) for one in meanings],
        }
        return site.page(request, "entities.html", values, 200 if meanings else 404)
    if path_of(kind, meanings[0]) != path_of(kind, requested_name):
        return RedirectResponse(path_of(kind, meanings[0]), 303)
    return site.page(request, "entity.html", _values_of_entity(site.index, kind, meanings[0]))


def _values_of_entity(index: Index, kind: str, name: str) -> dict[str, Any]:
    # This is a condition because facets ignore filters on their own field.
    with_them = index.search(
        HasValue(kind, exact_query(kind, name)), sort="newest", limit=_MAX_LATEST, facets=_OF_PAGES
    )
    articles = narrowed_search(Search(), kind, name)
    said = (
        Search(said_by=exact_query("speaker", name)) if kind != "source" else Search(quotes=True, source=name)
    )
    quotes = index.statements(said.replace(sort="newest", limit=_MAX_LATEST))
    return {
        "kind": kind, "name": name, "full": index.names.full_names(kind, [name]).get(name),
        "articles": articles,
        "said": said, "found": with_them, "quotes": quotes, "timeline": timeline(index, articles),
        "lists": [(field, _other_values(with_them, field, name)) for field in _OF_PAGES],
        "forms": _forms(index, kind, name) if kind != "source" else {},
    }  # fmt: skip


def _other_values(results: Results, field: str, name: str) -> list[FacetValue]:
    values = results.facets[field].values[: _MAX_SHOWN_VALUES + 1]
    return [value for value in values if value.value != name][:_MAX_SHOWN_VALUES]


#: Maximum number of values on a page that lists nothing but values.
_MAX_NAMES_ON_PAGE: Final = 200


def values_page(request: Request) -> Response:
    """Show the values of a facet of a search."""
    page_query, site = PageQuery.of(request), site_of(request)
    field = site.index.fields.facet_field(request.path_params["field"])
    path = f"/values/{field.name}"
    if not page_query.canonical:
        return RedirectResponse(page_query.address(path), 303)
    holding, by_name = page_query.own.get("find", ""), page_query.own.get("order") == "name"
    values = matching_values(site.index, page_query.search, field.name, holding)
    if by_name:
        values = sorted(values, key=lambda one: one.value.casefold())
    last = max(1, -(-len(values) // _MAX_NAMES_ON_PAGE))
    page = min(max(page_query.number("page"), 1), last)

    def url(**changes: str) -> str:
        return address(path, page_query.search, {**page_query.own, **changes})

    context: dict[str, Any] = {
        "field": field,
        "search": page_query.search,
        "own": page_query.own,
        "values": [
            (one, _address_chosen(page_query.search, field.name, one))
            for one in values[(page - 1) * _MAX_NAMES_ON_PAGE : page * _MAX_NAMES_ON_PAGE]
        ],
        "total": len(values),
        "by_name": by_name,
        "orders": (url(order="count"), url(order="name")),
        "previous": url(page=str(page - 1)) if page > 1 else None,
        "next": url(page=str(page + 1)) if page < last else None,
        "back": address(page_of(page_query.search), page_query.search),
        "hidden": [pair for pair in page_query.pairs() if pair[0] not in ("_find", "_page")],
    }
    return site.page(request, "values.html", context)


def matching_values(index: Index, search: Search, field: str, holding: str) -> list[FacetValue]:
    """Return the values of a facet containing a text, ignoring case and accents, most frequent first."""
    value_search = search.replace(limit=0, offset=0, facets=(field,), snippets=False)
    facet = (index.statements(value_search) if search.quotes else index.search(value_search)).facets[field]
    folded = fold(holding)
    return [one for one in facet.values if folded in fold(one.value)] if holding else list(facet.values)


def _address_chosen(search: Search, field: str, value: FacetValue) -> str:
    """Return the address of the search narrowed to a value."""
    if search.quotes and field == "speaker":
        speakers = (*search.speakers, exact_query(field, value.value))
        said = search.replace(offset=0).said_by(*speakers, min_confidence=search.min_confidence)
        return address("/quotes", said)
    return address(page_of(search), narrowed_search(search, field, value.value))


def _names_holding(index: Index, kind: str, holding: str = "") -> list[tuple[str, int]]:
    """Return the names containing a text with their numbers of articles, most frequent first."""
    folded = fold(holding)
    counts = index.values(kind)
    matches = [(name, count) for name, count in counts.items() if folded in fold(name)]
    return sorted(matches, key=lambda pair: (-pair[1], pair[0].casefold()))


def _meant_names(index: Index, kind: str, name: str) -> list[str]:
    """Return the merged names that a name can mean: several for a shared surname."""
    resolved = index.names.resolve(kind, name)
    return [name] if name in resolved else sorted(resolved)


def _forms(index: Index, kind: str, name: str) -> Mapping[str, int]:
    """Return the printed forms of a name in the latest articles, with numbers of articles."""
    arguments: dict[str, Any] = {"where": {kind: name}}
    counts: Counter[str] = Counter()
    for hit in index.scan(Search(sort="newest", limit=_MAX_COUNTED_ARTICLES, snippets=False, **arguments)):
        article = index.names.resolve_article(hit.article)
        counts.update(sorted(_printed_forms(article, kind, name)))  # sorted: a stable order for equal counts
    return dict(counts.most_common())


def _printed_forms(article: Article, kind: str, name: str) -> set[str]:
    """Return the forms of a name printed in an article, which has merged names."""
    return {article.name_as_written(one) for one in article.mentions if (one.kind, one.name) == (kind, name)}


@dataclass(frozen=True, slots=True)
class _Preview:
    """The number of articles affected by a decision: for each name, and the maximum in all."""

    counts: Mapping[str, int]
    total: int


def _preview(index: Index, kind: str, about: Iterable[str]) -> _Preview:
    """Return the number of articles affected by a decision about these names."""
    names = list(dict.fromkeys(about))
    known = index.values(kind)
    counts = {name: known.get(name, 0) for name in names}
    # The search may find more articles because a surname matches everyone who has it.
    return _Preview(counts, min(sum(counts.values()), index.count(Search(where={kind: names}))))


def _curation(index: Index, action: str, kind: str, name: str, other_names: list[str]) -> Curation:
    """Return the decisions with another one. Raises UsageError."""
    if action not in _ACTIONS:
        raise UsageError(f"“{action}” is not a decision. Decisions: {', '.join(_ACTIONS)}.")
    more = {"merge": (other_names,), "rename": (other_names[0] if other_names else "",)}.get(action, ())
    made: Curation = getattr(index.names.decisions, action)(kind, name, *more)
    return made


def _made_by(index: Index) -> list[tuple[Step | None, list[Decision]]]:
    """Return the current decisions by the step that made them, newest first.

    Decisions without a step, for example edited into the file, come last.
    """
    left, groups = (
        dict.fromkeys(index.names.decisions.decisions()),
        list[tuple[Step | None, list[Decision]]](),
    )
    for step in index.log.steps(_MAX_STEPS, kinds=CURATED_KINDS) if left else ():
        made = [(one.kind, one.about, one.value) for one in step.changes if one.added]
        if current := [one for one in made if one in left]:
            groups.append((step, current))
            left = {one: None for one in left if one not in current}
    return [*groups, *((None, [one]) for one in left)]
