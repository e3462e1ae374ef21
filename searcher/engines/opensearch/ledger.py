"""The ledger of an index: what those who load it keep for one another, each entry a document in it.

The small index has one shard, in which every write has a number. So whatever is new since another time is
found by its number.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Final

from searcher.engines.base import Entry
from searcher.engines.opensearch.bulk import Action, send
from searcher.engines.opensearch.client import Client
from searcher.engines.opensearch.paging import search
from searcher.errors import IndexDamaged
from searcher.records.former import saved_search

_WHAT: Final = "entry"
#: Saved searches were texts before they were entries.
_FORMER: Final = {"bool": {"filter": [{"term": {"what": "text"}}, {"prefix": {"name": "saved/"}}]}}
#: Entries of a page.
_PAGE: Final = 2_000


class SharedLedger:
    """See :class:`searcher.engines.base.Ledger`."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._index = client.address.name

    def latest(self) -> tuple[str, int]:
        about = self._client.get(f"/{self._index}/_stats/docs?level=shards")["indices"][self._index]
        for shard in about["shards"]["0"]:
            if shard["routing"]["primary"]:
                # Up to here every copy has everything: a lower number may not be there yet beyond.
                return about["uuid"], int(shard["seq_no"]["global_checkpoint"])
        raise IndexDamaged(f"No node has the first copy of {self._index}: see that all nodes run.")

    def entries(self, after: int, last: int) -> Iterator[tuple[Sequence[Entry], int]]:
        self._client.post(f"/{self._index}/_refresh")
        while after < last:
            numbers = {"range": {"_seq_no": {"gt": after, "lte": last}}}
            body = {
                "size": _PAGE,
                "query": {
                    "bool": {
                        "filter": numbers,
                        "should": [{"term": {"what": _WHAT}}, _FORMER],
                        "minimum_should_match": 1,
                    }
                },
                "sort": ["_seq_no"],
                "_source": ["what", "name", "stored"],
            }
            hits = search(self._client, self._index, body)["hits"]["hits"]
            after = hits[-1]["sort"][0] if len(hits) == _PAGE else last
            yield [entry for hit in hits if (entry := _entry(**hit["_source"]))], after

    def write(self, entries: Sequence[Entry]) -> None:
        send(self._client, self._index, map(_action, entries))


def _action(entry: Entry) -> Action:
    key = json.dumps([entry.kind, *entry.key])
    id = f"{_WHAT} {hashlib.sha256(key.encode()).hexdigest()}"
    # A text, since names of files need not be Unicode, which a document has to be.
    stored = json.dumps([entry.kind, entry.key, entry.content], separators=(",", ":"))
    return {"index": {"_id": id}}, {"what": _WHAT, "stored": stored}


def _entry(what: str, stored: str, name: str = "") -> Entry | None:
    """Return what a document says; None for a former text that holds no saved search."""
    if what == _WHAT:
        kind, key, content = json.loads(stored)
        return Entry(kind, tuple(key), content)
    saved = saved_search(stored)
    name = name.removeprefix("saved/").removesuffix(".json")
    return Entry("search", (name,), {"searches": [list(saved)]}) if saved else None
