"""Dropping what no reader looks at any more: what was replaced or deleted, and what dead writers left."""

from __future__ import annotations

import secrets
import time
from dataclasses import replace
from typing import Final

from searcher.engines.opensearch.client import Client
from searcher.engines.opensearch.lease import Lease
from searcher.engines.opensearch.state import read_state, write_state

__all__ = ["KEPT", "purge"]

#: Seconds for which a reader may go on with a commit that is not the last any more.
KEPT: Final = 3600
#: Seconds that a purge may take.
_SECONDS: Final = 3600.0


def purge(client: Client, kept: int = KEPT) -> None:
    """Drop what was replaced, or given up, longer than ``kept`` seconds ago. Raises IndexLocked at once while
    another writer is at work."""
    lease = Lease(client, timeout=0)
    try:
        state, before = read_state(client)
        old = int(time.time()) - kept
        void = [number for number, second in state.void if second <= old]
        ended = {
            "bool": {
                "filter": [{"range": {"to": {"lte": state.generation}}}, {"range": {"ended": {"lte": old}}}]
            }
        }
        real = {
            "bool": {"filter": ended, "must_not": {"terms": {"to": [number for number, _ in state.void]}}}
        }
        gone = {"bool": {"should": [real, {"terms": {"from": void}}], "minimum_should_match": 1}}
        _run(
            client,
            f"/{state.articles}/_delete_by_query",
            {"has_parent": {"parent_type": "article", "query": gone}},
        )
        _run(client, f"/{state.articles}/_delete_by_query", gone)
        if void:
            _run(client, f"/{state.articles}/_delete_by_query", {"terms": {"from": void}})
            _run(client, f"/{state.articles}/_update_by_query", {"terms": {"to": void}}, _NOT_ENDED)
        if state.replaced and state.replaced[1] <= old:
            client.ask("DELETE", f"/{state.replaced[0]}?ignore_unavailable=true")
            state = replace(state, replaced=None)
        left = tuple(one for one in state.void if one[0] not in void)
        if (left, state.replaced) != (before.content["void"], before.content["replaced"]):
            write_state(client, replace(state, void=left, commit=secrets.token_hex(8)), before)
    finally:
        lease.release(used=False)


_NOT_ENDED: Final = "ctx._source.remove('to'); ctx._source.remove('ended')"


def _run(client: Client, path: str, query: object, script: str | None = None) -> None:
    body = {"query": query, **({"script": {"source": script}} if script else {})}
    client.post(f"{path}?conflicts=proceed&refresh=true", body, seconds=_SECONDS)
