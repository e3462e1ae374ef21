"""The search request: everything that a search can ask for, in one frozen and checked object.

The facade, the commands and saved searches pass a :class:`Search` on; nothing else holds filters, order or
page. It can be written as JSON and as the parameters of a URL.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self, Unpack

from searcher.article import QuoteKind
from searcher.errors import UsageError
from searcher.fields import BUILT_IN, Fields, value_name
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
from searcher.query.tree import Expr, Filter, HasValue, Sort, Term, leaves, rewrite, values_asked

#: Hits of a page, where the request does not say.
DEFAULT_LIMIT: Final = 10
#: Default minimum confidence of a speaker, where quotations of a speaker are asked for. On the development
#: part of PolNeAR one attribution in three between 0.5 and this is wrong, and one in twelve above it.
DEFAULT_MIN_CONFIDENCE: Final = 0.7


def speaker_shown(name: str, confidence: float) -> str:
    """Return a speaker as people are shown one: with a question mark below DEFAULT_MIN_CONFIDENCE."""
    return name if confidence >= DEFAULT_MIN_CONFIDENCE else f"{name}?"


_ATTRIBUTE_OF: Final = {"said_by": "speakers"}
#: Of each option its name, that of its attribute, and its usual value.
_OPTIONS: Final = tuple((name, _ATTRIBUTE_OF.get(name, name), usual) for name, (usual, _) in OPTIONS.items())
_USUAL: Final = {attribute: usual for _, attribute, usual in _OPTIONS}
_PRESENTATION: Final = {
    name: _USUAL[name] for name in ("limit", "offset", "facets", "collapse", "snippets", "explain")
}


@dataclass(frozen=True, slots=True, init=False, repr=False)
class Search:
    """What is asked: made by keywords or by chaining, checked at once.

    >>> Search("fire", person="Lindqvist", limit=5)
    Search('fire', person=['Lindqvist'], limit=5)
    >>> Search("fire").where(person="Lindqvist").without(source="Gazette").between("2024-09", None).any_word()
    Search('fire', person=['Lindqvist'], exclude={'source': ['Gazette']}, after='2024-09-01', match='any')

    Every method returns a new search. UsageError says what is wrong with an argument.
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
        """Check the arguments; whatever is no option is a value field by its name or alias.

        ``query``: text in the query language, or a tree. ``where`` and ``exclude`` map value fields to values
        that articles must and must not have; values of one field are alternatives, but of the fields in
        ``match_all`` articles must have all, those that come later too. ``after`` and ``before`` are days,
        both included; of a month or year its first and its last day count. ``match="any"`` takes the text as
        plain words, of which any may match. ``quotes``: find quotations instead of articles; ``said_by`` are
        their speakers, ``about`` is what their articles must match, in the query language, ``kinds`` are
        their kinds. ``unreported`` finds statements on record that no article prints, ``print_only``
        statements in print that are not on record; both imply ``quotes`` and the kinds. ``min_confidence``
        (0..1) is the least that the speaker must have. ``limit`` None: ten a page, everything in a scan.

        Raises UsageError.
        """
        given: dict[str, Any] = dict(arguments)
        checked = {**_USUAL, **_checked_options(given)}
        where = given.pop("where", {})
        exclude = given.pop("exclude", None)
        checked["query"] = check_query(query)
        checked["filters"] = check_filters([where, given], [] if exclude is None else [exclude])
        self._keep(checked)

    def _keep(self, checked: Mapping[str, Any]) -> None:
        """Keep arguments that were checked. Raises UsageError where they contradict one another."""
        for name, value in checked.items():
            object.__setattr__(self, name, value)
        if self.speakers or self.is_single_medium:
            object.__setattr__(self, "quotes", True)
        if self.is_single_medium:
            kinds = tuple(kind for kind in self.kinds if (kind == "speech") is self.unreported)
            if not kinds or (self.unreported and self.print_only):
                raise UsageError("unreported goes with the kind “speech”, print_only with the others.")
            object.__setattr__(self, "kinds", kinds)
        if self.after and self.before and self.after > self.before:
            raise UsageError(
                f"No day is both after {self.after} and before {self.before}: the span ends before it begins."
            )
        of_quotes = self.kinds != DEFAULT_KINDS or self.min_confidence is not None or self.about
        if of_quotes and not self.quotes:
            raise UsageError("about, kinds and min_confidence go with quotations: quotes=True, or said_by.")
        if self.quotes and self.explain:
            raise UsageError("explain goes with articles, not with quotations.")

    # Building

    def replace(self, query: str | Expr | None = None, **changes: Unpack[Arguments]) -> Self:
        """Return the search with other arguments; a value field replaces the values of that field."""
        given = dict[str, Any](changes)
        checked = _checked_options(given)
        if given:
            where = dict(check_mapping("where", given.pop("where", self.included)))
            exclude = given.pop("exclude", self.excluded)
            where.update({value_name(name): values for name, values in given.items()})
            checked["filters"] = check_filters([where], [] if exclude is None else [exclude])
        return self._with(checked, query)

    def _with(self, checked: Mapping[str, Any], query: str | Expr | None = None) -> Self:
        """Return the search with other arguments, which were checked."""
        found = object.__new__(type(self))
        new = {} if query is None else {"query": check_query(query)}
        found._keep({**{name: getattr(self, name) for name in self.__match_args__}, **checked, **new})
        return found

    def where(self, fields: Mapping[str, Values] | None = None, /, **named: Unpack[ValueFields]) -> Self:
        """Narrow to articles with these values; more values of one field are more alternatives."""
        return self._with_values("where", fields, named)

    def without(self, fields: Mapping[str, Values] | None = None, /, **named: Unpack[ValueFields]) -> Self:
        """Leave out articles with any of these values."""
        return self._with_values("exclude", fields, named)

    def _with_values(self, side: str, *more: Mapping[str, Any] | None) -> Self:
        sides: dict[str, list[Mapping[str, Any]]] = {"where": [self.included], "exclude": [self.excluded]}
        sides[side] += [check_mapping(side, fields) for fields in more if fields is not None]
        return self._with({"filters": check_filters(**sides)})

    def between(self, after: Day, before: Day) -> Self:
        """Narrow to articles of these days, both included; None leaves that end open."""
        return self.replace(after=after, before=before)

    def any_word(self) -> Self:
        """Take the text as plain words, of which any may match."""
        return self.replace(match="any")

    def relaxed(self, fields: Fields = BUILT_IN) -> Self:
        """Take what is asked for where no article has all the words: any of those that tell something. It is
        the same search where nothing can be relaxed."""
        from searcher.query.stop_words import relax

        tree = relax(self.tree(fields)) if self.match == "all" else None
        return self if tree is None else self.replace(tree)

    def corrected(self, suggestions: Mapping[str, str], fields: Fields = BUILT_IN) -> Self:
        """Replace words by the spelling suggested for each (``results.suggestions`` or ``corrections``)."""
        return self._with_words({typed: Term(better) for typed, better in suggestions.items()}, fields)

    def literal(self, words: Iterable[str], fields: Fields = BUILT_IN) -> Self:
        """Search for these words exactly as typed: no other spelling is suggested for them."""
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
        # Of plain words “AND” is one, and cannot be written in the query language.
        return self.replace(
            where if self.match == "any" else language.render(where), about=about, match="all"
        )

    def in_quotes(self, *kinds: QuoteKind) -> Self:
        """Find quotations of these kinds instead of articles: direct and partial ones where none is named."""
        return self.replace(quotes=True, kinds=kinds or DEFAULT_KINDS)

    def said_by(self, *speakers: str, min_confidence: float | None = None) -> Self:
        """Find quotations of any of these speakers, by default with DEFAULT_MIN_CONFIDENCE or more."""
        return self.replace(quotes=True, said_by=speakers, min_confidence=min_confidence)

    def sorted_by(self, sort: Sort) -> Self:
        """Order by "relevance", "newest" or "oldest"."""
        return self.replace(sort=sort)

    def page(self, limit: int | None, offset: int = 0) -> Self:
        """Ask for ``limit`` hits after the first ``offset``."""
        return self.replace(limit=limit, offset=offset)

    def with_facets(self, *names: str) -> Self:
        """Count the values of these fields."""
        return self.replace(facets=names)

    def collapsed(self) -> Self:
        """Find each story once, by the best of its copies; of quotations each statement once."""
        return self.replace(collapse=True)

    def core(self) -> Self:
        """Return what decides which answers there are: without page, facets, collapsing and form."""
        return self._with(_PRESENTATION)

    # Reading

    def tree(self, fields: Fields = BUILT_IN) -> Expr:
        """Return the query as a tree; ``fields`` are those of the index. Raises QueryError for a text that
        cannot be understood."""
        if not isinstance(self.query, str):
            return self.query
        if self.match == "any":
            return language.plain(self.query)
        return language.parse(self.query, fields=fields)

    def about_tree(self, fields: Fields = BUILT_IN) -> Expr:
        """Return what the articles of quotations must match as a tree. Raises QueryError."""
        return language.parse(self.about, fields=fields)

    def require(self, fields: Callable[[], Fields]) -> None:
        """Raise UsageError where it asks for a field of one's own that is not among those of an index."""
        for one in (*[one.field for one in self.filters], *self.match_all, *values_asked(self.query)):
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

    def values_asked(self, fields: Fields) -> Iterable[tuple[str, str]]:
        """Return the fields and values that it asks for, in its words too."""
        asked = [(name, value) for name, values in self.included.items() for value in values]
        asked += [("speaker", value) for value in self.speakers]
        for where in (self.tree(fields), self.about_tree(fields)):
            found = leaves(where, in_quotes=True)
            asked += [(leaf.field, leaf.value) for leaf in found if isinstance(leaf, HasValue)]
        return dict.fromkeys(asked)

    @property
    def match_all_in_use(self) -> tuple[str, ...]:
        """The fields of ``match_all`` that have values; the others wait for some."""
        return tuple(field for field in self.match_all if field in self.included)

    @property
    def is_single_medium(self) -> bool:
        """Return True if statements are wanted that are either on record or in print, but not both."""
        return self.unreported or self.print_only

    @property
    def effective_min_confidence(self) -> float:
        """The minimum confidence, including the default for a search with speakers."""
        if self.min_confidence is not None:
            return self.min_confidence
        return DEFAULT_MIN_CONFIDENCE if self.speakers else 0.0

    def narrowing(self) -> dict[str, Any]:
        """Return what narrows the search, by name: values as lists, days as text."""
        given = self.replace(match_all=self.match_all_in_use)._plain()
        excluded = {f"not_{name}": values for name, values in given.get("exclude", {}).items()}
        of_quotes = ("said_by", "about", "unreported", "print_only", "min_confidence")
        rest = {name: given[name] for name in ("match_all", "after", "before", *of_quotes) if name in given}
        return {**given.get("where", {}), **excluded, **rest}

    # Writing and reading back

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready data in one order, without what is as usual; :meth:`from_dict` reads it.

        A tree is written as text. Raises UsageError for a tree with ``match="any"``.
        """
        return {"query": self._written_form(), **self._plain()} if self.query != "" else self._plain()

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read :meth:`to_dict`'s data. Raises UsageError."""
        return cls(**check_mapping("A search", data))

    def to_url(self) -> str:
        """Return the parameters of a URL in one order, “q=fire&person=Quill”; :meth:`from_url` reads them.

        ``not_FIELD`` leaves out; what has several values is repeated. Raises UsageError as :meth:`to_dict`.
        """
        from urllib.parse import urlencode

        return urlencode(list(to_pairs(self.to_dict())), errors="surrogatepass")

    @classmethod
    def from_url(cls, parameters: str | Iterable[tuple[str, str]]) -> Self:
        """Read the parameters of a URL, as text or as pairs. Raises UsageError."""
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

    def _written_form(self) -> str:
        if self.match == "any" and not isinstance(self.query, str):
            raise UsageError("A tree with match=“any” cannot be written as text: write an Or.")
        return self.text

    def _arguments(self) -> dict[str, Any]:
        """The arguments that are not as usual, without the query."""
        values = ((name, getattr(self, attribute), usual) for name, attribute, usual in _OPTIONS)
        changed = {name: value for name, value, usual in values if value is not usual and value != usual}
        sides = {"where": self.included, "exclude": self.excluded}
        return {**{side: fields for side, fields in sides.items() if fields}, **changed}

    def _plain(self) -> dict[str, Any]:
        """The same as JSON-ready data."""
        return {name: _json_ready(value) for name, value in self._arguments().items()}

    def __repr__(self) -> str:
        given = self._plain()
        shown = {**given.pop("where", {}), **given}
        query = [] if self.query == "" else [repr(self.query)]
        return f"Search({', '.join([*query, *(f'{name}={value!r}' for name, value in shown.items())])})"


def _checked_options(given: dict[str, Any]) -> dict[str, Any]:
    """Take the options out of these arguments, each checked."""
    return {
        _ATTRIBUTE_OF.get(name, name): check(name, given.pop(name))
        for name, (_, check) in OPTIONS.items()
        if name in given
    }


def _json_ready(value: Any) -> Any:
    match value:
        case tuple():
            return list(value)
        case dict():
            return {name: list(values) for name, values in value.items()}
        case dt.date():
            return value.isoformat()
        case _:
            return value


#: The names of options in a URL, where they are others than in JSON.
_IN_URL: Final = {"query": "q", "kinds": "kind", "facets": "facet"}
_FROM_URL: Final = {short: name for name, short in _IN_URL.items()}
_WHERE: Final = "where_"
_NOT: Final = "not_"
_LISTS: Final = frozenset({"said_by", "kinds"})
_FLAGS: Final = {"0": False, "false": False, "1": True, "true": True}


def to_pairs(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """JSON-ready data as the pairs of a URL."""
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
    """The pairs of a URL as arguments. Names of fields may stand in one pair, with commas between them."""
    given: dict[str, Any] = {}
    sides: dict[str, dict[str, list[str]]] = {"where": {}, "exclude": {}}
    for parameter, value in pairs:
        name = _FROM_URL.get(parameter, parameter)
        if name in ("facets", "match_all"):
            named = (one.strip() for one in value.split(","))
            given.setdefault(name, []).extend(one for one in named if one)
        elif name in _LISTS:
            given.setdefault(name, []).append(value)
        elif name == "query" or name in OPTIONS:
            if name in given:
                raise UsageError(f"{parameter} stands twice in the URL.")
            given[name] = _option_value(name, value)
        else:
            side = sides["exclude" if name.startswith(_NOT) else "where"]
            side.setdefault(name.removeprefix(_NOT).removeprefix(_WHERE), []).append(value)
    return {**given, **sides}


def _option_name(field: str) -> str:
    """The parameter of a field. One of one's own that has the name of an option is told apart from it."""
    return _WHERE + field if field in OPTIONS or field in _FROM_URL or field in _IN_URL else field


def _option_value(name: str, value: str) -> Any:
    """A value as its option takes it; as it is where it cannot be read, for the check to refuse it."""
    usual = OPTIONS[name][0] if name in OPTIONS else ""
    try:
        if isinstance(usual, bool):
            return _FLAGS.get(value.lower(), value)
        if name in ("limit", "offset"):
            return int(value)
        return float(value) if name == "min_confidence" else value
    except ValueError:
        return value
