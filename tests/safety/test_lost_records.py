"""What stands beside an index and is lost, emptied or older is named, and brings back no deleted article."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import searcher
from searcher.locations import RECORDS
from searcher.records.store import Store

Lose = Callable[[Path], None]


def empty(folder: Path) -> None:
    (folder / RECORDS).write_bytes(b"")


def remove(folder: Path) -> None:
    (folder / RECORDS).unlink()


def put_back_an_older_one(folder: Path) -> None:
    shutil.copy(folder.parent / "older", folder / RECORDS)


def put_back_that_of_another_index(folder: Path) -> None:
    searcher.open_index(folder.parent / "other").close()
    store = Store(folder.parent / "other")
    for _ in range(99):
        with store.transaction() as db:
            db.execute("INSERT INTO unfinished VALUES ('', '', 0, '')")
    shutil.copy(folder.parent / "other" / RECORDS, folder / RECORDS)


@pytest.fixture
def folder(tmp_path: Path, records: Path) -> Path:
    """An index of a file of three articles, of which one is deleted and one has a tag."""
    with searcher.open_index(tmp_path / "index") as index:
        index.load([records], workers=1)
        shutil.copy(tmp_path / "index" / RECORDS, tmp_path / "older")
        index.delete(["r1"])
        index.tags.update(["r0"], ["lead"])
    return tmp_path / "index"


@pytest.mark.parametrize("lose", [empty, remove, put_back_an_older_one, put_back_that_of_another_index])
class TestLost:
    def test_it_is_named_with_what_is_gone(self, folder: Path, lose: Lose) -> None:
        lose(folder)

        with searcher.open_index(folder) as index:
            (problem,) = index.verify()
        assert RECORDS in problem
        assert "1 deleted, 1 tags" in problem

    def test_no_article_comes_back_that_was_deleted(self, folder: Path, records: Path, lose: Lose) -> None:
        lose(folder)

        with searcher.open_index(folder) as index:
            report = index.load([records], workers=1)
            assert ["r0", "r2"] == sorted(index.articles.ids())
            assert {"r1"} == index.files.deleted_ids()
            assert RECORDS in {failure.origin for failure in report.failed}

    def test_it_is_named_until_the_index_is_made_anew(self, folder: Path, records: Path, lose: Lose) -> None:
        lose(folder)

        with searcher.open_index(folder) as index:
            index.load([records], workers=1)
            index.load([records], workers=1)
            (problem,) = index.verify()
            index.rebuild()
            assert ["r0", "r2"] == sorted(index.articles.ids())
            assert ("1 tags" in problem, ()) == (True, index.verify())


def test_what_is_whole_is_not_named(folder: Path) -> None:
    with searcher.open_index(folder) as index:
        assert () == index.verify()


def test_a_moved_index_is_whole(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "moved")

    with searcher.open_index(tmp_path / "moved") as index:
        assert () == index.verify()


class Killed(BaseException):
    """A process that ends here."""


@pytest.mark.parametrize("committed", [False, True])
def test_a_deletion_that_was_killed_is_done_if_its_commit_was(
    folder: Path, records: Path, committed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    from searcher.engines.whoosh.write.writer import ArticleWriter
    from searcher.ingest.sources import Sources

    def die(*_: object) -> None:
        raise Killed

    with searcher.open_index(folder) as index, monkeypatch.context() as patched:
        patched.setattr(Sources if committed else ArticleWriter, "delete", die)
        with pytest.raises(Killed):
            index.delete(["r2"])
    with searcher.open_index(folder) as index:
        assert () == index.verify()
        index.tags.update(["r0"], ["port"])
        index.rebuild()

        assert (["r0"] if committed else ["r0", "r2"]) == sorted(index.articles.ids())
        assert ({"r1", "r2"} if committed else {"r1"}) == index.files.deleted_ids()


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_load_that_was_killed_around_its_commit_goes_on(
    tmp_path: Path, records: Path, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from searcher.engines.whoosh.write.writer import ArticleWriter
    from searcher.ingest.run import Run

    def die(*_: object) -> None:
        raise Killed

    with searcher.open_index(tmp_path / "index") as index, monkeypatch.context() as patched:
        if moment == "before":
            patched.setattr(ArticleWriter, "_commit", die)
        else:
            patched.setattr(Run, "record", die)
        with pytest.raises(Killed):
            index.load([records], workers=1)
    with searcher.open_index(tmp_path / "index") as index:
        verified = index.verify()
        index.files.resume_load(workers=1)

        assert ((), ["r0", "r1", "r2"], ()) == (verified, sorted(index.articles.ids()), index.verify())
        assert 1 == index.load([records], workers=1).files_unchanged
