"""Saved questions: kept, asked again, and what is new since."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import searcher
from searcher import Article, Index, IndexDamaged, Quote, UsageError
from searcher.saved_searches import Question, SavedQuestions

BODY = "“It is a dead end,” Ada Quill said of the harbour."
OLD = Article("1", "Harbour plan", BODY, quotes=(Quote("It is a dead end,", "Ada Quill", "direct", 1, 18),))
NEW = Article("2", "Harbour vote", "The board voted on the harbour.", published="2024-05-01")  # type: ignore[arg-type]


@pytest.fixture
def index() -> Iterator[Index]:
    with searcher.open_index(":memory:") as opened:
        opened.add([OLD], annotate=False)
        yield opened


@pytest.fixture
def store(tmp_path: Path) -> SavedQuestions:
    return SavedQuestions(tmp_path)


names = st.dictionaries(st.sampled_from(["person", "source"]), st.lists(st.text(max_size=5), max_size=2))


@given(
    st.builds(
        Question,
        text=st.text("aé ", max_size=9),
        only=names,
        exclude=names,
        after=st.none() | st.just("2024-01-01"),
        match=st.sampled_from(["all", "any"]),
        quotes=st.booleans(),
        said_by=st.lists(st.text(max_size=5), max_size=2),
        confidence=st.floats(0, 1),
    )
)
def test_a_question_survives_being_written_down(question: Question) -> None:
    with tempfile.TemporaryDirectory() as folder, searcher.open_index(":memory:") as nothing:
        SavedQuestions(Path(folder)).save("port", question, nothing)
        (read,) = SavedQuestions(Path(folder))

    assert question == read.question


def test_what_is_found_at_first_is_not_new(index: Index, store: SavedQuestions) -> None:
    store.save("port", Question("harbour"), index)

    assert [] == store.news(store.get("port"), index)


def test_what_comes_later_is_new(index: Index, store: SavedQuestions) -> None:
    store.save("port", Question("harbour"), index)
    index.add([NEW], annotate=False)
    (hit,) = store.news(store.get("port"), index)

    assert "2" == hit.article.id


def test_what_has_been_seen_is_no_longer_new(index: Index, store: SavedQuestions) -> None:
    store.save("port", Question("harbour"), index)
    index.add([NEW], annotate=False)
    store.mark_seen(store.get("port"), store.news(store.get("port"), index))

    assert [] == store.news(store.get("port"), index)


def test_quotations_can_be_new(index: Index, store: SavedQuestions) -> None:
    store.save("ada", Question("dead", quotes=True, said_by=["Quill"]), index)
    body = "Ada Quill called it “a dead letter”."
    index.add(
        [Article("3", "", body, quotes=(Quote("a dead letter", "Ada Quill", "partial", 21, 34),))],
        annotate=False,
    )
    (hit,) = store.news(store.get("ada"), index)

    assert "3" == hit.article.id


@pytest.mark.parametrize("text", ["harbour zeppelin", "harbuor"])
def test_nothing_is_relaxed_or_corrected(index: Index, store: SavedQuestions, text: str) -> None:
    store.save("odd", Question(text), index)
    index.add([NEW], annotate=False)

    assert [] == store.news(store.get("odd"), index)


def test_they_are_listed_and_deleted(index: Index, store: SavedQuestions) -> None:
    store.save("b", Question("board"), index)
    store.save("a", Question("harbour"), index)
    store.delete("b")

    assert [("a", Question("harbour"))] == [(saved.name, saved.question) for saved in store]


def test_a_name_that_does_not_exist_names_those_that_do(index: Index, store: SavedQuestions) -> None:
    store.save("port", Question("harbour"), index)

    with pytest.raises(UsageError, match="“port”"):
        store.get("prot")


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".hidden", "x" * 99, "a\n"])
def test_names_cannot_lead_elsewhere(index: Index, store: SavedQuestions, name: str) -> None:
    with pytest.raises(UsageError):
        store.save(name, Question("harbour"), index)


def test_a_file_that_is_none_of_ours_is_named(index: Index, store: SavedQuestions, tmp_path: Path) -> None:
    store.save("port", Question("harbour"), index)
    (tmp_path / "saved" / "port.json").write_text("[]", "utf-8")

    with pytest.raises(IndexDamaged, match=r"port\.json"):
        store.get("port")
