"""What is damaged is named, and never made into an index that looks sound."""

from __future__ import annotations

import json
import zlib
from pathlib import Path

import pytest

import searcher
from searcher import Article, IndexDamaged, IndexFailure, IndexLocked, IndexOutdated
from searcher.engines.whoosh import WhooshEngine
from searcher.engines.whoosh.format.manifest import FORMAT
from searcher.names.table import Identities


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with searcher.open_index(tmp_path / "index") as index:
        index.add((Article(f"a{n}", f"Title {n}", f"Bridge {n} opens.") for n in range(9)), annotate=False)
        index.delete(["a3"])
    return tmp_path / "index"


def only(folder: Path, pattern: str) -> Path:
    (found,) = folder.glob(pattern)
    return found


def flip(path: Path, place: int) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 4
    path.write_bytes(data)


def declare(folder: Path, **changed: object) -> None:
    """A manifest that says something else, with its checksum right."""
    path = only(folder, "MAIN.*.json")
    body = json.dumps(json.loads(path.read_bytes().partition(b"\n")[2]) | changed).encode()
    path.write_bytes(b"%08x\n%s" % (zlib.crc32(body), body))


def test_an_index_without_its_table_of_contents_is_damaged_and_not_made_anew(folder: Path) -> None:
    only(folder, "*.toc").unlink()

    for create in (True, False):
        with pytest.raises(IndexDamaged, match="rebuild"):
            searcher.open_index(folder, create=create)


def test_a_folder_whose_making_was_interrupted_becomes_an_index(folder: Path) -> None:
    (folder / "searcher.json").unlink()

    searcher.open_index(folder)

    assert 8 == searcher.open_index(folder, create=False).count()


def test_a_place_where_no_folder_can_be_is_refused_with_a_reason(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(IndexFailure, match="Cannot create an index"):
        searcher.open_index(tmp_path / "file" / "index")


@pytest.mark.parametrize("changed", [{"format": 99}, {"analysis": -1}])
def test_an_index_of_another_version_is_not_read(folder: Path, changed: dict[str, int]) -> None:
    declare(folder, **changed)

    with pytest.raises(IndexOutdated):
        searcher.open_index(folder)


def test_altered_files_are_not_merged_into_sound_ones(folder: Path) -> None:
    flip(only(folder, "*.arr"), 100)

    def fill(index: searcher.Index) -> None:
        for number in range(20):
            index.add([Article(f"new{number}", body="A harbour closes.")], annotate=False)

    with searcher.open_index(folder) as index, pytest.raises(IndexDamaged):
        fill(index)


def test_altered_deletions_are_named_on_opening(folder: Path) -> None:
    path = only(folder, "*.del")
    flip(path, path.read_bytes().index(b"\x03"))

    with pytest.raises(IndexDamaged, match=path.name):
        searcher.open_index(folder, create=False)


def test_verify_names_the_altered_file(folder: Path) -> None:
    path = only(folder, "*.art")
    flip(path, 60)

    assert (path.name,) == searcher.open_index(folder).verify()


def test_a_second_writer_is_told_that_there_is_one(folder: Path) -> None:
    another = WhooshEngine(folder, identities=Identities())
    index = searcher.open_index(folder, timeout=0.1)

    with another.writer(), pytest.raises(IndexLocked, match="Another process has been writing"):
        index.delete(["a1"])


@pytest.fixture
def recorded(tmp_path: Path, records: Path) -> Path:
    """An index of one file of three articles and of two articles that no file gives."""
    with searcher.open_index(tmp_path / "index") as index:
        index.load([records])
        index.add([Article("mine", "Mine", "By hand."), Article("ours", "Ours", "By hand.")], annotate=False)
        index.delete(["r1", "ours"])
    return tmp_path / "index"


@pytest.mark.parametrize("pattern", ["*.toc", "MAIN.*.json", "*.arr", "*.del"])
def test_rebuilding_makes_an_index_whole_whose_file_is_gone(recorded: Path, pattern: str) -> None:
    for path in recorded.glob(pattern):
        path.unlink()

    with searcher.open_index(recorded, repair=True) as index:
        index.rebuild()

    with searcher.open_index(recorded, create=False) as index:
        assert () == index.verify()
        assert {"r0", "r2", "mine"} <= {article.id for article in index.articles}


def test_rebuilding_says_what_could_not_be_read(recorded: Path) -> None:
    for path in recorded.glob("*.art"):
        path.write_bytes(b"")

    with searcher.open_index(recorded, repair=True) as index:
        report = index.rebuild()

        assert ["r0", "r2"] == sorted(article.id for article in index.articles)
        assert all("cannot be read" in reason for _, reason in report.failed)
        assert report.failed


@pytest.mark.parametrize("changed", [{"analysis": -1}, {"format": FORMAT - 1}])
def test_an_index_of_an_earlier_version_is_rebuilt_with_all_its_articles(
    recorded: Path, changed: dict[str, int]
) -> None:
    declare(recorded, **changed)

    with searcher.open_index(recorded, repair=True) as index:
        index.rebuild()

        assert ["mine", "r0", "r2"] == sorted(article.id for article in index.articles)


def test_an_index_of_a_later_format_is_not_rebuilt_over(recorded: Path) -> None:
    declare(recorded, format=99)

    with (
        searcher.open_index(recorded, repair=True) as index,
        pytest.raises(IndexOutdated, match="another folder"),
    ):
        index.rebuild()


def test_no_altered_article_is_shown_as_if_it_were_sound(folder: Path) -> None:
    path = only(folder, "*.art")
    sound = path.read_bytes()
    with searcher.open_index(folder) as index:
        right = {article.id: article for article in index.articles}
    for place in range(8, 200):
        path.write_bytes(sound)
        flip(path, place)
        with searcher.open_index(folder) as index:
            for id, article in right.items():
                try:
                    found = index.articles.get(id)
                except IndexDamaged:
                    continue

                assert article == found


def test_a_list_of_sources_that_holds_no_text_any_more_is_named(recorded: Path) -> None:
    path = recorded / "records.sqlite"
    path.write_bytes(path.read_bytes().replace(b"records.jsonl", b"recor\xf2s.jsonl"))

    with searcher.open_index(recorded) as index:
        assert (path.name,) == index.verify()
        with pytest.raises(IndexFailure, match=r"records\.sqlite"):
            index.load([recorded.parent / "records.jsonl"], prune=True)
