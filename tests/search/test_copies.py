"""Copies of an article by others, told from the versions of its own page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import searcher
from searcher import Article, Index
from searcher.results.versions import CopyCounts

_TOLD = (
    "The ferry to Tallow Island sails again from {}, the harbour board said in the evening, after a winter "
    "in which the lantern on the mole had been out for weeks and no boat of any size left the port."
)
#: The site, and the day that its text names.
_PAGES = (("one", "Monday"), ("one", "Tuesday"), ("two", "Monday"), ("three", "Sunday"))


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    """Two versions of a page, two copies of it, and something else."""
    for number, (site, day) in enumerate(_PAGES):
        record = {
            "url": f"https://{site}.example/ferry",
            "title": day,
            "body": _TOLD.format(day),
            "source": site,
        }
        (tmp_path / f"{number}.jsonl").write_text(json.dumps({**record, "date": f"2026-03-0{number + 1}"}))
    (tmp_path / "other.txt").write_text(
        "The wall\n\nThe wall of Port Aurel is to last for eighty years, they say."
    )
    with searcher.open_index(tmp_path / "index") as opened:
        opened.load([tmp_path], workers=1, keep_versions=True)
        yield opened


def test_copies_and_versions_are_counted_apart(index: Index) -> None:
    articles = list(index.articles)
    counted = index.articles.count_copies(articles)

    assert {
        "one": CopyCounts(copies=2, versions=2),
        "two": CopyCounts(copies=3, versions=1),
        "three": CopyCounts(copies=3, versions=1),
        None: None,
    } == {one.source: counted.get(one.id) for one in articles}


def test_a_later_version_alone_knows_of_the_first(index: Index) -> None:
    later = next(one for one in index.articles if one.source == "one" and "-" in one.id)

    assert {later.id: CopyCounts(copies=2, versions=2)} == index.articles.count_copies([later])


def test_copies_are_those_of_other_addresses_the_earliest_first(index: Index) -> None:
    first = next(one for one in index.articles if one.source == "one")
    found = index.articles.copies(first.id)

    assert ["two", "three"] == [one.article.source for one in found]
    assert {first.id} == {one.before.id for one in found if one.before}


def test_there_are_none_of_what_is_not_there(index: Index) -> None:
    assert ((), {}) == (index.articles.copies("none"), index.articles.count_copies([]))


def test_texts_of_an_address_that_have_no_first_are_none(tmp_path: Path) -> None:
    """Ids of somebody's own that end as those with a digest do."""
    with searcher.open_index(tmp_path / "index") as index:
        ids = ("ferry-abc123", "ferry-abc124", "wall", "wall-abc123")
        index.add([Article(id, "Ferry", _TOLD) for id in ids], annotate=False)
        counted = index.articles.count_copies(index.articles)

    assert {"wall": 2, "wall-abc123": 2} == {id: one.versions for id, one in counted.items()}
