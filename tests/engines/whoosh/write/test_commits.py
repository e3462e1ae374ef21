"""Commits: seen at once and whole by everybody, by one writer at a time, and safe from what may happen."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from searcher.article import Article
from searcher.engines.whoosh import WhooshEngine
from searcher.errors import IndexDamaged, IndexFailure, IndexLocked, IndexMissing
from searcher.names.table import Identities
from searcher.query.tree import Query, Term

ANOTHER = """
import sys
from pathlib import Path
from searcher.engines.whoosh import WhooshEngine
from searcher.names.table import Identities
from searcher.article import Article

engine = WhooshEngine(Path(sys.argv[1]), identities=Identities())
with engine.writer() as writer:
    writer.add(Article("other", "from another process"))
    {act}
"""


def opened(folder: Path) -> WhooshEngine:
    return WhooshEngine(folder, identities=Identities(), create=True)


def add(engine: WhooshEngine, *ids: str) -> None:
    with engine.writer() as writer:
        for id in ids:
            writer.add(Article(id, f"title of {id}", "body"))


def another_process(folder: Path, act: str) -> int:
    root = Path(__file__).resolve().parents[4]
    return subprocess.run(
        [sys.executable, "-c", ANOTHER.format(act=act), str(folder)], cwd=root, check=False
    ).returncode


def test_a_commit_of_another_process_is_seen_at_once(tmp_path: Path) -> None:
    engine = opened(tmp_path)
    add(engine, "1")
    assert 1 == engine.count()

    another_process(tmp_path, "pass")

    assert ["1", "other"] == [article.id for article in engine.storage().articles()]


def test_a_commit_is_seen_while_the_files_of_the_one_before_are_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = opened(tmp_path)
    assert 0 == engine.count()
    monkeypatch.setattr("searcher.engines.whoosh.write.writer.sweep", lambda *_: None)

    add(engine, "1")

    assert 1 == engine.count()


def test_a_writer_that_dies_leaves_the_last_commit_and_no_lock(tmp_path: Path) -> None:
    engine = opened(tmp_path)
    add(engine, "1")

    status = another_process(tmp_path, "import os; writer._flush(); os._exit(9)")
    left = {path.suffix for path in tmp_path.glob("MAIN_2x*")}
    add(engine, "2")

    assert (9, {".arr", ".art"}) == (status, left)
    assert ["1", "2"] == [article.id for article in engine.storage().articles()]
    assert () == engine.storage().verify()


def test_what_is_known_of_the_files_beside_is_that_of_the_last_commit(tmp_path: Path) -> None:
    engine = opened(tmp_path)
    known = [engine.storage().external_state()]
    for beside in ({"rows": 3}, None, {"rows": 3}, {"rows": 4}):
        with engine.writer() as writer:
            writer.external_state = beside
            if not beside:
                writer.add(Article("1", "title"))
        known.append(engine.storage().external_state())

    assert [{}, {"rows": 3}, {"rows": 3}, {"rows": 3}, {"rows": 4}] == known
    assert () == engine.storage().verify()
    assert ["MAIN_3.state"] == [path.name for path in tmp_path.glob("*.state")]


def test_an_altered_file_of_the_state_of_other_files_is_named(tmp_path: Path) -> None:
    engine = opened(tmp_path)
    with engine.writer() as writer:
        writer.external_state = {"rows": 3}
    (file,) = tmp_path.glob("*.state")
    file.write_bytes(file.read_bytes().replace(b"3", b"4"))

    assert (file.name,) == engine.storage().verify()
    with pytest.raises(IndexDamaged, match=r"\.state"):
        opened(tmp_path).storage().external_state()


def test_a_second_writer_waits_no_longer_than_it_is_told(tmp_path: Path) -> None:
    engine, other = opened(tmp_path), opened(tmp_path)

    with engine.writer(), pytest.raises(IndexLocked):
        other.writer(timeout=0.05)


def test_writers_take_turns(tmp_path: Path) -> None:
    engine = opened(tmp_path)
    threads = [threading.Thread(target=add, args=(engine, str(n))) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {str(n) for n in range(8)} == {article.id for article in engine.storage().articles()}


def test_readers_see_whole_commits_while_they_are_made(tmp_path: Path) -> None:
    engine = opened(tmp_path)
    seen: set[int] = set()
    failures: list[Exception] = []
    done = threading.Event()

    def read(reader: WhooshEngine) -> None:
        while not done.is_set():
            try:
                found = reader.search(Query(Term("title"), facets=("source",), limit=100))
                seen.add(found.total)
                assert len(found) == found.total
            except Exception as error:  # noqa: BLE001  # in a thread: kept for the assertion below
                failures.append(error)

    readers = [threading.Thread(target=read, args=(one,)) for one in (engine, opened(tmp_path))]
    for thread in readers:
        thread.start()
    for n in range(15):
        add(engine, *(f"{n}-{k}" for k in range(3)))
    done.set()
    for thread in readers:
        thread.join()

    assert [] == failures
    assert seen
    assert {0} == {total % 3 for total in seen}


def test_an_old_answer_stays_readable_after_its_files_are_gone(tmp_path: Path) -> None:
    engine = opened(tmp_path)
    add(engine, "1", "2")
    articles = engine.storage().articles()
    first = next(articles)
    with engine.writer(fresh=True) as writer:
        writer.add(Article("3"))

    assert ["1", "2"] == [first.id, *(article.id for article in articles)]


def test_only_files_of_the_last_commit_remain(tmp_path: Path) -> None:
    engine = opened(tmp_path)
    for n in range(6):
        add(engine, str(n), str(n + 1))

    names = {record.name for record in engine._latest_reader().manifest.files()}
    kinds = (".arr", ".art", ".del", ".toc", ".names", ".changes")

    assert names == {p.name for p in tmp_path.iterdir() if p.suffix in kinds}


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_said_to_be_so(tmp_path: Path) -> None:
    add(opened(tmp_path), "1")
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(IndexFailure):
            add(opened(tmp_path), "2")
    finally:
        tmp_path.chmod(0o700)


def test_a_full_disk_is_told_and_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = opened(tmp_path)
    add(engine, "1")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(IndexFailure, match="No space left"):
        add(engine, "2")
    monkeypatch.undo()

    assert ["1"] == [article.id for article in engine.storage().articles()]
    add(engine, "3")
    assert 2 == engine.count()


def test_no_index_is_told(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing):
        WhooshEngine(tmp_path / "none", identities=Identities())
