"""People and organisations in other languages than English, by the encoder that ships."""

from __future__ import annotations

import pytest

from searcher.article import Article
from searcher.extract.names import find_names
from tests.extract.articles import ARTICLES

PEOPLE = {
    "de": {"Jule Brandner", "Konrad Velten"},
    "fr": {"Hélène Vaubert", "Bastien Corrier"},
    "es": {"Remedios Lobera", "Tomás Quirante"},
    "pl": {"Marek Zawilski", "Halina Bronka"},
    "ru": {"Пётр Гладышев", "Вера Лукьянова"},
    "no": {"Ragnhild Torvik", "Eivind Hauknes"},
    "ja": {"柏木義男", "森下京子"},
    "ar": {"سامر الحلواني", "ليلى القاضي"},
}
ORGANISATIONS = {
    "fr": "Compagnie du Littoral",
    "es": "Asociación de Comerciantes de Villamar",
    "no": "Kystlinjen",
    "ar": "شركة الساحل للنقل",
}


@pytest.mark.parametrize("language", PEOPLE)
def test_people_are_named_once_in_full(language: str) -> None:
    assert PEOPLE[language] == set(find_names(ARTICLES[language]).people)


@pytest.mark.parametrize("language", ORGANISATIONS)
def test_organisations_are_found(language: str) -> None:
    assert ORGANISATIONS[language] in find_names(ARTICLES[language]).organisations


@pytest.mark.parametrize("language", PEOPLE)
def test_mentions_are_where_the_article_has_them(language: str) -> None:
    article = find_names(ARTICLES[language])
    written = {article.body[mention.start : mention.end] for mention in article.mentions}

    assert all(0 < mention.confidence <= 1 for mention in article.mentions)
    assert all(text and text == text.strip(" «»„“”,.") for text in written)


def test_the_code_of_a_bank_is_nobody() -> None:
    body = f"{ARTICLES['de'].body}\n\nKontoinhaber: Verein, BIC MARLGB2L."

    assert () == find_names(Article("1", "", body, language="de")).organisations


def test_an_inflected_name_is_the_same_person() -> None:
    article = find_names(ARTICLES["pl"])
    forms = {article.body[m.start : m.end] for m in article.mentions if m.name == "Marek Zawilski"}

    assert {"Marek Zawilski", "Zawilski", "Zawilskim"} == forms


def test_names_of_the_title_are_found_there() -> None:
    article = find_names(
        Article("1", "Konrad Velten widerspricht den Stadtwerken", ARTICLES["de"].body, language="de")
    )
    first = article.mentions[0]

    assert ("Konrad Velten", "title") == (article.title[first.start : first.end], first.part)


def test_in_a_language_that_is_not_served_nobody_is_found() -> None:
    body = "Waxaa la xiray dekedda Berbera ilaa Isniinta, ayuu yiri Cali Faarax oo ka tirsan shirkadda. " * 5

    assert () == find_names(Article("1", body=body, language="so")).mentions
