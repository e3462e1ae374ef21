"""A file is let through once it has stayed the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from searcher.extensions.watching.folders import SettlingFiles


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "a.txt"
    file.write_text("whole", "utf-8")
    return file


@pytest.fixture
def settling(file: Path) -> SettlingFiles:
    """The file, touched in the tenth second, settles two seconds later."""
    settling = SettlingFiles(2)
    settling.touch(file, 10)
    return settling


def test_a_file_that_stays_the_same_settles(file: Path, settling: SettlingFiles) -> None:
    assert ([], [], [file], []) == (
        settling.take(10),
        settling.take(11.9),
        settling.take(12),
        settling.take(13),
    )


def test_a_file_that_grows_is_waited_for(file: Path, settling: SettlingFiles) -> None:
    file.write_text("whole, and more", "utf-8")

    assert ([], [], [file]) == (settling.take(12), settling.take(13.9), settling.take(14))


def test_a_file_that_is_touched_again_is_waited_for_anew(file: Path, settling: SettlingFiles) -> None:
    settling.touch(file, 11)

    assert ([], [file]) == (settling.take(12), settling.take(13))


def test_what_is_gone_settles_too(file: Path, settling: SettlingFiles) -> None:
    file.unlink()

    assert ([], [file], 0) == (settling.take(12), settling.take(14), len(settling))
