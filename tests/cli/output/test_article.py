"""The article view."""

from __future__ import annotations

from searcher import Article, Mention, Quote
from searcher.cli.output.terminal import Screen
from searcher.cli.output.text import article_lines
from tests.cli.conftest import ARTICLES

DEEP = ARTICLES[0]


def shown(article: Article, screen: Screen | None = None) -> str:
    return "\n".join(article_lines(article, screen or Screen(width=200)))


def test_each_quotation_says_whose_it_is() -> None:
    assert "“Deep drilling is a dead end,” ‹Mara Lindqvist› Lindqvist told" in shown(DEEP)


def test_an_unsure_speaker_has_a_question_mark() -> None:
    assert "“We shall stay out,” ‹Tomas Reyl?› Tomas Reyl said." in shown(ARTICLES[1])


def test_names_can_be_put_between_brackets() -> None:
    assert "[[Mara Lindqvist]] left [[Norvane]] on Monday." in shown(DEEP, Screen(width=200, brackets=True))


def test_names_and_quotations_are_coloured() -> None:
    text = shown(DEEP, Screen(colour=True, width=200))

    assert "\x1b[36mMara Lindqvist\x1b[0m left \x1b[33mNorvane\x1b[0m" in text
    assert "“\x1b[32mDeep drilling is a dead end,\x1b[0m”" in text


def test_paragraphs_stay_apart() -> None:
    assert "Harbour Post.\n\nNorvane declined" in shown(DEEP)


def test_who_is_in_it_is_summed_up() -> None:
    assert ["People: Mara Lindqvist, Tomas Reyl", "Organisations: Norvane", "Quotations: Mara Lindqvist"] == [
        line for line in shown(DEEP).splitlines()[-5:] if line
    ]


def test_a_speaker_who_is_not_sure_is_summed_up_as_such() -> None:
    assert ["Quotations: Tomas Reyl?"] == [
        line for line in shown(ARTICLES[1]).splitlines() if line.startswith("Quotations")
    ]


def test_places_and_contacts_stand_below() -> None:
    article = Article("1", "", "Text.", places=("Berlin", "Paris"), contacts=("press@norvane.example",))

    assert ["Places: Berlin, Paris", "Contacts: press@norvane.example"] == [
        line for line in shown(article).splitlines()[-3:] if line
    ]


def test_names_in_the_title_are_marked() -> None:
    article = Article("1", "Reyl speaks", mentions=(Mention("Tomas Reyl", "person", 0, 4, part="title"),))

    assert "[[Reyl]] speaks" == shown(article, Screen(brackets=True)).splitlines()[0]


def test_indirect_speech_is_called_so() -> None:
    body = "Reyl said that prices would fall."
    said = Quote("prices would fall", "Tomas Reyl", "indirect", 15, 32)

    assert "prices would fall ‹indirect: Tomas Reyl›." in shown(Article("1", "", body, quotes=(said,)))


def test_a_quotation_over_paragraphs_is_labelled_at_its_end() -> None:
    body = "“One.\n\n“Two,” Reyl said."
    said = Quote("One.\n\n“Two,", "Tomas Reyl", "direct", 1, 12)

    assert "“One.\n\n“Two,” ‹Tomas Reyl› Reyl said." in shown(Article("1", "", body, quotes=(said,)))


def test_nothing_in_it_commands_the_terminal() -> None:
    assert not set("\x1b\x07\u202e") & set(shown(ARTICLES[2]))
