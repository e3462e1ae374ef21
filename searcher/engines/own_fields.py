"""An engine that knows fields of one's own: they are tags, and every engine has those.

The value “foreign” of the field “desk” is the tag “desk=foreign”. So an engine stores, narrows and counts
them without knowing, and the format of the index is what it was. A note is found by its words.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from searcher.article import Article
from searcher.engines.base import Engine, Writer
from searcher.errors import IndexDamaged
from searcher.fields import NOTE, OWN, tag_of
from searcher.names.normalise import fold
from searcher.names.table import Entry, Identities, NameTable
from searcher.query.tree import (
    And,
    Expr,
    Filter,
    HasValue,
    InQuote,
    MatchAll,
    Not,
    Or,
    Query,
    QuoteQuery,
    TimeUnit,
    all_of,
    any_of,
)
from searcher.results import Facet, FacetValues, Hit, Results

if TYPE_CHECKING:
    from searcher.names.rules import Rules
    from searcher.results.quotations import QuoteHit, Quotes
    from searcher.results.statements import Statement, Statements

__all__ = ["OwnFieldsEngine"]

_TAG = "tag"


class OwnFieldsEngine:
    """Translates questions about fields of one's own into questions about tags; all else is the engine's."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._asked = _Translator(engine.names)

    def search(self, query: Query) -> Results:
        if not OWN:
            return self._engine.search(query)
        asked = self._asked.query(query)
        found = self._engine.search(replace(asked, facets=tuple(f for f in query.facets if f not in OWN)))
        facets = {name: self._facet(name, query, found) for name in query.facets}
        return replace(found, facets=facets)

    def scan(self, query: Query) -> Iterator[Hit]:
        return self._engine.scan(self._asked.query(query))

    def timeline(self, query: Query, unit: TimeUnit) -> Mapping[dt.date, int]:
        return self._engine.timeline(self._asked.query(query), unit)

    def quotes(self, query: QuoteQuery) -> Quotes:
        return self._engine.quotes(self._asked.quotes(query))

    def scan_quotes(self, query: QuoteQuery) -> Iterator[QuoteHit]:
        return self._engine.scan_quotes(self._asked.quotes(query))

    def statements(self, query: QuoteQuery) -> Statements:
        return self._engine.statements(self._asked.quotes(query))

    def statement_counts(self, query: QuoteQuery, fields: Collection[str]) -> Mapping[str, Mapping[str, int]]:
        own = [field for field in fields if field in OWN]
        others = {_TAG if field in OWN else field: None for field in fields}
        counts = dict(self._engine.statement_counts(self._asked.quotes(query), list(others)))
        if not OWN or _TAG not in counts:
            return counts
        tags = counts.pop(_TAG)
        plain = {_TAG: _plain(tags)} if _TAG in fields else {}
        return {**counts, **plain, **{field: _of_field(field, tags) for field in own}}

    def statement_of(self, hit: QuoteHit, kinds: tuple[str, ...]) -> Statement | None:
        return self._engine.statement_of(hit, kinds)

    def explain(self, expr: Expr, id: str) -> tuple[tuple[str, float], ...]:
        return self._engine.explain(self._asked.tree(expr), id)

    def count(self, where: Expr | None = None) -> int:
        return self._engine.count(None if where is None else self._asked.tree(where))

    def values(self, field: str) -> Mapping[str, int]:
        if field in OWN:
            return _of_field(field, self._engine.values(_TAG))
        values = self._engine.values(field)
        return _plain(values) if field == _TAG else values

    def writer(self, *, fresh: bool = False, timeout: float | None = None) -> Writer:
        return self._engine.writer(fresh=fresh, timeout=timeout)

    def optimize(self, added: int) -> None:
        self._engine.optimize(added)

    def get(self, id: str) -> Article | None:
        return self._engine.get(id)

    def contains(self, id: str) -> bool:
        return self._engine.contains(id)

    def ids(self, prefix: str) -> Iterator[str]:
        return self._engine.ids(prefix)

    def articles(self) -> Iterator[Article]:
        return self._engine.articles()

    def words(self, prefix: str = "") -> Iterator[str]:
        return self._engine.words(prefix)

    def frequencies(self, words: Collection[str]) -> Mapping[str, int]:
        return self._engine.frequencies(words)

    def rarest(self, words: Collection[str], number: int) -> Sequence[str]:
        return self._engine.rarest(words, number)

    def names(self) -> NameTable:
        return _OwnNames(self._engine.names()) if OWN else self._engine.names()

    def use_names(self, identities: Identities) -> None:
        self._engine.use_names(identities)

    def beside(self) -> Mapping[str, Any]:
        return self._engine.beside()

    def verify(self) -> tuple[str, ...]:
        return self._engine.verify()

    def salvage(self) -> Iterator[Article | IndexDamaged]:
        return self._engine.salvage()

    def close(self) -> None:
        self._engine.close()

    def _facet(self, name: str, query: Query, found: Results) -> Facet:
        if name == _TAG:
            return Facet(name, FacetValues(_plain(found.facets[name].values.counts)))
        if name not in OWN:
            return found.facets[name]
        # Counted over all filters but those that select from this field, as every facet is; and those of tags
        # are made conditions, since the engine leaves them out when it counts tags.
        filters = tuple(f for f in query.filters if f.negated or f.field != name)
        conditions = [self._asked.condition(f) for f in filters if f.field == _TAG]
        asked = self._asked.query(replace(query, filters=tuple(f for f in filters if f.field != _TAG)))
        where = all_of(asked.where, *conditions)
        counted = self._engine.search(replace(asked, where=where, facets=(_TAG,), offset=0, limit=0))
        return Facet(name, FacetValues(_of_field(name, counted.facets[_TAG].values.counts)))


class _OwnNames(NameTable):
    """A table that answers for fields of one's own by their tags."""

    def __init__(self, table: NameTable) -> None:
        self._table = table

    @property
    def rules(self) -> Rules:
        return self._table.rules

    def entry(self, kind: str, value: str) -> Entry | None:
        return self._table.entry(kind, value)

    def members(self, kind: str, group: str) -> Mapping[str, int]:
        return self._table.members(kind, group)

    def groups(self, kind: str) -> Iterator[Mapping[str, int]]:
        return self._table.groups(kind)

    def values_of(self, kind: str, name: str) -> Collection[str]:
        return self._table.values_of(kind, name)

    def names_with(self, kind: str, words: Sequence[str]) -> Collection[str]:
        return self._table.names_with(kind, words)

    def meant(self, field: str, asked: str) -> frozenset[str]:
        if field not in OWN:
            return super().meant(field, asked)
        tags = super().meant(_TAG, tag_of(field, asked))
        return frozenset(_of_field(field, dict.fromkeys(tags, 1)))


class _Translator(NamedTuple):
    """Asks about tags in the place of fields of one's own; ``names`` are those of all values."""

    names: Callable[[], NameTable]

    def query(self, query: Query) -> Query:
        own = [f for f in query.filters if f.field in OWN]
        others = tuple(f for f in query.filters if f.field not in OWN)
        return replace(query, where=all_of(self.tree(query.where), *map(self.condition, own)), filters=others)

    def quotes(self, query: QuoteQuery) -> QuoteQuery:
        own = [f for f in query.filters if f.field in OWN]
        others = tuple(f for f in query.filters if f.field not in OWN)
        articles = all_of(self.tree(query.articles), *map(self.condition, own))
        return replace(query, where=self.tree(query.where), articles=articles, filters=others)

    def tree(self, expr: Expr) -> Expr:
        match expr:
            case HasValue(field, value) if field == NOTE and NOTE in OWN:
                return any_of(*(HasValue(_TAG, tag) for tag in self.notes(value))) or Not(MatchAll())
            case HasValue(field, value) if field in OWN:
                return HasValue(_TAG, tag_of(field, value))
            case And(parts):
                return And(tuple(map(self.tree, parts)))
            case Or(parts):
                return Or(tuple(map(self.tree, parts)))
            case Not(part):
                return Not(self.tree(part))
            case InQuote(where):
                return InQuote(self.tree(where))
            case _:
                return expr

    def condition(self, asked: Filter) -> Expr:
        """A filter as a part of the query tree."""
        wanted = any_of(*(self.tree(HasValue(asked.field, value)) for value in asked.values)) or MatchAll()
        return Not(wanted) if asked.negated else wanted

    def notes(self, asked: str) -> list[str]:
        """The tags that hold the notes with these words."""
        words = fold(tag_of(NOTE, asked)).split()
        return sorted(tag for tag in self.names().names_with(_TAG, words) if tag.startswith(tag_of(NOTE, "")))


def _of_field(field: str, tags: Mapping[str, int]) -> dict[str, int]:
    """The values of a field among tags."""
    start = tag_of(field, "")
    return {tag.removeprefix(start): count for tag, count in tags.items() if tag.startswith(start)}


def _plain(tags: Mapping[str, int]) -> dict[str, int]:
    """The tags that are no values of fields."""
    starts = tuple(tag_of(field, "") for field in OWN)
    return {tag: count for tag, count in tags.items() if not tag.startswith(starts)}
