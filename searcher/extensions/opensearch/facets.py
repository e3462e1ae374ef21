"""Exact facet counts of names, independent of the selection in the facet. If there are very many values, only
the most frequent names are counted."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, ItemsView, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import Any, Final

from searcher.extensions.opensearch.names import ClusterNames
from searcher.extensions.opensearch.result_pages import (
    TermCounts,
    highest_terms,
    in_parts,
    is_complete,
    nth_highest,
)
from searcher.extensions.opensearch.translation import all_of, any_of
from searcher.query.time_units import label
from searcher.query.tree import Filter
from searcher.results.articles import FacetValues, RankedCounts, top_counts

Json = dict[str, Any]
#: Maximum number of values per facet to request with the hits. If there are more, only the best names are
#: counted. The limit for sources is higher, because they are few and have similar counts.
_MAX_VALUES: Final = 500
_MAX_SOURCES: Final = 5_000
#: Number of best names to find: first more than a page shows, then as many as JSON output has by default.
_FIRST_BEST: Final = 20
_MAX_BEST: Final = 100
#: Maximum number of values when a single facet is requested. More are fetched in pages.
_MAX_VALUES_ALONE: Final = 60_000
#: Maximum number of names to count per request.
_MAX_EXACT_COUNTS: Final = 500
#: A function that returns each combination of values in the documents of a query, with its count.
Buckets = Callable[[Json, Sequence[Json]], Iterator[tuple[dict[str, Any], int]]]
#: A function that returns aggregations over the documents of a query.
Aggregate = Callable[[Json, Mapping[str, Json]], Mapping[str, Any]]


class ClusterFacets:
    """Counts the facets of one search. Frequent values are counted with the hits. A name with several values
    is counted separately if it may be one of the best."""

    def __init__(
        self,
        where: Json,
        filters: Mapping[Filter, Json],
        names: ClusterNames,
        buckets: Buckets,
        aggregate: Aggregate,
    ) -> None:
        self._where = where
        self._filters = filters
        self._names = names
        self._buckets = buckets
        self._aggregate = aggregate

    def aggregations(self, fields: Iterable[str]) -> dict[str, Json]:
        sizes = {field: _MAX_SOURCES if field == "source" else _MAX_VALUES for field in fields}
        return self._with_filters(
            {field: {"values": highest_terms(field, size)} for field, size in sizes.items()}
        )

    def _with_filters(self, columns: Mapping[str, Mapping[str, Json]]) -> dict[str, Json]:
        """Return the aggregations of fields, each with its own filters."""
        requested: dict[str, Json] = {}
        for field, aggregations in columns.items():
            if filters := self._other_filters(field):
                requested[f"facet {field}"] = {"filter": all_of(filters), "aggs": aggregations}
            else:
                requested |= {f"facet {field} {name}": one for name, one in aggregations.items()}
        return requested

    @staticmethod
    def _result_of(field: str, name: str, answer: Mapping[str, Any]) -> Mapping[str, Any]:
        scoped: Mapping[str, Any] = answer.get(f"facet {field}") or {name: answer[f"facet {field} {name}"]}
        aggregation: Mapping[str, Any] = scoped[name]
        return aggregation

    def values(
        self, fields: Iterable[str], answer: Mapping[str, Any], listed: Mapping[str, Iterable[str]]
    ) -> dict[str, FacetValues]:
        """Return the counts of each field from the answer to :meth:`aggregations`.

        ``listed``: values whose names are needed too. If there are too many values, a name without a value in
        the answer has at most as many articles as its number of values times the count of a missing value.
        """
        terms = {field: TermCounts(self._result_of(field, "values", answer)) for field in fields}
        candidates = {field: {*counts.least} for field, counts in terms.items()}
        bounds = dict.fromkeys(candidates, 0)
        for field, counts in terms.items():
            if counts.rest:
                top_names, bound_count = (
                    self._names.base.top_names,
                    nth_highest(2 * _MAX_BEST, counts.least.values()),
                )
                bound = bounds[field] = max(bound_count - 1, counts.rest * (top_names.rest + 1))
                candidates[field].update(
                    name for name, n in top_names.most.items() if counts.rest * (n + 1) > bound
                )
        values = self._names.relatives(candidates, listed)
        names = {
            field: BestNames(self._members(field, values[field]), counts, bounds[field])
            for field, counts in terms.items()
        }
        counted = self._exact_counts({field: best.unsure(best.first) for field, best in names.items()})
        return {
            field: BestCounts(
                best,
                counted.get(field, {}),
                partial(self._recount, field),
                partial(self._names.values_named, field),
                partial(self._counts, field, answer),
            ).facet_values()
            for field, best in names.items()
        }

    def _counts(self, field: str, answer: Mapping[str, Any]) -> dict[str, int]:
        terms, scope = self._result_of(field, "values", answer), self._scope(field)
        if not is_complete(terms):
            terms = self._aggregate(scope, {"all": highest_terms(field, _MAX_VALUES_ALONE)})["all"]
        if is_complete(terms):
            return self._by_name(field, TermCounts(terms).least)
        return self._by_name(field, self._value_counts(field, scope))

    def _value_counts(self, field: str, scope: Json) -> dict[str, int]:
        return {key["value"]: n for key, n in self._buckets(scope, [_terms("value", field)])}

    def _recount(self, field: str, members: Mapping[str, Sequence[str]]) -> Mapping[str, int]:
        return self._exact_counts({field: members}).get(field, {})

    def counts_of_stories(self, field: str) -> dict[str, int]:
        without_story = {"bool": {"must_not": {"exists": {"field": "story"}}}}
        values = self._value_counts(field, all_of([self._scope(field), without_story]))
        counts = Counter(self._by_name(field, values, without_story))
        pair = [_terms("story", "story"), _terms("value", field)]
        stories = [key for key, _ in self._buckets(self._scope(field), pair)]
        names = self._names.names_for(field, {key["value"] for key in stories})
        pairs = {(key["story"], names[key["value"]]) for key in stories}
        counts.update(name for _, name in pairs if name is not None)
        return dict(counts)

    def counts_over_time(self, unit: str, *, stories: bool) -> dict[str, int]:
        histogram = {"field": "day", "calendar_interval": unit, "format": "yyyy-MM-dd"}
        by_day: Json = {"day": {"date_histogram": histogram}}
        sources = [by_day, _terms("story", "story_key")] if stories else [by_day]
        counts = Counter[str]()
        for key, number in self._buckets(self._scope(unit), sources):
            counts[label(unit, dt.date.fromisoformat(key["day"]))] += 1 if stories else number
        return dict(counts)

    def _other_filters(self, field: str) -> list[Json]:
        """Return the filters of a facet: all except selections from the facet itself."""
        return [query for one, query in self._filters.items() if one.negated or one.field != field]

    def _scope(self, field: str) -> Json:
        return all_of([self._where, *self._other_filters(field)])

    def _members(self, field: str, values: Iterable[str]) -> dict[str, list[str]]:
        members: dict[str, list[str]] = defaultdict(list)
        for value, name in self._names.names_for(field, values).items():
            if name is not None:
                members[name].append(value)
        return members

    def _by_name(self, field: str, counts: Mapping[str, int], *filters: Json) -> dict[str, int]:
        """Return the counts of names, from those of values. ``filters``: further filters of these counts."""
        members = self._members(field, counts)
        several = {name: values for name, values in members.items() if len(values) > 1}
        single = {name: counts[values[0]] for name, values in members.items()}
        return single | self._exact_counts({field: several}, *filters).get(field, {})

    def _exact_counts(
        self, members: Mapping[str, Mapping[str, Sequence[str]]], *filters: Json
    ) -> dict[str, dict[str, int]]:
        """Count the articles with any value of each name. Names with one value share an aggregation."""
        counts: dict[str, dict[str, int]] = defaultdict(dict)
        names = [(field, name, values) for field, of in members.items() for name, values in of.items()]
        for first in range(0, len(names), _MAX_EXACT_COUNTS):
            part = names[first : first + _MAX_EXACT_COUNTS]
            requested: dict[str, dict[str, Json]] = defaultdict(dict)
            single: dict[str, list[str]] = defaultdict(list)
            members_by_field: dict[str, list[str]] = defaultdict(list)
            for n, (field, _, values) in enumerate(part):
                members_by_field[field] += values
                if len(values) > 1:
                    requested[field][f"{n}"] = {"filter": {"terms": {field: values}}}
                else:
                    single[field] += values
            for field, values in single.items():
                terms = highest_terms(field, len(values))["terms"]
                requested[field]["alone"] = {"terms": {**terms, "include": values}}
            pieces = (
                (field, piece) for field, values in members_by_field.items() for piece in in_parts(values)
            )
            has_value = any_of({"terms": {field: piece}} for field, piece in pieces)
            answer = self._aggregate(
                all_of([self._where, *filters, has_value]), self._with_filters(requested)
            )
            lower_bounds = {
                field: TermCounts(self._result_of(field, "alone", answer)).least for field in single
            }
            for n, (field, name, values) in enumerate(part):
                if len(values) > 1:
                    counts[field][name] = self._result_of(field, f"{n}", answer)["doc_count"]
                else:
                    counts[field][name] = lower_bounds[field].get(values[0], 0)
        return counts


def _terms(name: str, field: str) -> Json:
    return {name: {"terms": {"field": field}}}


class BestNames:
    """The most frequent names of a field, from lower and upper bounds of their counts."""

    def __init__(self, members: Mapping[str, Sequence[str]], values: TermCounts, other_count: int) -> None:
        """``members``: the values of each name, except names with at most ``other_count`` articles."""
        self._members = members
        self._least = {name: max(values.least.get(one, 0) for one in of) for name, of in members.items()}
        self._most = {
            name: sum(values.most.get(one, values.rest) for one in of) for name, of in members.items()
        }
        #: Minimum number of names, or the exact number if all are known.
        self.size = sum(1 for count in self._least.values() if count)
        self.are_all = not values.rest
        self._max_other = max(other_count, values.rest)
        #: Number of best names to find first.
        self.first = _MAX_BEST if self.are_all else _FIRST_BEST

    def bound(self, number: int) -> int:
        """Return the maximum count of a name that is not among the best ``number``."""
        return max(nth_highest(number, self._least.values()) - 1, self._max_other)

    def _candidates(self, number: int) -> list[str]:
        bound = self.bound(number)
        return [name for name, count in self._most.items() if count > bound]

    def unsure(self, number: int) -> dict[str, Sequence[str]]:
        """Return the names to count for the best ``number``, with their values."""
        members = {name: self._members[name] for name in self._candidates(number)}
        return {
            name: values
            for name, values in members.items()
            if len(values) > 1 or self._most[name] != self._least[name]
        }

    def best(self, number: int, counted: Mapping[str, int]) -> dict[str, int]:
        """Return up to ``number`` of the best names, given the counts of the unsure ones."""
        bound = self.bound(number)
        counts = {**{name: self._least[name] for name in self._candidates(number)}, **counted}
        return {name: count for name, count in counts.items() if count > bound}


class BestCounts(RankedCounts):
    """The counts of a facet. Only the best names are counted in advance."""

    def __init__(
        self,
        names: BestNames,
        counted: Mapping[str, int],
        recount: Callable[[Mapping[str, Sequence[str]]], Mapping[str, int]],
        values_of: Callable[[str], Sequence[str]],
        all_counts: Callable[[], Mapping[str, int]],
    ) -> None:
        """``counted``: counts of the unsure names among the first. ``recount``: counts names by their values.
        ``values_of``: values of a name. ``all_counts``: counts all names."""
        self._names, self._recount, self._values_of, self._all_counts = names, recount, values_of, all_counts
        self._number = names.first
        self._best = names.best(self._number, counted)
        self._known = dict(self._best)

    @cached_property
    def _all(self) -> Mapping[str, int]:
        return self._all_counts()

    def facet_values(self) -> FacetValues:
        names = self._names
        if names.are_all and len(self._best) == names.size:
            return FacetValues(self._best)
        return FacetValues(self, least=None if names.are_all else names.size)

    def __len__(self) -> int:
        return self._names.size if self._names.are_all else len(self._all)

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __getitem__(self, name: str) -> int:
        if name not in self._known:
            values = self._values_of(name)
            self._known[name] = self._recount({name: values})[name] if values else 0
        if not self._known[name]:
            raise KeyError(name)
        return self._known[name]

    def items(self) -> ItemsView[str, int]:
        return self._all.items()

    def top_counts(self, number: int) -> Mapping[str, int]:
        names = self._names
        if len(self._best) < number <= _MAX_BEST and names.bound(_MAX_BEST) < names.bound(self._number):
            self._number = _MAX_BEST
            self._best = names.best(_MAX_BEST, self._recount(names.unsure(_MAX_BEST)))
        return top_counts(self._best if number <= len(self._best) else self._all, number)
