"""Custom fields, translated to tags for the engine.

The value “foreign” of the field “desk” is the tag “desk=foreign”, so that engines know only tags. A note is
found by its words.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import NamedTuple, TypeVar

from searcher.engines.base import Engine
from searcher.fields import DOUBTFUL, NOTE, QUOTE_FIELDS, Fields, custom_tag
from searcher.names.normalise import fold
from searcher.names.table import NameTable
from searcher.query import tree
from searcher.query.tree import Expr, Filter, Query, QuoteQuery, all_of, any_of
from searcher.results import Facet, FacetValues, Results

_TAG = "tag"
_RECORDED = QUOTE_FIELDS.keys() - {"speaker"}
_Q = TypeVar("_Q", Query, QuoteQuery)


class TagQueries(NamedTuple):
    """An engine, with the custom fields of its index translated to tags."""

    engine: Engine
    fields: Fields

    def translate(self, query: _Q) -> _Q:
        """Translate a query for the engine. In a search for quotations, roles and parties are conditions on
        the quotation."""
        if isinstance(query, QuoteQuery):
            recorded = (self.condition(f) for f in query.filters if f.field in _RECORDED)
            rest = tuple(f for f in query.filters if f.field not in _RECORDED)
            query = replace(query, where=all_of(query.where, *recorded), filters=rest)
        if not self.fields.custom:
            return query
        conditions = [self.condition(f) for f in query.filters if f.field in self.fields.custom]
        other_filters = tuple(f for f in query.filters if f.field not in self.fields.custom)
        where = self.tree(query.where)
        if isinstance(query, Query):
            return replace(query, where=all_of(where, *conditions), filters=other_filters)
        return replace(
            query, where=where, articles=all_of(self.tree(query.articles), *conditions), filters=other_filters
        )

    def search(self, query: Query) -> Results:
        """Return a page of articles with its facets."""
        if not (own := self.fields.custom):
            return self.engine.search(query)
        engine_query = replace(
            self.translate(query), facets=tuple(name for name in query.facets if name not in own)
        )
        results = self.engine.search(engine_query)
        return replace(results, facets={name: self._facet(name, query, results) for name in query.facets})

    def statement_counts(self, query: QuoteQuery, fields: Collection[str]) -> Mapping[str, Mapping[str, int]]:
        """Return the number of statements for each value of these fields."""
        engine_fields = {_TAG if field in self.fields.custom else field: None for field in fields}
        counts = self.engine.statement_counts(self.translate(query), list(engine_fields))
        return {
            field: self._field_counts(field, counts[_TAG if field in self.fields.custom else field])
            for field in fields
        }

    def values(self, field: str) -> Mapping[str, int]:
        """Return every value of a field with the number of its articles."""
        engine_field = _TAG if field in self.fields.custom else field
        results = self.engine.search(Query(tree.MatchAll(), facets=(engine_field,), limit=0))
        return self._field_counts(field, results.facets[engine_field].values.counts)

    def counts_over_time(self, query: Query, unit: str) -> Mapping[str, int]:
        """Return the number of articles, or of stories, of each year, month, week or day."""
        query = self.translate(query)
        # A facet ignores filters on its own field, such as the year. Conditions are never ignored.
        where = all_of(query.where, *map(self.condition, query.filters))
        results = self.engine.search(replace(query, where=where, filters=(), facets=(unit,), limit=0))
        return results.facets[unit].values.counts

    def tree(self, expr: Expr) -> Expr:
        return tree.rewrite(expr, self._as_tag, negated=True)

    def _as_tag(self, leaf: Expr) -> Expr:
        if isinstance(leaf, tree.HasAny) and leaf.field == _TAG:
            return tree.HasAny(
                _TAG, excluded=tuple(custom_tag(own, "") for own in sorted(self.fields.custom))
            )
        if not isinstance(leaf, tree.HasValue | tree.HasAny) or leaf.field not in self.fields.custom:
            return leaf
        if isinstance(leaf, tree.HasAny) or (leaf.field, leaf.value.lower()) == (DOUBTFUL, DOUBTFUL):
            return tree.HasAny(_TAG, custom_tag(leaf.field, ""))
        if leaf.field == NOTE:
            return self._notes(leaf.value)
        return tree.HasValue(_TAG, custom_tag(leaf.field, leaf.value))

    def _facet(self, name: str, query: Query, results: Results) -> Facet:
        if name not in self.fields.custom:
            facet = results.facets[name]
            counts = self._field_counts(name, facet.values.counts) if name == _TAG else None
            return facet if counts is None else Facet(name, FacetValues(counts))
        # Like every facet, this one ignores the filters on its own field. It is counted as a facet of tags,
        # for which the engine would also ignore filters on tags, so these become conditions.
        filters = tuple(f for f in query.filters if f.negated or f.field != name)
        conditions = [self.condition(f) for f in filters if f.field == _TAG]
        engine_query = self.translate(replace(query, filters=tuple(f for f in filters if f.field != _TAG)))
        where = all_of(engine_query.where, *conditions)
        counted = self.engine.search(replace(engine_query, where=where, facets=(_TAG,), offset=0, limit=0))
        return Facet(name, FacetValues(self._field_counts(name, counted.facets[_TAG].values.counts)))

    def condition(self, filter: Filter) -> Expr:
        values = [self.tree(tree.HasValue(filter.field, value)) for value in filter.values]
        condition = any_of(*values) if values else tree.MatchAll()
        return tree.Not(condition) if filter.negated else condition

    def _notes(self, words: str) -> Expr:
        """Return the condition on articles with a note that has these words."""
        start = custom_tag(NOTE, "")
        values = self.engine.names().names_with(_TAG, fold(custom_tag(NOTE, words)).split())
        tags = sorted(tag for tag in values if tag.startswith(start))
        return any_of(*(tree.HasValue(_TAG, tag) for tag in tags))

    def _field_counts(self, field: str, counts: Mapping[str, int]) -> Mapping[str, int]:
        """Return the counts of a field. A custom field has the tags of its values, “tag” has all others."""
        if field in self.fields.custom:
            return _values_of(field, counts)
        if field != _TAG or not self.fields.custom:
            return counts
        starts = tuple(custom_tag(own, "") for own in self.fields.custom)
        return {tag: count for tag, count in counts.items() if not tag.startswith(starts)}


def matching_values(names: NameTable, fields: Fields, field: str, value: str) -> frozenset[str]:
    """Return the values of a field that a query for a name matches. In custom fields, these differ only in
    case and accents."""
    if field not in fields.custom:
        return names.names_meant(field, value)
    tags = names.names_meant(_TAG, custom_tag(field, value))
    return frozenset(_values_of(field, dict.fromkeys(tags, 1)))


def _values_of(field: str, tags: Mapping[str, int]) -> dict[str, int]:
    start = custom_tag(field, "")
    return {tag.removeprefix(start): count for tag, count in tags.items() if tag.startswith(start)}
