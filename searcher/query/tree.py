"""The query tree: the nodes that all engines understand.

``Expr`` is a closed union. Engines translate it in a ``match`` that ends in ``assert_never``, so that a
missing node is a type error.

Leaves about words are *positional*: they match spans of positions in one field of an article or a quotation.
``tf`` is the number of spans in an article, ``df`` the number of articles with any;
:mod:`searcher.engines.scoring` computes scores from them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from searcher.article import PENDING_STATES
from searcher.errors import QueryTooBroad, UsageError
from searcher.fields import Kind, field, value_field_name

Sort = Literal["relevance", "newest", "oldest"]
TimeUnit = Literal["year", "month", "week", "day"]
#: Facets over time. Years are values instead.
TIME_FACETS: Final[tuple[TimeUnit, ...]] = ("month", "week", "day")


@dataclass(frozen=True, slots=True)
class MatchAll:
    """All articles, or all quotations inside :class:`InQuote`."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word as typed. ``exact``: not by its stem. ``belief``: weight of the score of a translation.

    The analysis may split it into positions, which must then follow each other ("$14bn").
    """

    text: str
    field: str = "text"
    exact: bool = False
    belief: float = 1.0


@dataclass(frozen=True, slots=True)
class Phrase:
    """Consecutive words, as typed."""

    text: str
    field: str = "text"


@dataclass(frozen=True, slots=True)
class Wildcard:
    """A word with ``*`` (any letters) or ``?`` (one letter)."""

    pattern: str
    field: str = "text"


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Words within ``edits`` (1 or 2) insertions, deletions, substitutions or transpositions."""

    text: str
    edits: int = 1
    field: str = "text"


@dataclass(frozen=True, slots=True)
class Near:
    """Both parts in one field, at most ``distance`` positions apart (adjacent words: 1) and not overlapping.

    The span of a match runs from the first word of both to the last. ``ordered``: left before right.
    """

    left: SpanExpr
    right: SpanExpr
    distance: int
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class AtLeast:
    """At least ``count`` spans of ``part`` in an article."""

    part: SpanExpr
    count: int


@dataclass(frozen=True, slots=True)
class Range:
    """A date or number within bounds, both included. None: an open end. Articles without a value do not
    match."""

    field: str
    low: dt.date | int | None
    high: dt.date | int | None


@dataclass(frozen=True, slots=True)
class HasValue:
    """A value field has a value that matches ``value`` (see :mod:`searcher.names.table`)."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class HasAny:
    """A value field or the title has a value that starts with ``start`` and with none of ``excluded``. Only
    :mod:`searcher.search.own_fields` and :mod:`searcher.query.expansion` set these two."""

    field: str
    start: str = ""
    excluded: tuple[str, ...] = ()

    def accepts(self, value: str) -> bool:
        """Return True if an article with this value matches."""
        return value.startswith(self.start) and not value.startswith(self.excluded)


@dataclass(frozen=True, slots=True)
class InQuote:
    """A quotation of the article satisfies ``where``: not an indirect one, or one of ``kind``.

    Inside, words and ``HasValue`` of speaker, role and party apply to one and the same quotation.
    """

    where: Expr
    kind: Literal["speech"] | None = None


@dataclass(frozen=True, slots=True)
class And:
    """All ``parts``."""

    parts: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of ``parts``. Repeated parts count repeatedly for the score."""

    parts: tuple[Expr, ...]


#: Matches articles whose names and quotations have not been extracted yet.
IS_PENDING: Final = Or(tuple(HasValue("annotator", state) for state in PENDING_STATES))


@dataclass(frozen=True, slots=True)
class Not:
    """Everything that ``part`` does not match."""

    part: Expr


@dataclass(frozen=True, slots=True)
class SpanOr:
    """Any of ``parts``, all in one field: an Or inside Near or AtLeast."""

    parts: tuple[SpanExpr, ...]


_Positional: TypeAlias = Term | Phrase | Wildcard | Fuzzy | Near
Expr: TypeAlias = _Positional | MatchAll | AtLeast | Range | HasValue | HasAny | InQuote | And | Or | Not
#: Nodes allowed inside Near and AtLeast.
SpanExpr: TypeAlias = _Positional | SpanOr


@dataclass(frozen=True, slots=True)
class Filter:
    """The selection of a facet: articles with any of ``values``, or with none of them if ``negated``."""

    field: str
    values: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A search for articles, for an engine.

    Articles match ``where`` and all ``filters``. A facet ignores the filters on its own field that are not
    negated. Ties go to the article added first; articles without a date are last in both orders.

    Attributes:
        facets: Fields to count. Time units are labelled as in :func:`searcher.query.time_units.label`.
        collapse: Return and count each story once, by its first article in the sort order.
        explain: Explain the scores of the hits.
    """

    where: Expr
    filters: tuple[Filter, ...] = ()
    facets: tuple[str, ...] = ()
    sort: Sort = "relevance"
    offset: int = 0
    limit: int = 10
    collapse: bool = False
    explain: bool = False


@dataclass(frozen=True, slots=True)
class QuoteQuery:
    """A search for quotations, for an engine.

    ``where`` applies to each quotation, as inside :class:`InQuote`; ``filters`` and ``articles`` to its
    article. Relevance is BM25 over quotations. Ties, and queries without words, are in the order of the
    articles and of their texts.
    """

    where: Expr
    articles: Expr = MatchAll()
    filters: tuple[Filter, ...] = ()
    kinds: tuple[str, ...] = ("direct", "partial", "speech")
    min_confidence: float = 0.0
    sort: Sort = "relevance"
    offset: int = 0
    limit: int = 10


def all_of(*parts: Expr) -> Expr:
    """Return the conjunction, without redundant nesting. MatchAll for no parts."""
    return _join(And, [p for p in parts if not isinstance(p, MatchAll)]) or MatchAll()


def any_of(*parts: Expr) -> Expr:
    """Return the disjunction, without redundant nesting. A tree that matches nothing for no parts."""
    return _join(Or, list(parts)) or Not(MatchAll())


def _join(kind: type[And] | type[Or], parts: list[Expr]) -> Expr | None:
    if len(parts) == 1:
        return parts[0]
    flat: list[Expr] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, kind) else (part,))
    if not flat:
        return None
    return flat[0] if len(flat) == 1 else kind(tuple(flat))


def leaves(expr: Expr, *, in_quotes: bool = False) -> list[Expr]:
    """Return the leaves that an article may satisfy (not those under Not), in order. Near and AtLeast are
    leaves, and so is InQuote unless ``in_quotes``."""
    match expr:
        case And(parts) | Or(parts):
            return [leaf for part in parts for leaf in leaves(part, in_quotes=in_quotes)]
        case InQuote(where) if in_quotes:
            return leaves(where, in_quotes=True)
        case Not() | MatchAll():
            return []
        case _:
            return [expr]


def rewrite(expr: Expr, change: Callable[[Expr], Expr], *, negated: bool = False) -> Expr:
    """Apply ``change`` to each leaf that an article may satisfy, and with ``negated`` to those under Not.
    Enters InQuote, but not Near or AtLeast."""
    match expr:
        case And(parts) | Or(parts):
            return type(expr)(tuple(rewrite(part, change, negated=negated) for part in parts))
        case InQuote(where, kind):
            return InQuote(rewrite(where, change, negated=negated), kind)
        case Not(part) if negated:
            return Not(rewrite(part, change, negated=True))
        case Not() | MatchAll():
            return expr
        case _:
            return change(expr)


def strip_in_quote(expr: Expr) -> Expr:
    """Return the tree without InQuote, which has no meaning in a search for quotations."""
    match expr:
        case InQuote(where):
            return strip_in_quote(where)
        case And(parts) | Or(parts):
            return type(expr)(tuple(map(strip_in_quote, parts)))
        case _:
            return expr


def queried_values(expr: Expr | str) -> Iterator[str]:
    """Yield the fields of the values in a tree. Nothing for text, whose fields are checked by its parser."""
    match expr:
        case HasValue(name) | HasAny(name):
            yield name
        case And(parts) | Or(parts):
            for part in parts:
                yield from queried_values(part)
        case Not(part) | InQuote(part):
            yield from queried_values(part)


#: Maximum nesting of nodes. No query text is nested as deeply.
MAX_DEPTH: Final = 150
#: Maximum number of nodes in a tree.
MAX_NODES: Final = 20_000
#: Maximum length of a string in a tree, in characters.
MAX_LETTERS: Final = 32_000


def check_tree(tree: Any, allowed: Any = Expr) -> None:
    """Raise UsageError for an invalid tree, and QueryTooBroad for one that is too deep or too large."""
    todo: list[tuple[Any, int, Any]] = [(tree, 1, allowed)]
    nodes = 0
    while todo:
        node, depth, kind = todo.pop()
        nodes += 1
        if depth > MAX_DEPTH or nodes > MAX_NODES:
            raise QueryTooBroad("This tree is nested too deeply or has too many parts.")
        if not isinstance(node, kind):
            place = "in a node with positions" if kind is SpanExpr else "in a query"
            raise UsageError(f"{type(node).__name__} is not allowed {place}.")
        todo += [(part, depth + 1, allowed_part) for part, allowed_part in _checked_parts(node)]


def _checked_parts(node: Any) -> list[tuple[Any, Any]]:
    """Return the parts of a node with their allowed types. Raises UsageError for other errors in it."""
    match node:
        case And(parts) | Or(parts) | SpanOr(parts):
            _require(node, "parts", type(parts) is tuple and len(parts) > 0)
            return [(part, SpanExpr if isinstance(node, SpanOr) else Expr) for part in parts]
        case InQuote(part, of_kind):
            _require(node, "kind", of_kind in (None, "speech"))
            return [(part, Expr)]
        case Not(part):
            return [(part, Expr)]
        case Near(left, right, distance, ordered):
            _require(node, "distance", type(distance) is int and distance > 0)
            _require(node, "ordered", isinstance(ordered, bool))
            return [(left, SpanExpr), (right, SpanExpr)]
        case AtLeast(part, count):
            _require(node, "count", type(count) is int and count > 0)
            return [(part, SpanExpr)]
        case Term(text, name) | Phrase(text, name) | Wildcard(text, name):
            _require_words(node, text, name)
        case Fuzzy(text, edits, name):
            _require_words(node, text, name)
            _require(node, "edits", edits in (1, 2))
        case Range(name, low, high):
            kind = field(name).kind
            bound_type = {Kind.DATE: dt.date, Kind.NUMBER: int}.get(kind)
            _require(node, "field", bound_type is not None)
            ends = [end for end in (low, high) if end is not None]
            _require(node, "low and high", all(type(end) is bound_type for end in ends))
        case HasValue(name, value):
            value_field_name(name)
            _require_text(node, "value", value)
        case HasAny(name) if name != "title":
            value_field_name(name)
    return []


def _require_words(node: Any, text: Any, name: Any) -> None:
    _require_text(node, "text", text)
    _require(node, "field", field(name).kind is Kind.WORDS)


def _require_text(node: Any, name: str, text: Any) -> None:
    _require(node, name, isinstance(text, str) and len(text) <= MAX_LETTERS)


def _require(node: Any, name: str, sound: bool) -> None:
    if not sound:
        raise UsageError(f"Invalid {name} of {type(node).__name__}: {getattr(node, name, None)!r:.40}.")
