"""What is asked for where no article has all the words."""

from __future__ import annotations

import pytest

from searcher.query.relaxing import is_stop_word, relax
from searcher.query.request import Search
from searcher.query.tree import And, Expr, HasValue, MatchAll, Not, Or, Term

STORM, FLOOD, THE = Term("storm"), Term("flood"), Term("the")


@pytest.mark.parametrize(
    ("word", "expected"), [("the", True), ("The", True), ("IT", False), ("it", True), ("storm", False)]
)
def test_stop_words(word: str, expected: bool) -> None:
    assert expected is is_stop_word(word)


@pytest.mark.parametrize(
    ("tree", "relaxed"),
    [
        (And((STORM, FLOOD)), Or((STORM, FLOOD))),
        (And((STORM, THE, FLOOD)), Or((STORM, FLOOD))),
        (
            And((STORM, FLOOD, HasValue("person", "Brenk"))),
            And((Or((STORM, FLOOD)), HasValue("person", "Brenk"))),
        ),
        (And((STORM, FLOOD, Not(Term("rain")))), And((Or((STORM, FLOOD)), Not(Term("rain"))))),
        (And((STORM, Not(FLOOD))), None),
        (Or((STORM, FLOOD)), None),
        (STORM, None),
        (MatchAll(), None),
    ],
)
def test_relaxing_asks_for_any_of_the_words_and_keeps_the_rest(tree: Expr, relaxed: Expr | None) -> None:
    assert relaxed == relax(tree)


def test_a_relaxed_search_keeps_everything_else() -> None:
    search = Search("the storm flood", person="Brenk", limit=5)

    assert search.replace(Or((STORM, FLOOD))) == search.relaxed()


@pytest.mark.parametrize("search", [Search("storm"), Search("storm flood", match="any"), Search()])
def test_what_cannot_be_relaxed_stays(search: Search) -> None:
    assert search == search.relaxed()
