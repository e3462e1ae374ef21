"""After a load: what no reader looks at any more is dropped (what was replaced or deleted, and what dead
writers left), and the segments of a shard are made few."""

from __future__ import annotations

import math
import secrets
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from searcher.engines.opensearch.client import Client
from searcher.engines.opensearch.lease import Lease
from searcher.engines.opensearch.state import read_state, write_state

#: Seconds for which a reader may go on with a commit that is not the last any more.
KEPT_SECONDS: Final = 3600
#: Seconds that a purge may take.
_MAX_SECONDS: Final = 3600.0
#: Bytes of a segment at most, as where the cluster merges by itself; those of more than half of it cannot be
#: merged with one another. And segments of a shard, beyond the fewest, from which on they are merged.
_MAX_SEGMENT_BYTES: Final = 5 << 30
_MIN_EXTRA_SEGMENTS: Final = 4


def purge(client: Client, kept: int = KEPT_SECONDS) -> None:
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


def merge(client: Client) -> None:
    """Let each shard be one segment, or as few as may be, where it repays: where what came since the largest
    that is not full was made is half of it. A question is asked of each segment in turn."""
    articles = read_state(client)[0].articles
    sizes: dict[str, list[int]] = defaultdict(list)
    for row in client.get(f"/_cat/segments/{articles}?format=json&bytes=b&h=shard,prirep,size"):
        if row["prirep"] == "p":
            sizes[row["shard"]].append(int(row["size"]))
    if any(map(_repays, sizes.values())):
        most = max(map(_fewest, sizes.values()))  # one number for all shards: a larger one merges less
        client.post(f"/{articles}/_forcemerge?max_num_segments={most}", seconds=_MAX_SECONDS)
        client.post(f"/{articles}/_refresh")


def _repays(sizes: Sequence[int]) -> bool:
    """Tell whether the segments of a shard are many, and what came since the largest is worth it."""
    open_ones = _not_full(sizes)
    largest = max(open_ones, default=0)
    return len(sizes) >= _fewest(sizes) + _MIN_EXTRA_SEGMENTS and 2 * (sum(open_ones) - largest) >= largest


def _fewest(sizes: Sequence[int]) -> int:
    """Return how few segments those of a shard can be."""
    open_ones = _not_full(sizes)
    return len(sizes) - len(open_ones) + math.ceil(sum(open_ones) / _MAX_SEGMENT_BYTES)


def _not_full(sizes: Sequence[int]) -> Sequence[int]:
    """Return the segments of a shard that are to be merged: all, if they can be one."""
    return (
        sizes
        if sum(sizes) <= _MAX_SEGMENT_BYTES
        else [size for size in sizes if 2 * size <= _MAX_SEGMENT_BYTES]
    )


_NOT_ENDED: Final = "ctx._source.remove('to'); ctx._source.remove('ended')"


def _run(client: Client, path: str, query: object, script: str | None = None) -> None:
    body = {"query": query, **({"script": {"source": script}} if script else {})}
    client.post(f"{path}?conflicts=proceed&refresh=true", body, seconds=_MAX_SECONDS)
