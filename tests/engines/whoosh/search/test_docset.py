"""A set of documents says the same of itself, whichever form it has."""

from __future__ import annotations

import numpy as np
import pytest

from searcher.engines.whoosh.search.snapshot import DocSet

SIZE = 1000


def numbers(*ids: int) -> DocSet:
    return DocSet(SIZE, np.array(ids, np.int64))


def masked(step: int) -> DocSet:
    return DocSet(SIZE, mask=np.arange(SIZE) % step == 0)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ((), []),
        ((numbers(), numbers()), []),
        ((numbers(1, 7), numbers(2, 7)), [1, 2, 7]),
        ((numbers(*range(0, 900, 3)), numbers(4)), sorted({*range(0, 900, 3), 4})),
        ((masked(500), numbers(3)), [0, 3, 500]),
        ((DocSet.union(SIZE, [numbers(5), numbers(6)]), numbers(1)), [1, 5, 6]),
    ],
    ids=range(6),
)
def test_a_union_has_what_any_of_its_parts_has(parts: tuple[DocSet, ...], expected: list[int]) -> None:
    assert expected == DocSet.union(SIZE, parts).ids.tolist()
    assert expected == np.flatnonzero(DocSet.union(SIZE, parts).mask).tolist()
    assert len(expected) == len(DocSet.union(SIZE, parts))
    assert len(expected) <= DocSet.union(SIZE, parts).upper_bound
    assert [n for n in expected if n > 2] == (DocSet.union(SIZE, parts) - numbers(0, 1, 2)).ids.tolist()
    assert [n for n in expected if n < 7] == (DocSet.union(SIZE, parts) & numbers(*range(7))).ids.tolist()
