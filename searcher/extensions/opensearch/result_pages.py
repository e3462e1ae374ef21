"""Requests whose answers come in pages."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar

from searcher.errors import QueryTooBroad
from searcher.extensions.opensearch.client import Client

T = TypeVar("T")
#: Maximum length of a list in a request. OpenSearch accepts 65,536.
MAX_TERMS: Final = 10_000
#: Number of hits and buckets per page.
_PAGE_HITS: Final = 500
_PAGE_BUCKETS: Final = 5_000


def search(client: Client, index: str, body: Mapping[str, Any], patience: float = 60.0) -> Any:
    """Search all shards. Raises QueryTooBroad after ``patience`` seconds."""
    cache = "&request_cache=true" if body.get("aggs") else ""
    answer = client.post(
        f"/{index}/_search?allow_partial_search_results=false{cache}",
        {**body, "timeout": f"{round(patience * 1000)}ms"},
        seconds=patience + 5,
    )
    if answer["timed_out"]:
        raise QueryTooBroad(f"The query takes more than {patience:g} s: use rarer or fewer words.")
    return answer


def all_hits(
    client: Client, index: str, body: Mapping[str, Any], page: int = _PAGE_HITS
) -> Iterator[dict[str, Any]]:
    """Yield all hits in sort order. No two hits may sort equal."""
    after: dict[str, Any] = {}
    while True:
        answer = search(client, index, {**body, "size": page, "track_total_hits": False, **after})
        hits = answer["hits"]["hits"]
        yield from hits
        if len(hits) < page:
            return
        after = {"search_after": hits[-1]["sort"]}


def buckets(
    client: Client, index: str, query: Mapping[str, Any], sources: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[dict[str, Any], int]]:
    """Yield each combination of values with its number of documents, in the order of the values."""
    after: dict[str, Any] = {}
    while True:
        composite = {"size": _PAGE_BUCKETS, "sources": list(sources), **after}
        body = {"size": 0, "query": query, "aggs": {"all": {"composite": composite}}}
        answer = search(client, index, body)["aggregations"]["all"]
        for bucket in answer["buckets"]:
            yield bucket["key"], bucket["doc_count"]
        if len(answer["buckets"]) < _PAGE_BUCKETS:
            return
        after = {"after": answer["after_key"]}


def is_complete(answer: Mapping[str, Any]) -> bool:
    """Return True if a terms aggregation is complete and exact."""
    return not answer["sum_other_doc_count"] and not answer["doc_count_error_upper_bound"]


def highest_terms(field: str, number: int, of_shard: int = 0) -> dict[str, Any]:
    """Return the aggregation of the most frequent terms, of at least ``of_shard`` terms per shard."""
    size = {"size": number, "shard_size": max(number, of_shard)}
    return {"terms": {"field": field, **size, "show_term_doc_count_error": True}}


class TermCounts:
    """The most frequent terms of an aggregation, with lower and upper bounds of their counts."""

    def __init__(self, answer: Mapping[str, Any]) -> None:
        self.least: dict[str, int] = {one["key"]: one["doc_count"] for one in answer["buckets"]}
        errors = (one["doc_count_error_upper_bound"] for one in answer["buckets"])
        #: Upper bounds of the counts of the terms in the answer.
        self.most = {term: count + error for (term, count), error in zip(self.least.items(), errors)}
        last = min(self.least.values(), default=0)
        #: Upper bound of the count of any term that is not in the answer.
        self.rest: int = 0 if is_complete(answer) else last + answer["doc_count_error_upper_bound"]


def nth_highest(number: int, counts: Iterable[int]) -> int:
    return min(heapq.nlargest(number, counts), default=0)


def in_parts(values: Sequence[T]) -> Iterator[list[T]]:
    for first in range(0, len(values), MAX_TERMS):
        yield list(values[first : first + MAX_TERMS])
