from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import searcher
from searcher import Article, Index, Progress, extract
from searcher.engines import memory
from searcher.engines.whoosh.write.writer import ArticleWriter
from searcher.errors import IndexFailure, IndexLocked, UsageError
from searcher.files import FileLock
from searcher.ingest import changes, rebuild, run
from searcher.ingest.loader import LoadArguments
from searcher.ingest.paths import Stamp, digest_and_stamp
from searcher.ingest.sources import LoadJob, Sources
from searcher.locations import LOADING_LOCK
from searcher.readers import finish
from searcher.readers.base import CLEANER
from tests.ingest.test_minhash import WIRE

TEXT = """Harbour fees to rise

By Ann Poe

ALDERN, March 3, 2025 - Harbour fees will rise in spring, the port authority said on Monday.

“Nobody told us,” said Ada Quill, who has fished here for thirty years. “We will fight this,” she added.
"""


@pytest.fixture(params=[":memory:", "folder"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Index]:
    with searcher.open_index(":memory:" if request.param == ":memory:" else tmp_path / "index") as made:
        yield made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "articles"
    made.mkdir()
    (made / "fees.txt").write_text(TEXT)
    records = [
        {"id": f"r{n}", "title": f"Record {n}", "body": f"Bridge number {n} is open."} for n in range(40)
    ]
    (made / "bridges.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
    return made


def counts(report: searcher.Report) -> tuple[int, int, int, int]:
    return report.added, report.updated, report.unchanged, report.removed


def test_a_folder_is_read_annotated_and_found(index: Index, folder: Path) -> None:
    report = index.load([folder])

    assert ((41, 0, 0, 0), 2, ()) == (counts(report), report.files, report.failed)
    assert ["Ada Quill"] * 2 == [said.speaker for said in index.quotes("", speaker="Quill")]


def test_a_second_run_skips_what_has_not_changed(index: Index, folder: Path) -> None:
    index.load([folder])

    assert (0, 0, 41, 0) == counts(index.load([folder]))


def test_a_second_run_asks_for_many_files_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[sqlite3.Connection] = []
    connect = sqlite3.connect

    def noted(*args: Any, **more: Any) -> sqlite3.Connection:
        opened.append(connect(*args, **more))
        return opened[-1]

    monkeypatch.setattr(sqlite3, "connect", noted)
    counts = []
    for number in (1, 30):
        for name in range(number):
            (tmp_path / f"{name}.txt").write_text(f"{TEXT} {name}")
        with searcher.open_index(tmp_path / "index") as index:
            index.load([tmp_path], workers=1)
            opened.clear()
            index.load([tmp_path])
            counts.append(len(opened))

    assert counts[0] == counts[1]


def test_files_are_read_while_others_are_still_to_be_looked_at(
    index: Index, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[Path] = []

    def noted(path: Path) -> tuple[str, Stamp]:
        looked_at.append(path)
        return digest_and_stamp(path)

    monkeypatch.setattr(changes, "digest_and_stamp", noted)
    for name in range(30):
        (folder / f"{name}.txt").write_text(f"{TEXT} {name}")
    seen: list[int] = []
    index.load([folder], workers=1, progress=lambda _: seen.append(len(looked_at)))

    assert (True, 32) == (seen[0] < 32, seen[-1])


def test_a_changed_file_is_read_again_and_what_it_lost_is_removed(index: Index, folder: Path) -> None:
    index.load([folder])
    records = [
        {"id": "r0", "title": "New", "body": "A tunnel."},
        {"id": "r1", "title": "Record 1", "body": "Bridge number 1 is open."},
    ]
    (folder / "bridges.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))

    assert (0, 1, 2, 38) == counts(index.load([folder]))
    assert "New" == index.articles.get("r0").title  # type: ignore[union-attr]


def test_records_of_two_files_that_are_numbered_alike_do_not_overwrite_each_other(
    index: Index, folder: Path
) -> None:
    records = [
        {"id": f"r{n}", "title": f"Tunnel {n}", "body": f"Tunnel number {n} is shut."} for n in range(3)
    ]
    (folder / "tunnels.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
    index.load([folder / "tunnels.jsonl"])
    index.load([folder])
    before = sorted(article.id for article in index.articles)
    index.rebuild()

    assert (44, before) == (index.count(), sorted(article.id for article in index.articles))


def test_prune_drops_what_is_gone_below_the_paths_given(index: Index, folder: Path) -> None:
    index.load([folder])
    (folder / "bridges.jsonl").unlink()
    elsewhere = index.load([folder / "fees.txt"], prune=True, prune_all=True)
    here = index.load([folder], prune=True, prune_all=True)

    assert (0, 40, 1) == (elsewhere.removed, here.removed, index.count())


def test_prune_drops_no_more_than_a_tenth_of_the_index_unless_all_is_to_go(
    index: Index, folder: Path
) -> None:
    (folder / "more.jsonl").write_text(
        "".join(f'{{"id": "m{n}", "title": "More {n}", "body": "Ferry {n}."}}\n' for n in range(5))
    )
    index.load([folder])
    (folder / "more.jsonl").unlink()
    refused = index.load([folder], prune=True)
    held = index.count()
    done = index.load([folder], prune=True, prune_all=True)

    assert (5, 0, 46, 5) == (refused.prune_refused, refused.removed, held, done.removed)


@pytest.mark.parametrize("mounted", [True, False])
def test_prune_drops_nothing_when_a_whole_folder_is_empty_or_away(
    mounted: bool, index: Index, folder: Path, tmp_path: Path
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    (disk / "tunnel.txt").write_text("Tunnel\n\nThe tunnel is open.\n")
    index.load([folder, disk])
    (disk / "tunnel.txt").unlink()
    if not mounted:
        disk.rmdir()
    report = index.load([folder, disk], prune=True)

    assert (1, 0, 42) == (report.prune_refused, report.removed, index.count())


def test_prune_drops_what_two_files_gave_that_are_both_gone(index: Index, folder: Path) -> None:
    for name in ("one", "two"):
        (folder / f"{name}.txt").write_text("Twice\n\nThe same in two files.\n")
    index.load([folder])
    for name in ("one", "two"):
        (folder / f"{name}.txt").unlink()

    assert (1, 41) == (index.load([folder], prune=True).removed, index.count())


def test_an_article_in_two_files_stays_while_one_gives_it(index: Index, folder: Path) -> None:
    (folder / "copy.txt").write_text(TEXT)
    index.load([folder])
    (folder / "copy.txt").unlink()
    index.load([folder], prune=True)

    assert 41 == index.count()


def test_an_article_is_where_it_still_is_when_its_other_file_is_gone(index: Index, folder: Path) -> None:
    (folder / "copy.txt").write_text(TEXT)
    index.load([folder])
    (article,) = index.search("harbour").hits
    Path(article.article.origin or "").unlink()
    index.load([folder], prune=True)
    (article,) = index.search("harbour").hits

    assert Path(article.article.origin or "").exists()


@pytest.mark.parametrize("names", [("a.jsonl", "b.jsonl"), ("b.jsonl", "a.jsonl")])
def test_of_an_article_in_two_files_the_fuller_version_is_kept(
    names: tuple[str, str], index: Index, tmp_path: Path
) -> None:
    url, body = "https://meridian.example/tunnel", "The tunnel under the bay opens on Monday."
    full = {"url": url, "body": body, "title": "Tunnel opens", "author": "Ada Quill"}
    for name, record in zip(names, (full, {"url": url, "body": body})):
        (tmp_path / name).write_text(json.dumps(record) + "\n")
    index.load([tmp_path])
    index.load([tmp_path])
    before = [article.title for article in index.articles]
    index.rebuild()

    assert (["Tunnel opens"], before) == (before, [article.title for article in index.articles])


def test_what_is_set_is_kept_when_files_are_read_again(index: Index, folder: Path) -> None:
    index.load([folder / "fees.txt"], fields={"source": "Heron Daily", "desk": "home"})
    (folder / "fees.txt").write_text(TEXT.replace("Harbour fees", "Mooring fees"))
    index.load([folder / "fees.txt"])
    loaded = index.search("mooring", where={"desk": "home"}, source="Heron Daily").total
    index.rebuild()

    assert (1, 1) == (loaded, index.search("mooring desk:home", source="Heron Daily").total)


def test_columns_become_fields_of_ones_own(index: Index, tmp_path: Path) -> None:
    (tmp_path / "wire.csv").write_text("title,body,ressort\nFerry,It sails.,foreign\nBridge,It opens.,home\n")
    index.load([tmp_path / "wire.csv"], mapping={"desk": "ressort"})
    found = index.search("desk:foreign", facets=["desk"])

    assert ["Ferry"] == [hit.article.title for hit in found]
    assert {"foreign": 1} == {value.value: value.count for value in found.facets["desk"].values}


def test_a_broken_file_is_reported_and_the_others_go_in(index: Index, folder: Path) -> None:
    (folder / "broken.html.gz").write_bytes(b"\x1f\x8b\x08 cut")
    report = index.load([folder, folder / "nothing"])

    assert 41 == report.added
    assert ["nothing", "broken.html.gz"] == [Path(origin).name for origin, _ in report.failed]


def test_a_broken_record_does_not_lose_the_others(index: Index, folder: Path) -> None:
    with (folder / "bridges.jsonl").open("a") as file:
        file.write('{"title": "cut\n{"id": "last", "title": "Last", "body": "Whole."}\n')
    report = index.load([folder / "bridges.jsonl"])

    assert (41, 1) == (report.added, len(report.failed))


def test_every_file_of_a_folder_is_in_the_count(index: Index, folder: Path) -> None:
    (folder / "empty.txt").write_text("")
    (folder / "copy.txt").write_text(TEXT)
    (folder / "picture.xyz").write_text("")
    (folder / ".hidden").write_text("")
    os.mkfifo(folder / "feed.txt")
    with (folder / "bridges.jsonl").open("a") as file:
        file.write('{"id": "nothing"}\n' * 5)
    report = index.load([folder])
    again = index.load([folder])
    passed_over = {".xyz": 1, "hidden": 1, "named pipe": 1}

    assert (4, 3, 0, 1, 0, 5) == files(report)
    assert (4, 0, 3, 0, 1, 0) == files(again)
    assert ((41, 0, 1), (0, 41, 1)) == (articles(report), articles(again))
    assert passed_over == dict(report.passed_over) == dict(again.passed_over)


def files(report: searcher.Report) -> tuple[int, ...]:
    return (
        report.files,
        report.files_read,
        report.files_unchanged,
        report.files_failed,
        report.files_failed_before,
        report.parts_failed,
    )


def articles(report: searcher.Report) -> tuple[int, int, int]:
    return report.added, report.unchanged, report.copies


def test_a_thousand_bad_rows_are_one_failure(index: Index, folder: Path) -> None:
    (folder / "rows.csv").write_text("title,text\n" + "".join(f"A{n},\n" for n in range(1000)))
    (failure,) = index.load([folder / "rows.csv"]).failed

    assert failure.reason.startswith("Lines 2, 3, 4 and 997 more: It has no text.")


def test_entries_of_a_feed_without_text_are_one_failure(index: Index, folder: Path) -> None:
    entries = "".join(f"<item><title>Ferry {number}</title></item>" for number in range(30))
    (folder / "feed.xml").write_text(f"<rss version='2.0'><channel>{entries}</channel></rss>")
    (failure,) = index.load([folder / "feed.xml"]).failed

    assert failure.reason == (
        "“Ferry 0”, “Ferry 1”, “Ferry 2” and 27 more: It contains no text except this title."
    )


def test_a_problem_is_listed_until_the_file_is_read_or_gone(index: Index, folder: Path) -> None:
    for name in ("read", "gone"):
        (folder / f"{name}.txt").write_text("")
    index.load([folder / "read.txt", folder / "gone.txt"])
    first = names(index)
    (folder / "read.txt").write_text(TEXT)
    index.load([folder / "read.txt", folder / "gone.txt"])
    second = names(index)
    (folder / "gone.txt").unlink()

    assert (["gone.txt", "read.txt"], ["gone.txt"], []) == (first, second, names(index))


def names(index: Index) -> list[str]:
    return [Path(problem.path).name for problem in index.files.problems()]


def test_problems_say_how_much_of_a_file_is_missing(index: Index, folder: Path) -> None:
    (folder / "empty.txt").write_text("")
    (folder / "picture.xyz").write_text("")
    with (folder / "bridges.jsonl").open("a") as file:
        file.write('{"id": "nothing"}\n')
    index.load([folder])

    assert {"empty.txt": "not read", "picture.xyz": "passed over", "bridges.jsonl": "in part"} == {
        Path(problem.path).name: problem.kind.value for problem in index.files.problems()
    }


def test_what_failed_is_read_again_by_newer_readers(
    index: Index, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "empty.txt").write_text("")
    index.load([folder / "empty.txt"])
    before = index.load([folder / "empty.txt"])
    monkeypatch.setattr(changes, "FINAL_VERSIONS", frozenset({"a newer one"}))
    after = index.load([folder / "empty.txt"])

    assert [(0, 1), (1, 0)] == [(r.files_failed, r.files_failed_before) for r in (before, after)]


def test_what_could_not_be_annotated_is_annotated_by_a_newer_annotator(
    index: Index, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(extract, "annotate", lambda article: 1 / 0)
        failed = index.load([folder / "fees.txt"]).failed
    same = index.load([folder / "fees.txt"])
    monkeypatch.setattr(changes, "FINAL_VERSIONS", frozenset({CLEANER}))
    newer = index.load([folder / "fees.txt"])

    assert (1, 0, 1) == (len(failed), same.updated, newer.updated)


def test_progress_counts_files_and_articles(index: Index, folder: Path) -> None:
    seen: list[Progress] = []
    index.load([folder], progress=seen.append)

    assert (2, 2, 41) == (seen[-1].files, seen[-1].total, seen[-1].articles)


@pytest.mark.skipif(sys.platform != "linux", reason="what is open is read in /proc")
def test_a_rebuild_holds_no_file_open_that_is_gone(index: Index, folder: Path) -> None:
    index.load([folder], workers=1)
    index.rebuild(workers=1)
    held = [os.readlink(one) for one in Path("/proc/self/fd").iterdir() if one.is_symlink()]

    assert [] == [name for name in held if "records.sqlite" in name and name.endswith("(deleted)")]


def stopped(index: Index, folder: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """Load a folder until twenty articles are read, ten a commit; return how many are there."""

    def stop(progress: Progress) -> None:
        if progress.articles >= 20:
            raise KeyboardInterrupt

    monkeypatch.setattr(run, "MAX_ARTICLES", 10)
    with pytest.raises(KeyboardInterrupt):
        index.load([folder], workers=1, progress=stop)
    return index.count()


def test_a_run_that_was_stopped_goes_on_where_it_was(
    index: Index, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = stopped(index, folder, monkeypatch)
    report = index.files.resume_load(workers=1)

    assert report is not None
    assert (41, 41, 0) == (there + report.added, index.count(), report.updated)
    assert index.files.resume_load() is None


def test_what_a_stopped_run_had_added_is_no_repetition_for_newer_readers(
    index: Index, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = stopped(index, folder, monkeypatch)
    monkeypatch.setattr(finish, "CLEANER", "newer")
    report = index.load([folder], workers=1)

    assert (there, 0, ()) == (report.updated, report.copies, index.files.problems(repeated=True))


def test_a_load_in_many_commits_leaves_one_segment(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "MAX_ARTICLES", 10)
    with searcher.open_index(tmp_path / "index") as index:
        index.load([folder], workers=1)

    assert 1 == len(list((tmp_path / "index").glob("*.arr")))


@pytest.mark.processes
def test_the_number_of_workers_changes_nothing(folder: Path) -> None:
    answers = []
    for workers in (1, 2):
        with searcher.open_index(":memory:") as ix:
            ix.load([folder], workers=workers)
            answers.append([article.to_dict() for article in ix.articles])

    assert answers[0] == answers[1]


def test_a_deleted_article_stays_away_until_it_is_added_again(index: Index, folder: Path) -> None:
    index.load([folder])
    index.delete(["r3"])
    (folder / "bridges.jsonl").touch()
    index.rebuild()
    away = index.articles.get("r3")
    index.add([Article("r3", "Back")], annotate=False)
    index.rebuild()

    assert (None, "Back") == (away, index.articles.get("r3").title)  # type: ignore[union-attr]
    assert "Record 3" in {article.title for article in index.articles}


def test_rebuild_reads_the_recorded_files_again(index: Index, folder: Path) -> None:
    index.load([folder])
    (folder / "fees.txt").write_text(TEXT.replace("Harbour fees", "Mooring fees"))
    report = index.rebuild()

    assert (41, 0, 41, 1) == (report.added, report.carried_over, index.count(), index.search("mooring").total)


def test_a_syndicated_copy_is_kept_and_linked_to_its_story(index: Index, folder: Path) -> None:
    long = (
        TEXT + "\n" + " ".join(f"The board heard speaker number {n} on the fees." for n in range(12)) + "\n"
    )
    (folder / "fees.txt").write_text(long)
    (folder / "fees2.txt").write_text(
        long.replace("Ann Poe", "Bo Crane").replace("Harbour fees to", "Fees to")
    )
    index.load([folder])
    found = index.search("fees rise")
    linked = {hit.article.story for hit in found}
    index.rebuild()
    again = {hit.article.story for hit in index.search("fees rise")}

    assert (2, 1, linked) == (found.total, len(linked - {None}), again)


def test_copies_given_one_by_one_share_a_story(index: Index) -> None:
    for id in ("a", "b"):
        index.add([Article(id, "Fees", f"{WIRE} {id}")])

    assert ["a", "a"] == [article.story for article in index.articles]


def test_rebuild_remembers_the_stories_of_what_it_keeps(index: Index) -> None:
    index.add([Article("a", "Fees", WIRE)])
    index.rebuild()
    index.add([Article("b", "Fees", f"{WIRE} b")])

    assert ["a", "a"] == [article.story for article in index.articles]


def test_progress_of_a_rebuild_only_goes_forward(
    index: Index, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuild, "GROUP_ARTICLES", 5)
    index.load([folder])
    seen: list[int] = []
    report = index.rebuild(progress=lambda progress: seen.append(progress.articles))

    assert (41, 41) == (report.added, seen[-1])
    assert sorted(seen) == seen


def test_a_rebuild_that_is_stopped_forgets_no_stories(index: Index, folder: Path) -> None:
    index.load([folder])
    index.add([Article("a", "Fees", WIRE)])

    def stop(_: Progress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        index.rebuild(progress=stop)
    index.add([Article("b", "Fees", f"{WIRE} b")])

    assert ["a", "a"] == [article.story for article in index.articles if article.id in ("a", "b")]


def test_a_rebuild_whose_commit_fails_changes_no_stories(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.add([Article(id, "Fees", f"{WIRE} {id}") for id in ("a", "b")])
    index.delete(["a"])

    def fail(self: object) -> None:
        raise IndexFailure("The disk is full.")

    with monkeypatch.context() as patch:
        for kind in (memory._Writer, ArticleWriter):
            patch.setattr(kind, "_commit", fail)
        with pytest.raises(IndexFailure, match="full"):
            index.rebuild()
    index.add([Article("c", "Fees", f"{WIRE} c")])

    assert ["a", "a"] == [article.story for article in index.articles]


def test_rebuild_keeps_what_has_no_file(index: Index, folder: Path) -> None:
    index.load([folder])
    index.add([Article("mine", "Added by hand", "Kept.")])
    (folder / "bridges.jsonl").unlink()
    report = index.rebuild()

    assert (1, 41, 42) == (report.added, report.carried_over, index.count())


def test_a_script_without_a_main_guard_can_load(folder: Path, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import searcher\nwith searcher.open_index(':memory:') as ix:\n"
        f"    print(ix.load([{str(folder)!r}]).added)\n"
    )
    done = subprocess.run(
        [sys.executable, script],
        capture_output=True,
        text=True,
        cwd=Path(searcher.__file__).parent.parent,
        env={"PYTHONPATH": str(Path(searcher.__file__).parent.parent), "PATH": ""},
    )

    assert ("41", "") == (done.stdout.strip(), done.stderr)


def test_load_in_threads(index: Index, folder: Path) -> None:
    threads = [threading.Thread(target=index.load, args=([folder],)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert 41 == index.count()


def test_parts_of_the_files_are_read_by_whoever_is_to_read_them(tmp_path: Path) -> None:
    for n in range(12):
        (tmp_path / f"{n}.txt").write_text(f"Ferry {n}\n\nThe ferry {n} sails at noon.\n", "utf-8")
    titles = []
    for number in (1, 2, 3):
        with searcher.open_index(":memory:") as index:
            index.load([tmp_path], shard=(number, 3), workers=1)
            titles.append({article.title for article in index.articles})

    assert {f"Ferry {n}" for n in range(12)} == set().union(*titles)
    assert 12 == sum(map(len, titles)) > max(map(len, titles))


@pytest.mark.parametrize("arguments", [{"shard": (4, 3)}, {"shard": (1, 3), "prune": True}])
def test_a_part_that_cannot_be_is_an_error(tmp_path: Path, arguments: LoadArguments) -> None:
    with searcher.open_index(":memory:") as index, pytest.raises(UsageError):
        index.load([tmp_path], **arguments)


def test_a_run_that_is_under_way_elsewhere_is_not_gone_on_with(tmp_path: Path) -> None:
    with searcher.open_index(tmp_path / "index") as made:
        made.load([tmp_path], workers=1)
        Sources(made.log.store).begin(LoadJob((str(tmp_path),)))
        running = FileLock(tmp_path / "index" / LOADING_LOCK)
        running.acquire(0)
        with pytest.raises(IndexLocked, match="Another run is active"):
            made.files.resume_load(workers=1)
        running.release()

        assert made.files.resume_load(workers=1) is not None
