"""The write lock of an index: a document that says which writer may prepare the next generation."""

from __future__ import annotations

import os
import socket
import threading
import time
from typing import Any, Final

from searcher.errors import IndexFailure, IndexLocked
from searcher.extensions.opensearch.client import Client, Conflict, NotFound, OutcomeUnknown
from searcher.extensions.opensearch.state import Versioned
from searcher.platform import is_dead_process

#: Another writer may take a lease this many seconds after its last renewal. The holder stops well before.
LEASE_SECONDS: Final = 30.0
_BEAT_SECONDS, _HOLDING_SECONDS = LEASE_SECONDS / 6, LEASE_SECONDS * 2 / 3
#: Interval in seconds at which a waiting writer checks the lease.
_LOOK_SECONDS = 0.2
_LEASE = "lease"
#: One copy is enough. If the lease is lost with its node and a second writer takes it, one of the two fails
#: when it replaces the state.
_SHORT_WAIT = "wait_for_active_shards=1&timeout=4s"


class Lease:
    """Held from creation until released. ``number`` is the generation that only this holder may write."""

    def __init__(self, client: Client, timeout: float) -> None:
        """Raises IndexLocked if another writer holds the lease for more than ``timeout`` seconds."""
        self._client = client
        self._path = f"/{client.address.name}/_doc/{_LEASE}"
        self._holder = {"host": socket.gethostname(), "pid": os.getpid(), "at": f"{time.time_ns()}"}
        self.number = 0
        self._lost = False
        self._current = self._take(timeout)
        self._beaten = time.monotonic()
        self._released = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="searcher-lease", daemon=True)
        self._thread.start()

    def require(self) -> None:
        """Raise IndexLocked if another writer may have taken the lease."""
        if self._lost or time.monotonic() - self._beaten > _HOLDING_SECONDS:
            raise IndexLocked(
                f"This writer lost contact with {self._client.address} and may have been replaced: "
                "nothing of the batch was committed. Start it again."
            )

    def release(self, *, used: bool) -> None:
        """Release the lease; if that fails, it expires. ``used``: documents of this generation may exist."""
        self._released.set()
        self._thread.join()
        if not self._lost:
            self.number -= not used
            try:
                self._replace(self._current, holder=None)
            except IndexFailure:
                pass

    def _take(self, timeout: float) -> Versioned:
        last_number, seen_at, last_holder, deadline = -2, 0.0, None, 0.0
        while True:
            document = self._read()
            if document.number != last_number:
                last_number, seen_at = document.number, time.monotonic()
            holder = document.content.get("holder")
            if holder != last_holder:  # If there are several writers, the timeout applies to each of them.
                last_holder, deadline = holder, time.monotonic() + timeout
            is_dead = holder and holder["host"] == socket.gethostname() and is_dead_process(holder["pid"])
            if not holder or is_dead or time.monotonic() - seen_at > LEASE_SECONDS:
                self.number = document.content.get("number", 0) + 1
                try:
                    return self._replace(document, holder=self._holder)
                except Conflict:
                    continue
            if time.monotonic() >= deadline:
                raise IndexLocked(
                    f"{holder['host']} (process {holder['pid']}) has been writing to {self._client.address} "
                    f"for more than {timeout:g} s."
                )
            time.sleep(_LOOK_SECONDS)

    def _read(self) -> Versioned:
        try:
            return Versioned.of(self._client.get(self._path))
        except NotFound:
            return Versioned()

    def _replace(self, before: Versioned, holder: dict[str, Any] | None) -> Versioned:
        """Replace the document. Raises Conflict if it has changed."""
        content = {"holder": holder, "number": self.number, "beat": time.time_ns()}
        try:
            body = {"what": _LEASE, "stored": content}
            answer = self._client.put(
                f"{self._path}?{before.unchanged}&{_SHORT_WAIT}",
                body,
                repeatable=False,
                seconds=_BEAT_SECONDS,
            )
        except OutcomeUnknown as error:
            current = self._read()
            if current.content != content:
                raise Conflict(str(error)) from error
            return current
        return Versioned(content, answer["_seq_no"], answer["_primary_term"])

    def _beat(self) -> None:
        while not self._released.wait(_BEAT_SECONDS):
            began = time.monotonic()
            try:
                self._current = self._replace(self._current, holder=self._holder)
                self._beaten = began
            except Conflict:
                self._lost = True
                return
            except IndexFailure:
                pass  # The node may be down, and the next attempt may reach another.
