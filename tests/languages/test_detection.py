"""Which language a text is in: as declared, unless its words plainly say something else."""

from __future__ import annotations

import subprocess
import sys

import pytest

from searcher.languages.detection import detect

TEXTS = {
    "en": "The ferry to Marlowe sails again on Monday, the port said, and the crews are to be paid at last.",
    "de": "Die Fähre nach Marlowe fährt am Montag wieder, teilte der Hafen mit, und der Lohn wird bezahlt.",
    "fr": "Le bac pour Marlowe reprendra lundi, a annoncé le port, et l’équipage sera enfin payé, dit-il.",
    "es": "El transbordador a Marlowe volverá a zarpar el lunes, dijo el puerto, y la tripulación cobrará.",
    "pl": "Prom do Marlowe znów wypłynie w poniedziałek, podał port, a załoga dostanie wreszcie pieniądze.",
    "ru": "Паром в Марлоу снова пойдёт в понедельник, сообщил порт, а команде наконец заплатят.",
    "no": "Ferja til Marlowe går igjen på mandag, opplyser havna, og mannskapet får lønna utbetalt.",
    "ar": "ستبحر العبّارة إلى مارلو مرة أخرى يوم الاثنين، كما أعلن الميناء، وسيدفع أجر الطاقم.",
    "ja": "マーロウ行きのフェリーは月曜日に運航を再開すると港湾当局が発表した。賃金も支払われるという。"
    "運休は三週間に及び、住民は陸路で二時間かけて病院に通っていた。",
}


@pytest.mark.parametrize("language", TEXTS)
def test_a_text_says_its_language(language: str) -> None:
    assert language == detect(TEXTS[language])


@pytest.mark.parametrize("language", TEXTS)
def test_a_long_text_overrules_what_is_declared(language: str) -> None:
    declared = "en" if language != "en" else "de"

    assert language == detect("\n\n".join([TEXTS[language]] * 4), declared)


def test_a_few_words_leave_the_declared_language() -> None:
    assert "fr" == detect("Le port rouvre lundi", "fr")


@pytest.mark.parametrize("language", TEXTS)
def test_a_sentence_overrules_what_it_wrongly_declares(language: str) -> None:
    assert language == detect(TEXTS[language], "pt")


def test_a_few_words_without_a_declaration_say_nothing() -> None:
    assert detect("Marlowe 3, Port 1") is None


def test_a_german_article_that_quotes_english_at_length_stays_german() -> None:
    english = "You can’t connect the dots looking forward; you connect them looking back to the past. "

    assert "de" == detect(TEXTS["de"] * 5 + english * 3, "de")


def test_near_relatives_are_as_declared() -> None:
    text = (
        "Trajekt za Marlowe ponovno će isploviti u ponedjeljak, objavila je luka, a posada će biti plaćena. "
        * 4
    )

    assert "sr" == detect(text * 4, "sr")


def test_a_few_lines_of_the_site_do_not_hide_the_language() -> None:
    lines = "Accept all cookies\n\nSign up to our newsletter\n\n"

    assert "pl" == detect(lines + TEXTS["pl"] * 20)


def test_plain_english_loads_no_model() -> None:
    code = (
        "import sys; from searcher.languages.detection import detect;"
        "print(detect(sys.argv[1]), 'py3langid' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, TEXTS["en"]], capture_output=True, text=True, check=True
    )

    assert "en False" == done.stdout.strip()
