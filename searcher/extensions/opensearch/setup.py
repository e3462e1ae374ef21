"""Create the OpenSearch indexes of an index, and check whether a cluster is suitable."""

from __future__ import annotations

import re
import secrets
from typing import Any

from searcher.errors import IndexDamaged, IndexFailure, IndexMissing
from searcher.extensions.opensearch.client import Client, Conflict
from searcher.extensions.opensearch.index_settings import article_index, small_index
from searcher.extensions.opensearch.state import ClusterState, Versioned, read_state, write_state

#: The oldest supported version of OpenSearch.
_MIN_VERSION = (2, 19)
#: The default number of shards is one per data node, up to this maximum.
_MAX_SHARDS = 3
#: Maximum number of seconds to wait until all copies are ready.
_MAX_SECONDS = 300


def require_version(client: Client) -> None:
    """Raise IndexFailure if the cluster is too old or is not OpenSearch."""
    about = client.get("/")
    version = about.get("version", {}) if isinstance(about, dict) else {}
    number = str(version.get("number", ""))
    parts = re.match(r"(\d+)\.(\d+)", number)
    oldest = ".".join(map(str, _MIN_VERSION))
    if version.get("distribution") != "opensearch" or not parts:
        raise IndexFailure(
            f"{client.address.nodes[0]} is not OpenSearch; version {oldest} or newer is required."
        )
    if (int(parts[1]), int(parts[2])) < _MIN_VERSION:
        raise IndexFailure(
            f"{client.address.nodes[0]} runs OpenSearch {number}; update it to {oldest} or newer."
        )


def make_index(client: Client) -> None:
    """Create an empty index unless it exists. Raises IndexDamaged if the name is taken."""
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
        if not _has_state(client):  # Another process may have created it meanwhile.
            raise


def make_articles(client: Client, generation: int, before: str | None = None) -> str:
    """Create an empty index for articles and return its name. Replaces the remains of a killed writer.

    ``before``: the index to be replaced. Its numbers of shards and copies are the defaults.
    """
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
    mappings: dict[str, Any] = client.get(f"/{name}/_mapping")
    if any("searcher" not in one["mappings"].get("_meta", {}) for one in mappings.values()):
        raise IndexDamaged(
            f"The index {name} was not created by Searcher: use another name than {client.address}."
        )
