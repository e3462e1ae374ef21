"""Bulk requests: many documents at once, again and in smaller pieces where the cluster is too busy."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Sequence
from typing import Any, Final

from searcher.engines.opensearch.client import AWAY, Client, disk_full_error
from searcher.errors import IndexFailure

#: What to do with which document, and the document where there is one.
Action = tuple[dict[str, Any], dict[str, Any] | None]

#: Actions of one request; pieces of those that were rejected are a half of it, and so on.
_MAX_ACTIONS: Final = 4_000
#: Tries before a batch is given up, and seconds before the second; then twice as many. It is waited for that
#: the copies of a node that died are made anew.
_MAX_TRIES, _MIN_PAUSE, _MAX_PAUSE = 9, 0.2, 15.0
#: Seconds that the cluster may wait for the copies of a shard.
_MAX_SECONDS: Final = 20
_SENT_AGAIN = (429, 502, 503, 504)  # statuses of a document that is sent again
#: What is told of a document that was to be deleted and is not there: a request before deleted it.
_GONE = (404, "not_found")


def send(client: Client, index: str, actions: Iterable[Action]) -> None:
    """Do all of it, and return once enough copies have it. Raises IndexFailure."""
    rows = list(actions)
    for first in range(0, len(rows), _MAX_ACTIONS):
        _send_piece(client, index, rows[first : first + _MAX_ACTIONS])


def _send_piece(client: Client, index: str, rows: Sequence[Action]) -> None:
    size = len(rows)
    for turn in range(_MAX_TRIES):
        left, reason = list[Action](), ""
        for first in range(0, len(rows), size):
            piece = rows[first : first + size]
            for action, item in zip(piece, _items(client, index, piece)):
                if item["status"] in _SENT_AGAIN or item.get("error", {}).get("type") in AWAY:
                    reason = f"{item['status']} {item.get('error', {}).get('reason', '')}"
                    if full := disk_full_error(client.address, reason):
                        raise full
                    left.append(action)
                elif item["status"] >= 300 and (item["status"], item.get("result")) != _GONE:
                    refused = f"{item['status']} {item.get('error')}"
                    raise IndexFailure(f"{client.address} refuses a document: {refused}.")
        if not left:
            return
        rows, size = left, max(1, size // 2)
        pause = min(_MAX_PAUSE, _MIN_PAUSE * 2**turn)
        time.sleep(pause * random.uniform(0.7, 1.3))  # noqa: S311  # no secret
    raise IndexFailure(
        f"{client.address} takes no more documents: {reason}. See that every shard has its copies, and room "
        "on its disk."
    )


def _items(client: Client, index: str, rows: Sequence[Action]) -> list[dict[str, Any]]:
    lines = [line for action, document in rows for line in (action, document) if line is not None]
    answer = client.bulk(f"/{index}/_bulk?timeout={_MAX_SECONDS}s", lines, seconds=_MAX_SECONDS * 3)
    return [_again_without_copies(item) for each in answer["items"] for item in each.values()]


def _again_without_copies(item: dict[str, Any]) -> dict[str, Any]:
    """A document that some copy failed to take is sent again."""
    if item["status"] < 300 and item.get("_shards", {}).get("failed"):
        return {**item, "status": 503, "error": {"reason": "a copy of the shard failed"}}
    return item
