"""Who is who across articles."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.article import Article, Mention
from searcher.names.decisions import Curation
from searcher.names.doubts import forms
from searcher.names.table import Identities
from tests.names import resolve
from tests.names.test_nearness import COMPANY, article, names_in

NAMES = st.dictionaries(
    st.lists(
        st.sampled_from(["Ada", "Ben", "B.", "van", "Quill", "Moss", "Moss-Quill", "É", "Inc"]),
        min_size=1,
        max_size=4,
    ).map(" ".join),
    st.integers(1, 9),
    max_size=12,
)
#: What a ministry is for, in as many words as are looked at beside “Ministry”: 15.
LONG_CONCERN = "Tide and " * 7 + "Coast"


def people(*names: str, **counted: int) -> dict[str, str]:
    counts = dict.fromkeys(names, 1) | counted
    return resolve("person", counts)


def bodies(*names: str) -> dict[str, str]:
    return resolve("organisation", dict.fromkeys(names, 1))


def in_company(counts: dict[str, int]) -> dict[str, str | None]:
    """The names of bodies of which each has so many articles, all in one company."""
    names = names_in(
        *(article(*COMPANY, bodies=[name]) for name, count in counts.items() for _ in range(count))
    )
    return {name: names.name_of("organisation", name) for name in counts}


def test_spellings_are_one_name_shown_as_it_is_written_most() -> None:
    found = resolve("person", {"Zoë Marlowe": 3, "Zoe Marlowe": 1, "ZOE MARLOWE": 1})

    assert {"Zoë Marlowe"} == set(found.values())


def test_of_spellings_as_frequent_the_one_with_accents_is_shown() -> None:
    found = resolve("person", {"ZOE MARLOWE": 2, "Zoe Marlowe": 2, "Zoé Marlowe": 2})

    assert {"Zoé Marlowe"} == set(found.values())


def test_a_lone_surname_joins_nobody_of_whom_no_article_tells() -> None:
    assert "Lindqvist" == people("Lindqvist", **{"Ada Lindqvist": 9})["Lindqvist"]


def test_a_lone_surname_joins_the_bearer_who_has_nearly_all_of_many_articles() -> None:
    assert "Ada Quill" == people("Quill", **{"Ada Quill": 450, "Ben Quill": 50})["Quill"]
    assert "Quill" == people("Quill", **{"Ada Quill": 449, "Ben Quill": 50})["Quill"]


def test_two_surnames_with_a_hyphen_are_no_bearer_of_the_second() -> None:
    assert "Ada Quill" == people("Quill", **{"Ada Quill": 62, "Moss-Quill": 8})["Quill"]
    assert "Quill" == people("Quill", **{"Moss-Quill": 12})["Quill"]


def test_a_particle_with_a_hyphen_belongs_to_the_surname() -> None:
    assert "al-Quill" == people("Quill", **{"al-Quill": 60})["Quill"]


def test_one_person_in_two_spellings_is_one_bearer() -> None:
    assert (
        "Ada Quill"
        == people("ADA QUILL", "Ada J. Quill", "Quill", **{"Ada Quill": 450, "Ben Quill": 50})["Quill"]
    )


def test_a_first_name_is_no_surname() -> None:
    assert "Ada" == people("Ada", **{"Ada Quill": 90})["Ada"]


def test_a_surname_may_have_particles() -> None:
    found = people("van Houten", "Houten", **{"Lotte van Houten": 50})

    assert {"Lotte van Houten"} == set(found.values())


def test_an_initial_in_the_middle_does_not_make_another_person() -> None:
    found = resolve("person", {"Ada J. Quill": 1, "Ada Quill": 2, "Ada Jane Quill": 1})

    assert {"Ada Quill"} == set(found.values())


def test_a_name_in_full_is_the_same_person() -> None:
    assert {"Ada Quill"} == set(people("Ada Marlowe Quill", **{"Ada Quill": 2}).values())


def test_names_in_full_that_differ_are_two_people() -> None:
    found = people("Ada Marlowe Quill", "Ada Jane Quill", "Ada Quill")

    assert {name: name for name in found} == found


@pytest.mark.parametrize("other", ["Ada K. Quill", "Ada Kim Quill"])
def test_two_initials_in_the_middle_are_two_people(other: str) -> None:
    found = people("Ada J. Quill", "Ada Quill", other)

    assert {name: name for name in found} == found


@pytest.mark.parametrize("other", ["The Harbour Weekly", "Harbour Weekly Ltd.", "HARBOUR WEEKLY"])
def test_a_body_is_one_with_and_without_legal_form_and_article(other: str) -> None:
    assert 1 == len(set(bodies("Harbour Weekly", other).values()))


@pytest.mark.parametrize(
    "other", ["Organization for Coastal Defense Policy", "Organisation of Coastal Defence Policy"]
)
def test_a_body_is_one_in_british_and_american_spelling_and_with_other_small_words(other: str) -> None:
    assert 1 == len(set(bodies("Organisation for Coastal Defence Policy", other).values()))


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Fisheries Department", "Department of Fisheries"),
        ("Fisheries Ministry", "Ministry of the Fisheries"),
        ("Tide and Coast Department", "Dept. for Tide and Coast"),
        ("U.S. Fisheries Department", "United States Department of Fisheries"),
        ("UN Tide Council", "United Nations Tide Council"),
        ("Quill, Moss and Co Inc", "Quill Moss"),
        ("Skerry Oil A/S", "Skerry Oil"),
        ("Skerry Oil PJSC", "PJSC Skerry Oil"),
        ("ПАО «Скерри»", "Скерри"),
        ("Federal Reserve", "U.S. Federal Reserve"),
        ("Norvane Bank", "Norvane Bank" + " Inc" * 1300),
        (f"{LONG_CONCERN} Ministry", f"Ministry of {LONG_CONCERN}"),
    ],
)
def test_a_body_is_one_in_two_ways_of_writing_it(name: str, other: str) -> None:
    assert 1 == len(set(bodies(name, other).values()))


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Fisheries Department", "Fisheries Ministry"),
        ("Skerry Fire Department", "Department of Skerry Fire"),
        ("U.S. Department of Defense", "Department of Defence"),
        ("U.S. Tide Council", "Tide Council"),
        ("Skerry University", "University of Skerry"),
        (f"Oil {LONG_CONCERN} Ministry", f"Ministry of Oil {LONG_CONCERN}"),
    ],
    ids=["another office", "a town's", "of other states too", "not known", "often two", "too long for one"],
)
def test_bodies_with_like_names_are_two(name: str, other: str) -> None:
    assert 2 == len(set(bodies(name, other).values()))


@pytest.mark.parametrize("name", ["U.S. Fisheries Department", "US Fisheries Department"])
def test_an_acronym_has_the_initials_of_an_office_as_it_is_named_in_full(name: str) -> None:
    assert name == in_company({name: 2, "USDF": 1})["USDF"]


@pytest.mark.parametrize(
    ("state", "letters"),
    [
        ("US", "US"),
        ("U.S.", "US"),
        ("United States", "US"),
        ("UK", "UK"),
        ("U.K.", "UK"),
        ("United Kingdom", "UK"),
        ("UN", "UN"),
        ("U.N.", "UN"),
        ("United Nations", "UN"),
        ("EU", "EU"),
        ("E.U.", "EU"),
        ("European Union", "EU"),
    ],
)
def test_an_acronym_has_both_letters_of_a_state(state: str, letters: str) -> None:
    full = f"{state} Medicines Court"
    counts = {full: 5, f"{letters}MC": 1, f"{letters[1:]}MC": 1, f"{state} Survey": 5, f"{letters[1:]}S": 1}

    assert {name: name for name in counts} | {f"{letters}MC": full} == (in_company(counts))


def test_an_acronym_joins_the_survey_of_a_state() -> None:
    full = "United States Geological Survey"

    assert full == in_company({full: 2, "USGS": 1})["USGS"]


@pytest.mark.parametrize("name", ["U.S. Army", "US Army", "United States Army"])
def test_a_state_has_no_acronym_of_a_body_of_its_own(name: str) -> None:
    assert "USA" == in_company({name: 5, "USA": 1})["USA"]


def test_a_body_and_its_part_are_two() -> None:
    assert 2 == len(set(bodies("Marlowe", "Marlowe AI").values()))


def test_well_known_short_forms_join_the_full_name_where_both_occur() -> None:
    assert "Federal Reserve" == bodies("Fed", "Federal Reserve")["Fed"]


@pytest.mark.parametrize("short", ["SRA", "S.R.A."])
def test_an_acronym_joins_the_full_name_with_its_initials(short: str) -> None:
    full = "Skerry Rowing Association Ltd"

    assert {full: full, short: full} == in_company({full: 2, short: 1})


def test_an_acronym_that_is_no_rarer_than_the_full_name_stays() -> None:
    assert "SRA" == in_company({"Skerry Rowing Association": 2, "SRA": 2})["SRA"]


def test_a_company_is_no_acronym() -> None:
    assert "SRA" == in_company({"Skerry Rowing Association": 9, "SRA Inc": 1, "SRA": 2})["SRA"]


def test_an_acronym_of_two_bodies_joins_the_one_that_has_nearly_all_articles() -> None:
    counts = {"Skerry Rowing Association": 9, "Salt Road Authority": 1, "SRA": 5}
    nearly = {**counts, "Skerry Rowing Association": 8}

    assert "Skerry Rowing Association" == in_company(counts)["SRA"]
    assert "SRA" == in_company(nearly)["SRA"]


def test_initials_alone_are_not_enough() -> None:
    assert "SRA" == resolve("organisation", {"Skerry Rowing Association": 90, "SRA": 1})["SRA"]


def test_a_word_is_no_acronym() -> None:
    assert "Sra" == bodies("Skerry Rowing Association", "Sra")["Sra"]


def test_a_short_form_alone_stays() -> None:
    assert {"Fed": "Fed"} == bodies("Fed")


def test_a_body_has_no_surname() -> None:
    assert "Weekly" == bodies("Harbour Weekly", "Weekly")["Weekly"]


def test_values_that_differ_in_case_are_one() -> None:
    counts = {"News": 1, "news": 1, "Sport": 1, "sport": 2, "C": 1, "C++": 1}
    shown = {"News": "News", "news": "News", "Sport": "sport", "sport": "sport", "C": "C", "C++": "C++"}

    assert shown == resolve("section", counts)


@pytest.mark.parametrize(
    "other",
    [
        "Skerry Guardian",
        "THE SKERRY GUARDIAN",
        "The Skerry Guardian (Final Edition)",
        "The Skerry Guardian - Online",
        "Skerry Guardian, Print Edition",
        "© 2024 Skerry Guardian",
        "Skerry Guardian. Copyright 2024 Skerry Media",
        "www.theskerryguardian.co.uk",
        "skerryguardian.com",
        "skerryguardian.com.",
    ],
)
def test_a_source_is_one_without_edition_copyright_and_address(other: str) -> None:
    counts = {"The Skerry Guardian": 5, other: 2}

    assert {"The Skerry Guardian"} == set(resolve("source", counts).values())


@pytest.mark.parametrize(
    "other", ["The Skerry Guardian (Norvane)", "Skerry Guardian Weekly", "Guardian", "The"]
)
def test_sources_of_other_places_and_names_are_others(other: str) -> None:
    assert other == resolve("source", {"The Skerry Guardian": 5, other: 1})[other]


def test_an_author_is_one_in_any_case_and_with_by() -> None:
    counts = {"Zoë Marlowe": 3, "ZOE MARLOWE": 2, "By Zoe Marlowe": 1}

    assert {"Zoë Marlowe"} == set(resolve("author", counts).values())


def test_a_country_is_one_in_full_and_by_its_letters() -> None:
    counts = {"US": 5, "U.S.": 3, "United States": 2, "UK": 2, "U.K.": 1, "Us Valley": 1}

    assert {
        "US": "US",
        "U.S.": "US",
        "United States": "US",
        "UK": "UK",
        "U.K.": "UK",
        "Us Valley": "Us Valley",
    } == (resolve("place", counts))


def test_decisions_hold_for_sources_and_authors() -> None:
    decided = Identities(Curation().merge("source", "Gazette", ["Skerry Gazette"]).ignore("author", "Staff"))

    assert {"Gazette"} == set(resolve("source", {"The Skerry Gazette": 9, "Gazette": 1}, decided).values())
    assert {} == resolve("author", {"staff": 3}, decided)


def test_stories_are_left_alone() -> None:
    assert {"a1": "a1", "A1": "A1"} == resolve("story", {"a1": 1, "A1": 1})


@pytest.mark.parametrize("field", ["person", "organisation", "speaker"])
@given(counts=NAMES)
def test_every_value_gets_a_name_and_a_name_is_its_own(field: str, counts: dict[str, int]) -> None:
    found = resolve(field, counts)

    assert counts.keys() == found.keys()
    assert all(found[name] == name for name in found.values())


# People who are organisations


def who(*others: Article, decided: Curation | None = None) -> str | None:
    """The person that “Norvane” is, which three articles call an organisation."""
    names = names_in(*(article(bodies=["Norvane"]) for _ in range(3)), *others, decided=decided)
    return names.name_of("person", "Norvane")


def test_a_person_whom_most_articles_call_an_organisation_is_nobody() -> None:
    assert who(article("Norvane")) is None


@pytest.mark.parametrize(
    "others",
    [
        [article("Norvane"), article("Norvane")],
        [replace(article("Norvane"), body="Mr. Norvane", mentions=(Mention("Norvane", "person", 4, 11),))],
        [article("Norvane"), article("Ada Norvane")],
    ],
    ids=["too many articles", "a title", "a full name"],
)
def test_a_person_by_some_evidence_stays_one(others: list[Article]) -> None:
    assert "Norvane" == who(*others)


def test_a_first_name_stays_a_person() -> None:
    names = names_in(*(article(bodies=["Ada"]) for _ in range(9)), article("Ada"))

    assert "Ada" == names.name_of("person", "Ada")


def test_a_person_kept_apart_by_hand_is_no_organisation() -> None:
    assert "Norvane" == who(article("Norvane"), decided=Curation().split("person", "Norvane"))


def test_the_forms_of_an_organisation_say_that_a_person_was_meant() -> None:
    names = names_in(*(article(bodies=["Norvane"]) for _ in range(3)), article("Norvane"))

    assert {"Norvane": [("Norvane", 3), ("Norvane", 1)]} == {
        name: [(form.form, form.articles) for form in of]
        for name, of in forms(names, "organisation", "Norvane").items()
    }


# What was decided by hand


def test_merged_names_are_one() -> None:
    names = Identities(Curation().merge("person", "Ada Quill", ["A. Quill", "Adalind Quill"]))
    found = resolve("person", {"Ada Quill": 1, "A. Quill": 7, "adalind quill": 1}, names)

    assert {"Ada Quill"} == set(found.values())


def test_a_surname_joins_those_merged_as_one_bearer() -> None:
    names = Identities(Curation().merge("person", "Ada Quill", ["Adalind Quill"]))

    assert (
        "Ada Quill" == resolve("person", {"Ada Quill": 60, "Adalind Quill": 50, "Quill": 1}, names)["Quill"]
    )


def test_a_renamed_person_takes_the_surname_along() -> None:
    names = Identities(Curation().rename("person", "Ada Lindqvist", "Ada Lindqvist (poet)"))

    assert {"Ada Lindqvist (poet)"} == set(
        resolve("person", {"Ada Lindqvist": 50, "Lindqvist": 1}, names).values()
    )


def test_a_name_is_spelt_as_it_was_decided() -> None:
    names = Identities(Curation().merge("person", "Ada Quill", ["A. Quill"]))

    assert {"Ada Quill"} == set(
        resolve("person", {"ADA QUILL": 9, "Ada Quill": 1, "A. Quill": 1}, names).values()
    )


def test_a_split_name_joins_nobody() -> None:
    names = Identities(Curation().split("person", "Quill"))

    assert "Quill" == resolve("person", {"Ada Quill": 50, "Quill": 1}, names)["Quill"]


def test_a_name_is_not_joined_with_the_one_that_it_is_not() -> None:
    names = Identities(Curation().add_difference("person", "Quill", "Ada Quill"))

    assert "Quill" == resolve("person", {"Ada Quill": 50, "Quill": 1}, names)["Quill"]


def test_an_ignored_name_is_left_out() -> None:
    names = Identities(Curation().ignore("organisation", "Llama"))

    assert {"Meta": "Meta"} == resolve("organisation", {"Meta": 1, "LLAMA": 2}, names)


def test_ignoring_the_full_name_ignores_the_surname_that_joined_it() -> None:
    names = Identities(Curation().ignore("person", "Ada Quill"))

    assert {} == resolve("person", {"Ada Quill": 1}, names)


def test_decisions_about_people_leave_bodies_alone() -> None:
    names = Identities(Curation().ignore("person", "Quill"))

    assert {"Quill": "Quill"} == resolve("organisation", {"Quill": 1}, names)
