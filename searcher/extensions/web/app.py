"""The application and its server: which address is which page, what is answered when something goes wrong,
and connections that have an end, whoever is at the other.

Nothing of a request can be refused before its head is there, so whoever sends none, or a letter a minute,
would hold a place without a token. A connection has a time for each head, and for taking what was answered;
if all places are taken, the oldest silent connection of the address that has most of them is closed.
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
    """Return the site of an index as an ASGI application. ``folder`` is where the index is, if anywhere."""
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
        # What nobody foresaw is shown as a page too; the server writes it to its log all the same.
        exception_handlers={SearcherError: _error_page, HTTPException: _error_page, Exception: _error_page},
        lifespan=lambda _: _lifespan(running),
    )
    app.router.redirect_slashes = False
    app.state.site = site
    return app


_Running = Callable[[], contextlib.AbstractAsyncContextManager[None]]


@contextlib.asynccontextmanager
async def _lifespan(running: _Running) -> AsyncIterator[None]:
    """Searches keep a core busy: more at once than there are cores would only take longer each."""
    anyio.to_thread.current_default_thread_limiter().total_tokens = max(2, os.cpu_count() or 1)
    async with running():
        yield


def _token_page(request: Request, wrong: bool) -> Response:
    """Return the form for the token. Nothing of the archive is shown, nor any file of the site loaded."""
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
        return Data({"error": message or "There is no such page."}, status)
    return site_of(request).page(request, "error.html", {"message": message, "status": status}, status)


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

    #: Connections that wait for the head of a request, by the address of the client, the oldest first.
    _silent: ClassVar[defaultdict[str, dict[_Connection, None]]] = defaultdict(dict)

    def connection_made(self, transport: asyncio.Transport) -> None:
        self._head: asyncio.TimerHandle | None = None
        self._taking: asyncio.TimerHandle | None = None
        super().connection_made(transport)
        self._address = self.client[0] if self.client else ""
        self._make_room()
        self._await_head()

    def data_received(self, data: bytes) -> None:
        self._make_room()
        super().data_received(data)
        if self._is_answering():
            self._await_nothing()
        elif self._head is None:
            self._await_head()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if not self._is_answering() and self._head is None and not self.transport.is_closing():
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

    def _is_answering(self) -> bool:
        """Tell whether there is a request of which the answer is not complete."""
        return self.cycle is not None and not self.cycle.response_complete

    def _make_room(self) -> None:
        """If all places are taken, close the oldest silent connections of the address that has the most.
        Connections whose request has arrived and is not read yet stay open."""
        if (surplus := len(self.connections) + 1 - _MAX_CONNECTIONS) > 0:
            silent = max(self._silent.values(), key=len, default={})
            closable = (one for one in silent if one is not self and not one._has_unread_data())
            for oldest in [*islice(closable, surplus)]:
                oldest._close()

    def _has_unread_data(self) -> bool:
        with selectors.DefaultSelector() as selector:
            selector.register(self.transport.get_extra_info("socket"), selectors.EVENT_READ)
            return bool(selector.select(0))

    def _await_head(self) -> None:
        self._silent[self._address][self] = None
        self._head = self.loop.call_later(_HEAD_SECONDS, self._close)

    def _await_nothing(self) -> None:
        self._silent[self._address].pop(self, None)
        if not self._silent[self._address]:
            del self._silent[self._address]
        if self._head is not None:
            self._head.cancel()
            self._head = None

    def _close(self) -> None:
        self._await_nothing()
        self.connections.discard(self)
        self.transport.abort()
