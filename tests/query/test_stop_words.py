"""What is asked for where no article has all the words."""

from __future__ import annotations

import pytest

from searcher.query.request import Search
from searcher.query.stop_words import is_foreign_stop_word, is_stop_word, relax
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


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Was sagt Merz über die Ukraine?", "Merz Ukraine"),
        ("Que dit Macron sur les retraites ?", "Macron retraites"),
        ("¿Qué dice Sánchez sobre las pensiones?", "Sánchez pensiones"),
        ("Что говорит Иванов о пенсиях", "Иванов пенсиях"),
        ("What did the chief say about war", "chief say war"),
        ("die hard man", "die hard man"),
        ("wie sagt man", "wie sagt man"),
        ("wat zegt Rutte over stikstof", "Rutte stikstof"),
        ("was sagte Merz über Ukraine", "Merz Ukraine"),
        ("minister for war in Den Haag", "minister war Den Haag"),
        ("die hard man was in", "die hard man"),
        ("the the the Merz sagt dass die Ukraine", "Merz Ukraine"),
        ("Los Angeles dice game", "Los Angeles dice game"),
    ],
)
def test_the_stop_words_of_a_question_are_those_of_its_language(question: str, words: str) -> None:
    tree = Search(question).tree()

    assert Or(tuple(map(Term, words.split()))) == relax(tree)


def test_a_relaxed_search_keeps_everything_else() -> None:
    search = Search("the storm flood", person="Brenk", limit=5)

    assert search.replace(Or((STORM, FLOOD))) == search.relaxed()


@pytest.mark.parametrize("search", [Search("storm"), Search("storm flood", match="any"), Search()])
def test_what_cannot_be_relaxed_stays(search: Search) -> None:
    assert search == search.relaxed()


def test_which_words_of_a_question_tell_nothing() -> None:
    question = Search("Was sagt Merz über die Ukraine").tree()
    told = [
        word for word in ["sagt", "Merz", "über", "Ukraine"] if not is_foreign_stop_word(question, Term(word))
    ]

    assert ["Merz", "Ukraine"] == told
    assert not is_foreign_stop_word(Search("sagt Merz").tree(), Term("sagt"))
