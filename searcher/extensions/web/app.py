"""The web application: routes, error pages, and a server that limits slow connections.

Access cannot be checked before the head of a request has arrived, so slow clients could occupy connections
without a token. Therefore the head and reading the answer have time limits. If all connections are in use,
the oldest idle connection of the client with the most idle connections is closed.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import selectors
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar, Final

import anyio.to_thread
import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from searcher import plugins
from searcher.errors import IndexFailure, SearcherError
from searcher.extensions.web.guard import FEED_PATH, LIST_PATH, MCP_PATH, POLICY, Access, Guard
from searcher.extensions.web.site import Data, Site, site_of
from searcher.extensions.web.views import articles, data, guide, names, quotes, searches
from searcher.index import Index


def create_app(index: Index, settings: Access | None = None, folder: Path | None = None) -> Starlette:
    """Return an ASGI application for an index. ``folder``: the folder of the index, if it has one."""
    settings = settings or Access()
    site = Site(index, settings, folder)
    for_models: Sequence[BaseRoute] = ()
    running: _Running = contextlib.nullcontext
    if settings.mcp:
        for_models, running = plugins.find("searcher.web_apps", "mcp")(index, MCP_PATH)
    app = Starlette(
        routes=[
            *for_models,
            Route("/", articles.search_page),
            Route("/quotes", quotes.quotes_page),
            Route("/values/{field}", names.values_page),
            Route("/article/{id:path}", articles.article_page),
            Route("/versions/{id:path}", articles.versions_page),
            Route("/original/{id:path}", articles.original_page),
            Route("/file/{id:path}", articles.original_file),
            Route("/medium/{id:path}", articles.medium),
            Route("/speakers", articles.name_speakers, methods=["POST"]),
            Route("/names", names.names_page),
            Route("/names", names.decide, methods=["POST"]),
            Route("/names/undo", names.undo, methods=["POST"]),
            Route("/log", names.log_page),
            Route("/tags", articles.change_tags, methods=["POST"]),
            Route("/saved", searches.saved_page),
            Route("/saved", searches.change_saved, methods=["POST"]),
            Route(FEED_PATH, searches.feed),
            Route(LIST_PATH, searches.batch_page),
            Route(LIST_PATH, searches.answer_batch, methods=["POST"]),
            Route("/problems", articles.problems_page),
            Route("/help", guide.help_page),
            Route("/suggest", data.suggest),
            Route("/inbox", articles.inbox_page),
            Route("/inbox", articles.add_files, methods=["POST"]),
            Route("/api/inbox", articles.add_files, methods=["POST"]),
            Route("/export/{format}", data.export_found),
            Route("/cite/{format}/{id:path}", data.cite_article),
            Route("/api/search", data.api_of("search")),
            Route("/api/quotes", data.api_of("quotes")),
            Route("/api/statements", data.api_of("statements")),
            Route("/api/article/{id:path}", data.api_article),
            Route("/api/facets/{field}", data.api_facet),
            Route("/api/openapi.json", data.openapi),
            Route("/static/{name}", site.assets.answer),
            Route("/{kind}/{name:path}", names.entity_page),
        ],
        middleware=[Middleware(Guard, settings=settings, token_page=_token_page)],
        # Unexpected errors are shown as a page too, and logged by the server.
        exception_handlers={SearcherError: _error_page, HTTPException: _error_page, Exception: _error_page},
        lifespan=lambda _: _lifespan(running),
    )
    app.router.redirect_slashes = False
    app.state.site = site
    return app


_Running = Callable[[], contextlib.AbstractAsyncContextManager[None]]


@contextlib.asynccontextmanager
async def _lifespan(running: _Running) -> AsyncIterator[None]:
    """Limit the number of threads: each search uses a core."""
    anyio.to_thread.current_default_thread_limiter().total_tokens = max(2, os.cpu_count() or 1)
    async with running():
        yield


def _token_page(request: Request, wrong: bool) -> Response:
    """Return the form for the token. It contains nothing of the archive and loads no files."""
    nonce = secrets.token_urlsafe()
    answer = site_of(request).page(request, "token.html", {"wrong": wrong, "nonce": nonce}, 401)
    answer.headers["Content-Security-Policy"] = POLICY.replace(
        "style-src 'self'", f"style-src 'nonce-{nonce}'"
    )
    return answer


def _error_page(request: Request, error: Exception) -> Response:
    if isinstance(error, SearcherError):
        message, status = str(error), 500 if isinstance(error, IndexFailure) else 400
    else:
        message, status = "", error.status_code if isinstance(error, HTTPException) else 500
    if request.url.path.startswith("/api/"):
        return Data({"error": message or "Page not found."}, status)
    return site_of(request).page(request, "error.html", {"message": message, "status": status}, status)


#: Maximum number of connections. If all are busy, further requests get status 503.
_MAX_CONNECTIONS: Final = 512
#: Close a connection if the head of a request does not arrive within this many seconds.
_HEAD_SECONDS: Final = 10.0
#: Close a connection if the client reads nothing for this many seconds.
_READING_SECONDS: Final = 60.0

_Protocol: Any = AutoHTTPProtocol


def server_of(index: Index, settings: Access, place: Path | str) -> uvicorn.Server:
    """Return a server for an index."""
    config = uvicorn.Config(
        create_app(index, settings, place if isinstance(place, Path) else None),
        http=_Connection,
        # With a user header, the guard has to see the address of the proxy.
        proxy_headers=settings.user_header is None,
        log_level="warning",
        access_log=False,
        server_header=False,
        limit_concurrency=_MAX_CONNECTIONS,
        timeout_graceful_shutdown=2,
    )
    return uvicorn.Server(config)


class _Connection(_Protocol):  # type: ignore[misc]  # the base class depends on the installed parser
    """A connection with time limits."""

    #: Connections that wait for the head of a request, by client address, oldest first.
    _idle: ClassVar[defaultdict[str, dict[_Connection, None]]] = defaultdict(dict)

    def connection_made(self, transport: asyncio.Transport) -> None:
        self._head: asyncio.TimerHandle | None = None
        self._reading: asyncio.TimerHandle | None = None
        super().connection_made(transport)
        self._address = self.client[0] if self.client else ""
        self._make_room()
        self._await_head()

    def data_received(self, data: bytes) -> None:
        self._make_room()
        super().data_received(data)
        if self._is_answering():
            self._stop_waiting()
        elif self._head is None:
            self._await_head()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if not self._is_answering() and self._head is None and not self.transport.is_closing():
            self._await_head()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._reading = self.loop.call_later(_READING_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._reading is not None:
            self._reading.cancel()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        if self._reading is not None:
            self._reading.cancel()
        super().connection_lost(exc)

    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _make_room(self) -> None:
        """If all connections are in use, close the oldest idle ones of the client with the most.

        Connections with an unread request stay open.
        """
        if (surplus := len(self.connections) + 1 - _MAX_CONNECTIONS) > 0:
            idle = max(self._idle.values(), key=len, default={})
            closable = (one for one in idle if one is not self and not one._has_unread_data())
            for oldest in [*islice(closable, surplus)]:
                oldest._close()

    def _has_unread_data(self) -> bool:
        with selectors.DefaultSelector() as selector:
            selector.register(self.transport.get_extra_info("socket"), selectors.EVENT_READ)
            return bool(selector.select(0))

    def _await_head(self) -> None:
        self._idle[self._address][self] = None
        self._head = self.loop.call_later(_HEAD_SECONDS, self._close)

    def _stop_waiting(self) -> None:
        self._idle[self._address].pop(self, None)
        if not self._idle[self._address]:
            del self._idle[self._address]
        if self._head is not None:
            self._head.cancel()
            self._head = None

    def _close(self) -> None:
        self._stop_waiting()
        self.connections.discard(self)
        self.transport.abort()
