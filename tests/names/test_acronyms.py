"""Acronyms that articles explain."""

from __future__ import annotations

import pytest

from searcher.article import Article, Mention
from searcher.names.decisions import Curation
from searcher.names.organisations import Explanation, explanations, read_explanations
from searcher.names.table import Identities
from tests.names import resolve


def article(written: str, name: str) -> Article:
    body = f"{written} met."
    return Article("1", "", body, mentions=(Mention(name, "organisation", 0, len(written)),))


@pytest.mark.parametrize("written", ["HQC", "H.Q.C.", "HQC’s", "HQC's"])
def test_an_article_explains_an_acronym_that_it_uses_for_a_full_name(written: str) -> None:
    assert ["HQC = Harbour Quay Council"] == list(explanations(article(written, "Harbour Quay Council")))


def test_an_acronym_in_the_title_is_looked_for_there() -> None:
    mention = Mention("Örtlicher Verband Bau", "organisation", 0, 3, part="title")

    assert ["ÖVB = Örtlicher Verband Bau"] == list(explanations(Article("1", "ÖVB", "", mentions=(mention,))))


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Harbour Quay Council", "Harbour Quay Council"),
        ("HQC", "HQC"),
        ("COUNCIL", "Harbour Quay Council"),
        ("HQ", "HQ Quarry"),
        ("FOUNDRIES", "Few Old Union Nurses Die Right In Every Spa"),
    ],
    ids=["no acronym", "no full name", "other letters", "part of the name", "too long"],
)
def test_what_is_no_acronym_of_a_full_name_is_not_explained(written: str, name: str) -> None:
    assert [] == list(explanations(article(written, name)))


def test_people_are_left_out() -> None:
    person = Article("1", "", "HQ met.", mentions=(Mention("Hal Quill", "person", 0, 2),))

    assert [] == list(explanations(person))


def test_explanations_are_told_from_names() -> None:
    values = ["HQC = Harbour Quay Council", "Harbour Quay Council", "this = that thing", "HQC"]

    assert {values[0]: Explanation("hqc", "harbor quay council")} == read_explanations(values)


@pytest.mark.parametrize("name", ["BBC = Big", "BBC = Big Bad Wolves", "BBC = "])
def test_a_name_that_looks_like_an_explanation_is_a_name(name: str) -> None:
    assert {name: name} == bodies({name: 2})


# Across articles


def bodies(counts: dict[str, int], curation: Curation | None = None) -> dict[str, str]:
    return resolve("organisation", counts, Identities(curation))


def test_an_acronym_goes_by_the_name_that_articles_explain_it_by() -> None:
    counts = {"HC": 9, "Harbour Council": 50, "Highland Court": 5, "HC = Harbour Council": 1}

    assert {
        "HC": "Harbour Council",
        "Harbour Council": "Harbour Council",
        "Highland Court": "Highland Court",
    } == bodies(counts)


def test_an_acronym_of_which_the_other_articles_tell_nothing_stands_alone() -> None:
    counts = {"HC": 9, "Harbour Council": 9, "HC = Harbour Council": 3}

    assert "HC" == bodies(counts)["HC"]


def test_what_more_articles_write_is_shown() -> None:
    counts = {"HC": 60, "H.C.": 2, "Harbour Council": 50, "HC = Harbour Council": 1}

    assert {"HC"} == set(bodies(counts).values())


def test_an_acronym_that_is_explained_in_two_ways_stands_for_neither() -> None:
    counts = {"HC": 9, "Harbour Council": 50, "Highland Court": 50}
    explained = {"HC = Harbour Council": 2, "HC = Highland Court": 1}

    assert "HC" == bodies(counts | explained)["HC"]


def test_one_other_use_in_ten_does_not_matter() -> None:
    counts = {"HC": 9, "Harbour Council": 50, "Highland Court": 50}
    explained = {"HC = The Harbour Council": 4, "HC = Harbour Council": 5, "HC = Highland Court": 1}

    assert "Harbour Council" == bodies(counts | explained)["HC"]


def test_an_acronym_with_full_stops_explains_nothing() -> None:
    counts = {"HC": 9, "H.C.": 3, "Harbour Council": 50, "HC = Harbour Council": 8, "HC = H.C.": 3}

    assert {"Harbour Council"} == {bodies(counts)[name] for name in ("HC", "H.C.", "Harbour Council")}


def test_what_articles_explain_comes_before_what_readers_know() -> None:
    counts = {"WTO": 1, "World Trade Organization": 5, "Wharf Tug Owners": 50, "WTO = Wharf Tug Owners": 1}

    assert "Wharf Tug Owners" == bodies(counts)["WTO"]


def test_a_decision_overrules_explanations() -> None:
    counts = {"HC": 1, "Harbour Council": 50, "HC = Harbour Council": 1}

    assert "HC" == bodies(counts, Curation().split("organisation", "HC"))["HC"]


def test_no_group_is_read_for_a_name_that_is_no_acronym() -> None:
    def unread(kind: str, group: str) -> dict[str, int]:
        raise AssertionError(f"{kind} {group}")

    assert [] == Identities().rules.explained_organisations("Hal Quill", unread)
