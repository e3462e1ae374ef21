"""What changes while it is read, and what the system refuses for now, is read again at the next run."""

from __future__ import annotations

import errno
import json
import os
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from searcher import Index, readers
from searcher.errors import ReadTimeout
from searcher.ingest import pipeline
from searcher.ingest.paths import digest_and_stamp
from searcher.ingest.worker_pool import TaskFailure

PASSING = [
    "ENOENT", "ENOSPC", "EMFILE", "ENFILE", "EIO", "EACCES", "EPERM", "ENOMEM", "EINTR", "ESTALE", "EBUSY",
]  # fmt: skip


def lines(*numbers: int) -> str:
    return "".join(
        json.dumps({"id": f"r{n}", "title": f"Record {n}", "body": f"Bridge number {n} is open."}) + "\n"
        for n in numbers
    )


def written_again(path: Path, text: str, meanwhile: str) -> Callable[..., Any]:
    """Reading, while a program writes the file: ``meanwhile`` is what it has written when it is read."""
    read = pipeline.read_file

    def reading(task: pipeline.ReadTask) -> Iterator[pipeline.FileChunk | TaskFailure]:
        path.write_text(meanwhile)
        yield from read(task)
        path.write_text(text)

    return reading


@pytest.mark.parametrize("known", [False, True])
def test_a_file_that_is_written_between_hashing_and_reading_is_read_again(
    known: bool, index: Index, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder / "bridges.jsonl"
    path.write_text(lines(0, 1, 2, 3))
    if known:
        index.load([folder])
        path.write_text(lines(1, 2, 3, 4))
    with monkeypatch.context() as patched:
        patched.setattr(pipeline, "read_file", written_again(path, path.read_text(), lines(1)))
        told = index.load([folder])
    index.load([folder])

    assert ["It changed while it was read: the next run reads it again."] == [
        failure.reason for failure in told.failed
    ]
    assert {f"r{n}" for n in range(known, 4 + known)} == {article.id for article in index.articles}
    assert 1 == index.load([folder]).files_unchanged


def test_what_a_file_gave_before_stays_when_it_is_written_while_it_is_read(
    index: Index, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder / "bridges.jsonl"
    path.write_text(lines(0, 1, 2))
    index.load([folder])
    path.write_text(lines(0, 1, 2, 3))
    monkeypatch.setattr(pipeline, "read_file", written_again(path, path.read_text(), lines(0)))
    index.load([folder])

    assert 3 == index.count()


def test_a_file_that_was_written_just_now_is_hashed_once_a_later_change_would_show(folder: Path) -> None:
    path = folder / "a.txt"
    path.write_text("one")
    (_, before) = digest_and_stamp(path)
    path.write_text("two")

    assert before != digest_and_stamp(path)[1]


def refuse(name: str) -> Callable[..., Any]:
    code = getattr(errno, name)

    def refused(*_: Any, **__: Any) -> Any:
        raise OSError(code, os.strerror(code))

    return refused


@pytest.mark.parametrize("trouble", PASSING)
@pytest.mark.parametrize("where", ["opening", "unpacking"])
def test_what_the_system_refuses_is_told_and_tried_again_at_every_run(
    where: str, trouble: str, index: Index, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with zipfile.ZipFile(folder / "bridges.zip", "w") as packed:
        packed.writestr("bridges.jsonl", lines(0, 1, 2))
    index.load([folder])
    with zipfile.ZipFile(folder / "bridges.zip", "w") as packed:
        packed.writestr("bridges.jsonl", lines(1, 2, 3))
    with monkeypatch.context() as patched:
        if where == "opening":
            patched.setattr("searcher.readers.dispatch.size_of", refuse(trouble))
        else:
            patched.setattr("searcher.readers.dispatch._seekable", refuse(trouble))
        told = [index.load([folder]), index.load([folder])]
        held = index.count()
    index.load([folder])

    assert [1, 1] == [len(report.failed) for report in told]
    assert not any("damaged" in report.failed[0].reason for report in told)
    assert 3 == held
    assert {"r1", "r2", "r3"} == {article.id for article in index.articles}


@pytest.mark.parametrize("trouble", ["EINVAL", "EOVERFLOW", None])
def test_what_a_damaged_file_leads_to_is_not_tried_again(
    trouble: str | None, index: Index, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(*_: Any) -> Any:
        raise OSError(getattr(errno, trouble), "no") if trouble else OSError("Invalid data stream")

    with zipfile.ZipFile(folder / "bridges.zip", "w") as packed:
        packed.writestr("bridges.jsonl", lines(0))
    with monkeypatch.context() as patched:
        patched.setattr("searcher.readers.dispatch._seekable", damaged)
        told = index.load([folder])

    assert "It is damaged" in told.failed[0].reason
    assert 1 == index.load([folder]).files_failed_before


def ended(after: int, failure: TaskFailure) -> Callable[..., Any]:
    """Reading that is ended after so many articles."""
    read = pipeline.read_file

    def reading(task: pipeline.ReadTask) -> Iterator[pipeline.FileChunk | TaskFailure]:
        for chunk in read(task):
            assert isinstance(chunk, pipeline.FileChunk)
            yield pipeline.FileChunk(chunk.path, chunk.articles[:after])
            yield failure
            return

    return reading


def test_a_file_that_is_ended_early_says_where_and_is_not_tried_again(
    index: Index, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "bridges.jsonl").write_text(lines(*range(6)))
    with monkeypatch.context() as patched:
        patched.setattr(pipeline, "read_file", ended(4, TaskFailure("It crashed.")))
        told = index.load([folder])
    again = index.load([folder])

    assert ["Nothing was read after article 4, “Record 3”: It crashed."] == [
        failure.reason for failure in told.failed
    ]
    assert (4, 1, 1) == (index.count(), again.files_unchanged, again.files_partial_before)


@pytest.fixture
def slow(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that takes too long after four of its six articles, however often it is read."""
    path = folder / "bridges.jsonl"
    path.write_text(lines(*range(6)))
    failure = TaskFailure("It took too long.", timed_out=True)
    monkeypatch.setattr(pipeline, "read_file", ended(4, failure))
    return path


def test_a_file_that_takes_too_long_is_read_in_three_runs(index: Index, slow: Path) -> None:
    reports = [index.load([slow]) for _ in range(4)]

    assert [(1, 0), (1, 0), (1, 0), (0, 1)] == [(one.files_read, one.files_unchanged) for one in reports]


def test_a_file_that_takes_too_long_is_reported_by_every_run(index: Index, slow: Path) -> None:
    reasons = [failure.reason for _ in range(4) for failure in index.load([slow]).failed]
    stopped = "Nothing was read after article 4, “Record 3”: It took too long."

    assert [
        *[f"{stopped} It is read again by the next run."] * 2,
        *[f"{stopped} It is read again once it changes."] * 2,
    ] == reasons
    assert reasons[-1:] == [problem.reason for problem in index.files.problems()]


def test_a_file_that_takes_too_long_is_whole_once_it_does_not(
    index: Index, slow: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        index.load([slow])
    monkeypatch.undo()
    report = index.load([slow])

    assert (6, (), ()) == (index.count(), report.failed, index.files.problems())


def test_a_file_that_took_too_long_has_three_attempts_again_once_it_changes(index: Index, slow: Path) -> None:
    for _ in range(3):
        index.load([slow])
    slow.write_text(lines(*range(7)))
    reports = [index.load([slow]) for _ in range(4)]

    assert [1, 1, 1, 0] == [report.files_read for report in reports]


def test_a_part_of_a_file_that_takes_too_long_is_read_again(
    index: Index, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "bridges.jsonl").write_text(lines(0))
    events = readers.events

    def slow_events(*args: Any, **more: Any) -> Iterator[Any]:
        yield from events(*args, **more)
        yield ReadTimeout("A program took too long.", passing=True)

    with monkeypatch.context() as patched:
        patched.setattr(readers, "events", slow_events)
        reports = [index.load([folder]) for _ in range(2)]
    last = index.load([folder])

    assert [1, 1, 1] == [report.files_read for report in (*reports, last)]
    assert () == index.files.problems()


def test_a_worker_that_dies_is_tried_again(
    index: Index, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "bridges.jsonl").write_text(lines(*range(6)))
    with monkeypatch.context() as patched:
        patched.setattr(
            pipeline, "read_file", ended(4, TaskFailure("The worker process died.", passing=True))
        )
        index.load([folder])
    index.load([folder])

    assert 6 == index.count()
