"""The texts beside an index (decisions about names, synonyms, fields), kept as documents in it.

So everybody who searches the index shares them.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final
from urllib.parse import quote

from searcher.engines.opensearch.client import Client, Conflict, NotFound
from searcher.engines.opensearch.state import Versioned
from searcher.errors import IndexLocked

#: Seconds for which is remembered which texts there are: a search looks three times.
_REMEMBERED_SECONDS: Final = 1.0
#: Texts of one index, at most.
_MAX_TEXTS: Final = 10_000
_WHAT: Final = "text"
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
                body = {
                    "size": _MAX_TEXTS,
                    "query": {"term": {"what": _WHAT}},
                    "_source": ["name"],
                    "seq_no_primary_term": True,
                }
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

    def change(self, name: str, change: Callable[[str], str]) -> None:
        for _ in range(_MAX_ATTEMPTS):
            text, before = self._document(name)
            content = {"what": _WHAT, "name": name, "stored": change(text)}
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
