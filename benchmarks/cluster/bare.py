"""OpenSearch by its own means, for comparison: its analysis, ranking, passages and facets of ten values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from benchmarks.speed.corpus import Question
from benchmarks.speed.peers.searcher_ import FACETS
from searcher.article import Article
from searcher.extensions.opensearch.client import Client, NotFound

Json = dict[str, Any]
#: Documents of a request.
_REQUEST_DOCUMENTS = 1_000
_TEXT = {"type": "text", "analyzer": "english"}
_FIELDS = {
    "title": _TEXT,
    "text": _TEXT,
    "date": {"type": "date"},
    **{name: {"type": "keyword"} for name in FACETS},
}


class Bare:
    """An index beside that of Searcher, with as many shards and copies."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self.name = f"bare-{client.address.name}"

    def exists(self) -> bool:
        try:
            self._client.get(f"/{self.name}")
        except NotFound:
            return False
        return True

    def load(self, articles: Iterable[Article]) -> None:
        ours = f"{self._client.address.name}-0"
        settings = self._client.get(f"/{ours}/_settings")[ours]["settings"]["index"]
        layout = {name: settings[name] for name in ("number_of_shards", "number_of_replicas")}
        self._client.put(
            f"/{self.name}",
            {"settings": {**layout, "refresh_interval": "-1"}, "mappings": {"properties": _FIELDS}},
        )
        rest = iter(articles)
        while some := list(islice(rest, _REQUEST_DOCUMENTS)):
            lines: Iterator[Json] = (
                line for one in some for line in ({"index": {"_id": one.id}}, _document(one))
            )
            found = self._client.bulk(f"/{self.name}/_bulk", lines)
            if found["errors"]:
                raise RuntimeError(f"{self.name} refuses a document: {str(found)[:500]}")
        self._client.post(f"/{self.name}/_refresh")
        self._client.post(f"/{self.name}/_forcemerge?max_num_segments=1", seconds=1800)

    def ask(self, question: Question) -> tuple[list[str], int]:
        """Return the ids of ten hits, and the number of all."""
        found = self._client.post(f"/{self.name}/_search", {**_asked(question), "track_total_hits": True})
        hits = found["hits"]
        return [hit["_id"] for hit in hits["hits"]], hits["total"]["value"]


def _document(article: Article) -> Json:
    return {
        "title": article.title,
        "text": f"{article.title}\n{article.body}",
        "date": article.published and article.published.isoformat(),
        "year": article.published and f"{article.published:%Y}",
        "person": list(article.people),
        "organisation": list(article.organisations),
        "source": article.source,
        "tag": list(article.tags),
    }


def _asked(question: Question) -> Json:
    kind, words = question
    every = {"match": {"text": {"query": " ".join(words), "operator": "and"}}}
    facets = FACETS if kind == "whole" else ("person", "organisation") if kind == "facet" else ()
    body: Json = {"aggs": {name: {"terms": {"field": name}} for name in facets}}
    match kind:
        case "term1" | "and2" | "and3":
            return {"query": every}
        case "phrase":
            return {"query": {"match_phrase": {"text": " ".join(words)}}}
        case "prefix":
            return {"query": {"prefix": {"text": words[0]}}}
        case "range":
            days = {"range": {"date": {"gte": words[1], "lte": words[2]}}}
            return {"query": {"bool": {"must": {"match": {"text": words[0]}}, "filter": days}}}
        case "multi2":
            matches = [
                {"bool": {"should": [{"match": {field: word}} for field in ("title", "text")]}}
                for word in words
            ]
            return {"query": {"bool": {"must": matches}}}
        case "sortdate":
            return {"query": {"match": {"text": " ".join(words)}}, "sort": [{"date": "desc"}]}
        case "whole":
            body["highlight"] = {"fields": {"text": {"number_of_fragments": 3}}}
    return {**body, "query": {"match": {"text": " ".join(words)}}}
