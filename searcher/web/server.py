"""The server: connections that have an end, whoever is at the other.

Nothing of a request can be refused before its head is there, so whoever sends none, or a letter a minute,
would hold a place without a token. A connection has a time for each head, and for taking what was answered;
where all places are taken, the one that has waited longest for a head makes room for one that comes.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import uvicorn
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from searcher.web.app import create_app
from searcher.web.guard import Access

if TYPE_CHECKING:
    from searcher.index import Index

#: Connections at once; whoever comes when all of them are being answered is told to come again.
_MAX_CONNECTIONS: Final = 512
#: Seconds in which the head of a request has to be there: browsers send it at once, and open again what was
#: opened ahead of their need.
_HEAD_SECONDS: Final = 10.0
#: Seconds in which some of an answer has to be taken.
_TAKING_SECONDS: Final = 60.0

_Protocol: Any = AutoHTTPProtocol


def server_of(index: Index, settings: Access, place: Path | str) -> uvicorn.Server:
    """Return the server of an index, to be run."""
    config = uvicorn.Config(
        create_app(index, settings, place if isinstance(place, Path) else None),
        http=_Connection,
        # Who has sent a request is to be told, and not for whom.
        proxy_headers=settings.user_header is None,
        log_level="warning",
        access_log=False,
        server_header=False,
        limit_concurrency=_MAX_CONNECTIONS,
        timeout_graceful_shutdown=2,
    )
    return uvicorn.Server(config)


class _Connection(_Protocol):  # type: ignore[misc]  # of whichever parser is installed
    """A connection with times for what it is waited for."""

    #: Those that wait for a head, the longest first.
    _silent: dict[_Connection, None] = {}  # noqa: RUF012  one process has one server

    def connection_made(self, transport: asyncio.Transport) -> None:
        self._head: asyncio.TimerHandle | None = None
        self._taking: asyncio.TimerHandle | None = None
        super().connection_made(transport)
        if len(self.connections) >= _MAX_CONNECTIONS and self._silent:
            next(iter(self._silent))._close()
        self._await_head()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._answering():
            self._await_nothing()
        elif self._head is None:
            self._await_head()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if not self._answering() and self._head is None and not self.transport.is_closing():
            self._await_head()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._taking = self.loop.call_later(_TAKING_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._taking is not None:
            self._taking.cancel()

    def connection_lost(self, exc: Exception | None) -> None:
        self._await_nothing()
        if self._taking is not None:
            self._taking.cancel()
        super().connection_lost(exc)

    def _answering(self) -> bool:
        """Tell whether there is a request of which the answer is not complete."""
        return self.cycle is not None and not self.cycle.response_complete

    def _await_head(self) -> None:
        self._silent[self] = None
        self._head = self.loop.call_later(_HEAD_SECONDS, self._close)

    def _await_nothing(self) -> None:
        self._silent.pop(self, None)
        if self._head is not None:
            self._head.cancel()
            self._head = None

    def _close(self) -> None:
        self._await_nothing()
        self.connections.discard(self)
        self.transport.abort()
