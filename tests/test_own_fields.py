"""The file that names fields of one's own."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

import searcher
from searcher import Article
from searcher.errors import QueryError, UsageError
from searcher.fields import add_custom_fields, can_be_custom_field, load_custom_fields
from searcher.locations import OWN_FIELDS
from searcher.query.arguments import OPTIONS
from searcher.query.request import Search
from searcher.query.tree import HasValue
from searcher.textfiles import FolderTexts, MemoryTexts


@pytest.fixture
def texts(tmp_path: Path) -> FolderTexts:
    """The texts of an empty index."""
    searcher.open_index(tmp_path).close()
    return FolderTexts(tmp_path)


def test_fields_are_kept_in_the_order_of_their_declaration(texts: FolderTexts) -> None:
    add_custom_fields(texts, ["desk"])
    add_custom_fields(texts, ["topic", "Desk", "topic"])

    assert ("desk", "topic") == load_custom_fields(texts)


@pytest.mark.parametrize("name", [name for name in (*OPTIONS, "where", "exclude", "kind") if "_" not in name])
def test_an_option_of_searches_is_no_new_field(texts: FolderTexts, name: str) -> None:
    with pytest.raises(UsageError):
        add_custom_fields(texts, [name])

    assert (False, ()) == (can_be_custom_field(name), load_custom_fields(texts))


def test_a_field_that_is_called_as_an_option_is_told_to_take_another_name(texts: FolderTexts) -> None:
    with pytest.raises(UsageError, match=r"“where” is a search option\. Choose another name"):
        add_custom_fields(texts, ["where"])


@pytest.fixture
def kept(texts: FolderTexts) -> str:
    """A field of an index that has the name of an option."""
    (texts.folder / OWN_FIELDS).write_text("about\n", encoding="utf-8")
    return "about"


def test_a_field_that_there_is_may_be_called_as_an_option(texts: FolderTexts, kept: str) -> None:
    add_custom_fields(texts, [kept])
    search = Search(said_by="Quill", about="ice", where={kept: ["fire", "sea"]}, exclude={kept: "ink"})

    assert ((kept,), "ice") == (load_custom_fields(texts), search.about)
    assert search == Search.from_url(search.to_url()) == Search.from_dict(search.to_dict())


def test_those_who_declare_at_once_lose_nothing_of_one_another(texts: FolderTexts) -> None:
    names = ["desk", "topic", "beat", "region", "mood", "colour", "plot", "camera"]
    add_custom_fields(MemoryTexts(), names)
    at_once = threading.Barrier(len(names))

    def add(name: str) -> None:
        at_once.wait()
        add_custom_fields(texts, [name])

    threads = [threading.Thread(target=add, args=[name]) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert set(names) == set(load_custom_fields(texts))


def test_the_fields_of_one_index_are_none_of_another() -> None:
    with searcher.open_index(":memory:") as one, searcher.open_index(":memory:") as other:
        for index in (one, other):
            index.add([Article("1", "Ferry", tags=("desk=foreign",))], annotate=False)

        one.tags.update(["1"], "topic=trade")
        one.tags.update(["1"], "desk=home")

        assert (1, ["desk", "topic"]) == (one.search("desk:foreign").total, sorted(one.fields.custom))
        assert {"desk=foreign": 1} == other.values("tag")
        with pytest.raises(QueryError, match="There is no field “desk”"):
            other.search("desk:foreign")
        with pytest.raises(UsageError, match="There is no field “desk”"):
            other.search(desk="foreign")  # type: ignore[call-arg]
        with pytest.raises(UsageError, match="There is no field “desk”"):
            other.search(HasValue("desk", "foreign"))
        with pytest.raises(UsageError, match="There is no field “desk”"):
            other.search(facets=["desk"])


def test_a_request_is_the_same_whatever_index_was_open() -> None:
    before = Search("ferry", where={"desk": "foreign"})
    with searcher.open_index(":memory:") as index:
        index.tags.update(["1"], "desk=foreign")

        assert before == Search("ferry", where={"desk": "foreign"})
        assert 0 == index.search(before).total


@pytest.mark.parametrize("name", ["annotator", "party", "speech", "title"])
def test_a_field_whose_name_every_article_has_a_field_of_by_now_is_left_out(
    texts: FolderTexts, name: str
) -> None:
    (texts.folder / OWN_FIELDS).write_text(f"{name}\ndesk\n", encoding="utf-8")

    assert ("desk",) == load_custom_fields(texts)


def test_a_field_added_to_an_index_can_be_searched_before_an_article_has_it() -> None:
    with searcher.open_index(":memory:") as index:
        index.fields = index.fields.add("desk")

        assert (frozenset({"desk"}), 0) == (index.fields.custom, index.count(where={"desk": "foreign"}))


def test_fields_of_an_index_cannot_be_removed() -> None:
    with searcher.open_index(":memory:") as index:
        index.fields = index.fields.add("desk", "topic")
        with pytest.raises(UsageError, match="cannot be removed: desk, topic"):
            index.fields = searcher.Fields()


def test_a_field_similar_to_a_built_in_one_is_not_added() -> None:
    with pytest.raises(UsageError, match="Did you mean"):
        searcher.Fields().add("persons")
