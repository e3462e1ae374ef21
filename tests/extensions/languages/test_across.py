"""Words across languages: what is found by a word of another language, and why."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from searcher import Article, Mention, Quote, open_index
from searcher.extensions.languages import across
from searcher.index import Index
from searcher.locations import TRANSLATIONS
from searcher.query import deadline
from searcher.query.request import Search
from searcher.query.synonyms import Synonyms
from searcher.search import words_across

TEXTS = {
    "en": ["The climate is changing.", "Our climate costs money.", "Money is power."],
    "de": ["Das Klima ändert sich.", "Das Klima ist mild.", "Geld regiert.", "Es fehlt am Geld."],
    "ru": ["Климат меняется, как всегда.", "О климате говорят мало.", "Нужны деньги.", "Деньги кончились."],
}


def articles() -> Iterator[Article]:
    for language, texts in TEXTS.items():
        for number, text in enumerate(texts):
            quote = Quote(text, "Anna Quill" if number else None, "direct", 0, len(text))
            yield Article(f"{language}{number}", "", text, language=language, quotes=(quote,))


@pytest.fixture(scope="module")
def index() -> Iterator[Index]:
    with open_index(":memory:") as index:
        index.add(articles(), annotate=False)
        yield index


def ids(found: object) -> set[str]:
    return {hit.article.id for hit in found}  # type: ignore[attr-defined]


def test_a_word_stays_in_its_language_unless_asked(index: Index) -> None:
    found = index.search("climate")

    assert {"en0", "en1"} == ids(found)
    assert {} == found.translations


def test_a_word_is_found_in_other_languages(index: Index) -> None:
    found = index.search("climate", translate=True)

    assert {"en0", "en1", "de0", "de1", "ru0", "ru1"} == ids(found)


def test_any_language_may_ask(index: Index) -> None:
    found = index.search("Klima", translate=True)

    assert {"en0", "en1", "de0", "de1", "ru0", "ru1"} == ids(found)


def test_what_was_asked_for_ranks_first(index: Index) -> None:
    found = index.search("climate", translate=True)

    assert {"en0", "en1"} == ids(found.hits[:2])


def test_an_answer_says_by_which_words(index: Index) -> None:
    told = index.search("climate", translate=True).to_dict()

    words = {(one["word"], one["language"], one["articles"]) for one in told["translations"]["climate"]}
    assert {("klima", "de", 2), ("климат", "ru", 2)} == words
    assert {"en": None, "de": ["klima"], "ru": ["климат"]} == {
        hit["language"]: hit.get("matched_translations") for hit in told["hits"]
    }


def test_a_word_of_another_language_keeps_its_accents() -> None:
    """“Flüchtlinge” is “fluchtlinge” in the index; articles say how it is written."""
    texts = {
        "en": ["Refugees came.", "The refugees are safe."],
        "de": ["Viele Flüchtlinge kamen.", "Die Flüchtlinge bleiben."],
    }
    with open_index(":memory:") as index:
        given = [
            Article(f"{code}{at}", "", text, language=code)
            for code, some in texts.items()
            for at, text in enumerate(some)
        ]
        index.add(given, annotate=False)
        found = index.search("refugees", translate=True)
        again = index.search("refugees -Flüchtlinge", translate=True)

    assert ["flüchtlinge"] == [one.word for one in found.translations["refugees"]]
    assert {("flüchtlinge",), ()} == {hit.matched_translations for hit in found.hits}
    assert {} == again.translations


def test_a_word_that_is_left_out_is_taken_back(index: Index) -> None:
    found = index.search("climate -Klima", translate=True)

    assert {"en0", "en1", "ru0", "ru1"} == ids(found)
    assert ["климат"] == [one.word for one in found.translations["climate"]]


def test_a_word_that_is_no_translation_is_left_out_as_ever(index: Index) -> None:
    found = index.search("climate -money", translate=True)

    assert {"en0", "de0", "de1", "ru0", "ru1"} == ids(found)


def test_exact_words_stay_as_written(index: Index) -> None:
    assert {"en0", "en1"} == ids(index.search('"climate"', translate=True))


def test_a_word_is_exact_beside_the_same_that_is_not(index: Index) -> None:
    assert {"en0", "en1"} == ids(index.search('climate "climate"', translate=True))


def test_words_serve_while_hardly_an_article_came_or_went(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(across, "_FEW_WORDS", 0)
    vector = np.ones((1, across.fitted().turn.shape[1]), np.int8)
    table = across.WordTable("now", 100, ["en:tide"], ["tide"], np.array([2], np.uint32), vector)

    assert [True, True, True, False, False] == [
        table.is_current(*state)
        for state in (("now", 0), ("later", 102), ("later", 98), ("later", 103), ("later", 97))
    ]


def test_a_name_is_left_to_the_names() -> None:
    with open_index(":memory:") as index:
        money = Mention("Money", "organisation", 0, 5)
        index.add([*articles(), Article("name", "", "Money sold Geld.", mentions=(money,))], annotate=False)

        asked = [index.search(word, translate=True).translations for word in ("money", "Money")]

    assert [["money"], []] == list(map(list, asked))


NAMED = {
    "en": ["Anna Marlin spoke.", "Marlin left.", "A marlin is a fish."],
    "ru": ["Марлин выступила.", "Все слушали, как говорит Марлин.", "Мерлин ушёл.", "Мерлин пришёл."],
    "ar": ["وصلت مارلين أمس.", "قالت مارلين إن الطقس جميل."],
}


def with_names(named: set[str]) -> Iterator[Article]:
    """Articles with mentions of those of these names that are in them."""
    for language, texts in NAMED.items():
        for number, text in enumerate(texts):
            mentions = [
                Mention(one, "person", text.index(one), text.index(one) + len(one))
                for one in named
                if one in text
            ]
            yield Article(f"{language}{number}", "", text, language=language, mentions=tuple(mentions))


@pytest.mark.parametrize("asked", ["Marlin", "Марлин", "مارلين"])
def test_a_name_is_found_in_other_scripts(asked: str) -> None:
    with open_index(":memory:") as index:
        index.add(with_names({"Marlin", "Марлин", "Мерлин", "مارلين"}), annotate=False)

        found = index.search(asked, translate=True)

    assert {"en0", "en1", "en2", "ru0", "ru1", "ar0", "ar1"} == ids(found)


@pytest.mark.parametrize(("named", "found"), [(["Марлин"], []), (["Марлин", "Марлина"], ["марлина"])])
def test_a_form_whose_stem_is_a_name_has_to_be_one_too(named: list[str], found: list[str]) -> None:
    texts = {"en": ["Marlin"], "ru": ["Марлина", "Марлина", "Марлин"]}
    with open_index(":memory:") as index:
        for language, names in texts.items():
            for number, name in enumerate(names):
                who = (Mention(name, "person", 0, len(name)),) if name in ("Marlin", *named) else ()
                article = Article(f"{language}{number}", "", f"{name}.", language=language, mentions=who)
                index.add([article], annotate=False)

        translations = index.search("Marlin", translate=True).translations

    assert found == [one.word for one in translations.get("Marlin", ())]


def test_a_name_of_another_script_is_taken_back() -> None:
    with open_index(":memory:") as index:
        index.add(with_names({"Marlin", "Марлин", "مارلين"}), annotate=False)

        found = index.search("Marlin -Марлин", translate=True)

    assert ["مارلين"] == [one.word for one in found.translations["Marlin"]]


def test_a_word_that_sounds_like_a_name_and_is_none_is_not_found() -> None:
    with open_index(":memory:") as index:
        index.add(with_names({"Marlin"}), annotate=False)

        assert {} == index.search("Marlin", translate=True).translations


def test_words_are_looked_for_beside_synonyms() -> None:
    with open_index(":memory:") as index:
        index.add(articles(), annotate=False)
        index.synonyms = Synonyms().add("climate => power")

        found = index.search("climate", translate=True)

    assert {"en0", "en1", "en2", "de0", "de1", "ru0", "ru1"} == ids(found)


def test_a_translation_finds_words_of_its_language_alone() -> None:
    with open_index(":memory:") as index:
        index.add(articles(), annotate=False)
        index.add([Article("name", "", "Klima is a town.", language="en")], annotate=False)

        found = index.search("climate", translate=True)

    assert "name" not in ids(found)


def test_a_translation_into_a_language_without_stems_takes_no_endings_of_others() -> None:
    texts = {
        "en": ["The army came to the town.", "The army is there.", "They are armed men.", "Armed men came."],
        "hr": ["Arm je danas ovdje.", "Arm stoji u gradu."],
    }
    with open_index(":memory:") as index:
        given = [
            Article(f"{code}{at}", "", text, language=code)
            for code, some in texts.items()
            for at, text in enumerate(some)
        ]
        index.add(given, annotate=False)

        assert {"en0", "en1", "hr0", "hr1"} == ids(index.search("army", translate=True))


def test_no_translation_is_offered_of_what_may_be_a_name_or_a_slip(index: Index) -> None:
    """Of a word that stands in no article and has a capital, or that the vocabulary does not hold whole."""
    index.search("money", translate=True)
    offered: list[str] = []
    for word in ("cash", "Cash", "Finance", "Money", "moneymaking"):
        search = Search(word)
        offered += index.hints.advise(search, index.search(search)).translations()

    assert ["cash", "Money"] == offered


def test_no_translation_is_offered_of_words_that_only_ask() -> None:
    with open_index(":memory:") as index:
        spoken = (Article(f"said{n}", body=f"Der Wirt sagte {n} Sätze.", language="de") for n in range(2))
        index.add([*articles(), *spoken], annotate=False)
        index.search("money", translate=True)
        search = Search("qué dijo clima")

        assert ["clima"] == [*index.hints.advise(search, index.search(search)).translations()]


@pytest.mark.parametrize(
    ("asked", "named", "translated"),
    [("money", 1, True), ("money", 2, False), ("Money", 0, True), ("Money", 1, False)],
)
def test_what_mostly_names_somebody_is_no_word(asked: str, named: int, translated: bool) -> None:
    """A capital makes a name more likely, and German gives every noun one. Four articles have “money”."""
    with open_index(":memory:") as index:
        index.add(articles(), annotate=False)
        for number in range(2):
            who = (Mention("Money", "person", 0, 5),) if number < named else ()
            index.add([Article(f"name{number}", "", "Money left.", mentions=who)], annotate=False)

        assert translated is (asked in index.search(asked, translate=True).translations)


def test_a_word_that_one_of_many_articles_takes_for_a_name_is_a_word() -> None:
    with open_index(":memory:") as index:
        index.add(articles(), annotate=False)
        for number in range(3):
            who = (Mention("Money", "person", 0, 5),) if not number else ()
            index.add([Article(f"name{number}", "", "Money left.", mentions=who)], annotate=False)

        assert "Money" in index.search("Money", translate=True).translations


def test_the_words_of_an_index_are_read_without_haste(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long that takes, the question that it is done for is answered."""
    clock, read = SimpleNamespace(now=0.0), across.WordTable.from_engine

    def slowly(*given: Any) -> across.WordTable:
        clock.now += 100
        return read(*given)

    monkeypatch.setattr(across.WordTable, "from_engine", slowly)
    monkeypatch.setattr(deadline, "time", SimpleNamespace(monotonic=lambda: clock.now))
    with open_index(":memory:", patience=5) as index:
        index.add(articles(), annotate=False)

        assert 6 == index.search("climate", translate=True).total


def test_a_word_of_several_pieces_is_believed_less(index: Index) -> None:
    """“moneymaking” is as near to “Geld” as “cash” is."""
    texts = [Article(f"m{n}", "", f"Moneymaking, {n}.", language="en") for n in range(2)]
    with open_index(":memory:") as own:
        own.add([*articles(), *texts], annotate=False)
        pieces = own.search("moneymaking", translate=True).translations["moneymaking"]
    whole = index.search("cash", translate=True).translations["cash"]

    assert max(one.belief for one in pieces) < 0.1 < max(one.belief for one in whole)


def test_a_word_of_several_pieces_that_no_article_has_is_mostly_a_name(index: Index) -> None:
    assert {} == index.search("moneymaking", translate=True).translations


def test_a_rare_word_is_no_translation(index: Index) -> None:
    assert {} == index.search("changing", translate=True).translations


def test_quotations_are_found_across(index: Index) -> None:
    found = index.quotes("climate", speaker="Quill", min_confidence=0, translate=True)

    assert {"en1", "de1", "ru1"} == ids(found)


def test_what_articles_are_about_is_found_across(index: Index) -> None:
    found = index.statements(speaker="Quill", about="climate", min_confidence=0, translate=True)

    assert {"en1", "de1", "ru1"} == {place.article.id for hit in found for place in hit.places}
    assert ["climate"] == list(found.translations)


def test_counting_goes_across(index: Index) -> None:
    assert 6 == index.count("climate", translate=True)


class TestFile:
    """The words of an index in a folder are kept beside it."""

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        with open_index(tmp_path) as index:
            index.add(articles(), annotate=False)
            index.search("climate", translate=True)
        return tmp_path

    def test_it_is_verified(self, folder: Path) -> None:
        file = folder / TRANSLATIONS
        whole = file.read_bytes()
        with open_index(folder) as index:
            before = index.verify()
            file.write_bytes(whole[:300] + bytes([whole[300] ^ 1]) + whole[301:])
            after = index.verify()

        assert ((), (TRANSLATIONS,)) == (before, after)

    @pytest.mark.parametrize("left", [b"", b"junk"])
    def test_one_that_is_damaged_is_made_again(self, folder: Path, left: bytes) -> None:
        (folder / TRANSLATIONS).write_bytes(left)
        with open_index(folder) as index:
            found = index.search("climate", translate=True)

            assert (6, ()) == (found.total, index.verify())

    def test_it_is_brought_up_to_date(self, folder: Path) -> None:
        with open_index(folder) as index:
            more = [Article(f"es{n}", "", "El clima cambia.", language="es") for n in range(2)]
            index.add(more, annotate=False)

            assert 8 == index.count("climate", translate=True)


def test_a_search_in_one_language_loads_nothing_of_it(tmp_path: Path) -> None:
    with open_index(tmp_path) as index:
        index.add(articles(), annotate=False)
    ask = "import sys, searcher; searcher.open_index(sys.argv[1]).search('climate'); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", ask, str(tmp_path)], capture_output=True, text=True)

    assert {"searcher.extensions.languages.across", "numpy", "searcher.extract"}.isdisjoint(
        loaded.stdout.split()
    )


def test_a_question_uses_the_words_read_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words_across, "_FEW_ARTICLES", 0)
    with open_index(":memory:") as index:
        index.add(articles(), annotate=False)
        index.search("money", translate=True)
        monkeypatch.setattr(across.WordTable, "from_engine", lambda *_: pytest.fail("read inside a question"))
        index.add([Article("later", body="Une histoire de clavecin.", language="fr")], annotate=False)

        assert index.search("money", translate=True).translations


def test_the_words_of_an_index_twice_as_large_are_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words_across, "_FEW_ARTICLES", 0)
    with open_index(":memory:") as index:
        index.add([Article("first", body="A story.")], annotate=False)
        before = index.search("money", translate=True).translations
        index.add(articles(), annotate=False)

        assert (False, True) == (bool(before), bool(index.search("money", translate=True).translations))
