"""When the segments of the shards are merged, and to how many."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from searcher.extensions.opensearch.client import Address, Client
from searcher.extensions.opensearch.state import ClusterState
from searcher.extensions.opensearch.writer import merge
from tests.extensions.opensearch.scripted import Answer, Asked, serving


@pytest.mark.parametrize(
    ("shards", "expected"),
    [
        ([[]], None),
        ([[0.1] * 4], None),
        ([[0.1] * 5], 1),
        ([[3.0, *[0.1] * 9]], None),
        ([[3.0, *[0.2] * 9]], 1),
        ([[4.9, 4.8, 4.7, 1.0, *[0.01] * 9]], None),
        ([[4.9, 4.8, 4.7, 1.0, *[0.1] * 9]], 4),
        ([[4.9, 4.8, 4.7, *[0.01] * 3]], None),
        ([[4.9, 4.8, 4.7, *[0.01] * 5]], 4),
        ([[4.9, 4.8, 4.7], [0.1] * 5], 3),
        ([[4.9, 4.8, 4.7], [0.1] * 4], None),
    ],
    ids=[
        "nothing",
        "few",
        "many",
        "little since the largest",
        "much since the largest",
        "little since the largest that is not full",
        "much since the largest that is not full",
        "few beside full ones",
        "many beside full ones",
        "many in one shard",
        "few in one shard",
    ],
)
def test_segments_are_merged_where_it_repays(shards: list[list[float]], expected: int | None) -> None:
    """Sizes are in GB."""
    rows = [
        {"shard": str(number), "prirep": copy, "size": str(int(size * (1 << 30)))}
        for number, sizes in enumerate(shards)
        for size in sizes
        for copy in "pr"
    ]
    state = {"_source": {"stored": asdict(ClusterState("archive-0"))}, "_seq_no": 1, "_primary_term": 1}
    merged: list[int] = []

    def answer(asked: Asked) -> Answer:
        if "_forcemerge" in asked[0]:
            merged.append(int(asked[0].rpartition("=")[2]))
        return 200, rows if "_cat/segments" in asked[0] else state, {}

    with serving(answer) as base:
        merge(Client(Address.parse(f"{base}/archive")))

    assert ([] if expected is None else [expected]) == merged
