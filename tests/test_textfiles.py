"""The text files beside an index."""

from __future__ import annotations

from pathlib import Path

import pytest

from searcher import textfiles
from searcher.errors import IndexDamaged, IndexFailure


def test_what_is_put_in_is_read_and_nothing_else_is_left(tmp_path: Path) -> None:
    file = tmp_path / "new" / "names.txt"
    textfiles.replace(file, "one\n")
    textfiles.replace(file, "two\n")

    assert ("two\n", [file]) == (textfiles.read(file), list(file.parent.iterdir()))


def test_a_file_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert "" == textfiles.read(tmp_path / "names.txt")


def test_a_file_that_holds_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "names.txt").write_bytes(b"\xff\xfe\xff")

    with pytest.raises(IndexDamaged, match=r"names\.txt cannot be read"):
        textfiles.read(tmp_path / "names.txt")


def test_lines_are_added(tmp_path: Path) -> None:
    file = tmp_path / "new" / "fields.txt"
    textfiles.append(file, ["desk"], "# Fields.\n")
    file.write_text(file.read_text() + "by hand")
    textfiles.append(file, ["topic", "beat"], "# Fields.\n")

    assert "# Fields.\ndesk\nby hand\ntopic\nbeat\n" == textfiles.read(file)


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(IndexFailure, match=r"names\.txt cannot be written"):
        textfiles.replace(tmp_path / "file" / "names.txt", "one\n")
