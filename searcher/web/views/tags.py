"""Tags, cases and notes of one's own, put on an article and taken off it."""

from __future__ import annotations

from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from searcher.errors import UsageError
from searcher.web.asking import Asked, article_address
from searcher.web.settings import MAX_QUERY
from searcher.web.site import site_of

__all__ = ["STAR", "change_tags"]

#: The tag that a star is: a sign, so that it means the same in every language.
STAR: Final = "★"
_ACTIONS: Final = ("add", "remove", "case", "note", "star", "unstar")


async def change_tags(request: Request) -> Response:
    """Change the tags of an article, and show it again, as found by the search that the address has."""
    asked = Asked.of(request)
    async with request.form(max_fields=10, max_part_size=4 * MAX_QUERY) as form:
        id, action, value = (str(form.get(name, "")) for name in ("id", "action", "value"))
    if action not in _ACTIONS:
        raise UsageError("A tag or a star is added or removed, or there is a case or a note.")
    await run_in_threadpool(_change, request, id, action, value)
    # A note looks the same before and after it is saved.
    own = {**asked.own, **({"noted": "1"} if action == "note" else {})}
    # The star stands at the top of the page, the others stand together further down.
    place = "" if action in ("star", "unstar") else "#tags"
    return RedirectResponse(f"{article_address(id, asked.search, **own)}{place}", 303)


def _change(request: Request, id: str, action: str, value: str) -> None:
    index = site_of(request).index
    match action:
        case "add":
            index.tag([id], add=[value])
        case "remove":
            index.tag([id], remove=[value])
        case "case":
            index.tag([id], case=value)
        case "star":
            index.tag([id], add=[STAR])
        case "unstar":
            index.tag([id], remove=[STAR])
        case _:
            index.tag([id], note=value)
