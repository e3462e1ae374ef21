"""Base forms of names that one article writes in several cases."""

from __future__ import annotations

import pytest

from searcher.extract.names.foreign_names import base_forms, clusters_of, in_nominative
from searcher.extract.names.tagger import NameSpan


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
    ("written", "base"),
    [
        ("Верховным судом Пакистана", "Верховный суд Пакистана"),
        ("Морской республики", "Морская республика"),
        ("Союз художников", None),
    ],
)
def test_a_body_has_its_first_noun_in_the_nominative(written: str, base: str | None) -> None:
    pytest.importorskip("pymorphy3")
    found = in_nominative(tuple(written.split()), "ru", person=False)

    assert base == (found and " ".join(found))


def test_a_surname_alone_has_the_base_of_the_full_name_in_its_article() -> None:
    pytest.importorskip("pymorphy3")
    text = "Говорят о Юрии Орлове. Орлова ждут."
    names = ["Юрии Орлове", "Орлова"]
    spans = [NameSpan(text.index(name), text.index(name) + len(name), "PER") for name in names]

    assert ["Юрий Орлов"] == [cluster.name for cluster in clusters_of(text, spans, "ru")]
