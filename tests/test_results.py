from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.results import FacetValue, FacetValues

COUNTS = st.dictionaries(st.text("aAbBé", max_size=3), st.integers(1, 4), max_size=60)


def by_definition(counts: dict[str, int], selected: set[str]) -> list[FacetValue]:
    ranked = sorted(counts, key=lambda name: (-counts[name], name.casefold(), name))
    return [FacetValue(name, counts[name], name in selected) for name in ranked]


@given(COUNTS, st.sets(st.text("aAbBé", max_size=3)))
def test_values_are_in_order(counts: dict[str, int], selected: set[str]) -> None:
    assert by_definition(counts, selected) == list(FacetValues(counts, selected))


@given(counts=COUNTS, shown=st.integers(0, 12))
def test_the_first_are_the_same_however_few_are_looked_at(counts: dict[str, int], shown: int) -> None:
    class Few(FacetValues):
        FIRST = 10

    assert by_definition(counts, set())[:shown] == list(Few(counts)[:shown])


@pytest.mark.parametrize(
    "look",
    [
        lambda values: values[0],
        lambda values: values[10],
        lambda values: values[-1],
        lambda values: list(values[3:12]),
        lambda values: list(values[1:8:2]),
        lambda values: list(values[-4:2]),
        lambda values: list(values[:-3]),
        lambda values: list(values[5:]),
        len,
    ],
)
def test_they_are_looked_at_as_a_list(look: Callable[[object], object]) -> None:
    class Few(FacetValues):
        FIRST = 10

    counts = {f"name {n}": n % 5 + 1 for n in range(25)}

    assert look(by_definition(counts, set())) == look(Few(counts))


def test_those_selected_are_told_however_rare_they_are() -> None:
    values = FacetValues({"common": 9, "rare": 1}, {"rare", "not there"})

    assert (FacetValue("rare", 1, True),) == values.selected


def test_equal_ones_are_equal() -> None:
    assert FacetValues({"a": 1, "b": 2}) == FacetValues({"b": 2, "a": 1})
    assert FacetValues({"a": 1}) != FacetValues({"a": 1}, {"a"})
