"""BestNames: which names of a facet are the best is told only where it is sure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from searcher.extensions.opensearch.facets import BestCounts, BestNames
from searcher.extensions.opensearch.result_pages import TermCounts

NO_ERRORS: Mapping[str, int] = {}
#: What stands for the counts of all names, where these were asked for.
EVERY = {"every": 1}


def answer(counts: Mapping[str, int], error: int = 0, errors: Mapping[str, int] = NO_ERRORS) -> TermCounts:
    """An answer to an aggregation of terms, which leaves some out."""
    buckets: list[dict[str, Any]] = [
        {"key": key, "doc_count": n, "doc_count_error_upper_bound": errors.get(key, 0)}
        for key, n in counts.items()
    ]
    return TermCounts({"buckets": buckets, "sum_other_doc_count": 5, "doc_count_error_upper_bound": error})


SEEN = answer({"a": 9, "b": 8, "c": 1})
#: Names that go by themselves, each with its one value.
VALUES_OF_NAMES = {"a": ["a"], "b": ["b"], "c": ["c"]}


def first(names: BestNames, counted: Mapping[str, int], number: int) -> Mapping[str, int]:
    return BestCounts(names, counted, lambda _: counted, lambda name: [name], lambda: EVERY).top_counts(
        number
    )


def test_names_of_one_value_need_not_be_counted() -> None:
    names = BestNames(VALUES_OF_NAMES, SEEN, 0)

    assert {} == names.unsure(2)
    assert {"a": 9, "b": 8} == first(names, {}, 2)
    assert EVERY == first(names, {}, 3)


def test_a_name_of_several_values_is_counted() -> None:
    names = BestNames({"a": ["a"], "b": ["b", "bee"]}, SEEN, 0)

    assert {"b": ["b", "bee"]} == names.unsure(2)
    assert {"b": 10} == first(names, {"b": 10}, 1)


def test_a_value_that_a_shard_may_have_more_of_is_counted() -> None:
    seen = answer({"a": 9, "b": 8, "c": 1}, error=2, errors={"b": 1})

    assert {"b": ["b"]} == BestNames(VALUES_OF_NAMES, seen, 0).unsure(2)


@pytest.mark.parametrize(("others", "surest", "both"), [(7, 1, 2), (8, 1, 0), (9, 0, 0)])
def test_no_name_is_best_that_another_may_surpass(others: int, surest: int, both: int) -> None:
    names = BestNames(VALUES_OF_NAMES, SEEN, others)
    known = {0: EVERY, 1: {"a": 9}, 2: {"a": 9, "b": 8}}

    assert [known[surest], known[both]] == [first(names, {}, 1), first(names, {}, 2)]


def test_more_names_are_counted_once_more_are_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("searcher.extensions.opensearch.facets._FIRST_BEST", 1)
    monkeypatch.setattr("searcher.extensions.opensearch.facets._MAX_BEST", 2)
    seen = answer({"a": 9, "b": 8, "c": 1}, errors={"b": 1})
    names = BestNames(VALUES_OF_NAMES, seen, 0)

    assert {"b": ["b"]} == names.unsure(2)
    assert {"a": 9, "b": 8} == first(names, {"b": 8}, 2)


def test_names_without_a_value_in_the_answer_are_counted_with_what_is_left_out() -> None:
    names = BestNames({"a": ["a"], "n": ["x", "y", "z"]}, answer({"a": 9, "b": 8}, error=1), 0)

    assert {"n": ["x", "y", "z"]} == names.unsure(1)
