"""The query tree: the nodes that every engine understands. Users write text; the parser makes a tree of it.

``Expr`` is a closed union. An engine translates it in one ``match`` that ends in ``assert_never``, so a
new node is a type error in every engine that lacks it.

A leaf that looks at words is *positional*: it matches spans of word positions in one field of one
article (or one quotation). Its ``tf`` in an article is the number of its spans there, its ``df`` the
number of articles where it has any; :mod:`searcher.engines.scoring` turns these into scores.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from searcher.article import PENDING_STATES
from searcher.errors import QueryTooBroad, UsageError
from searcher.fields import Kind, field, value_name

Sort = Literal["relevance", "newest", "oldest"]
TimeUnit = Literal["year", "month", "week", "day"]
#: Facets that are counted over time rather than by value: years are values.
TIME_FACETS: Final[tuple[TimeUnit, ...]] = ("month", "week", "day")


@dataclass(frozen=True, slots=True)
class MatchAll:
    """Every article (or every quotation, inside :class:`InQuote`)."""


@dataclass(frozen=True, slots=True)
class Term:
    """One word as the user wrote it. ``exact``: as written, not by its stem. ``belief``: how much it counts
    for the score, where it was not asked for itself but means the same in another language.

    What counts as one word is for :mod:`searcher.analysis` to say: "$14bn" may be two positions, which
    then must follow each other.
    """

    text: str
    field: str = "text"
    exact: bool = False
    belief: float = 1.0


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that follow one another. ``text`` is the phrase as written."""

    text: str
    field: str = "text"


@dataclass(frozen=True, slots=True)
class Wildcard:
    """A word with ``*`` (any letters) or ``?`` (one letter) at its start, inside or at its end."""

    pattern: str
    field: str = "text"


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Words at most ``edits`` (1 or 2) insertions, deletions, changes or swaps away."""

    text: str
    edits: int = 1
    field: str = "text"


@dataclass(frozen=True, slots=True)
class Near:
    """Both parts in one field with at most ``distance - 1`` words between them.

    Two spans are near if they do not overlap and the later one begins at most ``distance`` positions
    after the last word of the earlier one; adjacent words are at distance 1. ``ordered``: left first.
    The span of a match runs from the first word of both to the last.
    """

    left: SpanExpr
    right: SpanExpr
    distance: int
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class AtLeast:
    """At least ``count`` spans of ``part`` in the article."""

    part: SpanExpr
    count: int


@dataclass(frozen=True, slots=True)
class Range:
    """A date or number field within bounds, both included; None leaves that end open.

    Dates are days (``datetime.date``); numbers are ints. An article without the value does not match.
    """

    field: str
    low: dt.date | int | None
    high: dt.date | int | None


@dataclass(frozen=True, slots=True)
class HasValue:
    """A value field holds a value that answers to ``value`` (see :mod:`searcher.names.table`)."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class HasAny:
    """A value field, or the title, has a value that begins with ``start`` and with none of ``excluded``.

    Queries ask for any value. :mod:`searcher.search.own_fields` and :mod:`searcher.query.expansion` set the
    other attributes.
    """

    field: str
    start: str = ""
    excluded: tuple[str, ...] = ()

    def accepts(self, value: str) -> bool:
        """Return True if an article with this value matches."""
        return value.startswith(self.start) and not value.startswith(self.excluded)


@dataclass(frozen=True, slots=True)
class InQuote:
    """Some quotation of the article that is not indirect, or one of the ``kind``, satisfies ``where``.

    Inside, words are words of the quotation and ``HasValue("speaker", …)`` is its own speaker (as role and
    party are its own), so that all are asked of one and the same quotation.
    """

    where: Expr
    kind: Literal["speech"] | None = None


@dataclass(frozen=True, slots=True)
class And:
    """All of ``parts``."""

    parts: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of ``parts``. Repeated parts count repeatedly for the score."""

    parts: tuple[Expr, ...]


#: Matches articles whose names and quotations are to come.
IS_PENDING: Final = Or(tuple(HasValue("annotator", state) for state in PENDING_STATES))


@dataclass(frozen=True, slots=True)
class Not:
    """What ``part`` does not match."""

    part: Expr


@dataclass(frozen=True, slots=True)
class SpanOr:
    """Any of ``parts``, all in one field: an Or inside Near or AtLeast, which has positions."""

    parts: tuple[SpanExpr, ...]


_Positional: TypeAlias = Term | Phrase | Wildcard | Fuzzy | Near
Expr: TypeAlias = _Positional | MatchAll | AtLeast | Range | HasValue | HasAny | InQuote | And | Or | Not
#: What can stand inside Near and AtLeast.
SpanExpr: TypeAlias = _Positional | SpanOr


@dataclass(frozen=True, slots=True)
class Filter:
    """A facet's selection: the article has (``negated``: has none of) any of ``values`` in ``field``."""

    field: str
    values: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A search for articles, as an engine is asked.

    ``filters`` are ANDed with ``where``. A facet counts over all articles that match ``where`` and
    every filter except the (not negated) ones on its own field, so that a selection does not hide the
    other values; months, weeks and days are written as :func:`searcher.query.time_units.label` does. Ties in
    any sort order go to the article that was added first; articles without a date come last in both orders.
    ``collapse``: each story once, by its first article in that order; the total and the facets count stories.
    An article without a story is one by itself. ``explain``: hits say what their scores are made of.
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
    """A search for quotations, as an engine is asked.

    ``where`` is asked of each quotation (as inside :class:`InQuote`), ``filters`` and ``articles`` of its
    article. ``kinds`` are the kinds of quotation wanted, ``min_confidence`` the least confidence.
    Relevance is BM25 over quotations; ties, and everything where ``where`` holds no words, go in the
    order of the articles and of their text.
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
    """Return the conjunction, without needless layers; MatchAll of no parts."""
    return _join(And, [p for p in parts if not isinstance(p, MatchAll)]) or MatchAll()


def any_of(*parts: Expr) -> Expr | None:
    """Return the disjunction, without needless layers; None of no parts."""
    return _join(Or, list(parts))


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
    """Return the leaves that an article may satisfy (none under Not), in the order of writing.

    Near and AtLeast count as leaves; so does InQuote, unless those ``in_quotes`` are asked for.
    """
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
    """Return the tree with ``change`` applied to each leaf that an article may satisfy, or, where those that
    are ``negated`` count, to each.

    InQuote is entered; Near and AtLeast are not.
    """
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
    """Return the tree without InQuote around anything: in a search for quotations it adds nothing."""
    match expr:
        case InQuote(where):
            return strip_in_quote(where)
        case And(parts) | Or(parts):
            return type(expr)(tuple(map(strip_in_quote, parts)))
        case _:
            return expr


def values_asked(expr: Expr | str) -> Iterator[str]:
    """Yield the fields whose values a tree asks for; none of a text, which is read by known fields."""
    match expr:
        case HasValue(name) | HasAny(name):
            yield name
        case And(parts) | Or(parts):
            for part in parts:
                yield from values_asked(part)
        case Not(part) | InQuote(part):
            yield from values_asked(part)


#: Nodes within nodes: more than any text that can be read comes to.
MAX_DEPTH: Final = 150
#: Nodes of a tree, and letters of one of its texts.
MAX_NODES: Final = 20_000
MAX_LETTERS: Final = 32_000


def check_tree(tree: Any, allowed: Any = Expr) -> None:
    """Raise UsageError for what is no tree, and QueryTooBroad for one that is too deep or too large."""
    todo: list[tuple[Any, int, Any]] = [(tree, 1, allowed)]
    nodes = 0
    while todo:
        node, depth, kind = todo.pop()
        nodes += 1
        if depth > MAX_DEPTH or nodes > MAX_NODES:
            raise QueryTooBroad("This tree is nested too deeply or has too many parts.")
        if not isinstance(node, kind):
            place = "beside one with positions" if kind is SpanExpr else "in a query"
            raise UsageError(f"{type(node).__name__} cannot stand {place}.")
        todo += [(part, depth + 1, wanted) for part, wanted in _checked_parts(node)]


def _checked_parts(node: Any) -> list[tuple[Any, Any]]:
    """The parts of a node with what they may be. Raises UsageError where something else is wrong with it."""
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
            wanted = {Kind.DATE: dt.date, Kind.NUMBER: int}.get(kind)
            _require(node, "field", wanted is not None)
            ends = [end for end in (low, high) if end is not None]
            _require(node, "low and high", all(type(end) is wanted for end in ends))
        case HasValue(name, value):
            value_name(name)
            _require_text(node, "value", value)
        case HasAny(name) if name != "title":
            value_name(name)
    return []


def _require_words(node: Any, text: Any, name: Any) -> None:
    _require_text(node, "text", text)
    _require(node, "field", field(name).kind is Kind.WORDS)


def _require_text(node: Any, name: str, text: Any) -> None:
    _require(node, name, isinstance(text, str) and len(text) <= MAX_LETTERS)


def _require(node: Any, name: str, sound: bool) -> None:
    if not sound:
        raise UsageError(f"{name} of {type(node).__name__} cannot be {getattr(node, name, None)!r:.40}.")
