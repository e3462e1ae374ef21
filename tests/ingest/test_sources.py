from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from searcher.errors import IndexDamaged
from searcher.ingest.sources import Ledger, Plan, Source

A, B = Source("/a", "d1"), Source("/b", "d2", "title=headline")


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = Ledger(tmp_path)
    made.record(A, ["1", "2"])
    made.record(B, ["2", "3"])
    return made


def test_what_was_recorded_is_there(ledger: Ledger) -> None:
    assert (B, frozenset({"2", "3"})) == (ledger.get("/b"), ledger.ids("/b"))


def test_it_is_there_for_another_process(ledger: Ledger, tmp_path: Path) -> None:
    assert [A, B] == Ledger(tmp_path).sources()


def test_an_unknown_file_is_none(ledger: Ledger) -> None:
    assert ledger.get("/c") is None


def test_the_articles_of_a_file_are_counted(ledger: Ledger) -> None:
    assert [2, 0] == [ledger.count("/a"), ledger.count("/c")]


def test_what_is_done_together_is_done_as_a_whole(ledger: Ledger, tmp_path: Path) -> None:
    with suppress(KeyboardInterrupt), ledger.together():
        ledger.record(Source("/a", "new"), ["9"])
        with ledger.together():
            ledger.forget("/b")
        within = ledger.sources()
        raise KeyboardInterrupt

    assert ([Source("/a", "new")], [A, B]) == (within, Ledger(tmp_path).sources())


def test_what_another_thread_asks_is_not_part_of_what_is_done_together(ledger: Ledger) -> None:
    with ThreadPoolExecutor() as threads, ledger.together():
        ledger.forget("/a")
        elsewhere = threads.submit(ledger.sources).result()

    assert [A, B] == elsewhere


def test_orphans_are_what_no_other_file_gives(ledger: Ledger) -> None:
    assert frozenset({"1"}) == ledger.orphans("/a")


def test_what_a_file_still_gives_is_no_orphan(ledger: Ledger) -> None:
    assert frozenset() == ledger.orphans("/a", ["1"])


def test_recording_again_replaces(ledger: Ledger) -> None:
    ledger.record(Source("/a", "new"), ["9"])

    assert ("new", frozenset({"9"})) == (ledger.get("/a").digest, ledger.ids("/a"))  # type: ignore[union-attr]


def test_a_forgotten_file_leaves_what_others_give(ledger: Ledger) -> None:
    ledger.forget("/a")

    assert ([B], frozenset({"2", "3"})) == (ledger.sources(), ledger.owned())


def test_deleted_articles_are_remembered_until_restored(ledger: Ledger) -> None:
    ledger.delete(["1", "2"])
    ledger.restore(["1"])

    assert (frozenset({"2"}), frozenset({"3"})) == (ledger.deleted(), ledger.owned())


def test_a_run_is_unfinished_from_its_beginning_to_its_end(ledger: Ledger) -> None:
    plan = Plan(("/articles", "/archive/*.gz"), "title=headline", prune=True)
    ledger.begin(Plan(("/older",)))
    ledger.begin(plan)
    between = ledger.unfinished()
    ledger.end()

    assert (plan, None) == (between, ledger.unfinished())


def test_a_damaged_ledger_is_named(tmp_path: Path) -> None:
    (tmp_path / "sources.sqlite").write_bytes(b"not a database, but long enough to look at" * 50)

    with pytest.raises(IndexDamaged, match=r"sources\.sqlite"):
        Ledger(tmp_path).sources()
