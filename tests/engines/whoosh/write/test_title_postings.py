from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path

import pytest

from searcher.engines.whoosh import WhooshEngine
from searcher.engines.whoosh.format.segment import Segment
from searcher.names.table import Identities
from tests.engines import worlds


@pytest.mark.parametrize("commits", [1, 40])
def test_the_title_index_leads_to_their_articles(commits: int, tmp_path: Path) -> None:
    rng = random.Random(commits)
    engine = WhooshEngine(tmp_path, identities=Identities(), create=True)
    for _ in range(commits):
        with engine.writer() as writer:
            for _ in range(60 // commits):
                writer.add(worlds.article(rng, f"a{rng.randrange(60)}"))
    segments = engine._latest_reader().segments

    assert [titled(one) for one in segments] == [led_to(one) for one in segments]


def titled(segment: Segment) -> list[list[int]]:
    """For each stem group the documents that have it in their titles."""
    title = segment.postings("title")
    return [title.docs[begin:end].tolist() for begin, end in pairwise(title.starts)]


def led_to(segment: Segment) -> list[list[int]]:
    """The same, by their indices among the documents that have it anywhere."""
    text, title = segment.postings("text"), segment.postings("title")
    return [
        [text.docs[start + index] for index in title.title_index[begin:end]]
        for start, (begin, end) in zip(text.starts, pairwise(title.starts))
    ]
