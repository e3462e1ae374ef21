"""The most frequent names are found without looking at each."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from searcher.engines.whoosh.search.facets import CountedNumbers


@given(st.lists(st.integers(1, 40), min_size=1, max_size=80), st.data())
def test_the_most_frequent_and_those_that_have_as_many_as_the_last(
    counts: list[int], data: st.DataObject
) -> None:
    asked = data.draw(st.integers(1, len(counts)))
    least = sorted(counts)[-asked]

    found = CountedNumbers(np.arange(len(counts)) * 3, np.array(counts)).top_counts(asked)

    assert {3 * place: count for place, count in enumerate(counts) if count >= least} == found


@given(st.dictionaries(st.integers(0, 30), st.integers(1, 9)))
def test_they_are_counts_by_number(counts: dict[int, int]) -> None:
    numbers = sorted(counts)

    found = CountedNumbers(np.array(numbers, np.int64), np.array([counts[n] for n in numbers], np.int64))

    assert counts == dict(found)
    assert {number: counts.get(number) for number in range(32)} == {n: found.get(n) for n in range(32)}
