from __future__ import annotations

import numpy as np

from searcher.engines import scoring
from searcher.engines.whoosh.search.leaves import LeafHits, SegmentHits, TitleHits
from searcher.engines.whoosh.search.snapshot import Documents

FIRST_SEGMENT_DOCUMENTS = 70_000
ONE = np.ones(1, np.uint8)


def test_titles_count_more_in_segments_behind_large_ones() -> None:
    documents = Documents(
        [0, FIRST_SEGMENT_DOCUMENTS, FIRST_SEGMENT_DOCUMENTS + 2],
        None,
        np.full(FIRST_SEGMENT_DOCUMENTS + 2, 5, np.uint32),
    )
    first = SegmentHits(
        np.arange(FIRST_SEGMENT_DOCUMENTS, dtype=np.uint32), np.ones(FIRST_SEGMENT_DOCUMENTS, np.uint8)
    )
    second = SegmentHits(np.array([1], np.uint16), ONE, TitleHits(np.array([0], np.uint16), ONE))
    hits = LeafHits(documents, [first, second])

    assert [1.0, scoring.TITLE_WEIGHT] == hits.weighted_tf[-2:].tolist()
    assert FIRST_SEGMENT_DOCUMENTS + 1 == hits.ids[-1]
