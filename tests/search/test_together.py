"""Who appears with whom."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from searcher import Article, Index, Mention, Search, open_index

PEOPLE = {
    "1": ("Mara Quill", "Tomas Reyl"),
    "2": ("Mara Quill", "Tomas Reyl", "Ida Sand"),
    "3": ("Ida Sand", "Tomas Reyl"),
    "4": ("Ida Sand", "Ole Brenk"),
    "5": ("Mara Quill",),
}


def article(id: str, people: tuple[str, ...]) -> Article:
    body = f"{' met '.join(people)} at Norvane."
    mentions = [Mention(name, "person", body.index(name), body.index(name) + len(name)) for name in people]
    at = body.index("Norvane")
    return Article(
        id,
        "Strike" if id in "12" else "",
        body,
        published=f"202{id}-01-01",  # type: ignore[arg-type]  # converted
        mentions=(*mentions, Mention("Norvane", "organisation", at, at + 7)),
    )


@pytest.fixture(scope="module")
def index() -> Iterator[Index]:
    with open_index(":memory:") as index:
        index.add([article(id, people) for id, people in PEOPLE.items()], annotate=False)
        yield index


def pairs(index: Index, *asked: object, **options: int) -> set[tuple[str, str, int]]:
    found = index.names.network(*asked, **options)  # type: ignore[arg-type]
    return {(link.one.name, link.other.name, link.articles) for link in found.links}


def test_those_beside_somebody_with_how_often(index: Index) -> None:
    found = index.names.network("Quill")
    assert found.center is not None

    assert ("Mara Quill", "person", 3) == (found.center.name, found.center.kind, found.center.articles)
    assert [("Norvane", 3), ("Tomas Reyl", 2), ("Ida Sand", 1)] == [
        (link.other.name, link.articles) for link in found.center_links
    ]
    assert {"Norvane": 5, "Tomas Reyl": 3, "Ida Sand": 3} == {one.name: one.articles for one in found.names}


def test_those_beside_are_linked_to_one_another_everywhere(index: Index) -> None:
    assert {("Tomas Reyl", "Ida Sand", 2), ("Norvane", "Tomas Reyl", 3), ("Norvane", "Ida Sand", 3)} == {
        pair for pair in pairs(index, "Quill") if pair[0] != "Mara Quill"
    }


def test_an_organisation(index: Index) -> None:
    assert ("Norvane", "Ole Brenk", 1) in pairs(index, "norvane")


def test_in_what_a_query_finds(index: Index) -> None:
    assert {("Mara Quill", "Norvane", 2), ("Mara Quill", "Tomas Reyl", 2)} == {
        pair for pair in pairs(index, "Quill", "strike", limit=2) if pair[0] == "Mara Quill"
    }
    assert {("Mara Quill", "Norvane", 1)} == pairs(index, "Quill", Search(after="2025-01-01"))


def test_the_pairs_of_everybody(index: Index) -> None:
    assert {("Norvane", "Ida Sand", 3), ("Norvane", "Mara Quill", 3), ("Ida Sand", "Mara Quill", 1)} == pairs(
        index, limit=3
    )


def test_nobody(index: Index) -> None:
    found = index.names.network("Xerxes")

    assert (None, (), ()) == (found.center, found.names, found.links)
    assert {"center": None, "names": [], "links": []} == found.to_dict()


def test_whoever_was_asked_for_takes_no_place_of_another() -> None:
    people = ("Ann Lee", "Bo Marsh", "Cy Trent")
    body = " met ".join(people)
    mentions = tuple(
        Mention(name, "person", body.index(name), body.index(name) + len(name)) for name in people
    )
    with open_index(":memory:") as index:
        index.add([Article("1", "", body, mentions=mentions)], annotate=False)

        found = index.names.network("Ann Lee", limit=2)

    assert ["Bo Marsh", "Cy Trent"] == [link.other.name for link in found.center_links]


def test_of_those_named_as_often_the_first_by_name_are_shown(index: Index) -> None:
    who = index.names.network(query='person:"Ole Brenk"', limit=2).names

    assert ["Ida Sand", "Norvane"] == [one.name for one in who]
