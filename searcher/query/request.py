"""The search request: a frozen and checked object with everything that a search can ask for.

It is passed on by the facade, the commands and saved searches, and can be converted to JSON and to URL
parameters.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self, Unpack

from searcher.article import QuoteKind
from searcher.errors import UsageError
from searcher.fields import BUILT_IN, Fields, value_field_name
from searcher.query import language
from searcher.query.arguments import (
    DEFAULT_KINDS,
    OPTIONS,
    Arguments,
    Day,
    Match,
    ValueFields,
    Values,
    check_filters,
    check_mapping,
    check_query,
    check_several,
)
from searcher.query.tree import Expr, Filter, HasValue, Sort, Term, leaves, queried_values, rewrite

#: Default number of hits per page.
DEFAULT_LIMIT: Final = 10
#: Default minimum confidence in the speaker for a search by speaker. On PolNeAR, one in twelve attributions
#: above this value is wrong, and one in three between 0.5 and this value.
DEFAULT_MIN_CONFIDENCE: Final = 0.7


def displayed_speaker(name: str, confidence: float) -> str:
    """Return a speaker with a question mark if the confidence is below DEFAULT_MIN_CONFIDENCE."""
    return name if confidence >= DEFAULT_MIN_CONFIDENCE else f"{name}?"


_ATTRIBUTE_OF: Final = {"said_by": "speakers"}
#: The name, attribute and default of each option.
_OPTIONS: Final = tuple((name, _ATTRIBUTE_OF.get(name, name), usual) for name, (usual, _) in OPTIONS.items())
_USUAL: Final = {attribute: usual for _, attribute, usual in _OPTIONS}
_PRESENTATION: Final = {
    name: _USUAL[name] for name in ("limit", "offset", "facets", "collapse", "snippets", "explain")
}


@dataclass(frozen=True, slots=True, init=False, repr=False)
class Search:
    """A search, built from keywords or by chaining, and checked immediately.

    >>> Search("fire", person="Lindqvist", limit=5)
    Search('fire', person=['Lindqvist'], limit=5)
    >>> Search("fire").where(person="Lindqvist").without(source="Gazette").in_period("2024-09", None)
    Search('fire', person=['Lindqvist'], exclude={'source': ['Gazette']}, after='2024-09-01')

    Every method returns a new search. Invalid arguments raise UsageError.
    """

    query: str | Expr
    filters: tuple[Filter, ...]
    after: dt.date | None
    before: dt.date | None
    match_all: tuple[str, ...]
    match: Match
    quotes: bool
    speakers: tuple[str, ...]
    about: str
    kinds: tuple[QuoteKind, ...]
    unreported: bool
    print_only: bool
    min_confidence: float | None
    sort: Sort
    limit: int | None
    offset: int
    facets: tuple[str, ...]
    collapse: bool
    snippets: bool
    explain: bool
    translate: bool

    def __init__(self, query: str | Expr = "", **arguments: Unpack[Arguments]) -> None:
        """Check the arguments. Names that are not options are value fields.

        Args:
            query: Text in the query language, or a tree.
            where, exclude: Values that articles must or must not have, by field. Values of a field are
            alternatives.
            match_all: Fields of which articles must have all values.
            after, before: First and last day. A month or year stands for its first or its last day.
            match: "any" takes the text as plain words, any of which may match.
            quotes: Find quotations instead of articles.
            said_by, kinds: Speakers and kinds of the quotations.
            about: Query that their articles must match.
            unreported, print_only: Find statements that are only on record, or only in print.
            min_confidence: Minimum confidence in the speaker, 0 to 1.
            limit: Hits per page. None: ten, or all in a scan.

        Raises:
            UsageError: For an invalid argument.
        """
        arguments_left: dict[str, Any] = dict(arguments)
        checked = {**_USUAL, **_checked_options(arguments_left)}
        where = arguments_left.pop("where", {})
        exclude = arguments_left.pop("exclude", None)
        checked["query"] = check_query(query)
        checked["filters"] = check_filters([where, arguments_left], [] if exclude is None else [exclude])
        self._set_attributes(checked)

    def _set_attributes(self, checked: Mapping[str, Any]) -> None:
        """Set checked attributes. Raises UsageError if they contradict one another."""
        for name, value in checked.items():
            object.__setattr__(self, name, value)
        if self.speakers or self.is_single_medium:
            object.__setattr__(self, "quotes", True)
        if self.is_single_medium:
            kinds = tuple(kind for kind in self.kinds if (kind == "speech") is self.unreported)
            if not kinds or (self.unreported and self.print_only):
                raise UsageError(
                    "unreported requires the kind “speech”, print_only another kind. Do not combine them."
                )
            object.__setattr__(self, "kinds", kinds)
        if self.after and self.before and self.after > self.before:
            raise UsageError(f"after ({self.after}) must not be later than before ({self.before}).")
        of_quotes = self.kinds != DEFAULT_KINDS or self.min_confidence is not None or self.about
        if of_quotes and not self.quotes:
            raise UsageError(
                "about, kinds and min_confidence require a search for quotations: add quotes=True or said_by."
            )
        if self.quotes and self.explain:
            raise UsageError("explain works only for articles, not for quotations.")

    # Building

    def replace(self, query: str | Expr | None = None, **changes: Unpack[Arguments]) -> Self:
        """Return the search with other arguments. A value field replaces the values of that field."""
        arguments = dict[str, Any](changes)
        checked = _checked_options(arguments)
        if arguments:
            where = dict(check_mapping("where", arguments.pop("where", self.included)))
            exclude = arguments.pop("exclude", self.excluded)
            where.update({value_field_name(name): values for name, values in arguments.items()})
            checked["filters"] = check_filters([where], [] if exclude is None else [exclude])
        return self._with_attributes(checked, query)

    def _with_attributes(self, checked: Mapping[str, Any], query: str | Expr | None = None) -> Self:
        search = object.__new__(type(self))
        new = {} if query is None else {"query": check_query(query)}
        search._set_attributes(
            {**{name: getattr(self, name) for name in self.__match_args__}, **checked, **new}
        )
        return search

    def where(self, fields: Mapping[str, Values] | None = None, /, **named: Unpack[ValueFields]) -> Self:
        """Filter by these values. More values of a field are alternatives."""
        return self._with_values("where", fields, named)

    def without(self, fields: Mapping[str, Values] | None = None, /, **named: Unpack[ValueFields]) -> Self:
        """Exclude articles with any of these values."""
        return self._with_values("exclude", fields, named)

    def _with_values(self, side: str, *more: Mapping[str, Any] | None) -> Self:
        sides: dict[str, list[Mapping[str, Any]]] = {"where": [self.included], "exclude": [self.excluded]}
        sides[side] += [check_mapping(side, fields) for fields in more if fields is not None]
        return self._with_attributes({"filters": check_filters(**sides)})

    def in_period(self, after: Day, before: Day) -> Self:
        """Filter by days, both included. None leaves an end open."""
        return self.replace(after=after, before=before)

    def any_word(self) -> Self:
        """Take the text as plain words, any of which may match."""
        return self.replace(match="any")

    def relaxed(self, fields: Fields = BUILT_IN) -> Self:
        """Return the search for any of the words, without stop words. Unchanged if it cannot be relaxed."""
        from searcher.query.stop_words import relax

        tree = relax(self.tree(fields)) if self.match == "all" else None
        return self if tree is None else self.replace(tree)

    def corrected(self, suggestions: Mapping[str, str], fields: Fields = BUILT_IN) -> Self:
        """Replace words by their suggested spellings (``results.suggestions`` or ``results.corrections``)."""
        return self._with_words({typed: Term(better) for typed, better in suggestions.items()}, fields)

    def literal(self, words: Iterable[str], fields: Fields = BUILT_IN) -> Self:
        """Search for these words exactly as typed, without spelling suggestions."""
        return self._with_words({word: Term(word, exact=True) for word in words}, fields)

    def _with_words(self, words: Mapping[str, Term], fields: Fields) -> Self:
        def change(leaf: Expr) -> Expr:
            if isinstance(leaf, Term) and leaf.field == "text" and not leaf.exact:
                return words.get(leaf.text, leaf)
            return leaf

        if not words:
            return self
        about = language.render(rewrite(self.about_tree(fields), change)) if self.about else ""
        where = rewrite(self.tree(fields), change)
        # As a plain word, “AND” cannot be written in the query language.
        return self.replace(
            where if self.match == "any" else language.render(where), about=about, match="all"
        )

    def in_quotes(self, *kinds: QuoteKind) -> Self:
        """Find quotations of these kinds (default: DEFAULT_KINDS) instead of articles."""
        return self.replace(quotes=True, kinds=kinds or DEFAULT_KINDS)

    def said_by(self, *speakers: str, min_confidence: float | None = None) -> Self:
        """Find quotations by any of these speakers (default confidence: DEFAULT_MIN_CONFIDENCE)."""
        return self.replace(quotes=True, said_by=speakers, min_confidence=min_confidence)

    def sorted_by(self, sort: Sort) -> Self:
        """Order by "relevance", "newest" or "oldest"."""
        return self.replace(sort=sort)

    def page(self, limit: int | None, offset: int = 0) -> Self:
        """Return ``limit`` hits from ``offset``."""
        return self.replace(limit=limit, offset=offset)

    def with_facets(self, *names: str) -> Self:
        """Count the values of these fields."""
        return self.replace(facets=names)

    def collapsed(self) -> Self:
        """Find each story once, by its best copy; or each statement once."""
        return self.replace(collapse=True)

    def core(self) -> Self:
        """Return the part that decides what matches: without page, facets, collapsing and presentation."""
        return self._with_attributes(_PRESENTATION)

    # Reading

    def tree(self, fields: Fields = BUILT_IN) -> Expr:
        """Return the query as a tree, given the fields of the index. Raises QueryError."""
        if not isinstance(self.query, str):
            return self.query
        if self.match == "any":
            return language.plain(self.query)
        return language.parse(self.query, fields=fields)

    def about_tree(self, fields: Fields = BUILT_IN) -> Expr:
        return language.parse(self.about, fields=fields)

    def require(self, fields: Callable[[], Fields]) -> None:
        """Raise UsageError if the search uses a custom field that an index does not have."""
        for one in (*[one.field for one in self.filters], *self.match_all, *queried_values(self.query)):
            if one not in BUILT_IN.in_queries:
                fields().value_field(one)
        for one in self.facets:
            if one not in BUILT_IN.in_queries:
                fields().facet_field(one)

    @property
    def text(self) -> str:
        """The query as text."""
        return self.query if isinstance(self.query, str) else language.render(self.query)

    @property
    def included(self) -> dict[str, tuple[str, ...]]:
        """The values that articles must have, by field."""
        return {one.field: one.values for one in self.filters if not one.negated}

    @property
    def excluded(self) -> dict[str, tuple[str, ...]]:
        """The values that articles must not have, by field."""
        return {one.field: one.values for one in self.filters if one.negated}

    def queried_values(self, fields: Fields) -> Iterable[tuple[str, str]]:
        """Return the fields and values of the search, including those in its text."""
        pairs = [(name, value) for name, values in self.included.items() for value in values]
        pairs += [("speaker", value) for value in self.speakers]
        for where in (self.tree(fields), self.about_tree(fields)):
            value_leaves = leaves(where, in_quotes=True)
            pairs += [(leaf.field, leaf.value) for leaf in value_leaves if isinstance(leaf, HasValue)]
        return dict.fromkeys(pairs)

    @property
    def match_all_in_use(self) -> tuple[str, ...]:
        """The fields of ``match_all`` that have values."""
        return tuple(field for field in self.match_all if field in self.included)

    @property
    def is_single_medium(self) -> bool:
        """Return True for ``unreported`` or ``print_only``."""
        return self.unreported or self.print_only

    @property
    def effective_min_confidence(self) -> float:
        """The minimum confidence, including the default of a search by speaker."""
        if self.min_confidence is not None:
            return self.min_confidence
        return DEFAULT_MIN_CONFIDENCE if self.speakers else 0.0

    def narrowing_arguments(self) -> dict[str, Any]:
        """Return everything that narrows the search, by name: values as lists, days as text."""
        arguments = self.replace(match_all=self.match_all_in_use)._plain_arguments()
        excluded = {f"not_{name}": values for name, values in arguments.get("exclude", {}).items()}
        of_quotes = ("said_by", "about", "unreported", "print_only", "min_confidence")
        rest = {
            name: arguments[name]
            for name in ("match_all", "after", "before", *of_quotes)
            if name in arguments
        }
        return {**arguments.get("where", {}), **excluded, **rest}

    # Writing and reading back

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready data without defaults, in a fixed order. A tree is written as text. Raises
        UsageError for a tree with ``match="any"``."""
        if self.match == "any" and not isinstance(self.query, str):
            raise UsageError("A tree with match=“any” cannot be written as text: write an Or.")
        return (
            {"query": self.text, **self._plain_arguments()} if self.query != "" else self._plain_arguments()
        )

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read the data of :meth:`to_dict`. Raises UsageError."""
        return cls(**check_mapping("A search", data))

    def to_url(self) -> str:
        """Return URL parameters in a fixed order: “q=fire&person=Quill”. Exclusions are “not_FIELD”, several
        values repeat the parameter. Raises UsageError like :meth:`to_dict`."""
        from urllib.parse import urlencode

        return urlencode(list(to_pairs(self.to_dict())), errors="surrogatepass")

    @classmethod
    def from_url(cls, parameters: str | Iterable[tuple[str, str]]) -> Self:
        """Read URL parameters, as text or as pairs. Raises UsageError."""
        from urllib.parse import parse_qsl

        try:
            pairs = (
                parse_qsl(parameters.removeprefix("?"), keep_blank_values=True, errors="surrogatepass")
                if isinstance(parameters, str)
                else check_several("The parameters of a URL", parameters)
            )
            return cls(**from_pairs(pairs))
        except UnicodeDecodeError:
            raise UsageError("The parameters of the URL are not in UTF-8.") from None

    def _plain_arguments(self) -> dict[str, Any]:
        """Return the arguments other than the query that are not defaults, as JSON-ready data."""
        sides: list[tuple[str, Any, Any]] = [("where", self.included, {}), ("exclude", self.excluded, {})]
        values = ((name, getattr(self, attribute), usual) for name, attribute, usual in _OPTIONS)
        return {name: _json_ready(value) for name, value, usual in (*sides, *values) if value != usual}

    def __repr__(self) -> str:
        arguments = self._plain_arguments()
        flattened = {**arguments.pop("where", {}), **arguments}
        query = [] if self.query == "" else [repr(self.query)]
        return f"Search({', '.join([*query, *(f'{name}={value!r}' for name, value in flattened.items())])})"


def _checked_options(arguments: dict[str, Any]) -> dict[str, Any]:
    """Remove the options from these arguments and return them checked."""
    return {
        _ATTRIBUTE_OF.get(name, name): check(name, arguments.pop(name))
        for name, (_, check) in OPTIONS.items()
        if name in arguments
    }


def _json_ready(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: list(values) for name, values in value.items()}
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, dt.date) else value


#: Options whose parameter in a URL has another name.
_IN_URL: Final = {"query": "q", "kinds": "kind", "facets": "facet"}
_FROM_URL: Final = {short: name for name, short in _IN_URL.items()}
_WHERE: Final = "where_"
_NOT: Final = "not_"
_LISTS: Final = frozenset({"said_by", "kinds"})
_FLAGS: Final = {"0": False, "false": False, "1": True, "true": True}


def to_pairs(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Convert JSON-ready data to the parameters of a URL."""
    for name, value in data.items():
        match name, value:
            case (("where" | "exclude"), dict()):
                for field, values in value.items():
                    parameter = _NOT + field if name == "exclude" else _option_name(field)
                    yield from ((parameter, one) for one in values)
            case _, list():
                yield from ((_IN_URL.get(name, name), one) for one in value)
            case _:
                yield _IN_URL.get(name, name), str(int(value) if isinstance(value, bool) else value)


def from_pairs(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Convert the parameters of a URL to arguments. Lists of field names may be separated by commas."""
    arguments: dict[str, Any] = {}
    sides: dict[str, dict[str, list[str]]] = {"where": {}, "exclude": {}}
    for parameter, value in pairs:
        name = _FROM_URL.get(parameter, parameter)
        if name in ("facets", "match_all"):
            named = (one.strip() for one in value.split(","))
            arguments.setdefault(name, []).extend(one for one in named if one)
        elif name in _LISTS:
            arguments.setdefault(name, []).append(value)
        elif name == "query" or name in OPTIONS:
            if name in arguments:
                raise UsageError(f"{parameter} occurs twice in the URL.")
            arguments[name] = _option_value(name, value)
        else:
            side = sides["exclude" if name.startswith(_NOT) else "where"]
            side.setdefault(name.removeprefix(_NOT).removeprefix(_WHERE), []).append(value)
    return {**arguments, **sides}


def _option_name(field: str) -> str:
    """Return the parameter of a field, with a prefix for a custom field that is named like an option."""
    return _WHERE + field if field in OPTIONS or field in _FROM_URL or field in _IN_URL else field


def _option_value(name: str, value: str) -> Any:
    """Convert a parameter for its option. An invalid value is returned unchanged, for the check to reject."""
    usual = OPTIONS[name][0] if name in OPTIONS else ""
    try:
        if isinstance(usual, bool):
            return _FLAGS.get(value.lower(), value)
        if name in ("limit", "offset"):
            return int(value)
        return float(value) if name == "min_confidence" else value
    except ValueError:
        return value
