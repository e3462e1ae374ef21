"""Facets: exact counts of the names of values, whatever is selected from the facet itself; of very many
values those of the names that most articles have."""

from __future__ import annotations

import datetime as dt
import heapq
from collections import Counter, defaultdict
from collections.abc import Callable, ItemsView, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import Any, Final

from searcher.engines.opensearch.index_settings import groups_of
from searcher.engines.opensearch.names import ClusterNames
from searcher.engines.opensearch.result_pages import is_whole
from searcher.engines.opensearch.translation import all_of
from searcher.names.table import kinds_of
from searcher.query.time_units import label
from searcher.query.tree import Filter
from searcher.results.articles import FacetValues, highest

Json = dict[str, Any]
#: Values of a facet that come with the hits: where there are more, those of the best names are counted.
_MAX_VALUES: Final = 1_000
#: Names that are the best: as many as an answer in JSON has, unless it says otherwise.
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
        return self._asked({field: {"values": _most(field, _MAX_VALUES)} for field in fields})

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
        values of fields whose names are needed besides. Where there are too many values, the groups of names
        are counted as well: a name has no more articles than its group."""
        seen = {field: Highest(self._found(field, "values", answer)) for field in fields}
        bounds = {field: one.place(2 * _MAX_BEST) if one.rest else 0 for field, one in seen.items()}
        asked = {
            of: {"groups": _most(groups_of(of), _MAX_VALUES)}
            for of, n in bounds.items()
            if n and kinds_of(of)
        }
        found = self._aggregate(self._where, self._asked(asked)) if asked else {}
        groups = {field: Highest(self._found(field, "groups", found)) for field in asked}
        joined = self._names.joined({of: one.with_at_least(bounds[of]) for of, one in groups.items()})
        values = {of: {*one.with_at_least(bounds[of]), *joined.get(of, ())} for of, one in seen.items()}
        self._names.learn(shown, values)
        best = {
            field: BestNames(
                self._members(field, values[field]), one, groups.get(field), bounds[field], _MAX_BEST
            )
            for field, one in seen.items()
        }
        counted = self._recounted({field: one.unsure for field, one in best.items()}, self._where)
        return {
            field: one.values(
                counted.get(field, {}), partial(self._count_of, field), partial(self._counts, field, answer)
            )
            for field, one in best.items()
        }

    def _counts(self, field: str, answer: Mapping[str, Any]) -> dict[str, int]:
        """Return the articles of each name of one field."""
        found, scope = self._found(field, "values", answer), self._scope(field)
        if not is_whole(found):
            found = self._aggregate(scope, {"all": _most(field, _MAX_VALUES_ALONE)})["all"]
        if not is_whole(found):
            values = {key["value"]: n for key, n in self._buckets(scope, [_terms("value", field)])}
        else:
            values = {bucket["key"]: bucket["doc_count"] for bucket in found["buckets"]}
        return self._by_name(field, values, self._where)

    def _count_of(self, field: str, name: str) -> int:
        values = self._names.values_named(field, name)
        return self._recounted({field: {name: values}}, self._where)[field][name] if values else 0

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
        """Return the articles that have any of the values of each name of each field. Names of one value are
        counted by one aggregation, which takes a fraction of one for each."""
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
            for field, values in alone.items():
                some = _most(field, len(values))
                asked[field]["alone"] = {"terms": {**some["terms"], "include": values}}
            found = self._aggregate(where, self._asked(asked))
            single = {field: Highest(self._found(field, "alone", found)).least for field in alone}
            for n, (field, name) in enumerate(part):
                if len(values := members[field][name]) > 1:
                    counts[field][name] = self._found(field, f"{n}", found)["doc_count"]
                else:
                    counts[field][name] = single[field].get(values[0], 0)
        return counts


def _most(field: str, number: int) -> Json:
    terms = {"field": field, "size": number, "shard_size": number, "show_term_doc_count_error": True}
    return {"terms": terms}


def _terms(name: str, field: str) -> Json:
    return {name: {"terms": {"field": field}}}


class Highest:
    """The highest counts of an aggregation of terms: what a term counts at least, and at most."""

    def __init__(self, found: Mapping[str, Any]) -> None:
        self.least: dict[str, int] = {one["key"]: one["doc_count"] for one in found["buckets"]}
        errors = (one["doc_count_error_upper_bound"] for one in found["buckets"])
        #: What terms count at most that the answer has.
        self.most = {term: count + error for (term, count), error in zip(self.least.items(), errors)}
        last = min(self.least.values(), default=0)
        #: What terms count at most that the answer does not have.
        self.rest: int = 0 if is_whole(found) else last + found["doc_count_error_upper_bound"]

    def with_at_least(self, count: int) -> list[str]:
        """Return the terms that may count so much, of those that the answer has."""
        return [term for term, most in self.most.items() if most >= count]

    def place(self, number: int) -> int:
        """Return the count that so many terms reach."""
        return _place(number, self.least.values())


def _place(number: int, counts: Iterable[int]) -> int:
    return min(heapq.nlargest(number, counts), default=0)


class BestNames:
    """The names of one field that most articles have: no other name has as many as one of them."""

    def __init__(
        self,
        members: Mapping[str, Sequence[str]],
        values: Highest,
        groups: Highest | None,
        bound: int,
        number: int,
    ) -> None:
        """``members``: the values of every name that may have ``bound`` articles, of which ``number`` are
        wanted."""
        alone = {name: some[0] for name, some in members.items() if len(some) == 1}  # nearly all
        several = {name: some for name, some in members.items() if len(some) > 1}
        least = {name: values.least.get(value, 0) for name, value in alone.items()}
        most = {name: values.most.get(value, values.rest) for name, value in alone.items()}
        for name, some in several.items():
            least[name] = max(values.least.get(value, 0) for value in some)
            most[name] = sum(values.most.get(value, values.rest) for value in some)
        self._size = sum(1 for count in least.values() if count)
        self._whole = not values.rest
        bound = max(bound, _place(number, least.values()))
        self._others = max(bound - 1, values.rest, groups.rest if groups else 0)
        likely = [name for name, count in most.items() if count > self._others]
        self._sure = {name: least[name] for name in likely}
        #: The values of those names that have to be counted.
        self.unsure = {n: members[n] for n in likely if n in several or most[n] != least[n]}

    def values(
        self, counted: Mapping[str, int], one: Callable[[str], int], every: Callable[[], Mapping[str, int]]
    ) -> FacetValues:
        """Return the values of the facet, once the unsure names are counted. ``one`` counts another name,
        ``every`` all of them."""
        counts = {**self._sure, **counted}
        best = {name: count for name, count in counts.items() if count > self._others}
        if self._whole and len(best) == self._size:
            return FacetValues(best)
        known = BestCounts(best, one, every, self._size if self._whole else None)
        return FacetValues(known, most=known.most, least=None if self._whole else self._size)


class BestCounts(Mapping[str, int]):
    """The counts of a facet, of which others than the best are asked for once they are looked at."""

    def __init__(
        self,
        best: Mapping[str, int],
        one: Callable[[str], int],
        every: Callable[[], Mapping[str, int]],
        size: int | None,
    ) -> None:
        self._best, self._one, self._every, self._size = best, one, every, size
        self._known = dict(best)

    @cached_property
    def _all(self) -> Mapping[str, int]:
        return self._every()

    def __len__(self) -> int:
        return len(self._all) if self._size is None else self._size

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __getitem__(self, name: str) -> int:
        if name not in self._known:
            self._known[name] = self._one(name)
        if not self._known[name]:
            raise KeyError(name)
        return self._known[name]

    def items(self) -> ItemsView[str, int]:
        return self._all.items()

    def most(self, number: int) -> Mapping[str, int]:
        """See :func:`searcher.results.articles.highest`."""
        return highest(self._best if number <= len(self._best) else self._all, number)
