"""The application: which address is which page, and what is answered when something goes wrong."""

from __future__ import annotations

import contextlib
import os
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

import anyio.to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from searcher.errors import IndexFailure, SearcherError
from searcher.index import Index
from searcher.web.guard import FEED_PATH, LIST_PATH, MCP_PATH, Access, Guard
from searcher.web.site import Data, Site, site_of
from searcher.web.views import articles, data, names, quotes, searches


def create_app(index: Index, settings: Access | None = None, folder: Path | None = None) -> Starlette:
    """Return the site of an index as an ASGI application. ``folder`` is where the index is, if anywhere."""
    settings = settings or Access()
    site = Site(index, settings, folder)
    for_models, running = _for_models(index) if settings.mcp else ([], contextlib.nullcontext)
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
        middleware=[Middleware(Guard, settings=settings)],
        # What nobody foresaw is shown as a page too; the server writes it to its log all the same.
        exception_handlers={SearcherError: _failed, HTTPException: _failed, Exception: _failed},
        lifespan=lambda _: _lifespan(running),
    )
    app.router.redirect_slashes = False
    app.state.site = site
    return app


_Running = Callable[[], contextlib.AbstractAsyncContextManager[None]]


def _for_models(index: Index) -> tuple[Sequence[BaseRoute], _Running]:
    """Return what answers language models, and what has to run meanwhile."""
    from searcher.mcp.server import create_server, http_app

    server = create_server(index)
    return http_app(server, MCP_PATH).routes, server.session_manager.run


@contextlib.asynccontextmanager
async def _lifespan(running: _Running) -> AsyncIterator[None]:
    """Searches keep a core busy: more at once than there are cores would only take longer each."""
    anyio.to_thread.current_default_thread_limiter().total_tokens = max(2, os.cpu_count() or 1)
    async with running():
        yield


def _failed(request: Request, error: Exception) -> Response:
    if isinstance(error, SearcherError):
        message, status = str(error), 500 if isinstance(error, IndexFailure) else 400
    else:
        message, status = "", error.status_code if isinstance(error, HTTPException) else 500
    if request.url.path.startswith("/api/"):
        return Data({"error": message or "There is no such page."}, status)
    return site_of(request).page(request, "error.html", {"message": message, "status": status}, status)
