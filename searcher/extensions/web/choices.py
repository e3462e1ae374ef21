"""Filters on the page: values of facets to select, and chips for active filters."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, Final

from searcher.errors import QueryError
from searcher.extensions.web.addresses import address
from searcher.extensions.web.strings import Strings
from searcher.fields import possible_fields, shown_field
from searcher.index import Index
from searcher.names.table import exact_query, kinds_of, without_exact_mark
from searcher.query import language
from searcher.query.request import Search
from searcher.query.tree import And
from searcher.results import Facet, FacetValues

#: The facets of the search page.
FACETS: Final = ("person", "organisation", "speaker", "place", "source", "language", "tag", "contact")
#: The facets of the statements page, besides the speaker.
STATEMENT_FACETS: Final = ("source", "role", "party", "language", "tag")
#: Fields with several values per article. A search can require all selected values instead of any of them.
_MULTIPLE: Final = frozenset({"person", "organisation", "speaker", "author", "tag"})
#: Maximum number of values per facet, in addition to the selected ones.
_MAX_SHOWN_VALUES: Final = 8
#: Characters that are not allowed in the name of a saved search.
_NOT_IN_NAMES: Final = re.compile(r"[^\w .+-]+")
#: Maximum length of a suggested name for a saved search.
_MAX_NAME_CHARACTERS: Final = 60


@dataclass(frozen=True, slots=True)
class Option:
    """A value of a facet, to select or exclude.

    Attributes:
        address_value: The unambiguous form of the value in addresses.
        full: The full name of an organisation's acronym.
    """

    value: str
    count: int
    is_selected: bool = False
    excluded: bool = False
    address_value: str = ""
    full: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """The first values of a facet.

    Attributes:
        total: Number of all values; a minimum if it is not ``exact``.
        parameter: Name of the facet in addresses.
        excludes: Values can be excluded.
        match_all: Articles must have all selected values. None: the choice is not offered.
    """

    field: str
    label: str
    values: tuple[Option, ...]
    total: int
    parameter: str
    excludes: bool = True
    match_all: bool | None = None
    exact: bool = True

    @property
    def has_selection(self) -> bool:
        return any(choice.is_selected for choice in self.values)

    def narrows(self, total: int) -> bool:
        """Return False if the only value is common to all results."""
        unused = [choice for choice in self.values if not (choice.is_selected or choice.excluded)]
        return len(self.values) > 1 or (bool(self.values) and [choice.count for choice in unused] != [total])

    @property
    def more(self) -> bool:
        return self.total > len(self.values)


@dataclass(frozen=True, slots=True)
class Chip:
    """An active filter and the address without it. ``joined``: “and” or “or” before further values."""

    label: str
    text: str
    url: str
    joined: str = ""


def choices(index: Index, facet: Facet, search: Search) -> Choices:
    """Return the values of a facet: selected and excluded ones, then the most frequent."""
    excluded = search.excluded.get(facet.field, ())
    first = [
        *_selected_options(index, facet, search.included.get(facet.field, ())),
        *(
            Option(without_exact_mark(facet.field, value), 0, excluded=True, address_value=value)
            for value in excluded
        ),
    ]
    options = (*first, *_most_frequent(facet, {choice.value for choice in first}))
    has_acronyms = "organisation" in kinds_of(facet.field)
    full = index.names.full_names(facet.field, [choice.value for choice in options]) if has_acronyms else {}
    total = facet.values.min_count + len(excluded)
    return Choices(
        facet.field,
        shown_field(facet.field).label,
        tuple(replace(one, full=full[one.value]) if one.value in full else one for one in options),
        total,
        facet.field,
        match_all=_match_all(facet.field, search),
        exact=facet.values.is_complete,
    )


def _selected_options(index: Index, facet: Facet, requested: Iterable[str]) -> list[Option]:
    """Return the selected values, including values without results, so that they can be removed."""
    name, values = facet.field, facet.values
    options = [
        Option(one.value, one.count, is_selected=True, address_value=exact_query(name, one.value))
        for one in values.selected
    ]
    missing = [
        value
        for value in requested
        if not any(one in values.counts for one in index.names.resolve(name, value))
    ]
    return [
        *options,
        *(
            Option(without_exact_mark(name, value), 0, is_selected=True, address_value=value)
            for value in missing
        ),
    ]


def _most_frequent(facet: Facet, selected: Collection[str]) -> Iterator[Option]:
    """Yield the most frequent values that are not shown yet."""
    rest = [one for one in facet.values[: _MAX_SHOWN_VALUES + len(selected)] if one.value not in selected]
    for one in rest[:_MAX_SHOWN_VALUES]:
        yield Option(one.value, one.count, address_value=exact_query(facet.field, one.value))


def tag_choices(index: Index, facet: Facet, search: Search) -> list[Choices]:
    """Return the user's tags and the publishers' tags as separate facets."""
    values, own = facet.values, index.tags.names()
    if not any(tag in values.counts for tag in own):
        return [choices(index, facet, search)]
    parts = []
    for label, mine in (("Your tags", True), ("Tags", False)):
        counts = {tag: number for tag, number in values.counts.items() if (tag in own) is mine}
        selected = [one.value for one in values.selected if one.value in counts]
        sides = {"where": search.included, "exclude": search.excluded}
        arguments: dict[str, Any] = {
            side: {**fields, "tag": [tag for tag in fields.get("tag", ()) if (tag in own) is mine]}
            for side, fields in sides.items()
        }
        part = choices(index, Facet(facet.field, FacetValues(counts, selected)), search.replace(**arguments))
        parts.append(replace(part, label=label, match_all=_match_all(facet.field, search)))
    return parts


def useful_choices(index: Index, facets: Iterable[Facet], search: Search, total: int) -> list[Choices]:
    """Return the facets that can narrow the search. Each field offers ``match_all`` once."""
    facet_groups = (
        tag_choices(index, facet, search) if facet.field == "tag" else [choices(index, facet, search)]
        for facet in facets
        if facet.values or any(one.field == facet.field for one in search.filters)
    )
    narrowing = [facet for facet in chain.from_iterable(facet_groups) if facet.narrows(total)]
    choices_by_facet: dict[str, Choices] = {}
    for facet in sorted(narrowing, key=lambda one: not one.has_selection):
        choices_by_facet.setdefault(facet.field, facet)
    return [
        facet if choices_by_facet[facet.field] is facet else replace(facet, match_all=None)
        for facet in narrowing
    ]


def _match_all(name: str, search: Search) -> bool | None:
    """Return whether all selected values are required; None if there are not several."""
    if name not in _MULTIPLE and shown_field(name).attribute != "tags":
        return None
    if name in search.match_all:
        return True
    return False if len(search.included.get(name, ())) > 1 else None


def narrowed_search(search: Search, name: str, value: str, *, match_all: bool = False) -> Search:
    """Return a search narrowed to exactly one more value. ``match_all``: keep the others required too."""
    fields = (*search.match_all, name) if match_all else search.match_all
    return search.where({name: exact_query(name, value)}).replace(match_all=fields, offset=0)


def convert_search(search: Search, *, quotes: bool) -> Search:
    """Convert a search between articles and statements.

    Speakers become a filter for articles, and the query for the articles of statements joins the words.
    """
    included = search.included
    speakers = (*search.speakers, *included.pop("speaker", ()))
    joined = None if quotes or not search.about else _with_about(search)
    results = Search(
        search.query if joined is None else joined, quotes=quotes, said_by=speakers if quotes else (),
        about=search.about if quotes else "", where=included if quotes else {**included, "speaker": speakers},
        exclude=search.excluded, match_all=search.match_all, after=search.after, before=search.before,
        match=search.match if joined is None else "all",
    )  # fmt: skip
    if quotes or not search.speakers or len(speakers) > 1:
        return results
    return results.replace(match_all=(*results.match_all, "speaker"))


def _with_about(search: Search) -> str | None:
    """Return the query and the ``about`` query as one query, or None if one cannot be parsed."""
    if not search.query:
        return search.about
    try:
        fields = possible_fields(f"{search.text} {search.about}")
        trees = search.tree(fields), search.about_tree(fields)
    except QueryError:
        return None
    parts = (tree.parts if isinstance(tree, And) else (tree,) for tree in trees)
    return language.render(And(tuple(chain.from_iterable(parts))))


def speakers(index: Index, facet: Facet, search: Search) -> Choices:
    """Return the speakers of statements: selected ones, then the most frequent."""
    first = _selected_options(index, facet, search.speakers)
    options = (*first, *_most_frequent(facet, {choice.value for choice in first}))
    return Choices("speaker", "Said by", options, len(facet.values), "said_by", excludes=False)


def chips(search: Search, path: str, words: Strings) -> Iterator[Chip]:
    """Yield a chip for each filter of a search."""

    def chip(label: str, text: str, changes: Mapping[str, Any], joined: str = "") -> Chip:
        rest = search.replace(**{"offset": 0, **changes})
        return Chip(words.text(label), text, address(path, rest), joined)

    for side, filters in (("where", search.included), ("exclude", search.excluded)):
        for name, values in filters.items():
            joined = words.text("and" if name in search.match_all else "or")
            for number, value in enumerate(values):
                left = {**filters, name: tuple(one for one in values if one != value)}
                label = shown_field(name).label or name.capitalize()
                display_value = (
                    words.language(value) if name == "language" else without_exact_mark(name, value)
                )
                if side == "exclude":
                    display_value = words.text("not {value}", value=display_value)
                yield chip(label, display_value, {side: left}, joined if number and side == "where" else "")
    for number, value in enumerate(search.speakers):
        other_speakers = tuple(one for one in search.speakers if one != value)
        yield chip(
            "Said by",
            without_exact_mark("speaker", value),
            {"said_by": other_speakers},
            words.text("or") if number else "",
        )
    if search.about:
        yield chip("In articles about", search.about, {"about": ""})
    if search.after or search.before:
        yield chip("Time", words.span(search.after, search.before), {"after": None, "before": None})
    if search.match == "any":
        yield chip("Search", words.text("any of the words"), {"match": "all"})


def describe_search(search: Search, words: Strings) -> list[str]:
    """Return a short description of a search: its text and its filters."""
    filters = [f"{chip.joined} {chip.text}".strip() for chip in chips(search, "/", words)]
    return [search.text, *filters] if search.text else filters


def proposed_name(search: Search, words: Strings) -> str:
    """Return a name for saving a search, from its description."""
    plain = (" ".join(_NOT_IN_NAMES.sub(" ", part).split()) for part in describe_search(search, words))
    return " - ".join(filter(None, plain)).lstrip(" .+-")[:_MAX_NAME_CHARACTERS].rstrip(" .+-")
