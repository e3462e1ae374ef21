"""Facets: exact counts of the names of values, whatever is selected from the facet itself; of very many
values those of the names that most articles have."""

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
#: Values of a facet that come with the hits: where there are more, those of the best names are counted. Of
#: sources there are few, which have much the same number of articles.
_MAX_VALUES: Final = 500
_MAX_SOURCES: Final = 5_000
#: Names that are the best: more than a page shows, and as many as an answer in JSON has if nobody says
#: otherwise.
_FIRST_BEST: Final = 20
_MAX_BEST: Final = 100
#: Values of a facet that is asked for alone, where it has more; those that have more still come page by page.
_MAX_VALUES_ALONE: Final = 60_000
#: Names whose articles are counted together in one request.
_MAX_RECOUNTED: Final = 500
#: Asks for every combination of values of the documents of a query, with the number of documents.
Buckets = Callable[[Json, Sequence[Json]], Iterator[tuple[dict[str, Any], int]]]
#: Asks for aggregations over the documents of a query.
Aggregate = Callable[[Json, Mapping[str, Json]], Mapping[str, Any]]


class ClusterFacets:
    """Counts the values of the facets of one search. Values that most articles have are counted with the
    hits. A name that several values go by is counted by itself, where it may be one of the best."""

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
        """Return what is asked for together with the hits."""
        sizes = {field: _MAX_SOURCES if field == "source" else _MAX_VALUES for field in fields}
        return self._asked({field: {"values": highest_terms(field, size)} for field, size in sizes.items()})

    def _asked(self, columns: Mapping[str, Mapping[str, Json]]) -> dict[str, Json]:
        """Return the aggregations of fields, each over the articles that its counts are of."""
        asked: dict[str, Json] = {}
        for field, of in columns.items():
            if others := self._others(field):
                asked[f"facet {field}"] = {"filter": all_of(others), "aggs": of}
            else:
                asked |= {f"facet {field} {name}": one for name, one in of.items()}
        return asked

    @staticmethod
    def _found(field: str, name: str, answer: Mapping[str, Any]) -> Mapping[str, Any]:
        filtered: Mapping[str, Any] = answer.get(f"facet {field}") or {name: answer[f"facet {field} {name}"]}
        found: Mapping[str, Any] = filtered[name]
        return found

    def values(
        self, fields: Iterable[str], answer: Mapping[str, Any], shown: Mapping[str, Iterable[str]]
    ) -> dict[str, FacetValues]:
        """Return the articles of each name of each field, from the answer to :meth:`aggregations`. ``shown``:
        values of fields whose names are needed besides. Where there are too many values, a name of which the
        answer has none is in so many articles at most as its values times those of one that it leaves out."""
        seen = {field: Highest(self._found(field, "values", answer)) for field in fields}
        asked = {field: {*one.least} for field, one in seen.items()}
        others = dict.fromkeys(asked, 0)
        for field, one in seen.items():
            if one.rest:
                numerous = self._names.base.numerous
                others[field] = max(one.place(2 * _MAX_BEST) - 1, one.rest * (numerous.rest + 1))
                likely = (name for name, n in numerous.most.items() if one.rest * (n + 1) > others[field])
                asked[field].update(likely)
        values = self._names.relatives(asked, shown)
        names = {
            field: BestNames(self._members(field, values[field]), one, others[field])
            for field, one in seen.items()
        }
        counted = self._recounted({field: one.unsure(one.first) for field, one in names.items()}, self._where)
        return {
            field: BestCounts(
                one,
                counted.get(field, {}),
                partial(self._recount, field),
                partial(self._names.values_named, field),
                partial(self._counts, field, answer),
            ).of_facet()
            for field, one in names.items()
        }

    def _counts(self, field: str, answer: Mapping[str, Any]) -> dict[str, int]:
        """Return the articles of each name of one field."""
        found, scope = self._found(field, "values", answer), self._scope(field)
        if not is_whole(found):
            found = self._aggregate(scope, {"all": highest_terms(field, _MAX_VALUES_ALONE)})["all"]
        if not is_whole(found):
            values = {key["value"]: n for key, n in self._buckets(scope, [_terms("value", field)])}
        else:
            values = {bucket["key"]: bucket["doc_count"] for bucket in found["buckets"]}
        return self._by_name(field, values, self._where)

    def _recount(self, field: str, members: Mapping[str, Sequence[str]]) -> Mapping[str, int]:
        return self._recounted({field: members}, self._where).get(field, {})

    def counts_of_stories(self, field: str) -> dict[str, int]:
        alone = {"bool": {"must_not": {"exists": {"field": "story"}}}}
        where = all_of([self._where, alone])
        scope = all_of([self._scope(field), alone])
        values = {key["value"]: n for key, n in self._buckets(scope, [_terms("value", field)])}
        counts = Counter(self._by_name(field, values, where))
        pair = [_terms("story", "story"), _terms("value", field)]
        stories = [key for key, _ in self._buckets(self._scope(field), pair)]
        names = self._names.names_for(field, {key["value"] for key in stories})
        pairs = {(key["story"], names[key["value"]]) for key in stories}
        counts.update(name for _, name in pairs if name is not None)
        return dict(counts)

    def counts_over_time(self, unit: str, *, stories: bool) -> dict[str, int]:
        """Return the articles, or the stories, of each month, week or day."""
        histogram = {"field": "day", "calendar_interval": unit, "format": "yyyy-MM-dd"}
        by_day: Json = {"day": {"date_histogram": histogram}}
        sources = [by_day, _terms("story", "story_key")] if stories else [by_day]
        counts = Counter[str]()
        for key, number in self._buckets(self._scope(unit), sources):
            counts[label(unit, dt.date.fromisoformat(key["day"]))] += 1 if stories else number
        return dict(counts)

    def _others(self, field: str) -> list[Json]:
        """The filters that a facet's counts follow: all but those that select from it."""
        return [query for one, query in self._filters.items() if one.negated or one.field != field]

    def _scope(self, field: str) -> Json:
        return all_of([self._where, *self._others(field)])

    def _members(self, field: str, values: Iterable[str]) -> dict[str, list[str]]:
        """Return the names of values, each with those that go by it."""
        members: dict[str, list[str]] = defaultdict(list)
        for value, name in self._names.names_for(field, values).items():
            if name is not None:
                members[name].append(value)
        return members

    def _by_name(self, field: str, values: Mapping[str, int], where: Json) -> dict[str, int]:
        members = self._members(field, values)
        several = {name: some for name, some in members.items() if len(some) > 1}
        counts = {name: values[some[0]] for name, some in members.items()}
        return counts | self._recounted({field: several}, where).get(field, {})

    def _recounted(
        self, members: Mapping[str, Mapping[str, Sequence[str]]], where: Json
    ) -> dict[str, dict[str, int]]:
        """Return the articles that have any of the values of each name of each field, without a look at
        others. Names of one value are counted by one aggregation: that is a fraction of one for each."""
        counts: dict[str, dict[str, int]] = defaultdict(dict)
        names = [(field, name) for field, some in members.items() for name in some]
        for first in range(0, len(names), _MAX_RECOUNTED):
            asked: dict[str, dict[str, Json]] = defaultdict(dict)
            part = names[first : first + _MAX_RECOUNTED]
            alone: dict[str, list[str]] = defaultdict(list)
            for n, (field, name) in enumerate(part):
                if len(values := members[field][name]) > 1:
                    asked[field][f"{n}"] = {"filter": {"terms": {field: values}}}
                else:
                    alone[field] += values
            every: dict[str, list[str]] = defaultdict(list)
            for field, name in part:
                every[field] += members[field][name]
            having = any_of(
                {"terms": {of: some}} for of, values in every.items() for some in in_parts(values)
            )
            for field, values in alone.items():
                some = highest_terms(field, len(values))
                asked[field]["alone"] = {"terms": {**some["terms"], "include": values}}
            found = self._aggregate(all_of([where, having]), self._asked(asked))
            single = {field: Highest(self._found(field, "alone", found)).least for field in alone}
            for n, (field, name) in enumerate(part):
                if len(values := members[field][name]) > 1:
                    counts[field][name] = self._found(field, f"{n}", found)["doc_count"]
                else:
                    counts[field][name] = single[field].get(values[0], 0)
        return counts


def _terms(name: str, field: str) -> Json:
    return {name: {"terms": {"field": field}}}


class BestNames:
    """The names of one field that most articles have: no other name has as many as one of them."""

    def __init__(self, members: Mapping[str, Sequence[str]], values: Highest, others: int) -> None:
        """``members``: the values of every name but those that have ``others`` articles at most."""
        alone = {name: some[0] for name, some in members.items() if len(some) == 1}  # nearly all
        several = {name: some for name, some in members.items() if len(some) > 1}
        self._members, self._several = members, several
        self._least = {name: values.least.get(value, 0) for name, value in alone.items()}
        self._most = {name: values.most.get(value, values.rest) for name, value in alone.items()}
        for name, some in several.items():
            self._least[name] = max(values.least.get(value, 0) for value in some)
            self._most[name] = sum(values.most.get(value, values.rest) for value in some)
        #: So many names there are at least; where all are known, just so many.
        self.size = sum(1 for count in self._least.values() if count)
        self.are_all = not values.rest
        self._others = max(others, values.rest)
        #: So many are wanted first.
        self.first = _MAX_BEST if self.are_all else _FIRST_BEST

    def bound(self, number: int) -> int:
        """Return what others than so many of the best may count."""
        return max(place(number, self._least.values()) - 1, self._others)

    def _likely(self, number: int) -> list[str]:
        bound = self.bound(number)
        return [name for name, count in self._most.items() if count > bound]

    def unsure(self, number: int) -> dict[str, Sequence[str]]:
        """Return the names that have to be counted for so many of the best, with their values."""
        several, least, most = self._several, self._least, self._most
        likely = self._likely(number)
        return {name: self._members[name] for name in likely if name in several or most[name] != least[name]}

    def best(self, number: int, counted: Mapping[str, int]) -> dict[str, int]:
        """Return the best names, so many where that can be told, once the unsure ones are counted."""
        bound = self.bound(number)
        counts = {**{name: self._least[name] for name in self._likely(number)}, **counted}
        return {name: count for name, count in counts.items() if count > bound}


class BestCounts(RankedCounts):
    """The counts of a facet, of which others than the best are asked for once they are looked at."""

    def __init__(
        self,
        names: BestNames,
        counted: Mapping[str, int],
        recount: Callable[[Mapping[str, Sequence[str]]], Mapping[str, int]],
        values_of: Callable[[str], Sequence[str]],
        every: Callable[[], Mapping[str, int]],
    ) -> None:
        """``counted``: the unsure ones of the first names. ``recount`` counts names by their values, which
        ``values_of`` gives; ``every`` counts all."""
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
        """See :func:`searcher.results.articles.highest`."""
        names = self._names
        if len(self._best) < number <= _MAX_BEST and names.bound(_MAX_BEST) < names.bound(self._number):
            self._number = _MAX_BEST
            self._best = names.best(_MAX_BEST, self._recount(names.unsure(_MAX_BEST)))
        return highest(self._best if number <= len(self._best) else self._all, number)
