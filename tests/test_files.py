"""Files and folders that appear when they are whole."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest

from searcher.files import (
    FileLock,
    atomic_file,
    atomic_folder,
    create_file,
    make_folder,
    temporary_folder,
    temporary_path,
)


def test_a_file_is_replaced_at_the_end(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("before")
    with atomic_file(file) as new:
        new.write_text("after")
        during = file.read_text()

    assert ("before", "after", [file]) == (during, file.read_text(), list(tmp_path.iterdir()))


def test_what_is_stopped_leaves_all_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("before")

    def stopped() -> None:
        with atomic_file(file) as new:
            new.write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert ("before", [file]) == (file.read_text(), list(tmp_path.iterdir()))


def test_a_link_is_replaced_and_not_written_through(tmp_path: Path) -> None:
    precious, link = tmp_path / "thesis.txt", tmp_path / "names.txt"
    precious.write_text("years of work")
    link.symlink_to(precious)
    with atomic_file(link) as new:
        new.write_text("text")

    assert ("years of work", "text") == (precious.read_text(), link.read_text())


def test_a_file_made_anew_is_no_link_that_stood_there(tmp_path: Path) -> None:
    precious, link = tmp_path / "thesis.txt", tmp_path / "MAIN.7.json"
    precious.write_text("years of work")
    link.symlink_to(precious)
    with create_file(link) as file:
        file.write(b"text")

    assert ("years of work", "text") == (precious.read_text(), link.read_text())


def test_a_lock_makes_nothing_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "lock").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(OSError, match="link"):
        FileLock(tmp_path / "lock").acquire(0)
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize(("folder", "file"), [(0o700, 0o600), (0o750, 0o640), (0o755, 0o644)])
def test_a_new_file_may_be_read_by_who_may_read_its_folder(tmp_path: Path, folder: int, file: int) -> None:
    tmp_path.chmod(folder)
    create_file(tmp_path / "a").close()
    with atomic_file(tmp_path / "b") as new:
        new.write_text("text")

    assert [file, file] == [mode(tmp_path / name) for name in "ab"]


def test_a_file_keeps_its_rights_when_it_is_replaced(tmp_path: Path) -> None:
    file = tmp_path / "names.txt"
    file.write_text("before")
    file.chmod(0o440)
    with atomic_file(file) as new:
        new.write_text("after")

    assert (0o440, "after") == (mode(file), file.read_text())


def test_a_new_folder_is_its_owners(tmp_path: Path) -> None:
    make_folder(tmp_path / "a" / "index")

    assert 0o700 == mode(tmp_path / "a" / "index")


@pytest.mark.parametrize("before", [None, 0o755])
def test_who_may_only_read_a_folder_cannot_hold_its_lock(tmp_path: Path, before: int | None) -> None:
    tmp_path.chmod(0o755)
    file = tmp_path / "lock"
    if before:
        file.touch(before)
    FileLock(file).acquire(0)

    assert 0o600 == mode(file)


def test_a_lock_is_held_by_one(tmp_path: Path) -> None:
    first, second = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")
    taken = [first.acquire(0), second.acquire(0.03)]
    first.release()

    assert [True, False, True] == [*taken, second.acquire(0)]


def test_a_temporary_folder_of_a_killed_process_goes_with_the_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    killed = "import os, searcher.files\nwith searcher.files.temporary_folder(): os.kill(os.getpid(), 9)"
    for _ in range(2):
        subprocess.run([sys.executable, "-c", killed], check=False)
    (tmp_path / "searcher-notes42").mkdir()  # somebody's
    with temporary_folder() as used:
        for folder in tmp_path.iterdir():
            os.utime(folder, (0, 0))
        with temporary_folder():
            pass
        left = {folder.name for folder in tmp_path.iterdir()}

    assert {used.name, "searcher-notes42"} == left


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_link_that_somebody_named_stays(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    link = tmp_path / "a.txt"
    link.symlink_to(tmp_path / "disk" / "b.txt")
    with atomic_file(link, follow=True) as new:
        new.write_text("text")

    assert (True, "text") == (link.is_symlink(), (tmp_path / "disk" / "b.txt").read_text())


def test_a_folder_is_written_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "tables").symlink_to(tmp_path / "disk")
    with atomic_folder(tmp_path / "tables") as new:
        (new / "a.csv").write_text("text")

    assert ((tmp_path / "tables").is_symlink(), ["a.csv"]) == (True, os.listdir(tmp_path / "disk"))


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    pipe, read = tmp_path / "pipe", list[str]()
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    with atomic_file(pipe, follow=True) as new:
        new.write_text("text")
    reader.join()

    assert (True, ["text"]) == (pipe.is_fifo(), read)


def test_what_a_killed_process_left_goes_with_the_next_one(tmp_path: Path) -> None:
    killed = f"""
import os, pathlib, searcher.files
with searcher.files.atomic_file(pathlib.Path({str(tmp_path / "[a].txt")!r})) as new:
    new.write_text("half")
    os.kill(os.getpid(), 9)
"""
    subprocess.run([sys.executable, "-c", killed], check=False)
    left = len(list(tmp_path.iterdir()))
    with atomic_file(tmp_path / "[a].txt") as new:
        new.write_text("text")

    assert (1, ["[a].txt"]) == (left, os.listdir(tmp_path))


def test_what_another_process_is_writing_stays(tmp_path: Path) -> None:
    theirs = tmp_path / f".a.txt.{os.getppid()}-1.part"
    theirs.write_text("half")
    mine = tmp_path / ".a.txt.notes.part"  # of another name
    mine.write_text("mine")
    with temporary_path(tmp_path / "a.txt"):
        pass

    assert {theirs, mine} == set(tmp_path.iterdir())
