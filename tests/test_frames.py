"""Results as data frames of pandas."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from searcher import Article, Index, Mention, MissingExtra, Quote, open_index

BODY = "“We sail,” said Mara Quill. Norvane was silent."
SAID = Quote("We sail,", "Mara Quill", "direct", 1, 9, 0.9, "person")
ARTICLES = (
    Article(
        "1",
        "Ferries",
        BODY,
        source="Post",
        published="2024-05-06",  # type: ignore[arg-type]  # converted
        mentions=(Mention("Mara Quill", "person", 16, 26),),
        quotes=(SAID,),
    ),
    Article("2", "Undated ferries", "Ferries lie idle.", tags=("sea",)),
)


@pytest.fixture(scope="module")
def index() -> Iterator[Index]:
    with open_index(":memory:") as index:
        index.add(ARTICLES, annotate=False)
        yield index


@pytest.fixture(autouse=True)
def _pandas() -> None:
    pytest.importorskip("pandas", reason="a development tool: pip install -e '.[dev]'")


def test_a_row_an_article(index: Index) -> None:
    frame = index.search("ferries", sort="oldest").to_frame()

    assert [("1", "Ferries", ["Mara Quill"], []), ("2", "Undated ferries", [], ["sea"])] == [
        (row.id, row.title, row.people, row.tags) for row in frame.itertuples()
    ]
    assert [False, True] == list(frame["source"].isna())
    assert [2024.0] == list(frame["published"].dt.year.dropna())


def test_a_row_a_quotation(index: Index) -> None:
    [row] = index.quotes("sail").to_frame().to_dict("records")

    assert ("We sail,", "Mara Quill", 0.9, "1", "“") == tuple(
        row[name] for name in ("text", "speaker", "confidence", "id", "before")
    )


def test_a_row_a_statement(index: Index) -> None:
    [row] = index.statements("sail").to_frame().to_dict("records")

    assert ("We sail,", 1, ["Post"], "Ferries") == tuple(
        row[name] for name in ("text", "places", "sources", "title")
    )


def test_nothing_found_is_an_empty_frame(index: Index) -> None:
    assert 0 == len(index.search("porcupine").to_frame())


def test_without_pandas_it_says_what_to_install(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)

    with pytest.raises(MissingExtra, match="pip install 'pandas>="):
        index.search("ferries").to_frame()
