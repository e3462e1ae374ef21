"""Watched folders: what comes is indexed once, whole, and nothing is lost."""

from __future__ import annotations

import json
import os
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import searcher
from searcher import IndexFailure, IndexLocked, Report, UsageError
from searcher.extensions.watching import folders
from searcher.extensions.watching.folders import WatchOptions, watch
from searcher.ingest.paths import Listing
from searcher.ingest.report import Failure

#: Seconds after which a test gives up; none is decided by how fast it was.
PATIENCE_SECONDS = 60


class Watching:
    """A folder that is watched in a thread."""

    def __init__(self, index: Path, folder: Path) -> None:
        self.folder = folder
        self.reports: list[Report] = []
        self.errors: list[IndexFailure] = []
        self.index = searcher.open_index(index, timeout=0.2)

    def told(self, report: Report, _seconds: float) -> None:
        self.reports.append(report)

    def titles(self) -> list[str]:
        return sorted(article.title for article in self.index.articles)

    def count(self, name: str) -> int:
        return sum(getattr(report, name) for report in self.reports)

    def until(self, done: Callable[[], bool]) -> None:
        begun = time.monotonic()
        while not done():
            assert time.monotonic() - begun < PATIENCE_SECONDS, (self.titles(), self.reports)
            time.sleep(0.05)


@contextmanager
def watched(tmp_path: Path, options: WatchOptions | None = None, *more_folders: Path) -> Iterator[Watching]:
    folder, stop = tmp_path / "in", threading.Event()
    folder.mkdir(exist_ok=True)
    watching = Watching(tmp_path / "index", folder)
    thread = threading.Thread(
        target=watch,
        args=(watching.index, [folder, *more_folders], options or WatchOptions(settle=0.3)),
        kwargs={"on_report": watching.told, "on_failure": watching.errors.append, "stop": stop},
    )
    thread.start()
    try:
        watching.until(lambda: bool(watching.reports) or bool(watching.errors))
        yield watching
    finally:
        stop.set()
        thread.join()
        watching.index.close()


def article(folder: Path, number: int, words: str = "") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{number}.json"
    body = f"The ferry to Holm sails again on day {number}, said the harbour master. {words}"
    file.write_text(json.dumps({"id": str(number), "title": f"Day {number}", "body": body}), "utf-8")
    return file


def test_what_is_there_and_what_comes_is_indexed(tmp_path: Path) -> None:
    article(tmp_path / "in", 1)
    with watched(tmp_path) as watching:
        article(watching.folder, 2)
        article(watching.folder / "deep" / "er", 3)
        watching.until(lambda: len(watching.titles()) == 3)

    assert (3, 0) == (watching.count("added"), watching.count("updated"))


def test_a_burst_is_indexed_once_each(tmp_path: Path) -> None:
    with watched(tmp_path) as watching:
        for number in range(60):
            article(watching.folder / str(number % 7), number)
        watching.until(lambda: len(watching.titles()) == 60)

    assert (60, 0, 0) == tuple(watching.count(name) for name in ("added", "updated", "copies"))


def test_a_file_that_is_being_written_is_read_once_it_is_whole(tmp_path: Path) -> None:
    with watched(tmp_path, WatchOptions(settle=1.5)) as watching:
        text = article(tmp_path / "made", 1, "The last word is pallet.").read_text("utf-8")
        with open(watching.folder / "1.json", "w", encoding="utf-8") as file:
            for start in range(0, len(text), 40):
                file.write(text[start : start + 40])
                file.flush()
                time.sleep(0.1)
        watching.until(lambda: bool(watching.titles()))

        assert 1 == watching.index.count("pallet")
    assert (1, 0, ()) == (watching.count("added"), watching.count("updated"), watching.reports[-1].failed)


def test_a_finished_download_is_read_under_its_last_name(tmp_path: Path) -> None:
    with watched(tmp_path) as watching:
        made = article(tmp_path / "made", 1)
        shutil.copy(made, watching.folder / "1.json.part")
        os.replace(watching.folder / "1.json.part", watching.folder / "1.json")
        watching.until(lambda: bool(watching.titles()))

        origin = next(iter(watching.index.articles)).origin
    assert (str(watching.folder / "1.json"), 1) == (origin, watching.count("files_read"))


def test_a_folder_that_is_moved_in_comes_with_all_that_is_in_it(tmp_path: Path) -> None:
    for number in range(5):
        article(tmp_path / "made" / "deep", number)
    with watched(tmp_path) as watching:
        shutil.move(tmp_path / "made", watching.folder / "made")
        watching.until(lambda: len(watching.titles()) == 5)

    assert 5 == watching.count("added")


def test_what_is_deleted_stays_unless_it_is_to_be_pruned(tmp_path: Path) -> None:
    file = article(tmp_path / "in", 1)
    with watched(tmp_path) as watching:
        file.unlink()
        article(watching.folder, 2)
        watching.until(lambda: len(watching.titles()) == 2)


def test_what_is_deleted_is_pruned(tmp_path: Path) -> None:
    for number in range(12):
        article(tmp_path / "in" / ("a" if number else "b"), number)
    with watched(tmp_path, WatchOptions(settle=0.3, prune=True)) as watching:
        shutil.rmtree(watching.folder / "b")
        watching.until(lambda: len(watching.titles()) == 11)

    assert 1 == watching.count("removed")


def test_much_that_is_deleted_is_not_dropped_unasked(tmp_path: Path) -> None:
    for number in range(4):
        article(tmp_path / "in" / "a", number)
    with watched(tmp_path, WatchOptions(settle=0.3, prune=True)) as watching:
        shutil.rmtree(watching.folder / "a")
        watching.until(lambda: watching.reports[-1].prune_refused == 4)

        assert 4 == len(watching.titles())


@pytest.mark.parametrize(("failures", "gone"), [([], ["1.json"]), ([Failure("in", "It is away.")], [])])
def test_nothing_is_gone_from_a_folder_that_cannot_be_listed(
    failures: list[Failure], gone: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    article(tmp_path, 1)
    looking = Watching(tmp_path / "index", tmp_path)
    watch = folders._Watch(
        looking.index, [tmp_path], WatchOptions(settle=1, prune=True), looking.told, looking.errors.append
    )
    watch._list_files(1)
    monkeypatch.setattr(folders, "expand", lambda _: Listing(failures=failures))
    watch._list_files(2)

    assert gone == [path.name for path in watch._missing.take(9)]


def test_a_folder_whose_disk_is_away_keeps_its_articles(tmp_path: Path) -> None:
    for number in range(30):
        article(tmp_path / "in", number)
    away = tmp_path / "usb"
    file = article(away, 99)
    with watched(tmp_path, WatchOptions(settle=0.3, prune=True), away) as watching:
        file.unlink()
        watching.until(lambda: watching.reports[-1].prune_refused == 1)

        assert 31 == len(watching.titles())


def test_what_is_moved_stays_one_article(tmp_path: Path) -> None:
    file = article(tmp_path / "in", 1)
    with watched(tmp_path, WatchOptions(settle=0.3, prune=True, prune_all=True)) as watching:
        moved = watching.folder / "later" / "1.json"
        moved.parent.mkdir()
        os.replace(file, moved)
        watching.until(lambda: next(iter(watching.index.articles)).origin == str(moved))

    assert 0 == watching.count("removed")


def test_hidden_files_other_indexes_and_unknown_endings_are_left_alone(tmp_path: Path) -> None:
    with watched(tmp_path) as watching:
        other = watching.folder / "other"
        searcher.open_index(other).close()
        article(other, 1)
        article(watching.folder / ".hidden", 2)
        shutil.copy(article(watching.folder, 3), watching.folder / "3.unknown")
        watching.until(lambda: bool(watching.titles()))
        titles = watching.titles()

    assert (["Day 3"], 1) == (titles, watching.count("files_read"))


def test_an_index_inside_the_folder_does_not_watch_itself(tmp_path: Path) -> None:
    folder, stop = tmp_path / "in", threading.Event()
    watching = Watching(folder / "index", folder)
    options = WatchOptions(settle=0.2, prune=True)
    told = watching.told
    thread = threading.Thread(target=watch, args=(watching.index, [folder], options, told, told, stop))
    thread.start()
    try:
        watching.until(lambda: bool(watching.reports))
        article(folder, 1)
        watching.until(lambda: bool(watching.titles()))
        time.sleep(1.5)
    finally:
        stop.set()
        thread.join()

    assert [0, 1] == [report.files for report in watching.reports]


def test_a_folder_of_archivebox_is_one_article(tmp_path: Path) -> None:
    page = "<html><head><title>Ferry sails</title></head><body><article><h1>Ferry sails</h1>"
    page += "<p>The ferry to Holm sails again on Monday, said the harbour master, and nobody waits.</p>" * 3
    with watched(tmp_path, WatchOptions(settle=0.5)) as watching:
        snapshot = watching.folder / "1700000000.0"
        snapshot.mkdir()
        record = {"url": "https://example.org/a", "timestamp": "1700000000.0", "history": {}}
        (snapshot / "index.json").write_text(json.dumps(record), "utf-8")
        (snapshot / "headers.json").write_text("{}", "utf-8")
        (snapshot / "singlefile.html").write_text(f"{page}</article></body></html>", "utf-8")
        (snapshot / "output.html").write_text(f"{page}</article></body></html>", "utf-8")
        watching.until(lambda: bool(watching.titles()))
        urls = [one.url for one in watching.index.articles]

    assert (["https://example.org/a"], 1) == (urls, watching.count("files_read"))


def test_what_came_while_nothing_watched_is_read_at_the_next_start(tmp_path: Path) -> None:
    with watched(tmp_path) as watching:
        article(watching.folder, 1)
        watching.until(lambda: len(watching.titles()) == 1)
    article(tmp_path / "in", 2)

    with watched(tmp_path) as watching:
        watching.until(lambda: len(watching.titles()) == 2)

    assert (1, 1) == (watching.count("added"), watching.count("unchanged"))


def test_what_another_writer_keeps_out_is_read_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("searcher.extensions.watching.folders._RETRY_SECONDS", 0.5)
    with watched(tmp_path) as watching:
        with watching.index._session.engine.writer():
            article(watching.folder, 1)
            watching.until(lambda: bool(watching.errors))
        watching.until(lambda: len(watching.titles()) == 1)

    assert isinstance(watching.errors[0], IndexLocked)


def test_what_the_system_did_not_report_is_found_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("searcher.extensions.watching.folders._MIN_SWEEP_SECONDS", 0.5)
    monkeypatch.setattr("searcher.extensions.watching.folders._Watch._note", lambda *_: None)
    with watched(tmp_path, WatchOptions(settle=0.3, prune=True, prune_all=True)) as watching:
        file = article(watching.folder, 1)
        shutil.move(article(tmp_path / "made", 2).parent, watching.folder / "made")
        watching.until(lambda: watching.titles() == ["Day 1", "Day 2"])
        article(watching.folder, 1, "Nobody waited.")
        watching.until(lambda: watching.index.count('"nobody waited"') == 1)
        file.unlink()
        watching.until(lambda: watching.titles() == ["Day 2"])

    assert (2, 1, 1) == tuple(watching.count(name) for name in ("added", "updated", "removed"))


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_name_that_is_no_unicode_does_not_end_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("searcher.extensions.watching.folders._MIN_SWEEP_SECONDS", 0.5)
    with watched(tmp_path) as watching:
        os.replace(article(tmp_path / "made", 1), os.fsencode(watching.folder) + b"/\xff.json")
        article(watching.folder, 2)
        watching.until(lambda: len(watching.titles()) == 2)


def test_fields_are_set(tmp_path: Path) -> None:
    with watched(tmp_path, WatchOptions({"source": ["Harbour Post"]}, settle=0.3)) as watching:
        article(watching.folder, 1)
        watching.until(lambda: watching.index.count(source="Harbour Post") == 1)


def test_polling_finds_the_same(tmp_path: Path) -> None:
    with watched(tmp_path, WatchOptions(settle=0.3, poll=True)) as watching:
        article(watching.folder / "deep", 1)
        watching.until(lambda: len(watching.titles()) == 1)


def test_what_is_no_folder_is_refused(tmp_path: Path) -> None:
    with searcher.open_index(":memory:") as index, pytest.raises(UsageError, match="is not a folder"):
        watch(index, [tmp_path / "absent"], WatchOptions(), lambda *_: None, lambda *_: None)
