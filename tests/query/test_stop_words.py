"""What is asked for where no article has all the words."""

from __future__ import annotations

import pytest

from searcher.query.request import Search
from searcher.query.stop_words import is_stop_word, relax, tells_nothing, without_asking
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


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Was sagt Merz über die Ukraine?", "Merz Ukraine?"),
        ("Was sagte Merz zur Ukraine?", "Merz Ukraine?"),
        ("Wer ist Merz?", "Merz?"),
        ("Qu'a dit Macron sur les retraites", "Macron retraites"),
        ("¿Quién es Sánchez?", "Sánchez?"),
        ("¿Qué dijo Sánchez sobre el trabajo infantil?", "Sánchez trabajo infantil?"),
        ("was sagt Merz -Ukraine über speaker:Scholz", "Merz -Ukraine speaker:Scholz"),
        ("O que disse Lula sobre Gaza", "Lula Gaza"),  # two of them ask in Spanish too
        ("what is over in Berlin", "what is over in Berlin"),  # two of them ask in Dutch
        ("title:was sagt Merz über die Ukraine", "title:was Merz Ukraine"),
        ("Wat zegt Rutte over IS", "Rutte IS"),
        ("Chi ha fondato Cosa Nostra", "fondato Cosa Nostra"),
        ("speaker:Scholz Was sagt er über Merz", "speaker:Scholz Merz"),
        ("das Leben der Anderen", "das Leben der Anderen"),
        ("was sagt man", "was sagt man"),
        ("was sagt über", "was sagt über"),
        ('was "sagt" Merz dazu', 'was "sagt" Merz dazu'),
        ("what did Merz say about war", "what did Merz say about war"),
        ("Los Angeles dice game", "Los Angeles dice game"),
        ("sagt OR was", "sagt OR was"),
    ],
)
def test_a_question_asks_for_the_words_that_tell_something(question: str, asked: str) -> None:
    assert Search(asked).tree() == without_asking(Search(question).tree())


def test_a_relaxed_search_keeps_everything_else() -> None:
    search = Search("the storm flood", person="Brenk", limit=5)

    assert search.replace(Or((STORM, FLOOD))) == search.relaxed()


@pytest.mark.parametrize("search", [Search("storm"), Search("storm flood", match="any"), Search()])
def test_what_cannot_be_relaxed_stays(search: Search) -> None:
    assert search == search.relaxed()


def test_which_words_of_a_question_tell_nothing() -> None:
    question = Search("Was sagt Merz über die Ukraine").tree()
    told = [word for word in ["sagt", "Merz", "über", "Ukraine"] if not tells_nothing(question, Term(word))]

    assert ["Merz", "Ukraine"] == told
    assert not tells_nothing(Search("sagt Merz").tree(), Term("sagt"))
