"""The table in docs/query-language.md for users of Factiva and Nexis: each query means what it says there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import searcher

PAGE = Path(__file__).resolve().parents[3] / "docs" / "query-language.md"
TABLE = PAGE.read_text("utf-8").split("## Coming from")[1]
ROWS = re.findall(r"^\| `.*` \| (`.*`) \|$", TABLE, re.M)
PAIRS = [query for row in ROWS for query in re.findall("`(.*?)`", row)]

#: The one article that every query of the table finds.
WANTED = searcher.Article(
    id="wanted",
    title="Norvane fights off a hostile takeover",
    body="Norvane and its shareholders refused the takeover, a merger in name only, said Ada Brenk, one of "
    "two women on the board. A takeover so hostile, a takeover so fast, was never seen in Tarnby before this "
    "spring, and the women on the board said as much.",
    source="Tarnby Post",
    authors=("Mara Lindqvist",),
    published="2024-03-09",  # type: ignore[arg-type]  # strings are accepted and converted
    language="en",
    mentions=(searcher.Mention("Ada Brenk", "person", 83, 92),),
)
#: And one that none finds.
UNWANTED = searcher.Article(
    id="unwanted",
    title="Rovers win",
    body="A football match. Norvane came too.",
    source="Gazette",
    authors=("Ole Sand",),
    published="2023-03-09",  # type: ignore[arg-type]
    language="de",
)


@pytest.fixture(scope="module")
def index() -> Iterator[searcher.Index]:
    with searcher.open_index(":memory:") as opened:
        opened.add([WANTED, UNWANTED], annotate=False)
        yield opened


def test_there_are_twenty_pairs() -> None:
    assert 20 <= len(ROWS)


@pytest.mark.parametrize("query", PAIRS)
def test_a_query_finds_the_article_that_it_asks_for(query: str, index: searcher.Index) -> None:
    found = index.search(query)

    assert (["wanted"], False) == ([hit.article.id for hit in found], found.relaxed)
