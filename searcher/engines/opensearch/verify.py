"""Verifying: is what is searched what was written?"""

from __future__ import annotations

from searcher.engines.opensearch.client import Client
from searcher.engines.opensearch.counting import articles_of, totals
from searcher.engines.opensearch.documents import check_of
from searcher.engines.opensearch.paging import every_hit
from searcher.engines.opensearch.state import read_state


def verify(client: Client) -> tuple[str, ...]:
    """Return what is not as the last commit left it: shards that are away, and articles; reads every one."""
    state, _ = read_state(client)
    health = client.get(f"/_cluster/health/{state.articles}?level=shards")
    shards = health["indices"][state.articles]["shards"]
    red = [
        f"shard {number} of {state.articles}" for number, shard in shards.items() if shard["status"] == "red"
    ]
    if red:
        return tuple(red)
    found = [] if totals(client, state) == state.totals else [f"the articles of {state.articles}"]
    body = {
        "query": {"bool": {"filter": articles_of(state)}},
        "sort": ["order"],
        "_source": ["id", "stored", "check"],
    }
    for hit in every_hit(client, state.articles, body):
        document = hit["_source"]
        if check_of(document["stored"]) != document["check"]:
            found.append(f"article {document['id']}")
    return tuple(found)
