"""A file is let through once it has stayed the same."""

from __future__ import annotations

from pathlib import Path

from searcher.watching.folders import SettlingFiles


def test_a_file_that_stays_the_same_settles(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("whole", "utf-8")
    settling = SettlingFiles(2)
    settling.touch(file, 10)

    assert ([], [], [file], []) == (
        settling.take(10),
        settling.take(11.9),
        settling.take(12),
        settling.take(13),
    )


def test_a_file_that_grows_is_waited_for(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("ha", "utf-8")
    settling = SettlingFiles(2)
    settling.touch(file, 10)
    file.write_text("half", "utf-8")

    assert ([], [], [file]) == (settling.take(12), settling.take(13.9), settling.take(14))


def test_a_file_that_is_touched_again_is_waited_for_anew(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("whole", "utf-8")
    settling = SettlingFiles(2)
    settling.touch(file, 10)
    settling.touch(file, 11)

    assert ([], [file]) == (settling.take(12), settling.take(13))


def test_what_is_gone_settles_too(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("whole", "utf-8")
    settling = SettlingFiles(2)
    settling.touch(file, 10)
    file.unlink()

    assert ([], [file], 0) == (settling.take(12), settling.take(14), len(settling))
