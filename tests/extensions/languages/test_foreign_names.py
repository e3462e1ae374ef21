"""Names of one article in other languages than English: one value for each person and organisation.

Names stand between brackets: ``<PER Ada Quill>``.
"""

from __future__ import annotations

import re

import pytest

from searcher.extensions.languages.foreign_names import group_names
from searcher.extensions.languages.name_labels import split_people
from searcher.extract.names.tagger import NameSpan

_NAME = re.compile(r"<(PER|ORG) ([^>]+)>")


def named(language: str, marked: str) -> dict[str, list[str]]:
    """Each name that is shown, with what is written for it."""
    text, spans, last = "", [], 0
    for match in _NAME.finditer(marked):
        text += marked[last : match.start()]
        spans.append(NameSpan(len(text), len(text) + len(match[2]), match[1]))  # type: ignore[arg-type]
        text += match[2]
        last = match.end()
    text += marked[last:]
    return {
        c.name: [text[span.start : span.end] for span in c.spans] for c in group_names(text, spans, language)
    }


@pytest.mark.parametrize(
    ("language", "marked", "shown"),
    [
        ("de", "<PER Jonas Adler> kam. <PER Adlers> Anwalt schwieg, sagte <PER Adler>.", "Jonas Adler"),
        ("fr", "<PER Léa Morin> arrive. « Non », dit <PER Morin>.", "Léa Morin"),
        ("fr", "<PER Bastien Corrier> hésite. <PER M. Corrier> attend.", "Bastien Corrier"),
        ("pl", "List <PER Jana Kowala>. <PER Kowal> odmówił. Rozmowa z <PER Janem Kowalem>.", "Jan Kowal"),
        ("pl", "Dom <PER Zorgana Mirksa>. <PER Mirks> milczy.", "Zorgan Mirks"),
        ("hu", "<PER Zorgannak Mirksnak> írt. <PER Mirks> hallgat.", "Zorgan Mirks"),
        ("ru", "<PER Игорь Орлов> уехал. <PER Орлова> ждали, с <PER Орловым> говорили.", "Игорь Орлов"),
        ("de", "<PER Ada Quill> kam. <PER Ada Bea Quill> heißt sie, die <PER Ada Quill>.", "Ada Quill"),
        ("fr", "<PER Zoé Le Goff> part. <PER Le Goff> rit, dit <PER Le Goff>.", "Zoé Le Goff"),
        ("pl", "Za <ORG CDU/>CSU i <ORG CDU>.", "CDU"),
        ("uk", "Виграло <ORG ТОВ «Великі ключі»>. У <ORG Великі ключі> мовчать.", "ТОВ «Великі ключі»"),
        ("tr", "<PER Deniz Yalın> geldi. <PER Yalın'ın> avukatı sustu.", "Deniz Yalın"),
        ("ja", "<PER 青木茂>氏は会見した。<PER 青木>氏は否定した。", "青木茂"),
        ("ko", "<PER 김하늘> 대표가 말했다. <PER 김하늘>은 떠났다.", "김하늘"),
        ("ar", "وصل <PER سامر النجار> أمس. وقال <PER النجار> ذلك.", "سامر النجار"),
    ],
)
def test_a_person_has_one_value(language: str, marked: str, shown: str) -> None:
    assert [shown] == list(named(language, marked))


def test_letters_in_brackets_mean_the_name_before() -> None:
    found = named(
        "de", "Das <ORG Amt für Häfen> (<ORG AfH>) prüft. <ORG AfH> und <ORG Marlowe AG> schweigen."
    )

    assert {"Amt für Häfen": ["Amt für Häfen", "AfH", "AfH"], "Marlowe AG": ["Marlowe AG"]} == found


def test_letters_mean_the_name_that_they_are_the_first_letters_of() -> None:
    found = named("es", "<ORG Consejo General Portuario> calla. El <ORG CGP> espera.")

    assert ["Consejo General Portuario"] == list(found)


def test_an_ending_behind_an_apostrophe_is_not_part_of_a_name() -> None:
    assert {"Marlowe": ["Marlowe"]} == named("tr", "<ORG Marlowe'un> gemisi")


def test_two_people_of_one_surname_stay_two() -> None:
    found = named("de", "<PER Jonas Adler> und <PER Ina Adler> kamen.")

    assert ["Jonas Adler", "Ina Adler"] == list(found)


def test_a_letter_is_no_body() -> None:
    found = named("ja", "<ORG 日本海運>は<ORG 島>に支店を置く。")

    assert {"日本海運": ["日本海運"]} == found


def test_a_long_name_of_a_body_is_shown_in_a_form_that_is_written() -> None:
    shown = named("pl", "Nie ma <ORG Wyższej Komisji Miasta>. <ORG Wyższa Izba> i <ORG Wyższą Izbę>.")

    assert "Wyższej Komisji Miasta" in shown


@pytest.mark.parametrize(
    ("written", "people"),
    [
        ("森下・レーガン", ["森下", "レーガン"]),
        ("青木－森下", ["青木", "森下"]),
        ("ジェーン・ロウ", ["ジェーン・ロウ"]),
        ("Ａ 森下京子", ["森下京子"]),
        ("ロウ米", ["ロウ"]),
        ("森氏", ["森"]),
        ("青木ら", ["青木"]),
        ("ロウの", ["ロウ"]),
        ("さくら", ["さくら"]),
        ("Jane Roe-Moss", ["Jane Roe-Moss"]),
    ],
)
def test_people_beside_one_another_are_each_one(written: str, people: list[str]) -> None:
    found = split_people(written, NameSpan(0, len(written), "PER", 1.0))

    assert people == [written[one.start : one.end] for one in found]
