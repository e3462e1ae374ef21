from __future__ import annotations

import numpy as np
import pytest

from searcher.engines.whoosh.arrays import components


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        ([], [0, 1, 2, 3, 4]),
        ([(0, 3), (3, 1)], [0, 0, 2, 0, 4]),
        ([(4, 3), (3, 2), (2, 1), (1, 0)], [0, 0, 0, 0, 0]),
        ([(1, 2), (3, 4), (2, 4)], [0, 1, 1, 1, 1]),
        ([(2, 2)], [0, 1, 2, 3, 4]),
    ],
)
def test_nodes_are_labelled_with_the_least_they_are_joined_with(
    links: list[tuple[int, int]], expected: list[int]
) -> None:
    left, right = (np.array([link[side] for link in links], np.int64) for side in (0, 1))

    assert expected == components(5, left, right).tolist()
