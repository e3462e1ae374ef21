from __future__ import annotations

import numpy as np
import pytest

from searcher.engines.whoosh.arrays import approximate_top, top


@pytest.mark.parametrize("count", [1, 10, 200])
@pytest.mark.parametrize("different", [3, 1000, 10**9])
def test_in_single_precision_none_of_the_best_is_missed(count: int, different: int) -> None:
    chance = np.random.default_rng(count)
    scores = 5 + chance.integers(0, different, 30_000) / different

    assert set(top(scores, count).tolist()) <= set(approximate_top(scores.astype(np.float32), count).tolist())


def test_of_equal_scores_the_first_come_first() -> None:
    scores = np.tile([1.0, 2.0], 5000)

    assert [1, 3, 5] == top(scores, 3).tolist()
