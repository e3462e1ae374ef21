"""Who said what in other languages than English, by the encoder that ships."""

from __future__ import annotations

import pytest

from searcher.article import Article
from searcher.extract.names import find_names
from searcher.extract.quotes import find_quotes
from tests.extract.articles import ARTICLES

SAID = {
    "de": [
        ("Jule Brandner", "Wir finden keine Bademeister"),
        ("Jule Brandner", "Ohne sie darf niemand ins Wasser."),
        ("Konrad Velten", "Das Geld dafür liegt seit Januar bereit"),
    ],
    "fr": [
        ("Hélène Vaubert", "Nous attendons une pièce du moteur"),
        ("Bastien Corrier", "Personne ne nous a prévenus"),
    ],
    "es": [
        ("Remedios Lobera", "Los comerciantes recibirán una ayuda de trescientos euros"),
        ("Tomás Quirante", "Con eso no pagamos ni la luz"),
    ],
    "pl": [
        ("Marek Zawilski", "Musimy wymienić wszystkie oświetlenie"),
        ("Halina Bronka", "To dla nas katastrofa"),
    ],
    "ru": [
        ("Пётр Гладышев", "Лёд в этом году встал раньше обычного"),
        ("Вера Лукьянова", "Мы возим продукты на санях"),
    ],
    "no": [
        ("Ragnhild Torvik", "Vi har ikke nok mannskap til å kjøre trygt"),
        ("Eivind Hauknes", "Dette burde de ha visst i sommer"),
    ],
    "ja": [("柏木義男", "監視員が足りない"), ("森下京子", "子どもたちの夏が短くなる")],
    "ar": [("سامر الحلواني", "ننتظر قطعة من المحرك"), ("ليلى القاضي", "لم يتصل بنا أحد")],
}


@pytest.mark.parametrize("language", SAID)
def test_what_was_said_goes_to_who_said_it(language: str) -> None:
    article = find_quotes(find_names(ARTICLES[language]))

    assert SAID[language] == [(quote.speaker, quote.text) for quote in article.quotes]


@pytest.mark.parametrize("language", SAID)
def test_quotations_are_slices_of_the_body(language: str) -> None:
    article = find_quotes(find_names(ARTICLES[language]))

    assert all(quote.text == article.body[quote.start : quote.end] for quote in article.quotes)


def test_a_speaker_is_where_the_words_that_attribute_stand() -> None:
    article = find_quotes(find_names(ARTICLES["de"]))
    last = article.quotes[-1]

    assert "Velten" == article.body[last.speaker_start : last.speaker_end]


def test_parts_of_one_utterance_share_a_number() -> None:
    article = find_quotes(find_names(ARTICLES["de"]))

    assert [0, 0, 1] == [quote.utterance for quote in article.quotes]


def test_quotations_need_no_names() -> None:
    quotes = find_quotes(ARTICLES["de"]).quotes

    assert "Brandner" == quotes[0].speaker
    assert "unnamed" == quotes[0].speaker_kind


def test_in_a_language_that_is_not_served_nothing_was_said() -> None:
    body = "“Waxaan sugaynaa qayb ka mid ah matoorka,” ayuu yiri Cali Faarax oo ka tirsan shirkadda. " * 5

    assert () == find_quotes(Article("1", body=body, language="so")).quotes


INTERVIEW = """Das neue Freibad soll im Mai öffnen. Darüber sprach Jule Brandner mit Konrad Velten.

Brandner: Herr Velten, warum hat es so lange gedauert?

Velten: Weil das Geld fehlte. Auch Brandner hat das oft beschrieben.

Brandner: Und wer bezahlt nun?

Velten: Die Stadt zahlt die Hälfte. Den Rest gibt das Land.

Brandner: Dann kommen Sie im Mai?

Velten: Ich komme, wenn das Wasser warm ist."""


def test_the_lines_of_an_interview_are_surely_those_of_whom_they_name() -> None:
    article = Article("1", "Das Freibad", INTERVIEW, language="de")

    found = find_quotes(find_names(article)).quotes

    assert ["Jule Brandner", "Konrad Velten"] * 3 == [quote.speaker for quote in found]
    assert all(quote.confidence >= 0.7 for quote in found)
