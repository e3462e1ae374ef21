"""What a file may cost: one that costs too much is ended, told, and not begun again by the same readers."""

from __future__ import annotations

import errno
import json
import sys
import zipfile
from pathlib import Path

import pytest

from searcher import Article, Index, ReadError, readers
from searcher.errors import ReadTimeout
from searcher.ingest import pipeline, worker_pool
from searcher.ingest.report import MAX_REASONS, Problem, ProblemGroups, ProblemKind
from searcher.readers.base import on_progress, run_program

ITEM = "<item id='a' href='a.xhtml' media-type='application/xhtml+xml'/>"
CONTAINER = (
    "<container xmlns='urn:oasis:names:tc:opendocument:xmlns:container' version='1.0'><rootfiles>"
    "<rootfile full-path='a.opf' media-type='application/oebps-package+xml'/></rootfiles></container>"
)
TEXT = "The tunnel opens on Monday, and the ferry sails on."


def write(path: Path, records: list[dict[str, str]]) -> Path:
    path.write_text("".join(f"{json.dumps(record)}\n" for record in records))
    return path


def rows(number: int) -> list[dict[str, str]]:
    return [{"id": f"r{n}", "title": f"Row {n}", "body": f"{TEXT} {n}"} for n in range(number)]


@pytest.mark.parametrize(
    ("bounds", "records", "reason"),
    [
        ({"MAX_CHARACTERS": 300, "CHARACTERS_A_BYTE": 0}, rows(9), "far more text than its size allows"),
        ({"MAX_REPEATS": 3, "BYTES_A_REPEAT": 1000}, rows(1) * 9, "It repeats the same articles"),
    ],
)
def test_a_file_that_costs_too_much_is_ended_and_told_and_not_begun_again(
    bounds: dict[str, float],
    records: list[dict[str, str]],
    reason: str,
    index: Index,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write(tmp_path / "a.jsonl", records)
    for name, value in bounds.items():
        monkeypatch.setattr(pipeline, name, value)
    told = index.load([tmp_path])
    again = index.load([tmp_path])

    assert [True] == [reason in failure.reason for failure in told.failed]
    assert ((), 1) == (again.failed, again.files_unchanged + again.files_failed_before)


@pytest.mark.parametrize("records", [rows(9), [{}] * 9])
def test_a_file_that_takes_too_much_processor_time_is_stopped_and_read_again_by_the_next_run(
    records: list[dict[str, str]], index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "a.jsonl", records)
    with monkeypatch.context() as patched:
        patched.setattr(pipeline, "MAX_SECONDS", -1.0)
        patched.setattr(pipeline, "SECONDS_A_MB", 0.0)
        (failure,) = index.load([tmp_path]).failed
    index.load([tmp_path])

    assert (
        "It took more than -1 seconds of processor time and was stopped. It is read again by the next run."
    ) == failure.reason
    assert len(list(filter(None, records))) == index.count()


def test_what_a_file_gave_before_it_cost_too_much_is_kept(
    index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "MAX_CHARACTERS", 12 * len(f"{TEXT} 00"))
    monkeypatch.setattr(pipeline, "CHARACTERS_A_BYTE", 0)
    write(tmp_path / "a.jsonl", rows(40))
    told = index.load([tmp_path])

    assert 12 == index.count()
    assert told.failed[0].reason.startswith("Nothing was read after article 12, “Row 11”: ")


def test_a_small_book_that_lists_one_chapter_again_and_again_ends(index: Index, tmp_path: Path) -> None:
    chapter = f"<html xmlns='http://www.w3.org/1999/xhtml'><body><h1>One</h1><p>{TEXT * 5}</p></body></html>"
    items = "<itemref idref='a'/>" * 1500
    package = (
        f"<package xmlns='http://www.idpf.org/2007/opf' version='3.0'><manifest>{ITEM}</manifest><spine>"
    )
    with zipfile.ZipFile(tmp_path / "book.epub", "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("mimetype", "application/epub+zip")
        book.writestr("META-INF/container.xml", CONTAINER)
        book.writestr("a.opf", f"{package}{items}</spine></package>")
        book.writestr("a.xhtml", chapter)
    told = index.load([tmp_path])

    assert (1, 0, 0) == (index.count(), told.copies, len(told.failed))


def test_a_file_of_many_honest_records_is_not_ended(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", [*rows(3000), *rows(1500)])
    ends = list(pipeline.read_file(pipeline.ReadTask(path)))[-1]

    assert isinstance(ends, pipeline.FileChunk)
    assert ends.done


def test_rows_without_text_let_know_that_reading_gets_on(tmp_path: Path) -> None:
    heard_of: list[None] = []
    with on_progress(lambda: heard_of.append(None)):
        list(readers.events(write(tmp_path / "a.jsonl", [{}] * 500)))

    assert len(heard_of) >= 500


@pytest.mark.parametrize(
    ("name", "line", "before", "after"),
    [
        ("a.vtt", "0:{n:02}:00.000 --> 0:{n:02}:09.000\nThe ferry sails.\n\n", "WEBVTT\n\n", ""),
        ("a.ttml", "<p begin='{n}s'>The ferry sails.</p>", "<tt><body><div>", "</div></body></tt>"),
        ("a.txt", "ADA QUILL: The ferry sails on Monday.\n\nBEN MARSH: I see it.\n\n", "", ""),
        ("a.txt", "12/03/24, 10:{n:02} - Ada: The ferry sails.\n", "", ""),
        ("a.json", '{{"start": {n}, "text": "The ferry sails."}}, ', '{{"segments": [', '{{"start": 50}}]}}'),
    ],
)
def test_long_transcripts_and_chats_report_progress(
    name: str, line: str, before: str, after: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    lines = "".join(line.format(n=n) for n in range(50))
    path.write_text(f"{before.format()}{lines}{after.format()}")
    signs: list[None] = []
    with on_progress(lambda: signs.append(None)):
        (article,) = readers.events(path)

    assert isinstance(article, Article)
    assert article.quotes
    assert len(signs) >= 50


def test_a_program_that_takes_too_long_is_worth_another_try(tmp_path: Path) -> None:
    with pytest.raises(ReadTimeout, match=r"took longer than 0\.1 seconds"):
        run_program([sys.executable, "-c", "import time; time.sleep(60)"], tmp_path, 0.1)


def test_members_of_an_archive_that_fail_alike_are_one_line(index: Index, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        for number in range(300):
            packed.writestr(f"folder {number}/text.{number}.txt", "")
        packed.writestr("a.txt", TEXT)
    told = index.load([tmp_path])

    assert (1, 1, 300) == (index.count(), len(told.failed), told.parts_failed)
    assert "and 297 more: " in told.failed[0].reason


def test_reasons_without_end_are_joined() -> None:
    groups = ProblemGroups()
    for number in range(10 * MAX_REASONS):
        groups.add(Problem("a.zip", f"a.zip!{number}", f"KeyError {number}", ProblemKind.PART))
    found = groups.all(ProblemKind.PART)

    assert (MAX_REASONS + 1, 10 * MAX_REASONS) == (len(found), sum(problem.count for problem in found))


def test_an_error_of_a_file_is_no_end(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", [{}, {"body": TEXT}])

    assert any(isinstance(event, ReadError) for event in readers.events(path))


def test_a_file_that_gave_nothing_is_told_though_no_worker_can_start(monkeypatch: pytest.MonkeyPatch) -> None:
    told = Problem("a.txt", "a.txt", "It is empty.", ProblemKind.PART)
    read = [pipeline.FileChunk(Path("a.txt"), problems=(told,), failed=True)]
    monkeypatch.setattr(worker_pool, "_Worker", refuse_to_start)
    with worker_pool.Pool(1, seconds=9, memory=2**30) as pool:
        (chunk,) = pipeline._annotate(pool, read, 1)

    assert ((), (told,)) == (chunk.articles, chunk.problems)


def refuse_to_start(_: float) -> None:
    raise OSError(errno.EMFILE, "Too many open files")
