"""Which values a name asks for, and who speaks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest

from searcher.names.decisions import Curation
from searcher.names.normalise import person_mark
from searcher.names.rules import Rules
from searcher.names.table import (
    SAID_BY,
    VALUE_KINDS,
    Identities,
    PlainTable,
    exact_query,
    weights_by_kind,
    without_exact_mark,
)


def table(
    decided: Curation | None = None, said_by: Iterable[str] = (), **counts: Mapping[str, int] | Iterable[str]
) -> PlainTable:
    """The names of values of fields, each in one article unless said otherwise."""
    given = {
        name: values if isinstance(values, Mapping) else dict.fromkeys(values, 1)
        for name, values in counts.items()
    }
    known = {kind: given.get(kind, {}) for kind in VALUE_KINDS}
    return PlainTable(Identities(decided).rules, weights_by_kind(known, said_by))


def test_an_exact_name_answers_alone() -> None:
    names = table(person=["Ada Quill", "Ada Quill Moss"])

    assert {"Ada Quill"} == names.names_meant("person", "ada quill")


def test_a_surname_that_goes_by_a_full_name_asks_for_that_one() -> None:
    names = table(person={"Ada Quill": 90, "Quill": 3, "Ben Quill": 1})

    assert {"Ada Quill"} == names.names_meant("person", "Quill")


def test_a_surname_of_several_asks_for_everybody_who_has_it() -> None:
    names = table(person=["Quill", "Ada Quill", "Ben Quill", "Bo Moss"])

    assert {"Quill", "Ada Quill", "Ben Quill"} == names.names_meant("person", "quill")


def test_a_person_hidden_by_a_full_name_does_not_come_back_as_an_organisation() -> None:
    hidden = Curation().rename("person", "Ada Quill", "Ada Q. Stone").ignore("person", "Ada Q. Stone")
    organisations = {"Quill": 1, person_mark("Quill"): 6}
    names = table(hidden, person={"Ada Quill": 50, "Quill": 6}, organisation=organisations)

    assert ("person", None) == names.kind_and_name("person", "Quill")


def test_an_acronym_in_capitals_asks_for_no_speaker_with_that_syllable() -> None:
    names = table(person=["Kim Jong-Un"], organisation={"UN": 9}, speaker=["Kim Jong-Un", "UN"])

    assert {"UN"} == names.names_meant("speaker", "UN")


def test_a_surname_in_capitals_asks_for_its_bearer_of_more_articles() -> None:
    names = table(person={"Ada Quill": 9}, organisation={"QUILL": 1})

    assert {"Ada Quill", "QUILL"} == names.names_meant("speaker", "QUILL")


def test_a_form_of_a_person_finds_the_body_that_is_shown_by_that_name_too() -> None:
    names = table(person={"Judas Quill": 9, "Quill": 1}, organisation={"Judas Quill": 20})

    assert {"Judas Quill", "Quill"} == names.values_meant("speaker", ["Quill"])


def test_part_of_a_name_answers_for_all_who_bear_it() -> None:
    names = table(organisation=["Norvane Harbour Trust", "Harbour Trust of Skerry", "Harbour Weekly"])

    assert {"Norvane Harbour Trust", "Harbour Trust of Skerry"} == names.names_meant(
        "organisation", "trust harbour"
    )


def test_any_form_of_a_name_asks_for_it() -> None:
    people = table(person={"Ada Quill": 5, "Ada J. Quill": 1})
    bodies = table(organisation=["Skerry Rowing Association", "Norvane"])

    assert {"Ada Quill"} == people.names_meant("person", "ada j quill")
    assert {"Skerry Rowing Association"} == bodies.names_meant("organisation", "sra")
    assert {"Norvane"} == bodies.names_meant("organisation", "The Norvane Company")


def test_a_form_that_no_article_gives_asks_for_the_name_that_it_would_go_by() -> None:
    names = table(organisation=["International Monetary Fund"])

    assert {"International Monetary Fund"} == names.names_meant("organisation", "IMF")
    assert {"International Monetary Fund"} == names.values_meant("organisation", ["I.M.F."])


def test_an_acronym_may_be_asked_for_in_small_letters() -> None:
    names = table(organisation=["World Trade Organization"] * 3)

    assert {"World Trade Organization"} == names.names_meant("organisation", "w.t.o.")


def test_only_what_may_be_an_acronym_is_asked_for_in_capitals_too(monkeypatch: pytest.MonkeyPatch) -> None:
    names = table(organisation=["Norvane Quay", "Nora Quill"])
    decided: list[Mapping[str, int]] = []
    decide = Rules.names

    def counted(rules: Rules, kind: str, weights: Mapping[str, int]) -> dict[str, str | None]:
        decided.append(weights)
        return decide(rules, kind, weights)

    monkeypatch.setattr(Rules, "names", counted)

    assert frozenset() == names.names_meant("organisation", "nils quist")
    assert [{"nils quist": 0, "Norvane Quay": 1, "Nora Quill": 1}] == decided


def test_signs_of_a_tag_tell_it_from_others() -> None:
    assert {"C++"} == table(tag=["C", "C++", "C#"]).names_meant("tag", "c++")


def test_a_value_is_found_without_its_signs() -> None:
    assert {"Harbour-Weekly"} == table(source=["Harbour-Weekly"]).names_meant("source", "harbour weekly")


def test_nothing_answers_to_nothing() -> None:
    assert frozenset() == table(person=["Ada Quill"]).names_meant("person", "?")


def test_tags_want_the_whole_value() -> None:
    assert frozenset() == table(tag=["Harbour Weekly"]).names_meant("tag", "weekly")


def test_authors_and_outlets_are_found_by_some_of_their_words() -> None:
    authors = table(author=["Ida Corn", "David Corn", "Corn Flake Desk"])

    assert {"Ida Corn", "David Corn", "Corn Flake Desk"} == authors.names_meant("author", "corn")
    assert {"David Corn"} == authors.names_meant("author", "corn david")


@pytest.mark.parametrize("asked", ["US", "u.s.", "USA", "united states", "United States of America"])
def test_a_country_is_asked_for_by_any_form(asked: str) -> None:
    assert {"U.S."} == table(place=["U.S.", "Georgia"]).names_meant("place", asked)


def test_a_value_with_just_these_words_comes_before_longer_ones() -> None:
    assert {"The Post"} == table(source=["The Post", "The Harbour Post"]).names_meant("source", "the post")


def test_languages_go_by_their_names() -> None:
    languages = table(language=["de", "en"])

    assert {"de"} == languages.names_meant("language", "German")
    assert frozenset() == languages.names_meant("language", "weekly")


def test_who_is_named_and_who_speaks_are_one() -> None:
    names = table(person={"Ada Quill": 90}, speaker=["Quill"])

    assert "Ada Quill" == names.name_of("speaker", "Quill")
    assert {"Ada Quill", "Quill"} == names.values_meant("speaker", ["Ada Quill"])


def test_a_speaker_is_the_body_that_the_value_mostly_names() -> None:
    names = table(
        person={"Ford": 1, "Ada Ford": 90}, organisation={"Ford": 3, "Ford Ltd": 9}, speaker=["Ford"]
    )

    assert ("Ford Ltd", "Ada Ford") == (names.name_of("speaker", "Ford"), names.name_of("person", "Ford"))


def test_who_has_no_name_is_asked_for_by_what_is_said_of_him() -> None:
    names = table(person=["Ada Quill"], said_by=["a nurse", "A nurse"])

    assert {"a nurse", "A nurse"} == names.values_meant(SAID_BY, ["nurse"])


def test_decisions_about_people_and_bodies_hold_for_speakers() -> None:
    decided = (
        Curation().merge("person", "Ada Quill", ["A. Quill"]).rename("organisation", "FT", "Financial Times")
    )
    names = table(decided, speaker=["A. Quill", "FT"], organisation=["FT"])

    assert ("Ada Quill", "Financial Times") == names.names_of("speaker", ["A. Quill", "FT"])


def test_asking_for_the_old_name_finds_the_new_one() -> None:
    names = table(Curation().rename("organisation", "Facebook", "Meta"), organisation=["Meta", "Scale AI"])

    assert {"Meta"} == names.names_meant("organisation", "Facebook")


def test_asking_for_the_new_name_finds_articles_with_the_old_one() -> None:
    names = table(
        Curation().rename("organisation", "Facebook", "Meta"), organisation=["Facebook", "Scale AI"]
    )

    assert {"Facebook"} == names.values_meant("organisation", ["Meta"])


def test_who_is_nobody_by_a_decision_has_no_name() -> None:
    names = table(Curation().ignore("person", "Ada Quill"), person=["ADA QUILL", "Bo Moss"])

    assert ("Bo Moss",) == names.names_of("person", ["ADA QUILL", "Bo Moss"])


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("=Quill", {"Quill"}),
        ("=quill", {"Quill"}),
        ("=Ada Quill", {"Ada Quill"}),
        ("=Nobody", set()),
        ("=2+2", {"=2+2"}),
    ],
)
def test_a_name_of_one_word_is_asked_for_alone(asked: str, meant: set[str]) -> None:
    names = table(person=["Quill", "Ada Quill", "Ben Quill", "Bo Moss", "=2+2"])

    assert meant == names.names_meant("person", asked)
    assert meant == names.values_meant("speaker", [asked])


def test_how_a_name_is_asked_for_alone() -> None:
    asked = [
        exact_query(field, name)
        for field, name in (("person", "Quill"), ("speaker", "NATO"), ("person", "Ada Quill"), ("tag", "red"))
    ]
    bodies = [exact_query("organisation", name) for name in ("EC", "Norvane", "NORVANE AI")]

    assert ["=Quill", "=NATO", "Ada Quill", "red"] == asked
    assert ["=EC", "Norvane", "NORVANE AI"] == bodies
    assert ["Quill", "EC", "=x"] == [
        without_exact_mark("person", "=Quill"),
        without_exact_mark("organisation", "=EC"),
        without_exact_mark("tag", "=x"),
    ]


def test_an_acronym_that_stands_alone_asks_for_what_articles_explain_it_by_too() -> None:
    names = table(organisation={"EC": 9, "European Community": 3, "EC = European Community": 1})

    assert {"EC", "European Community"} == names.names_meant("organisation", "ec")
    assert {"EC"} == names.names_meant("organisation", "=EC")
    assert {"European Community"} == names.names_meant("organisation", "European Community")
