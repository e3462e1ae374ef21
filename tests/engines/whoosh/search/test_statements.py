"""What is read of the index where statements are asked for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import searcher
from searcher.article import Article
from searcher.engines.whoosh.format.segment import Segment
from searcher.errors import IndexDamaged
from tests.search.test_statements import SAID, carried


def reads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The articles that are read from here on."""
    read: list[int] = []
    packed = Segment.packed

    def counted(segment: Segment, number: int) -> bytes:
        read.append(number)
        return packed(segment, number)

    monkeypatch.setattr(Segment, "packed", counted)
    return read


def test_only_the_articles_that_a_statement_is_shown_by_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies = [carried(f"copy{n:02}", f"2024-05-{n:02}", SAID) for n in range(1, 21)]
    whole = carried("whole", "2024-04-30", f"{SAID}, as I said")
    read = reads(monkeypatch)
    with searcher.open_index(tmp_path) as index:
        index.add([*copies, whole], annotate=False)
        read.clear()
        (found,) = index.statements("winter")

        assert (21, SAID + ", as I said", 1) == (len(found.places), found.text, len(read))
        assert "copy07" == found.places[7].article.id
        assert ("The Copy07", 2) == (found.places[7].source, len(read))


def test_the_longest_copy_of_a_story_is_told_without_reading_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = carried(
        "long", "2024-05-01", SAID, "Nobody would say who is to blame for that", speaker="Bo Quill"
    )
    cut = carried("cut", "2024-05-02", SAID, sure=0.9)
    read = reads(monkeypatch)
    for path in (tmp_path, ":memory:"):
        with searcher.open_index(path) as index:
            index.add([replace(one, story="s1") for one in (long, cut)], annotate=False)
            read.clear()
            (found,) = index.statements("winter")

            assert ["Bo Quill"] == [vote.speaker for vote in found.votes]
            assert len(read) <= 1


def test_places_can_be_read_once_the_index_has_other_files(tmp_path: Path) -> None:
    with searcher.open_index(tmp_path) as index:
        index.add([carried("one", "2024-05-01", SAID), carried("two", "2024-05-02", SAID)], annotate=False)
        (found,) = index.statements("winter")
        index.delete(["one", "two"])
        index.add([Article("three", "Another")], annotate=False)

    assert [SAID, SAID] == [place.text for place in found.places]


def test_a_damaged_article_is_told_with_its_file(tmp_path: Path) -> None:
    with searcher.open_index(tmp_path) as index:
        index.add([carried("one", "2024-05-01", SAID)], annotate=False)
    (file,) = tmp_path.glob("*.art")
    altered = file.read_bytes().replace(b"Wall", b"Hall")
    file.write_bytes(altered)
    with searcher.open_index(tmp_path) as index, pytest.raises(IndexDamaged, match=file.name):
        _ = index.statements("winter").hits[0].places[0].article.title
