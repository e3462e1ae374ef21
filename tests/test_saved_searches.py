"""Saved searches: kept, asked again, and what is new since."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import searcher
from searcher import Article, Index, IndexDamaged, Quote, Search, UsageError
from searcher.records.store import Store
from searcher.saved_searches import SavedSearches

BODY = "“It is a dead end,” Ada Quill said of the harbour."
OLD = Article("1", "Harbour plan", BODY, quotes=(Quote("It is a dead end,", "Ada Quill", "direct", 1, 18),))
NEW = Article("2", "Harbour vote", "The board voted on the harbour.", published="2024-05-01")  # type: ignore[arg-type]


@pytest.fixture
def index() -> Iterator[Index]:
    with searcher.open_index(":memory:") as opened:
        opened.add([OLD], annotate=False)
        yield opened


@pytest.fixture
def store(tmp_path: Path) -> SavedSearches:
    return SavedSearches(Store(tmp_path, elsewhere=True))


def test_a_search_is_kept_without_its_page(index: Index, store: SavedSearches) -> None:
    search = Search("harbour", source=["Gazette"], after="2024-01-01", sort="oldest")
    store.save("port", search.page(5, 10).with_facets("person"), index)

    assert search == store.get("port").search


def test_what_is_found_at_first_is_not_new(index: Index, store: SavedSearches) -> None:
    store.save("port", Search("harbour"), index)

    assert [] == store.new_hits(store.get("port"), index)


def test_what_comes_later_is_new(index: Index, store: SavedSearches) -> None:
    store.save("port", Search("harbour"), index)
    index.add([NEW], annotate=False)
    (hit,) = store.new_hits(store.get("port"), index)

    assert "2" == hit.article.id


def test_what_has_been_seen_is_no_longer_new(index: Index, store: SavedSearches) -> None:
    store.save("port", Search("harbour"), index)
    index.add([NEW], annotate=False)
    store.mark_seen(store.get("port"), store.new_hits(store.get("port"), index))

    assert [] == store.new_hits(store.get("port"), index)


def test_what_others_have_seen_meanwhile_stays_seen(index: Index, store: SavedSearches) -> None:
    store.save("port", Search("harbour"), index)
    before = store.get("port")
    index.add([NEW], annotate=False)
    store.mark_seen(store.get("port"), store.new_hits(store.get("port"), index))
    store.mark_seen(before, [])

    assert [] == store.new_hits(store.get("port"), index)


def test_quotations_can_be_new(index: Index, store: SavedSearches) -> None:
    store.save("ada", Search("dead").said_by("Quill"), index)
    body = "Ada Quill called it “a dead letter”."
    index.add(
        [Article("3", "", body, quotes=(Quote("a dead letter", "Ada Quill", "partial", 21, 34),))],
        annotate=False,
    )
    (hit,) = store.new_hits(store.get("ada"), index)

    assert "3" == hit.article.id


@pytest.mark.parametrize("text", ["harbour zeppelin", "harbuor"])
def test_nothing_is_relaxed_or_corrected(index: Index, store: SavedSearches, text: str) -> None:
    store.save("odd", Search(text), index)
    index.add([NEW], annotate=False)

    assert [] == store.new_hits(store.get("odd"), index)


def test_they_are_listed_and_deleted(index: Index, store: SavedSearches) -> None:
    store.save("b", Search("board"), index)
    store.save("a", Search("harbour"), index)
    store.delete("b")

    assert [("a", Search("harbour"))] == [(saved.name, saved.search) for saved in store]


def test_a_name_that_does_not_exist_names_those_that_do(index: Index, store: SavedSearches) -> None:
    store.save("port", Search("harbour"), index)

    with pytest.raises(UsageError, match="“port”"):
        store.get("prot")


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".hidden", "x" * 99, "a\n"])
def test_names_cannot_lead_elsewhere(index: Index, store: SavedSearches, name: str) -> None:
    with pytest.raises(UsageError):
        store.save(name, Search("harbour"), index)


@pytest.mark.parametrize("request_", ["[]", '{"sort": "best"}', "{"])
def test_one_that_is_no_request_is_named(store: SavedSearches, tmp_path: Path, request_: str) -> None:
    with Store(tmp_path, elsewhere=True).transaction() as db:
        db.execute("INSERT INTO searches VALUES ('port', ?, '[]')", (request_,))

    with pytest.raises(IndexDamaged, match="“port”"):
        store.get("port")
