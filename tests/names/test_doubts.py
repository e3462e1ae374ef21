"""Why names are one, and where that is least sure."""

from __future__ import annotations

from typing import Any

import pytest

from searcher.names.decisions import Curation
from searcher.names.doubts import Candidate, NameDoubt, doubts, forms, full_names
from tests.names.test_nearness import COMPANY, article, names_in
from tests.names.test_table import table


@pytest.mark.parametrize(
    ("field", "counts", "asked", "expected"),
    [
        ("person", {"Ada Quill": 9, "ADA QUILL": 1}, "ada quill", {"ADA QUILL": "another spelling"}),
        (
            "person",
            {"Ada Quill": 9, "Ada J. Quill": 2},
            "Ada Quill",
            {"Ada J. Quill": "middle name or initial"},
        ),
        ("person", {"Ada Quill": 90, "Quill": 3}, "quill", {"Quill": "surname of this person mostly"}),
        (
            "organisation",
            {"Norvane": 9, "Norvane Ltd": 2},
            "Norvane",
            {"Norvane Ltd": "legal form, “the”, spelling or order of words"},
        ),
        ("organisation", {"World Health Organization": 9, "WHO": 2}, "WHO", {"WHO": "known short form"}),
        (
            "organisation",
            {"WHO": 9, "World Health Organization": 2},
            "WHO",
            {"World Health Organization": "in full, which fewer articles write"},
        ),
    ],
)
def test_every_form_of_a_name_says_why(
    field: str, counts: dict[str, int], asked: str, expected: dict[str, str]
) -> None:
    given: dict[str, Any] = {field: counts}
    ((name, found),) = forms(table(**given), field, asked).items()

    assert counts == {form.form: form.articles for form in found}
    assert {name: "as it is shown", **expected} == {form.form: form.why for form in found}


def test_an_acronym_that_articles_explain_says_so() -> None:
    explained = {"SRA = Skerry Rowing Association": 1}
    names = table(organisation={"Skerry Rowing Association": 50, "SRA": 9, **explained})
    ((name, found),) = forms(names, "organisation", "SRA").items()

    assert "Skerry Rowing Association" == name
    assert {"SRA": "acronym that articles explain", name: "as it is shown"} == {f.form: f.why for f in found}


@pytest.mark.parametrize(
    ("counts", "name", "expected"),
    [
        ({"WHO": 9, "World Health Organization": 2}, "WHO", "World Health Organization"),
        ({"Fed": 9, "Federal Reserve": 3, "U.S. Federal Reserve": 1}, "Fed", "Federal Reserve"),
        ({"Norvane": 9, "Norvane Ltd": 2}, "Norvane", None),
        ({"World Health Organization": 9, "WHO": 2}, "World Health Organization", None),
    ],
    ids=["acronym", "known short form", "legal form", "in full"],
)
def test_a_name_that_is_shown_short_has_a_full_form(
    counts: dict[str, int], name: str, expected: str | None
) -> None:
    found = full_names(table(organisation=counts), "organisation", [name])

    assert expected == found.get(name)


def test_a_form_that_was_decided_by_hand_says_so() -> None:
    decided = Curation().merge("source", "The Gazette", ["Gazette Weekly"])
    found = forms(table(decided, source={"Gazette Weekly": 2, "The Gazette": 1}), "source", "gazette")

    assert ["decided by hand", "as it is shown"] == [form.why for form in found["The Gazette"]]


def test_a_surname_that_may_be_somebodys_is_doubtful() -> None:
    full = [article("Ada Lindqvist", *COMPANY)] * 3
    found = doubts(names_in(*full, article("Lindqvist", *COMPANY), *[article("Lindqvist")] * 3), "person")

    assert [
        NameDoubt("Lindqvist", "Ada Lindqvist", False, 4, 1.0, (Candidate("Ada Lindqvist", 3, near=1),))
    ] == found


def test_a_join_is_doubtful_where_others_have_a_share() -> None:
    names = table(person={"Ada Moss": 1600, "Bo Moss": 60, "Moss": 9})
    bearers = (Candidate("Ada Moss", 1600, near=None), Candidate("Bo Moss", 60, near=None))

    assert [NameDoubt("Moss", "Ada Moss", True, 9, 0.964, bearers)] == doubts(names, "person")


def test_a_join_of_which_most_articles_tell_is_in_no_doubt() -> None:
    names = names_in(*[article("Ada Lindqvist", *COMPANY)] * 3, article("Lindqvist", *COMPANY))

    assert [] == doubts(names, "person")


def test_a_surname_of_which_nothing_tells_is_in_no_doubt_where_two_bear_it() -> None:
    names = names_in(article("Ada Lindqvist"), article("Bo Lindqvist"), article("Lindqvist"))

    assert [] == doubts(names, "person")


def test_what_was_decided_is_in_no_doubt() -> None:
    names = table(Curation().split("person", "Quill"), person={"Ada Quill": 80, "Ben Quill": 60, "Quill": 7})

    assert [] == doubts(names, "person")


def test_an_acronym_of_these_initials_says_so() -> None:
    full = article(*COMPANY, bodies=["Skerry Rowing Association"])
    found = forms(names_in(full, full, article(*COMPANY, bodies=["SRA"])), "organisation", "SRA")

    assert ["as it is shown", "acronym of this name mostly"] == [
        form.why for form in found["Skerry Rowing Association"]
    ]


def test_an_acronym_that_may_mean_two_bodies_is_doubtful() -> None:
    named = {"Skerry Rowing Association": 8, "Salt Road Authority": 2, "SRA": 3}
    names = names_in(
        *(article(*COMPANY, bodies=[name]) for name, count in named.items() for _ in range(count))
    )
    among = (Candidate("Skerry Rowing Association", 8, near=3), Candidate("Salt Road Authority", 2, near=3))

    assert [NameDoubt("SRA", "Skerry Rowing Association", False, 3, 0.8, among)] == doubts(
        names, "organisation"
    )


def test_how_sure_an_acronym_is_says_what_explains_it() -> None:
    bodies = {"Skerry Rowing Association": 50, "Salt Road Authority": 50, "SRA": 3}
    explained = {"SRA = Skerry Rowing Association": 19, "SRA = Salt Road Authority": 1}
    names = table(organisation={**bodies, **explained})
    among = (
        Candidate("Skerry Rowing Association", 19, near=None),
        Candidate("Salt Road Authority", 1, near=None),
    )

    assert [NameDoubt("SRA", "Skerry Rowing Association", True, 3, 0.95, among)] == doubts(
        names, "organisation"
    )


def test_an_acronym_of_which_no_article_gives_another_meaning_in_full_is_in_doubt() -> None:
    explained = {"SRA = Skerry Rowing Association": 8, "SRA = Salt Road Authority": 2}
    names = table(organisation={"Skerry Rowing Association": 50, "SRA": 3, **explained})
    among = (
        Candidate("Skerry Rowing Association", 8, near=None),
        Candidate("salt road authority", 2, near=0),
    )

    assert [NameDoubt("SRA", "Skerry Rowing Association", False, 3, 0.8, among)] == doubts(
        names, "organisation"
    )


def test_what_is_known_to_be_short_for_a_body_is_in_no_doubt() -> None:
    assert [] == doubts(table(organisation={"World Health Organization": 9, "WHO": 2}), "organisation")


def test_a_body_that_is_shown_by_its_acronym_is_told_in_full() -> None:
    explained = {"SRA = Skerry Rowing Association": 19, "SRA = Salt Road Authority": 1}
    names = table(organisation={"Skerry Rowing Association": 50, "SRA": 60, **explained})
    (found,) = doubts(names, "organisation")

    assert ("SRA", "Skerry Rowing Association", True) == (found.form, found.name, found.joined)


@pytest.mark.parametrize(
    ("curation", "why"),
    [
        (Curation().join("source", "The Gull", "Gull Times"), "articles of one host bear both names"),
        (Curation().merge("source", "The Gull", ["Gull Times"]), "decided by hand"),
        (Curation().join("source", "The Gull", "Gull Times").merge("source", "The Gull", ["Gull Times"]),
         "decided by hand"),
    ],
)  # fmt: skip
def test_what_the_program_has_joined_nobody_has_decided(curation: Curation, why: str) -> None:
    names = table(curation, source={"The Gull": 9, "Gull Times": 2, "The Gull (Online)": 1})
    found = forms(names, "source", "The Gull")["The Gull"]

    assert {"The Gull": "as it is shown", "Gull Times": why, "The Gull (Online)": "another spelling"} == {
        one.form: one.why for one in found
    }
