"""All articles by their dates, whatever number of them is sorted together."""

from __future__ import annotations

from itertools import chain

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.engines.whoosh.format.array_file import NO_DATE
from searcher.engines.whoosh.search import searcher
from searcher.engines.whoosh.search.searcher import numbers_by_date
from searcher.engines.whoosh.search.snapshot import DocSet

DATES = st.lists(st.integers(-3, 30) | st.just(NO_DATE))


@given(DATES, st.sets(st.integers(0, 100)), st.integers(1, 9), st.integers(1, 9))
def test_they_come_in_order_and_undated_ones_last(
    dates: list[int], left_out: set[int], together: int, sample: int
) -> None:
    when = np.array(dates, np.int64)
    among = [number for number in range(len(dates)) if number not in left_out]
    found = DocSet(len(dates), np.array(among, np.int64))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(searcher, "_MAX_SORTED", together)
        patch.setattr(searcher, "_MAX_SAMPLE", sample)
        oldest = list(chain.from_iterable(numbers_by_date(found, when, "oldest")))
        newest = list(chain.from_iterable(numbers_by_date(found, when, "newest")))

    assert sorted(among, key=lambda n: (dates[n] == NO_DATE, dates[n])) == oldest
    assert sorted(among, key=lambda n: (dates[n] == NO_DATE, -dates[n])) == newest


@pytest.mark.parametrize(
    ("found", "expected"),
    [([1, 2, 4], [[4, 1], [2]]), ([0, 1, 2, 4], [[4], [1], [0], [2], []])],
    ids=["few", "many"],
)
def test_few_are_sorted_at_once_however_many_the_index_holds(
    found: list[int], expected: list[list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searcher, "_MAX_SORTED", 3)
    monkeypatch.setattr(searcher, "_bounds", lambda _: [0, 11, 21, 31])
    when = np.array([10, 20, NO_DATE, 5, 30], np.int64)
    parts = numbers_by_date(DocSet(5, np.array(found, np.int64)), when, "newest")

    assert expected == [part.tolist() for part in parts]


def test_no_more_are_sorted_together_than_a_few_times_what_is_meant() -> None:
    dates = np.random.default_rng(3).integers(0, 1 << 40, 1 << 19)
    together = [len(part) for part in numbers_by_date(DocSet(len(dates), mask=dates >= 0), dates, "newest")]

    assert len(dates) == sum(together)
    assert max(together) < 2 * (1 << 16)
