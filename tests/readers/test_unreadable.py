"""What is no file, or none that is read, is named with the reason; nothing waits for it."""

import os
import socket

import pytest

from searcher import readers
from searcher.readers.text import TextReader


def reason(path):
    (error,) = readers.events(path)
    return str(error)


def test_a_named_pipe(tmp_path):
    os.mkfifo(tmp_path / "a.txt")

    assert "It is a named pipe, and no file." == reason(tmp_path / "a.txt")


def test_a_socket(tmp_path):
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(tmp_path / "a.txt"))

        assert "It is a socket, and no file." == reason(tmp_path / "a.txt")


def test_a_device(tmp_path):
    (tmp_path / "a.txt").symlink_to("/dev/zero")

    assert "It is a device, and no file." == reason(tmp_path / "a.txt")


def test_a_folder(tmp_path):
    assert "It is a folder, and no file." == reason(tmp_path)


def test_a_sparse_file_is_refused_without_being_read(tmp_path, monkeypatch):
    monkeypatch.setattr(TextReader, "read", lambda *_: pytest.fail("It was read."))
    path = tmp_path / "a.txt"
    with path.open("wb") as file:
        file.truncate(1 << 40)

    assert "It is larger than 64 MB, too large for one document." == reason(path)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.rar", "No reader takes files that end in “.rar”. Unpack it, or pack it as .zip."),
        ("a.jpg", "It is a picture (.jpg). Text that it shows can be read from a PDF with text (ocrmypdf)."),
        ("a.xyz", "No reader takes files that end in “.xyz”. If it is text, give it the extension .txt."),
    ],
)
def test_an_ending_that_no_reader_takes_says_what_to_do(name, expected, tmp_path):
    (tmp_path / name).write_bytes(b"\x00\x01")

    assert expected == reason(tmp_path / name)
