"""The ledger of an index: what those who load it keep for one another, each entry a document in it.

The small index has one shard, in which every write has a number. So whatever is new since another time is
found by its number.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from searcher.engines.base import LedgerEntry
from searcher.engines.opensearch.bulk import Action, send
from searcher.engines.opensearch.client import Client, Conflict, NotFound
from searcher.engines.opensearch.result_pages import search
from searcher.engines.opensearch.state import Versioned
from searcher.errors import IndexDamaged, IndexLocked
from searcher.records.former import saved_search

if TYPE_CHECKING:
    from searcher.records.store import Store

#: Seconds for which is remembered which texts there are: a search looks three times.
_REMEMBERED_SECONDS: Final = 1.0
#: Texts of one index, at most.
_MAX_TEXTS: Final = 10_000
_TEXT: Final = "text"
#: Times that a text is changed anew because another machine has changed it.
_MAX_ATTEMPTS: Final = 50


class _Listing:
    """Which texts there are, each with a number that changes with it."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self._lock = threading.Lock()
        self._numbers: dict[str, int] = {}
        self._until = 0.0

    def numbers(self) -> dict[str, int]:
        with self._lock:
            if time.monotonic() >= self._until:
                body = {"size": _MAX_TEXTS, "query": {"term": {"what": _TEXT}}}
                body |= {"_source": ["name"], "seq_no_primary_term": True}
                found = self.client.post(f"/{self.client.address.name}/_search", body)["hits"]["hits"]
                self._numbers = {hit["_source"]["name"]: hit["_seq_no"] for hit in found}
                self._until = time.monotonic() + _REMEMBERED_SECONDS
            return self._numbers

    def forget(self) -> None:
        with self._lock:
            self._until = 0.0


class SharedTexts:
    """See :class:`searcher.textfiles.Texts`."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._listing = _Listing(client)

    def read(self, name: str) -> str:
        return self._document(name)[0] if name in self._listing.numbers() else ""

    def change(self, name: str, change: Callable[[str], str], _: Store | None = None, /) -> None:
        for _attempt in range(_MAX_ATTEMPTS):
            text, before = self._document(name)
            content = {"what": _TEXT, "name": name, "stored": change(text)}
            try:
                self._client.put(f"{self._path(name)}?refresh=true&{before.unchanged}", content)
            except Conflict:  # another machine has changed it meanwhile
                continue
            self._listing.forget()
            return
        raise IndexLocked(f"Others keep changing {self.path(name)}: try again.")

    def stamp(self, name: str) -> object:
        return self._listing.numbers().get(name)

    def path(self, name: str) -> str:
        return f"{self._client.address}, {name}"

    def _document(self, name: str) -> tuple[str, Versioned]:
        """Return a text, and what tells whether it has been replaced since."""
        try:
            answer = self._client.get(self._path(name))
        except NotFound:
            return "", Versioned()
        text: str = answer["_source"]["stored"]
        return text, Versioned({}, answer["_seq_no"], answer["_primary_term"])

    def _path(self, name: str) -> str:
        return f"/{self._client.address.name}/_doc/{quote(f'text {name}', safe='')}"


_ENTRY: Final = "entry"
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

    def entries(self, after: int, last: int) -> Iterator[tuple[Sequence[LedgerEntry], int]]:
        self._client.post(f"/{self._index}/_refresh")
        while after < last:
            numbers = {"range": {"_seq_no": {"gt": after, "lte": last}}}
            either = {"should": [{"term": {"what": _ENTRY}}, _FORMER], "minimum_should_match": 1}
            query = {"bool": {"filter": numbers, **either}}
            body = {"size": _PAGE, "query": query, "sort": ["_seq_no"], "_source": ["what", "name", "stored"]}
            hits = search(self._client, self._index, body)["hits"]["hits"]
            after = hits[-1]["sort"][0] if len(hits) == _PAGE else last
            yield [entry for hit in hits if (entry := _entry(**hit["_source"]))], after

    def write(self, entries: Sequence[LedgerEntry]) -> None:
        send(self._client, self._index, map(_action, entries))


def _action(entry: LedgerEntry) -> Action:
    key = json.dumps([entry.kind, *entry.key])
    id = f"{_ENTRY} {hashlib.sha256(key.encode()).hexdigest()}"
    # A text, since names of files need not be Unicode, which a document has to be.
    stored = json.dumps([entry.kind, entry.key, entry.content], separators=(",", ":"))
    return {"index": {"_id": id}}, {"what": _ENTRY, "stored": stored}


def _entry(what: str, stored: str, name: str = "") -> LedgerEntry | None:
    """Return what a document says; None for a former text that holds no saved search."""
    if what == _ENTRY:
        kind, key, content = json.loads(stored)
        return LedgerEntry(kind, tuple(key), content)
    saved = saved_search(stored)
    name = name.removeprefix("saved/").removesuffix(".json")
    return LedgerEntry("search", (name,), {"searches": [list(saved)]}) if saved else None
