from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from searcher.errors import IndexDamaged
from searcher.ingest.sources import LoadJob, Source, Sources
from searcher.records.store import Store

A, B = Source("/a", "d1"), Source("/b", "d2", "title=headline")


@pytest.fixture
def sources(tmp_path: Path) -> Sources:
    made = Sources(Store(tmp_path, elsewhere=True))
    made.record(A, ["1", "2"])
    made.record(B, ["2", "3"])
    return made


def test_what_was_recorded_is_there(sources: Sources) -> None:
    assert (B, frozenset({"2", "3"})) == (sources.get("/b"), sources.ids("/b"))


def test_it_is_there_for_another_process(sources: Sources, tmp_path: Path) -> None:
    assert [A, B] == Sources(Store(tmp_path, elsewhere=True)).all()


def test_an_unknown_file_is_none(sources: Sources) -> None:
    assert sources.get("/c") is None


def test_the_articles_of_a_file_are_counted(sources: Sources) -> None:
    assert [2, 0] == [sources.count("/a"), sources.count("/c")]


def test_an_article_of_two_files_is_a_copy_in_the_second(sources: Sources) -> None:
    assert [0, 1] == [sources.count_copies("/a"), sources.count_copies("/b")]


def test_a_transaction_is_done_as_a_whole(sources: Sources, tmp_path: Path) -> None:
    with suppress(KeyboardInterrupt), sources.store.transaction():
        sources.record(Source("/a", "new"), ["9"])
        with sources.store.transaction():
            sources.forget("/b")
        within = sources.all()
        raise KeyboardInterrupt

    assert ([Source("/a", "new")], [A, B]) == (within, Sources(Store(tmp_path, elsewhere=True)).all())


def test_what_another_thread_asks_is_not_part_of_a_transaction(sources: Sources) -> None:
    with ThreadPoolExecutor() as threads, sources.store.transaction():
        sources.forget("/a")
        elsewhere = threads.submit(sources.all).result()

    assert [A, B] == elsewhere


def test_orphans_are_what_no_other_file_gives(sources: Sources) -> None:
    assert frozenset({"1"}) == sources.orphans("/a")


def test_what_a_file_still_gives_is_no_orphan(sources: Sources) -> None:
    assert frozenset() == sources.orphans("/a", ["1"])


def test_recording_again_replaces(sources: Sources) -> None:
    sources.record(Source("/a", "new"), ["9"])

    assert ("new", frozenset({"9"})) == (sources.get("/a").digest, sources.ids("/a"))  # type: ignore[union-attr]


def test_a_forgotten_file_leaves_what_others_give(sources: Sources) -> None:
    sources.forget("/a")

    assert ([B], frozenset({"2", "3"})) == (sources.all(), sources.all_ids())


def test_deleted_articles_are_remembered_until_restored(sources: Sources) -> None:
    sources.delete(["1", "2"])
    sources.undelete(["1"])

    assert (frozenset({"2"}), frozenset({"3"})) == (sources.deleted(), sources.all_ids())


def test_a_run_is_unfinished_from_its_beginning_to_its_end(sources: Sources) -> None:
    job = LoadJob(("/articles", "/archive/*.gz"), "title=headline", prune=True)
    sources.begin(LoadJob(("/older",)))
    sources.begin(job)
    between = sources.unfinished()
    sources.end()

    assert (job, None) == (between, sources.unfinished())


def test_a_damaged_ledger_is_named(tmp_path: Path) -> None:
    (tmp_path / "records.sqlite").write_bytes(b"not a database, but long enough to look at" * 50)

    with pytest.raises(IndexDamaged, match=r"records\.sqlite"):
        Sources(Store(tmp_path, elsewhere=True)).all()
