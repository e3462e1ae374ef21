"""The texts beside an index."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import searcher
from searcher.errors import IndexDamaged, IndexFailure
from searcher.files import replace_text
from searcher.locations import TEXTS
from searcher.names.decisions import Curation
from searcher.query.synonyms import Synonyms
from searcher.records.store import Store
from searcher.textfiles import FolderTexts

NAMES = "names.txt"


@pytest.fixture
def texts(tmp_path: Path) -> FolderTexts:
    """The texts of an empty index."""
    searcher.open_index(tmp_path / "index").close()
    return FolderTexts(tmp_path / "index")


def added(line: str) -> Any:
    return lambda text: f"{text}{line}\n"


def test_what_is_put_in_is_read_and_nothing_else_is_left(texts: FolderTexts) -> None:
    before = {path.name for path in texts.folder.iterdir()}
    texts.change(NAMES, lambda _: "one\n")
    texts.change(NAMES, added("two"))

    assert "one\ntwo\n" == texts.read(NAMES) == (texts.folder / NAMES).read_text()
    assert {*TEXTS, "records.sqlite"} == {path.name for path in texts.folder.iterdir()} - before


def test_a_text_that_is_not_there_is_empty(texts: FolderTexts) -> None:
    assert ("", None) == (texts.read(NAMES), texts.stamp(NAMES))


def test_a_file_that_holds_no_text_is_named(texts: FolderTexts) -> None:
    (texts.folder / NAMES).write_bytes(b"\xff\xfe\xff")

    with pytest.raises(IndexDamaged, match=r"names\.txt cannot be read"):
        texts.read(NAMES)


def test_what_somebody_has_edited_is_read_and_changed_further(texts: FolderTexts) -> None:
    texts.change(NAMES, added("one"))
    (texts.folder / NAMES).write_text("by hand\n")
    texts.change(NAMES, added("two"))

    assert "by hand\ntwo\n" == texts.read(NAMES)


@pytest.mark.parametrize("lose", [Path.unlink, lambda file: file.write_text("")])
def test_what_is_gone_or_empty_is_as_it_was_written_last(texts: FolderTexts, lose: Any) -> None:
    texts.change(NAMES, lambda _: "one\n")
    lose(texts.folder / NAMES)
    (lost,) = Store(texts.folder).verify({})
    read = texts.read(NAMES)
    texts.change(NAMES, added("two"))

    assert (True, "one\n", ()) == ("1 lines are gone" in lost, read, Store(texts.folder).verify({}))
    assert "one\ntwo\n" == (texts.folder / NAMES).read_text()


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(IndexFailure, match=r"names\.txt cannot be written"):
        replace_text(tmp_path / "file" / NAMES, "one\n")


def test_nothing_is_written_where_the_index_is_gone(texts: FolderTexts) -> None:
    texts.folder.rename(texts.folder.with_name("away"))

    with pytest.raises(IndexFailure):
        texts.change(NAMES, added("one"))
    assert not texts.folder.exists()


@pytest.mark.parametrize("put", [os.mkfifo, lambda path: path.symlink_to("/dev/zero")], ids=["pipe", "link"])
def test_what_is_no_file_is_not_read(texts: FolderTexts, put: Callable[[Path], None]) -> None:
    put(texts.folder / NAMES)

    with pytest.raises(IndexDamaged, match="replace it with the file itself"):
        texts.read(NAMES)


def test_a_link_in_its_place_is_replaced_and_not_written_through(texts: FolderTexts, tmp_path: Path) -> None:
    mine = tmp_path / "thesis.txt"
    mine.write_text("Mine.")
    (texts.folder / NAMES).symlink_to(mine)
    texts.change(NAMES, lambda _: "one\n")

    assert ("Mine.", "one\n") == (mine.read_text(), texts.read(NAMES))


def test_threads_that_decide_at_once_lose_nothing(texts: FolderTexts) -> None:
    def decide(number: int) -> None:
        with searcher.open_index(texts.folder) as own:
            own.names.decide(own.names.decisions.rename("person", f"N. {number}", f"Name {number}"))
            own.synonyms = own.synonyms.add(f"va{number}, vb{number}")

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(decide, range(40)))

    with searcher.open_index(texts.folder) as index:
        assert (40, 40) == (len(index.names.decisions.renamed), len(index.synonyms.rules))


def test_threads_that_share_an_index_lose_nothing(texts: FolderTexts) -> None:
    with searcher.open_index(texts.folder) as index, ThreadPoolExecutor(4) as threads:

        def decide(number: int) -> None:
            index.names.decide(index.names.decisions.ignore("person", f"Name {number}"))

        list(threads.map(decide, range(40)))

        assert 40 == len(index.names.decisions.ignored)


@pytest.mark.slow
def test_commands_that_run_at_once_lose_nothing(texts: FolderTexts) -> None:
    commands = [["synonyms", "add", f"va{n}, vb{n}"] for n in range(6)]
    commands += [["names", "rename", f"N. {n}", f"Name {n}"] for n in range(6)]
    run = "from searcher.cli.searcher import main; main()"
    started = [
        subprocess.Popen([sys.executable, "-P", "-c", run, *command, "-i", str(texts.folder)])
        for command in commands
    ]
    codes = [process.wait() for process in started]

    with searcher.open_index(texts.folder) as index:
        assert ([0] * 12, 6, 6) == (codes, len(index.names.decisions.renamed), len(index.synonyms.rules))


def test_what_is_set_anew_takes_the_place_of_all(texts: FolderTexts) -> None:
    with searcher.open_index(texts.folder) as index:
        index.names.decide(index.names.decisions.ignore("person", "Ada"))
        index.synonyms = index.synonyms.add("a, b")
        index.names.decide(Curation())
        index.synonyms = Synonyms()

        assert (Curation(), Synonyms()) == (index.names.decisions, Synonyms(index.synonyms.rules))


@pytest.mark.parametrize("damage", [b"person  Ada  igno", b"person  Adb  ignored\n", b"\xff\xfe\xff"])
def test_a_file_that_lacks_what_was_written_is_named_until_it_is_taken_over(
    texts: FolderTexts, damage: bytes
) -> None:
    texts.change(NAMES, lambda _: "person  Ada  ignored\n")
    (texts.folder / NAMES).write_bytes(damage)
    with searcher.open_index(texts.folder) as index:
        (problem,) = index.verify()
        (texts.folder / NAMES).write_text("person  Bo  ignored\n")  # by hand
        index.add([searcher.Article("1")])

        assert (True, ()) == (NAMES in problem, index.verify())
        assert {("person", "Bo")} == index.names.decisions.ignored


def test_a_line_that_somebody_adds_is_no_damage(texts: FolderTexts) -> None:
    texts.change(NAMES, lambda _: "person  Ada  ignored\n")
    with (texts.folder / NAMES).open("a") as file:
        file.write("person  Bo  ignored\n")

    assert () == Store(texts.folder).verify({})
