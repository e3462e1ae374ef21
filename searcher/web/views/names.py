"""Names put right: merged, renamed, ignored or kept apart, with what will change shown before.

Decisions are kept where the commands keep them; the last one can be taken back, and so can each by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from searcher.errors import UsageError
from searcher.query.request import Search
from searcher.web import who
from searcher.web.asking import address
from searcher.web.settings import MAX_QUERY
from searcher.web.site import site_of

__all__ = ["decide", "names_page", "undo"]

_KINDS: Final = ("person", "organisation")
_MAX_SHOWN: Final = 100


def names_page(request: Request) -> Response:
    """Show the names, what can be decided about those chosen, and what was decided."""
    site, given = site_of(request), request.query_params
    kind = given.get("_kind", "person")
    if kind not in _KINDS:
        raise HTTPException(404)
    chosen = list(dict.fromkeys(given.getlist("_name")))[:_MAX_SHOWN]
    found = who.names(site.index, kind, given.get("_find", ""))
    told = set(chosen)
    preview = who.preview(site.index, kind, chosen) if chosen else None
    rest = [pair for pair in found if pair[0] not in told]
    values: dict[str, Any] = {
        "kind": kind,
        "find": given.get("_find", ""),
        "chosen": chosen,
        "preview": preview,
        "alike": [pair for pair in _alike(site.index, kind, chosen) if pair[0] not in told],
        "fullest": _fullest(preview.counts) if preview else [],
        "found": found,
        "names": rest[:_MAX_SHOWN],
        "total": len(rest),
        "decisions": [_in_parts(one) for one in site.index.decisions.decisions()],
        "unticked": "_go" in given and not chosen,
        "undone": "_undone" in given,
        "undoes": site.history.can_undo(site.index),
        "last": [_in_parts(one) for one in site.history.last(site.index)],
    }
    return site.page(request, "names.html", values)


async def decide(request: Request) -> Response:
    """Make a decision about a name."""
    async with request.form(max_fields=300, max_part_size=MAX_QUERY) as form:
        kind, action = str(form.get("kind", "")), str(form.get("action", ""))
        name = str(form.get("name", "")).strip()
        others = [
            str(other).strip() for other in form.getlist("other") if str(other).strip() not in ("", name)
        ]
    site = site_of(request)
    if not name or (action in ("merge", "rename") and not others):
        raise UsageError("Name what to decide about.")
    await run_in_threadpool(
        site.history.change, site.index, lambda: who.decided(site.index, action, kind, name, others)
    )
    return RedirectResponse(address("/names", Search(), {"kind": kind}), 303)


async def undo(request: Request) -> Response:
    """Take the last decision back."""
    site = site_of(request)
    await run_in_threadpool(site.history.undo, site.index)
    return RedirectResponse(address("/names", Search(), {"undone": "1"}), 303)


def _in_parts(decision: tuple[str, str, str]) -> tuple[str, str, str, str]:
    """A decision as kind, name, what and, where it is shown as another name, that name."""
    kind, name, decided = decision
    what, _, to = decided.partition(" ")
    return kind, name, what, to


def _fullest(counts: Mapping[str, int]) -> list[str]:
    """The names with the fullest first, and of those as full as each other the one that most articles have: a
    spelling is no better for being longer."""

    def emptiness(name: str) -> tuple[int, int, int]:
        words = name.split()
        return -len(words), sum(len(word.rstrip(".")) < 2 for word in words), -counts[name]

    return sorted(counts, key=emptiness)


def _alike(index: Any, kind: str, chosen: list[str]) -> list[tuple[str, int]]:
    """Names that share the last word of one that was chosen: who may be the same."""
    last = {name.split()[-1] for name in chosen if name.split()}
    return [pair for word in sorted(last) for pair in who.names(index, kind, word)][:30]
