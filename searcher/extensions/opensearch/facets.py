"""Exact facet counts of names, independent of the selection in the facet. If there are very many values, only
the most frequent names are counted."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, ItemsView, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import Any, Final

from searcher.extensions.opensearch.names import ClusterNames
from searcher.extensions.opensearch.result_pages import Highest, highest_terms, in_parts, is_whole, place
from searcher.extensions.opensearch.translation import all_of, any_of
from searcher.query.time_units import label
from searcher.query.tree import Filter
from searcher.results.articles import FacetValues, RankedCounts, highest

Json = dict[str, Any]
#: Maximum number of values per facet requested with the hits; of more, only the best names are counted. There
#: are few sources, with similar counts.
_MAX_VALUES: Final = 500
_MAX_SOURCES: Final = 5_000
#: Number of best names: more than a page shows, and the default of JSON output.
_FIRST_BEST: Final = 20
_MAX_BEST: Final = 100
#: Maximum number of values of a facet requested alone. More are fetched in pages.
_MAX_VALUES_ALONE: Final = 60_000
#: Maximum number of names counted in one request.
_MAX_RECOUNTED: Final = 500
#: Returns each combination of values in the documents of a query, with their number.
Buckets = Callable[[Json, Sequence[Json]], Iterator[tuple[dict[str, Any], int]]]
#: Returns aggregations over the documents of a query.
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
        return self._asked({field: {"values": highest_terms(field, size)} for field, size in sizes.items()})

    def _asked(self, columns: Mapping[str, Mapping[str, Json]]) -> dict[str, Json]:
        """Return the aggregations of fields, each with its own filters."""
        requested: dict[str, Json] = {}
        for field, aggregations in columns.items():
            if filters := self._others(field):
                requested[f"facet {field}"] = {"filter": all_of(filters), "aggs": aggregations}
            else:
                requested |= {f"facet {field} {name}": one for name, one in aggregations.items()}
        return requested

    @staticmethod
    def _found(field: str, name: str, answer: Mapping[str, Any]) -> Mapping[str, Any]:
        scoped: Mapping[str, Any] = answer.get(f"facet {field}") or {name: answer[f"facet {field} {name}"]}
        aggregation: Mapping[str, Any] = scoped[name]
        return aggregation

    def values(
        self, fields: Iterable[str], answer: Mapping[str, Any], shown: Mapping[str, Iterable[str]]
    ) -> dict[str, FacetValues]:
        """Return the counts of each field from the answer to :meth:`aggregations`.

        ``shown``: values whose names are needed too. If there are too many values, a name without a value in
        the answer has at most as many articles as its number of values times the count of a missing value.
        """
        answered = {field: Highest(self._found(field, "values", answer)) for field in fields}
        candidates = {field: {*highest_counts.least} for field, highest_counts in answered.items()}
        bounds = dict.fromkeys(candidates, 0)
        for field, highest_counts in answered.items():
            if highest_counts.rest:
                numerous = self._names.base.numerous
                bounds[field] = max(
                    place(2 * _MAX_BEST, highest_counts.least.values()) - 1,
                    highest_counts.rest * (numerous.rest + 1),
                )
                likely = (
                    name for name, n in numerous.most.items() if highest_counts.rest * (n + 1) > bounds[field]
                )
                candidates[field].update(likely)
        values = self._names.relatives(candidates, shown)
        names = {
            field: BestNames(self._members(field, values[field]), highest_counts, bounds[field])
            for field, highest_counts in answered.items()
        }
        counted = self._recounted(
            {field: highest_counts.unsure(highest_counts.first) for field, highest_counts in names.items()},
            self._where,
        )
        return {
            field: BestCounts(
                highest_counts,
                counted.get(field, {}),
                partial(self._recount, field),
                partial(self._names.values_named, field),
                partial(self._counts, field, answer),
            ).of_facet()
            for field, highest_counts in names.items()
        }

    def _counts(self, field: str, answer: Mapping[str, Any]) -> dict[str, int]:
        answered, scope = self._found(field, "values", answer), self._scope(field)
        if not is_whole(answered):
            answered = self._aggregate(scope, {"all": highest_terms(field, _MAX_VALUES_ALONE)})["all"]
        if not is_whole(answered):
            values = {key["value"]: n for key, n in self._buckets(scope, [_terms("value", field)])}
        else:
            values = {bucket["key"]: bucket["doc_count"] for bucket in answered["buckets"]}
        return self._by_name(field, values, self._where)

    def _recount(self, field: str, members: Mapping[str, Sequence[str]]) -> Mapping[str, int]:
        return self._recounted({field: members}, self._where).get(field, {})

    def counts_of_stories(self, field: str) -> dict[str, int]:
        without_story = {"bool": {"must_not": {"exists": {"field": "story"}}}}
        where = all_of([self._where, without_story])
        scope = all_of([self._scope(field), without_story])
        values = {key["value"]: n for key, n in self._buckets(scope, [_terms("value", field)])}
        counts = Counter(self._by_name(field, values, where))
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

    def _others(self, field: str) -> list[Json]:
        """Return the filters of a facet: all except selections from the facet itself."""
        return [query for one, query in self._filters.items() if one.negated or one.field != field]

    def _scope(self, field: str) -> Json:
        return all_of([self._where, *self._others(field)])

    def _members(self, field: str, values: Iterable[str]) -> dict[str, list[str]]:
        members: dict[str, list[str]] = defaultdict(list)
        for value, name in self._names.names_for(field, values).items():
            if name is not None:
                members[name].append(value)
        return members

    def _by_name(self, field: str, values: Mapping[str, int], where: Json) -> dict[str, int]:
        members = self._members(field, values)
        ambiguous = {name: name_values for name, name_values in members.items() if len(name_values) > 1}
        counts = {name: values[name_values[0]] for name, name_values in members.items()}
        return counts | self._recounted({field: ambiguous}, where).get(field, {})

    def _recounted(
        self, members: Mapping[str, Mapping[str, Sequence[str]]], where: Json
    ) -> dict[str, dict[str, int]]:
        """Count the articles with any value of each name. Names with one value share an aggregation, which is
        much cheaper than one each."""
        counts: dict[str, dict[str, int]] = defaultdict(dict)
        names = [(field, name) for field, name_values in members.items() for name in name_values]
        for first in range(0, len(names), _MAX_RECOUNTED):
            requested: dict[str, dict[str, Json]] = defaultdict(dict)
            part = names[first : first + _MAX_RECOUNTED]
            single_values: dict[str, list[str]] = defaultdict(list)
            for n, (field, name) in enumerate(part):
                if len(values := members[field][name]) > 1:
                    requested[field][f"{n}"] = {"filter": {"terms": {field: values}}}
                else:
                    single_values[field] += values
            all_values: dict[str, list[str]] = defaultdict(list)
            for field, name in part:
                all_values[field] += members[field][name]
            has_value = any_of(
                {"terms": {of: name_values}}
                for of, values in all_values.items()
                for name_values in in_parts(values)
            )
            for field, values in single_values.items():
                name_values = highest_terms(field, len(values))
                requested[field]["alone"] = {"terms": {**name_values["terms"], "include": values}}
            answer = self._aggregate(all_of([where, has_value]), self._asked(requested))
            single_counts = {
                field: Highest(self._found(field, "alone", answer)).least for field in single_values
            }
            for n, (field, name) in enumerate(part):
                if len(values := members[field][name]) > 1:
                    counts[field][name] = self._found(field, f"{n}", answer)["doc_count"]
                else:
                    counts[field][name] = single_counts[field].get(values[0], 0)
        return counts


def _terms(name: str, field: str) -> Json:
    return {name: {"terms": {"field": field}}}


class BestNames:
    """The most frequent names of a field, from lower and upper bounds of their counts."""

    def __init__(self, members: Mapping[str, Sequence[str]], values: Highest, others: int) -> None:
        """``members``: the values of each name, except names with at most ``others`` articles."""
        single = {
            name: name_values[0] for name, name_values in members.items() if len(name_values) == 1
        }  # Nearly all names.
        multiple = {name: name_values for name, name_values in members.items() if len(name_values) > 1}
        self._members, self._several = members, multiple
        self._least = {name: values.least.get(value, 0) for name, value in single.items()}
        self._most = {name: values.most.get(value, values.rest) for name, value in single.items()}
        for name, name_values in multiple.items():
            self._least[name] = max(values.least.get(value, 0) for value in name_values)
            self._most[name] = sum(values.most.get(value, values.rest) for value in name_values)
        #: Minimum number of names, or the exact number if all are known.
        self.size = sum(1 for count in self._least.values() if count)
        self.are_all = not values.rest
        self._others = max(others, values.rest)
        #: Number of names needed first.
        self.first = _MAX_BEST if self.are_all else _FIRST_BEST

    def bound(self, number: int) -> int:
        """Return the maximum count of a name that is not among the best ``number``."""
        return max(place(number, self._least.values()) - 1, self._others)

    def _likely(self, number: int) -> list[str]:
        bound = self.bound(number)
        return [name for name, count in self._most.items() if count > bound]

    def unsure(self, number: int) -> dict[str, Sequence[str]]:
        """Return the names to count for the best ``number``, with their values."""
        multiple, least, most = self._several, self._least, self._most
        likely = self._likely(number)
        return {name: self._members[name] for name in likely if name in multiple or most[name] != least[name]}

    def best(self, number: int, counted: Mapping[str, int]) -> dict[str, int]:
        """Return up to ``number`` of the best names, given the counts of the unsure ones."""
        bound = self.bound(number)
        counts = {**{name: self._least[name] for name in self._likely(number)}, **counted}
        return {name: count for name, count in counts.items() if count > bound}


class BestCounts(RankedCounts):
    """The counts of a facet. Only the best names are counted in advance."""

    def __init__(
        self,
        names: BestNames,
        counted: Mapping[str, int],
        recount: Callable[[Mapping[str, Sequence[str]]], Mapping[str, int]],
        values_of: Callable[[str], Sequence[str]],
        every: Callable[[], Mapping[str, int]],
    ) -> None:
        """``counted``: counts of the unsure names among the first. ``recount``: counts names by their values.
        ``values_of``: values of a name. ``every``: counts all names."""
        self._names, self._recount, self._values_of, self._every = names, recount, values_of, every
        self._number = names.first
        self._best = names.best(self._number, counted)
        self._known = dict(self._best)

    @cached_property
    def _all(self) -> Mapping[str, int]:
        return self._every()

    def of_facet(self) -> FacetValues:
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

    def most(self, number: int) -> Mapping[str, int]:
        names = self._names
        if len(self._best) < number <= _MAX_BEST and names.bound(_MAX_BEST) < names.bound(self._number):
            self._number = _MAX_BEST
            self._best = names.best(_MAX_BEST, self._recount(names.unsure(_MAX_BEST)))
        return highest(self._best if number <= len(self._best) else self._all, number)
