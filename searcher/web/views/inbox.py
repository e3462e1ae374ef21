"""Files dropped on the page, or sent by a program such as SingleFile: kept in the inbox, and loaded."""

from __future__ import annotations

from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from searcher.errors import UsageError
from searcher.web.inbox import Inbox
from searcher.web.site import Data, site_of

__all__ = ["add_files", "inbox_page"]

#: Files of one request.
_MAX_FILES: Final = 200


def inbox_page(request: Request) -> Response:
    """Show the place for files, and how far the loading is."""
    return site_of(request).page(request, "inbox.html", {"state": _inbox(request).state})


async def add_files(request: Request) -> Response:
    """Take the files of a form, in whatever fields."""
    inbox = _inbox(request)
    async with inbox.turns, request.form(max_files=_MAX_FILES, max_fields=50) as form:
        files = [
            (one.filename, one.file)
            for _, one in form.multi_items()
            if isinstance(one, UploadFile) and one.filename
        ]
        if not files:
            raise UsageError("There is no file in this request.")
        taken = await run_in_threadpool(inbox.take, files)
    if request.url.path.startswith("/api/"):
        return Data({"schema": "searcher.inbox/1", "files": taken}, 202)
    return RedirectResponse("/inbox", 303)


def _inbox(request: Request) -> Inbox:
    """The inbox, where there is one: files come from those only who know a token."""
    inbox = site_of(request).inbox
    if inbox is None:
        raise HTTPException(404)
    return inbox
