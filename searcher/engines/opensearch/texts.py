"""The texts beside an index (decisions about names, synonyms, saved searches), kept as documents in it.

So everybody who searches the index shares them. A text is looked at as a file is (:class:`.textfiles.Place`).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final
from urllib.parse import quote

from searcher.engines.opensearch.client import Client, NotFound

__all__ = ["SharedTexts"]

#: Seconds for which is remembered which texts there are: a search looks three times.
_REMEMBERED_SECONDS: Final = 1.0
#: Texts of one index, at most.
_MAX_TEXTS: Final = 10_000
_WHAT: Final = "text"


@dataclass(frozen=True, slots=True)
class _Status:
    st_mtime_ns: int
    st_size: int = 0
    st_ino: int = 0


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
    """A folder or a text of the index, by its path within it."""

    def __init__(self, client: Client, path: str = "", listing: _Listing | None = None) -> None:
        self._client = client
        self._path = path
        self._listing = listing or _Listing(client)

    def __str__(self) -> str:
        return f"{self._client.address}, {self._path}"

    @property
    def stem(self) -> str:
        return self._path.rpartition("/")[2].rpartition(".")[0]

    def __truediv__(self, name: str, /) -> SharedTexts:
        return SharedTexts(self._client, f"{self._path}/{name}".lstrip("/"), self._listing)

    def glob(self, pattern: str, /) -> Iterator[SharedTexts]:
        start = f"{self._path}/".lstrip("/")
        for name in sorted(self._listing.numbers()):
            rest = name.removeprefix(start)
            if name.startswith(start) and "/" not in rest and fnmatchcase(rest, pattern):
                yield self / rest

    def is_file(self) -> bool:
        return self._path in self._listing.numbers()

    def stat(self) -> _Status:
        try:
            return _Status(self._listing.numbers()[self._path])
        except KeyError:
            raise FileNotFoundError(str(self)) from None

    def read_text(self, encoding: str) -> str:  # noqa: ARG002  # a document has none
        try:
            text: str = self._client.get(self._document)["_source"]["stored"]
        except NotFound:
            raise FileNotFoundError(str(self)) from None
        return text

    def write_text(self, data: str, encoding: str) -> int:  # noqa: ARG002  # a document has none
        self._client.put(
            f"{self._document}?refresh=true", {"what": _WHAT, "name": self._path, "stored": data}
        )
        self._listing.forget()
        return len(data)

    def unlink(self) -> None:
        try:
            self._client.ask("DELETE", f"{self._document}?refresh=true")
        except NotFound:
            raise FileNotFoundError(str(self)) from None
        self._listing.forget()

    @property
    def _document(self) -> str:
        return f"/{self._client.address.name}/_doc/{quote(f'text {self._path}', safe='')}"
