"""Records shared by all machines that load an index, one document per entry.

The small index has one shard, in which every write gets a sequence number. Changes since another time are
found by that number.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from searcher.errors import IndexDamaged, IndexLocked
from searcher.extensions.opensearch.client import Action, Client, Conflict, ForeignAnswer, NotFound, send
from searcher.extensions.opensearch.replica import LedgerEntry
from searcher.extensions.opensearch.result_pages import search
from searcher.extensions.opensearch.state import STATE, ClusterState, Versioned, read_state, state_of
from searcher.locations import TEXTS

if TYPE_CHECKING:
    from searcher.records.store import Store

#: Number of seconds to cache texts, because a search reads them three times.
_REMEMBERED_SECONDS: Final = 1.0
_TEXT: Final = "text"
#: Maximum number of attempts to change a text that other machines change too.
_MAX_ATTEMPTS: Final = 50


class SharedTexts:
    """See :class:`searcher.textfiles.Texts`. All texts and the state are read in one request."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._texts: dict[str, tuple[str, Versioned]] = {}
        self._until = 0.0

    def state(self) -> ClusterState:
        """Return the last commit. Raises the errors of :func:`.state.read_state`."""
        ids = [STATE, *map(_id_of, TEXTS)]
        try:
            state, *texts = self._client.post(f"/{self._client.address.name}/_mget", {"ids": ids})["docs"]
        except (NotFound, ForeignAnswer):
            return read_state(self._client)[0]
        if not all("found" in one for one in (state, *texts)) or not state["found"]:
            return read_state(self._client)[0]  # Raises a clearer error if the index is missing or damaged.
        with self._lock:
            self._texts = dict(zip(TEXTS, map(_text_of, texts)))
            self._until = time.monotonic() + _REMEMBERED_SECONDS
        return state_of(self._client, Versioned.of(state).content)

    def read(self, name: str) -> str:
        return self._current().get(name, _NO_TEXT)[0]

    def change(self, name: str, change: Callable[[str], str], _: Store | None = None, /) -> None:
        for _attempt in range(_MAX_ATTEMPTS):
            text, before = self._text(name)
            content = {"what": _TEXT, "name": name, "stored": change(text)}
            try:
                self._client.put(f"{self._path(name)}?refresh=true&{before.unchanged}", content)
            except Conflict:  # Another machine has changed it.
                continue
            self._until = 0.0
            return
        raise IndexLocked(f"Others keep changing {self.path(name)}: try again.")

    def stamp(self, name: str) -> object:
        return self._current().get(name, _NO_TEXT)[1].number

    def path(self, name: str) -> str:
        return f"{self._client.address}, {name}"

    def _current(self) -> Mapping[str, tuple[str, Versioned]]:
        if time.monotonic() >= self._until:
            self.state()
        return self._texts if time.monotonic() < self._until else {name: self._text(name) for name in TEXTS}

    def _text(self, name: str) -> tuple[str, Versioned]:
        try:
            return _text_of(self._client.get(self._path(name)))
        except NotFound:
            return _NO_TEXT

    def _path(self, name: str) -> str:
        return f"/{self._client.address.name}/_doc/{quote(_id_of(name), safe='')}"


_NO_TEXT: Final = "", Versioned()


def _id_of(name: str) -> str:
    return f"text {name}"


def _text_of(answer: dict[str, Any]) -> tuple[str, Versioned]:
    if not answer["found"]:
        return _NO_TEXT
    text: str = answer["_source"]["stored"]
    return text, Versioned({}, answer["_seq_no"], answer["_primary_term"])


_ENTRY: Final = "entry"
#: Number of entries per page.
_PAGE: Final = 2_000


class SharedLedger:
    """See :class:`searcher.extensions.opensearch.replica.Ledger`."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._index = client.address.name

    def latest(self) -> tuple[str, int]:
        about = self._client.get(f"/{self._index}/_stats/docs?level=shards")["indices"][self._index]
        for shard in about["shards"]["0"]:
            if shard["routing"]["primary"]:
                # All copies have all entries up to this number. Later entries may still be missing.
                return about["uuid"], int(shard["seq_no"]["global_checkpoint"])
        raise IndexDamaged(f"No node has the first copy of {self._index}: check that all nodes are running.")

    def entries(self, after: int, last: int) -> Iterator[tuple[Sequence[LedgerEntry], int]]:
        self._client.post(f"/{self._index}/_refresh")
        while after < last:
            numbers = {"range": {"_seq_no": {"gt": after, "lte": last}}}
            query = {"bool": {"filter": [numbers, {"term": {"what": _ENTRY}}]}}
            body = {"size": _PAGE, "query": query, "sort": ["_seq_no"], "_source": ["stored"]}
            hits = search(self._client, self._index, body)["hits"]["hits"]
            after = hits[-1]["sort"][0] if len(hits) == _PAGE else last
            entries = (json.loads(hit["_source"]["stored"]) for hit in hits)
            yield [LedgerEntry(kind, tuple(key), content) for kind, key, content in entries], after

    def write(self, entries: Sequence[LedgerEntry]) -> None:
        send(self._client, self._index, map(_action, entries))


def _action(entry: LedgerEntry) -> Action:
    key = json.dumps([entry.kind, *entry.key])
    id = f"{_ENTRY} {hashlib.sha256(key.encode()).hexdigest()}"
    # Stored as a string, because file names need not be valid Unicode.
    stored = json.dumps([entry.kind, entry.key, entry.content], separators=(",", ":"))
    return {"index": {"_id": id}}, {"what": _ENTRY, "stored": stored}
