"""An export is streamed: what it holds at once does not grow with the articles."""

from __future__ import annotations

import datetime as dt
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from searcher import Article, Mention, Quote, open_index
from searcher.engines.whoosh import without_numpy
from searcher.engines.whoosh.search import searcher
from searcher.extensions.export import database, statements
from searcher.extensions.export.database import save_database
from searcher.formats.export import export_parts
from searcher.names import table
from searcher.results import Hit

pytestmark = pytest.mark.slow


def hits(number: int, shared: str) -> Iterator[Hit]:
    """Articles of which each names and quotes somebody else, in other words but for those that all share."""
    for n in range(number):
        said = " ".join((shared, *(f"word{n}x{word}" for word in range(40))))
        body = f"“{said},” said Ada Quill{n}. " + f"Filling {n}. " * 300
        start = body.index("Ada")
        yield Hit(
            Article(
                str(n),
                f"Title {n}",
                body,
                published=dt.datetime(2000, 1, 1) + dt.timedelta(n * 7 % 400),
                mentions=(Mention(f"Ada Quill{n}", "person", start, start + len(f"Ada Quill{n}")),),
                quotes=(Quote(said, f"Ada Quill{n}", "direct", 1, 1 + len(said), 0.9, "person"),),
            ),
            0.0,
        )


def peak(path: Path, number: int, shared: str) -> int:
    """The bytes of Python's objects that an export of so many articles has at most."""
    tracemalloc.start()
    counts = save_database(path, hits(number, shared))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (number, number, number) == (counts["articles"], counts["people"], counts["statements"])
    return most


@pytest.mark.parametrize("shared", ["", "so far so good we all say"])
def test_memory_does_not_grow_with_the_articles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shared: str
) -> None:
    monkeypatch.setattr(database, "_BATCH_ROWS", 50)
    monkeypatch.setattr(statements, "_CHUNK_STATEMENTS", 50)
    monkeypatch.setattr(statements, "_KEPT_STATEMENTS", 50)
    monkeypatch.setattr(statements, "MAX_COMPARED", 5)
    peak(tmp_path / "warm.db", 10, shared)  # what is loaded and compiled once
    few, many = peak(tmp_path / "few.db", 100, shared), peak(tmp_path / "many.db", 800, shared)

    assert many < few * 2, (few, many)  # of eight times as many


def scanned(folder: Path, number: int) -> int:
    """The bytes of objects that going through so many articles of an index has at most."""
    with open_index(folder) as index:
        index.add((hit.article for hit in hits(number, "")), annotate=False)
    with open_index(folder) as index:
        tracemalloc.start()
        parts = export_parts(
            "jsonl", (hit for hit in index.scan("", sort="oldest", snippets=False) if hit.people)
        )
        lines = sum(1 for _ in parts)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert number == lines
    return most


def test_memory_does_not_grow_with_the_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(without_numpy, "MAX_SCANNED", 0)
    monkeypatch.setattr(searcher, "_MAX_SORTED", 50)
    monkeypatch.setattr(table, "_MAX_ENTRIES", 50)
    scanned(tmp_path / "warm", 10)
    few, many = scanned(tmp_path / "few", 100), scanned(tmp_path / "many", 1600)

    assert many < few * 1.5, (few, many)  # of sixteen times as many
