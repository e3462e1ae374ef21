"""Fields of one's own: searched, narrowed and counted as other fields, in both engines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import searcher
from searcher import Article, Index
from searcher.fields import add_custom_fields

ARTICLES = (
    Article("1", "Ferry sails", "The ferry sails.", tags=("ships", "desk=foreign", "topic=trade")),
    Article("2", "Ferry waits", "The ferry waits.", tags=("ships", "desk=home")),
    Article("3", "Bridge opens", "The bridge opens.", tags=("desk=foreign", "desk=home")),
    Article("4", "Tunnel shut", "The tunnel is shut.", tags=("roads",)),
)


@pytest.fixture(params=[":memory:", "folder"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Index]:
    with searcher.open_index(request.param if request.param == ":memory:" else tmp_path / "index") as made:
        add_custom_fields(made._session.texts, ["desk", "topic"])
        made.add(ARTICLES, annotate=False)
        yield made


def ids(index: Index, query: str = "", **narrowed: object) -> list[str]:
    return sorted(hit.article.id for hit in index.search(query, **narrowed))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("desk:foreign", ["1", "3"]),
        ("ferry desk:foreign", ["1"]),
        ("desk:(foreign AND home)", ["3"]),
        ("-desk:home ferry", ["1"]),
        ("desk:Foreign", ["1", "3"]),
        ("tag:ships", ["1", "2"]),
        ("has:topic", ["1"]),
        ("-has:topic", ["2", "3", "4"]),
        ("desk:*", ["1", "2", "3"]),
        ("has:(topic OR desk) -bridge", ["1", "2"]),
        ("has:tag", ["1", "2", "4"]),
        ("-tag:*", ["3"]),
    ],
)
def test_own_fields_are_searched(query: str, found: list[str], index: Index) -> None:
    assert found == ids(index, query)


def test_own_fields_narrow(index: Index) -> None:
    assert ["1", "3"] == ids(index, desk="foreign")
    assert ["1"] == ids(index, desk="foreign", tag="ships")
    assert ["2", "4"] == ids(index, exclude={"desk": "foreign"})


def counts(index: Index, field: str, query: str = "", **narrowed: object) -> dict[str, int]:
    found = index.search(query, facets=[field], limit=0, **narrowed)  # type: ignore[arg-type]
    return {value.value: value.count for value in found.facets[field].values}


def test_own_fields_are_counted_and_their_selection_hides_no_other_value(index: Index) -> None:
    assert {"foreign": 2, "home": 2} == counts(index, "desk")
    assert {"foreign": 2, "home": 2} == counts(index, "desk", desk="foreign")
    assert {"foreign": 1, "home": 1} == counts(index, "desk", desk="foreign", tag="ships")
    assert {"foreign": 1} == counts(index, "desk", topic="trade")


def test_a_selected_value_is_marked(index: Index) -> None:
    found = index.search("", facets=["desk"], where={"desk": "home"})

    assert ["home"] == [value.value for value in found.facets["desk"].values if value.selected]


def test_tags_are_counted_without_own_fields(index: Index) -> None:
    assert {"ships": 2, "roads": 1} == counts(index, "tag")
    assert {"ships": 1} == counts(index, "tag", desk="foreign")


def test_the_values_of_an_own_field(index: Index) -> None:
    assert ({"foreign": 2, "home": 2}, {"ships": 2, "roads": 1}) == (
        index.values("desk"),
        index.values("tag"),
    )


def test_an_index_that_was_opened_before_they_were_declared_knows_them(tmp_path: Path) -> None:
    with searcher.open_index(":memory:") as before:
        before.add(ARTICLES, annotate=False)
        add_custom_fields(before._session.texts, ["desk"])

        assert ["1", "3"] == ids(before, "desk:foreign")
