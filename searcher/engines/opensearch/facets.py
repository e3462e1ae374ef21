"""Facets: exact counts of the names of values, whatever is selected from the facet itself."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from searcher.engines.opensearch.index_settings import twins_of
from searcher.engines.opensearch.names import ClusterNames
from searcher.engines.opensearch.result_pages import is_whole
from searcher.engines.opensearch.translation import all_of
from searcher.names.table import kinds_of
from searcher.query.tree import Filter
from searcher.query.units import label

Json = dict[str, Any]
#: Values of a facet that come with the hits: ten facets of so many, and as many twins, are below the 65,535
#: buckets that a cluster gives in one answer.
_MAX_VALUES: Final = 3_000
#: Values of a facet that is asked for alone, where it has more; those that have more still come page by page.
_MAX_VALUES_ALONE: Final = 60_000
#: Names whose articles are counted together in one request.
_MAX_RECOUNTED: Final = 500
#: Asks for every combination of values of the documents of a query, with the number of documents.
Buckets = Callable[[Json, Sequence[Json]], Iterator[tuple[dict[str, Any], int]]]
#: Asks for aggregations over the documents of a query.
Aggregate = Callable[[Json, Mapping[str, Json]], Mapping[str, Any]]


class ClusterFacets:
    """Counts the values of the facets of one search.

    Values that are one name are added up. An article that has two of them would be counted twice: the index
    has such pairs as values of a field of their own, whose counts are taken off again. Names that decisions
    join across groups are counted anew.
    """

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
        asked: dict[str, Json] = {}
        for field in fields:
            columns = {name: _most(column, _MAX_VALUES) for name, column in _columns(field).items()}
            if others := self._others(field):
                asked[f"facet {field}"] = {"filter": all_of(others), "aggs": columns}
            else:
                asked |= {f"facet {field} {name}": one for name, one in columns.items()}
        return asked

    @staticmethod
    def _found(field: str, answer: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the answers to the aggregations of a field."""
        filtered: Mapping[str, Any] | None = answer.get(f"facet {field}")
        return filtered or {name: answer[f"facet {field} {name}"] for name in _columns(field)}

    def all_counts(self, fields: Iterable[str], answer: Mapping[str, Any]) -> dict[str, dict[str, int]]:
        """Return the articles of each name of each field, from the answer to :meth:`aggregations`."""
        wanted = list(fields)
        seen = {field: self._found(field, answer)["values"]["buckets"] for field in wanted}
        self._names.learn_differing({field: [b["key"] for b in seen[field]] for field in wanted})
        return {field: self.counts(field, answer) for field in wanted}

    def counts(self, field: str, answer: Mapping[str, Any]) -> dict[str, int]:
        """Return the articles of each name of one field."""
        found, scope = self._found(field, answer), self._scope(field)
        columns = _columns(field)
        counts = {name: self._all(found[name], column, scope) for name, column in columns.items()}
        return self._by_name(field, counts["values"], counts.get("twins", {}), scope)

    def counts_of_stories(self, field: str) -> dict[str, int]:
        """Return the stories of each name of a field."""
        alone = {"bool": {"must_not": {"exists": {"field": "story"}}}}
        scope = all_of([self._scope(field), alone])
        counted = {
            name: {key["value"]: n for key, n in self._buckets(scope, [_terms("value", column)])}
            for name, column in _columns(field).items()
        }
        counts = Counter(self._by_name(field, counted["values"], counted.get("twins", {}), scope))
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

    def _all(self, found: Mapping[str, Any], column: str, scope: Json) -> dict[str, int]:
        """Return the counts of all values of a column, of which the answer may have some only."""
        if not is_whole(found):
            found = self._aggregate(scope, {"all": _most(column, _MAX_VALUES_ALONE)})["all"]
        if not is_whole(found):
            return {key["value"]: n for key, n in self._buckets(scope, [_terms("value", column)])}
        return {bucket["key"]: bucket["doc_count"] for bucket in found["buckets"]}

    def _by_name(
        self, field: str, values: Mapping[str, int], twins: Mapping[str, int], scope: Json
    ) -> dict[str, int]:
        names = self._names.names_for(field, values)
        members: dict[str, list[str]] = defaultdict(list)
        for value, name in names.items():
            if name is not None:
                members[name].append(value)
        counts = {name: sum(values[value] for value in some) for name, some in members.items()}
        for together, number in twins.items():
            for name, times in Counter(names.get(value) for value in json.loads(together)).items():
                if name is not None:
                    counts[name] -= (times - 1) * number
        scattered = {name: some for name, some in members.items() if not self._share_group(field, some)}
        return counts | self._recounted(field, scattered, scope)

    def _share_group(self, field: str, values: Sequence[str]) -> bool:
        """Tell whether an article with two of the values has them among its twins."""
        groups = ({self._names.rules.group(kind, value) for value in values} for kind in kinds_of(field))
        return len(values) == 1 or any(len(keys) == 1 for keys in groups)

    def _recounted(self, field: str, members: Mapping[str, Sequence[str]], scope: Json) -> dict[str, int]:
        counts: dict[str, int] = {}
        names = list(members)
        for first in range(0, len(names), _MAX_RECOUNTED):
            part = names[first : first + _MAX_RECOUNTED]
            filters = {str(n): {"terms": {field: members[name]}} for n, name in enumerate(part)}
            found = self._aggregate(scope, {"names": {"filters": {"filters": filters}}})["names"]["buckets"]
            counts |= {name: found[str(n)]["doc_count"] for n, name in enumerate(part)}
        return counts


def _columns(field: str) -> dict[str, str]:
    """Return the fields that a facet counts: its values, and where several may be one name those that are."""
    return {"values": field, **({"twins": twins_of(field)} if kinds_of(field) else {})}


def _most(field: str, number: int) -> Json:
    return {"terms": {"field": field, "size": number, "shard_size": number}}


def _terms(name: str, field: str) -> Json:
    return {name: {"terms": {"field": field}}}
