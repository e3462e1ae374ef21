"""Making the indexes of an index, and finding out whether a cluster can hold one."""

from __future__ import annotations

import re
import secrets
from typing import Any

from searcher.errors import IndexDamaged, IndexFailure, IndexMissing
from searcher.extensions.opensearch.client import Client, Conflict
from searcher.extensions.opensearch.index_settings import article_index, small_index
from searcher.extensions.opensearch.state import ClusterState, Versioned, read_state, write_state

#: The oldest version of OpenSearch that is known to answer as the others do.
_MIN_VERSION = (2, 19)
#: Shards of a new index where nothing else is said: one for each node that holds data, up to so many.
_MAX_SHARDS = 3
#: Seconds to wait until every copy is there.
_MAX_SECONDS = 300


def require_version(client: Client) -> None:
    """Raise IndexFailure where the cluster is too old or something else."""
    about = client.get("/")
    version = about.get("version", {}) if isinstance(about, dict) else {}
    number = str(version.get("number", ""))
    parts = re.match(r"(\d+)\.(\d+)", number)
    oldest = ".".join(map(str, _MIN_VERSION))
    if version.get("distribution") != "opensearch" or not parts:
        raise IndexFailure(f"{client.address.nodes[0]} is no OpenSearch; one of {oldest} or newer is needed.")
    if (int(parts[1]), int(parts[2])) < _MIN_VERSION:
        raise IndexFailure(
            f"{client.address.nodes[0]} runs OpenSearch {number}; update it to {oldest} or newer."
        )


def make_index(client: Client) -> None:
    """Make an empty index, unless there is one. Raises IndexDamaged where something else has the name."""
    name = client.address.name
    if _has_state(client):
        return
    try:
        client.put(f"/{name}", small_index(_copies(client)))
    except Conflict:
        _require_ours(client, name)
    wait_until_green(client, name)
    articles = make_articles(client, 0)
    try:
        write_state(client, ClusterState(articles, commit=secrets.token_hex(8)), Versioned())
    except IndexFailure:
        if not _has_state(client):  # another process did not make it just now
            raise


def make_articles(client: Client, generation: int, before: str | None = None) -> str:
    """Make an empty index for articles, and return its name. What a dead writer left there is dropped.
    ``before``: the index that it is to replace, whose shards and copies it has unless the address says
    others."""
    name = f"{client.address.name}-{generation}"
    shards, copies = _layout(client, before)
    body = article_index(client.address.shards or shards, copies)
    try:
        client.put(f"/{name}", body)
    except Conflict:
        _require_ours(client, name)
        if generation:
            client.ask("DELETE", f"/{name}")
            client.put(f"/{name}", body)
    wait_until_green(client, name)
    return name


def wait_until_green(client: Client, index: str) -> None:
    """Wait until every copy of every shard is there. Raises IndexFailure."""
    health = client.get(
        f"/_cluster/health/{index}?wait_for_status=green&timeout={_MAX_SECONDS}s&level=shards",
        seconds=_MAX_SECONDS + 10,
    )
    if health["status"] != "green":
        raise IndexFailure(
            f"{client.address}: {health['unassigned_shards']} copies of shards of {index} have no node. "
            "Add nodes, or make the index with fewer copies: …?copies=0."
        )


def _has_state(client: Client) -> bool:
    try:
        read_state(client)
    except (IndexMissing, IndexDamaged):
        return False
    return True


def _layout(client: Client, before: str | None) -> tuple[int, int]:
    """Return the number of shards, and of copies beside the first one."""
    if before is None:
        return max(1, min(_MAX_SHARDS, _data_nodes(client))), _copies(client)
    settings = client.get(f"/{before}/_settings")[before]["settings"]["index"]
    copies = settings["number_of_replicas"] if client.address.copies is None else client.address.copies
    return int(settings["number_of_shards"]), int(copies)


def _copies(client: Client) -> int:
    copies = client.address.copies
    return min(1, _data_nodes(client) - 1) if copies is None else copies


def _data_nodes(client: Client) -> int:
    return int(client.get("/_cluster/health")["number_of_data_nodes"])


def _require_ours(client: Client, name: str) -> None:
    found: dict[str, Any] = client.get(f"/{name}/_mapping")
    if any("searcher" not in one["mappings"].get("_meta", {}) for one in found.values()):
        raise IndexDamaged(
            f"The index {name} there is none of Searcher's: use another name than {client.address}."
        )
