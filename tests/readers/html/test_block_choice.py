import numpy as np
import pytest

from searcher.readers.html.block_choice import Forest

#: Two trees of three leaves: one asks whether the first is above 1 and the second above 5, the other nothing.
TABLES = {
    "feature": np.array([[0, 1], [0, 0]]),
    "threshold": np.array([[1, 5], [np.inf, np.inf]]),
    "mask": np.array([[0b110, 0b101], [0b111, 0b111]]),
    "value": np.array([[-1, 2, 4], [0.5, 0, 0]]),
}


@pytest.mark.parametrize(("row", "logit"), [((0, 9), -0.5), ((2, 5), 2.5), ((2, 6), 4.5)])
def test_a_row_comes_to_one_leaf_of_each_tree(row, logit):
    found = Forest(TABLES).probabilities(np.array([row], np.float32))

    assert pytest.approx([1 / (1 + np.exp(-logit))]) == found


def test_many_rows_are_judged_as_each_alone():
    rows = np.random.default_rng(1).uniform(-1, 8, (600, 2)).astype(np.float32)
    forest = Forest(TABLES)

    assert np.concatenate([forest.probabilities(row[None]) for row in rows]).tolist() == (
        forest.probabilities(rows).tolist()
    )


def test_no_rows_have_no_probabilities():
    assert Forest(TABLES).probabilities(np.zeros((0, 2), np.float32)).size == 0
