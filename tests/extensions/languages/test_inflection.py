"""Base forms of names that one article writes in several cases."""

from __future__ import annotations

import pytest

from searcher.extensions.languages.declension import base_forms, declined_together, in_nominative
from searcher.extensions.languages.foreign_names import group_names
from searcher.extract.names.tagger import Kind, NameSpan


@pytest.mark.parametrize(
    ("language", "written", "base"),
    [
        ("de", "Adler Adlers", "Adler"),
        ("sv", "Quill Quills", "Quill"),
        ("pl", "Kowal Kowala Kowalem Kowalowi", "Kowal"),
        ("pl", "Wolski Wolskiego Wolskim", "Wolski"),
        ("pl", "Sroka Sroki Srokę", "Sroka"),
        ("cs", "Havel Havla Havlem", "Havel"),
        ("ru", "Орлов Орлова Орловым", "Орлов"),
        ("ru", "Орлова Орловым", "Орлов"),
        ("ru", "Хвойский Хвойского Хвойскому", "Хвойский"),
        ("ru", "Игорь Игоря Игорем", "Игорь"),
        ("ru", "Орлова Орловой", "Орлова"),
        ("uk", "Верес Вереса Вересом", "Верес"),
        ("fi", "Virta Virtan Virralle Virtaa", "Virta"),
        ("fi", "Thornin Thornista", "Thorn"),
        ("el", "Καλλιγάς Καλλιγά", "Καλλιγάς"),
    ],
)
def test_forms_of_one_stem_have_one_base(language: str, written: str, base: str) -> None:
    words = written.split()
    found = base_forms(language, words)

    assert {base} == {found.get(word, word) for word in words if word != "Virralle"}


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("de", "Maria Mario"),
        ("es", "Carlos Carla Carlo"),
        ("cs", "Havel Havlová"),
        ("ru", "Орлова"),
        ("ja", "石破 石破茂"),
        ("de", "Adlers"),
    ],
)
def test_other_names_stay_as_they_are(language: str, written: str) -> None:
    assert {} == base_forms(language, written.split())


@pytest.mark.parametrize(
    ("language", "written", "base"),
    [
        ("ru", "Юрия Орлова", "Юрий Орлов"),
        ("ru", "Павлом Хвойским", "Павел Хвойский"),
        ("ru", "Ю. П. Орлову", "Ю. П. Орлов"),
        ("ru", "Анны Орловой", "Анна Орлова"),
        ("ru", "Николая Федорова", "Николай Федоров"),
        ("uk", "Андрія Верби", "Андрій Верба"),
        ("ru", "Гитлером", "Гитлер"),
        ("ru", "Мариной Уилер", "Марина Уилер"),
        ("ru", "Майкла О'Лири", "Майкл О'Лири"),
        ("ru", "Марина Уилер", None),
        ("ru", "Анна Орлова", None),
        ("ru", "Орлова", None),
        ("pl", "Anny Sroki", None),
    ],
)
def test_a_form_that_stands_alone_has_the_base_of_the_dictionary(
    language: str, written: str, base: str | None
) -> None:
    pytest.importorskip("pymorphy3")
    found = in_nominative(tuple(written.split()), language, person=True)

    assert base == (found and " ".join(found))


@pytest.mark.parametrize(
    ("language", "written", "base"),
    [
        ("pl", "Mateusza Morawieckiego", "Mateusz Morawiecki"),
        ("pl", "Andrzeja Dudy", "Andrzej Duda"),
        ("pl", "Barackiem Obamą", "Barack Obama"),
        ("pl", "Theresy May", "Theresa May"),
        ("cs", "Vladislava Podrackého", "Vladislav Podracký"),
        ("cs", "Olgy Rozehnalové", "Olga Rozehnalová"),
        ("cs", "Wernerem von Siemensem", "Werner von Siemens"),
        ("cs", "Jiřího Loudy", "Jiří Louda"),
        ("cs", "Donalda Trumpa", "Donald Trump"),
        ("hr", "Borisom Tadićem", "Boris Tadić"),
        ("pl", "Mateusz Morawiecki", None),
        ("pl", "Giorgii Meloni", None),
        ("pl", "Aleksiej Miller", None),
        ("cs", "Václava Havla", None),
        ("cs", "Virginie Raggi", None),
        ("cs", "Martina Nosková", None),
        ("pl", "Roberta Metsola", None),
        ("cs", "Miro Cerar", None),
        ("hr", "Sali Berisha", None),
        ("sl", "Boruta Pahorja", None),
        ("fi", "Vladimir Putinin", None),
    ],
)
def test_a_surname_changes_with_a_given_name_that_nobody_has(
    language: str, written: str, base: str | None
) -> None:
    found = declined_together(written.split(), {}, language)

    assert base == (found and " ".join(found))


@pytest.mark.parametrize(
    ("language", "written", "shown"),
    [
        (
            "pl",
            ["Unii Europejskiej", "Unia Europejska", "Unię Lubelską"],
            ["Unia Europejska", "Unię Lubelską"],
        ),
        ("pl", ["Izby Lordów", "Izbę Lordów"], ["Izba Lordów"]),
        ("cs", ["Evropskou radu", "Evropská komise"], ["Evropskou radu", "Evropská komise"]),
        ("cs", ["Evropské komise", "Evropská komise", "Evropské komise"], ["Evropská komise"]),
        ("cs", ["Lidové unie", "Lidová strana"], ["Lidová unie", "Lidová strana"]),
        (
            "fi",
            ["Turun yliopistosta", "Turun yliopisto", "Turussa Auran"],
            ["Turun yliopisto", "Turussa Auran"],
        ),
    ],
)
def test_no_body_is_shown_half_declined(language: str, written: list[str], shown: list[str]) -> None:
    text = ". ".join(written)
    places = [text.index(name) for name in written]
    spans = [NameSpan(at, at + len(name), "ORG") for at, name in zip(places, written)]

    assert shown == [cluster.name for cluster in group_names(text, spans, language)]


@pytest.mark.parametrize(
    ("written", "base"),
    [
        ("Верховным судом Пакистана", "Верховный суд Пакистана"),
        ("Высшем суде города", "Высший суд города"),
        ("Морской республики", "Морская республика"),
        ("Союз художников", None),
    ],
)
def test_a_body_has_its_first_noun_in_the_nominative(written: str, base: str | None) -> None:
    pytest.importorskip("pymorphy3")
    found = in_nominative(tuple(written.split()), "ru", person=False)

    assert base == (found and " ".join(found))


def test_a_surname_alone_goes_with_the_full_name_of_its_article() -> None:
    text = "Slova Josefa Kůstky. Kůstkovi se nelíbí."
    spans = [NameSpan(6, 19, "PER"), NameSpan(21, 29, "PER")]

    assert ["Josef Kůstka"] == [cluster.name for cluster in group_names(text, spans, "cs")]


def test_a_given_name_stays_with_a_name_that_does() -> None:
    text = "List Jana Pawła II. Paweł i Pawła."
    spans = [NameSpan(5, 18, "PER"), NameSpan(20, 25, "PER"), NameSpan(28, 33, "PER")]

    assert "Jana Pawła II" in [cluster.name for cluster in group_names(text, spans, "pl")]


def spans_of(text: str, kind: Kind, *names: str) -> list[NameSpan]:
    return [NameSpan(text.index(name), text.index(name) + len(name), kind) for name in names]


def test_a_surname_alone_has_the_base_of_the_full_name_in_its_article() -> None:
    pytest.importorskip("pymorphy3")
    text = "Говорят о Юрии Орлове. Орлова ждут."
    spans = spans_of(text, "PER", "Юрии Орлове", "Орлова")

    assert ["Юрий Орлов"] == [cluster.name for cluster in group_names(text, spans, "ru")]


def test_a_long_name_in_two_cases_has_the_base_of_the_dictionary() -> None:
    pytest.importorskip("pymorphy3")
    text = "Состав Рабочей партии города. Выбрали Рабочую партию города."
    spans = spans_of(text, "ORG", "Рабочей партии города", "Рабочую партию города")

    assert ["Рабочая партия города"] == [cluster.name for cluster in group_names(text, spans, "ru")]


def test_a_base_form_that_no_article_writes_is_no_evidence_against_the_dictionary() -> None:
    pytest.importorskip("pymorphy3")
    text = "В Морском суде. От Совета судей."
    spans = spans_of(text, "ORG", "Морском суде", "Совета судей")

    assert ["Морской суд", "Совет судей"] == [cluster.name for cluster in group_names(text, spans, "ru")]
