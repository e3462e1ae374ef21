"""Which names are suggested in the place of one that nobody has."""

from __future__ import annotations

import pytest

from searcher.search.advice import alike

NAMES = {
    "Los Angeles Times": 9,
    "The Seattle Times": 2,
    "Hillary Clinton": 8,
    "Bill Clinton": 3,
    "All Might": 1,
    "ALL MIGHT": 2,
}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("Seattle Times", ["The Seattle Times", "Los Angeles Times"]),
        ("Hilary Clinton", ["Hillary Clinton", "Bill Clinton"]),
        ("Clnton", ["Hillary Clinton", "Bill Clinton"]),
        ("Mighty", ["ALL MIGHT"]),
        ("The Post", []),
        ("Nobody Atall", []),
    ],
)
def test_the_likest_name_comes_first(asked: str, expected: list[str]) -> None:
    assert expected == alike(NAMES, asked)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("Obama", []),
        ("Barack Obama", []),
        ("Ladin", ["Osama bin Laden"]),
        ("Osma Ladin", ["Osama bin Laden"]),
        ("Boing", ["Boeing Company"]),
    ],
)
def test_a_given_name_that_is_spelt_like_a_surname_is_nobody(asked: str, expected: list[str]) -> None:
    assert expected == alike({"Osama bin Laden": 9, "Boeing Company": 1}, asked, people={"Osama bin Laden"})
