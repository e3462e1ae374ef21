"""Sums over the articles of a state, and the number of articles per value."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from searcher.article import PENDING_STATES
from searcher.extensions.opensearch.client import Client
from searcher.extensions.opensearch.result_pages import all_hits, buckets, in_parts, search
from searcher.extensions.opensearch.state import ClusterState, Totals
from searcher.extensions.opensearch.translation import any_of
from searcher.languages import ENGLISH, word_language
from searcher.names.table import SAID_BY, ValueCounter

if TYPE_CHECKING:
    from searcher.names.nearness import NameContext

#: Fields to sum.
_SUMS = ("length", "quotations", "quoted_length", "check")


def articles_of(state: ClusterState) -> list[dict[str, Any]]:
    return [{"term": {"kind": "article"}}, *state.live()]


def totals(client: Client, state: ClusterState) -> Totals:
    aggregations: dict[str, Any] = {name: {"sum": {"field": name}} for name in _SUMS}
    aggregations["pending"] = {"filter": {"terms": {"annotator": PENDING_STATES}}}
    query = {"bool": {"filter": articles_of(state)}}
    body = {"size": 0, "track_total_hits": True, "query": query, "aggs": aggregations}
    answer = search(client, state.articles, body)
    counted = {name: round(answer["aggregations"][name]["value"]) for name in _SUMS}
    counted["pending"] = answer["aggregations"]["pending"]["doc_count"]
    return Totals(answer["hits"]["total"]["value"], **counted)


def languages(client: Client, state: ClusterState) -> tuple[str, ...]:
    """Return English and the other languages by whose words articles are indexed."""
    declared = ValueCounts(client, state).count("language")
    return (ENGLISH, *sorted({*map(word_language, declared)} - {ENGLISH, ""}))


class ValueCounts(ValueCounter):
    def __init__(self, client: Client, state: ClusterState) -> None:
        self._client = client
        self._state = state

    def contexts(self, kind: str, values: Collection[str]) -> dict[str, list[NameContext]]:
        from searcher.names.nearness import name_context  # Not imported by searches.

        glimpses: dict[str, list[NameContext]] = {value: [] for value in values}
        for part in in_parts(sorted(values)):
            body = {
                "query": {"bool": {"filter": [*articles_of(self._state), {"terms": {kind: part}}]}},
                "sort": ["order"],
                "_source": ["second", "language", "source", "person", "organisation"],
            }
            part_values = {*part}
            for hit in all_hits(self._client, self._state.articles, body):
                document = hit["_source"]
                day = document["second"] // 86400 if "second" in document else None
                document_glimpse = name_context(day, partial(_values_of_document, document))
                for value in part_values.intersection(_values_of_document(document, kind)):
                    glimpses[value].append(document_glimpse)
        return glimpses

    def count(self, field: str, values: Collection[str] | None = None) -> dict[str, int]:
        if values is None:
            source = [{"value": {"terms": {"field": _column(field)}}}]
            query = {"bool": {"filter": articles_of(self._state)}}
            groups = buckets(self._client, self._state.articles, query, source)
            return {key["value"]: count for key, count in groups}
        counts: dict[str, int] = {}
        for part in in_parts(sorted(values)):
            terms = {"field": _column(field), "include": part, "size": len(part), "shard_size": len(part)}
            searched = ("title", "body") if field == "words" else (_column(field),)
            having = any_of({"terms": {one: part}} for one in searched)
            query = {"bool": {"filter": [*articles_of(self._state), having]}}
            body = {"size": 0, "query": query, "aggs": {"values": {"terms": terms}}}
            answer = search(self._client, self._state.articles, body)
            counts |= {b["key"]: b["doc_count"] for b in answer["aggregations"]["values"]["buckets"]}
        return counts


def _column(field: str) -> str:
    return "speaks" if field == SAID_BY else field


def _values_of_document(document: Mapping[str, Any], field: str) -> list[str]:
    """Return the values of a field, which is not a list if there is only one."""
    values = document.get(field, [])
    return [values] if isinstance(values, str) else values
