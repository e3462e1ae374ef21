"""Files and folders that appear when they are whole."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from searcher.files import unfinished, whole_file, whole_folder


def test_a_file_is_replaced_at_the_end(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("before")
    with whole_file(file) as new:
        new.write_text("after")
        during = file.read_text()

    assert ("before", "after", [file]) == (during, file.read_text(), list(tmp_path.iterdir()))


def test_what_is_stopped_leaves_all_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("before")

    def stopped() -> None:
        with whole_file(file) as new:
            new.write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert ("before", [file]) == (file.read_text(), list(tmp_path.iterdir()))


def test_a_link_stays(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    link = tmp_path / "a.txt"
    link.symlink_to(tmp_path / "disk" / "b.txt")
    with whole_file(link) as new:
        new.write_text("text")

    assert (True, "text") == (link.is_symlink(), (tmp_path / "disk" / "b.txt").read_text())


def test_a_folder_is_written_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "tables").symlink_to(tmp_path / "disk")
    with whole_folder(tmp_path / "tables") as new:
        (new / "a.csv").write_text("text")

    assert ((tmp_path / "tables").is_symlink(), ["a.csv"]) == (True, os.listdir(tmp_path / "disk"))


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    pipe, read = tmp_path / "pipe", list[str]()
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    with whole_file(pipe) as new:
        new.write_text("text")
    reader.join()

    assert (True, ["text"]) == (pipe.is_fifo(), read)


def test_what_a_killed_process_left_goes_with_the_next_one(tmp_path: Path) -> None:
    killed = f"""
import os, pathlib, searcher.files
with searcher.files.whole_file(pathlib.Path({str(tmp_path / "[a].txt")!r})) as new:
    new.write_text("half")
    os.kill(os.getpid(), 9)
"""
    subprocess.run([sys.executable, "-c", killed], check=False)
    left = len(list(tmp_path.iterdir()))
    with whole_file(tmp_path / "[a].txt") as new:
        new.write_text("text")

    assert (1, ["[a].txt"]) == (left, os.listdir(tmp_path))


def test_what_another_process_is_writing_stays(tmp_path: Path) -> None:
    theirs = tmp_path / f".a.txt.{os.getppid()}-1.part"
    theirs.write_text("half")
    mine = tmp_path / ".a.txt.notes.part"  # of another name
    mine.write_text("mine")
    with unfinished(tmp_path / "a.txt"):
        pass

    assert {theirs, mine} == set(tmp_path.iterdir())
