import errno
import gzip
import io
import struct
import tempfile
import threading
import zlib

import py7zr
import pytest

from searcher import readers
from searcher.article import Article
from searcher.errors import ReadError
from tests.readers.samples import zipped

TEXT = "Ferry to sail again\n\nThe ferry company said on Tuesday that it would run again from June."


def outcomes(path):
    return [event.title if isinstance(event, Article) else str(event) for event in readers.events(path)]


def test_a_compressed_file_is_read_as_what_it_holds():
    (article,) = readers.read_bytes(gzip.compress(TEXT.encode()), "a.txt.gz")

    assert ("Ferry to sail again", "a.txt.gz!a.txt") == (article.title, article.origin)


def test_every_file_of_an_archive_is_read(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(
        zipped(
            {
                "x/a.txt": TEXT,
                "b.jsonl": '{"title": "Two", "body": "It sails."}',
                "picture.jpg": b"\xff\xd8",
            }
        )
    )

    assert ["Ferry to sail again", "Two"] == outcomes(path)


def test_archives_in_archives(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"inner.zip": zipped({"a.txt": TEXT})}))
    (article,) = readers.read(path)

    assert f"{path}!inner.zip!a.txt" == article.origin


def test_a_bomb_is_refused_and_the_rest_is_read(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"bomb.txt": b" " * 100_000_000, "a.txt": TEXT}))
    bomb, title = outcomes(path)

    assert "bomb" in bomb
    assert "Ferry to sail again" == title


def test_a_truncated_file_is_refused():
    with pytest.raises(ReadError, match="cut short"):
        list(readers.read_bytes(gzip.compress(TEXT.encode() * 50)[:-20], "a.txt.gz"))


def test_an_encrypted_member_is_refused():
    data = bytearray(zipped({"a.txt": TEXT}))
    data[data.index(b"PK\x01\x02") + 8] |= 1

    with pytest.raises(ReadError, match="encrypted"):
        list(readers.read_bytes(bytes(data), "a.zip"))


def test_the_same_text_has_the_same_id_wherever_it_lies():
    (plain,) = readers.read_bytes(TEXT.encode(), "a.txt")
    (inner,) = readers.read_bytes(zipped({"other.txt": TEXT}), "a.zip")

    assert plain.id == inner.id


def seven_zipped(*members, **settings):
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", **settings) as archive:
        for name, data in members:
            archive.writestr(data, name)
    return out.getvalue()


def test_every_file_of_a_7z_archive_is_read(tmp_path):
    path = tmp_path / "a.7z"
    path.write_bytes(
        seven_zipped(
            ("x/a.txt", TEXT),
            ("picture.jpg", b"\xff\xd8"),
            ("b.jsonl", '{"title": "Two", "body": "It sails."}'),
            (".DS_Store", b"debris"),
        )
    )

    assert [("Ferry to sail again", f"{path}!x/a.txt"), ("Two", f"{path}!b.jsonl")] == [
        (article.title, article.origin) for article in readers.read(path)
    ]


def test_a_7z_archive_for_which_there_is_no_room_is_tried_again(tmp_path, monkeypatch):
    class FullDisk(tempfile.SpooledTemporaryFile[bytes]):
        def write(self, data):
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "SpooledTemporaryFile", FullDisk)
    path = tmp_path / "a.7z"
    path.write_bytes(seven_zipped(("a.txt", TEXT)))
    (error,) = readers.events(path)
    assert isinstance(error, ReadError)

    assert (True, "It could not be unpacked: No space left on device.") == (
        error.is_transient,
        str(error),
    )


def test_a_7z_archive_is_told_by_its_first_bytes(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(seven_zipped(("a.txt", TEXT)))

    assert ["Ferry to sail again"] == outcomes(path)


def test_7z_archives_stand_four_deep_at_most(tmp_path):
    path = tmp_path / "a.7z"
    data = TEXT.encode()
    for depth in range(6):
        data = seven_zipped((f"{depth}.7z" if depth else "a.txt", data))
    path.write_bytes(data)
    (problem,) = outcomes(path)

    assert "more than 4 archives deep" in problem


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (seven_zipped(("bomb.txt", b" " * 200_000_000)), "bomb"),
        (seven_zipped(("a.txt", TEXT), password="open"), "encrypted"),
        (seven_zipped(("a.txt", TEXT), password="open", header_encryption=True), "encrypted"),
        (seven_zipped(("a.txt", TEXT))[:-20], "cut short"),
        (TEXT.encode(), "not a 7z file"),
    ],
    ids=["bomb", "encrypted", "names encrypted", "cut short", "text"],
)
def test_a_7z_archive_that_is_not_read_says_why(data, reason):
    with pytest.raises(ReadError, match=reason):
        list(readers.read_bytes(data, "a.7z"))


def test_a_file_of_a_7z_archive_whose_path_leads_out_costs_itself_alone(tmp_path):
    path = tmp_path / "a.7z"
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w") as archive:
        archive.encoded_header_mode = False
        archive.writestr("It is not read.", "aa/b.txt")
        archive.writestr(TEXT, "a.txt")
    path.write_bytes(named_otherwise(out.getvalue(), "aa/b.txt", "../b.txt"))

    assert ["../b.txt: Its path leads out of the archive.", "Ferry to sail again"] == outcomes(path)


def named_otherwise(data, old, new):
    """A 7z archive with a plain header in which one file has another name of the same length."""
    offset, size, _ = struct.unpack("<QQI", data[12:32])
    header = data[32 + offset :][:size].replace(old.encode("utf-16-le"), new.encode("utf-16-le"))
    start = struct.pack("<QQI", offset, size, zlib.crc32(header))
    return data[:8] + struct.pack("<I", zlib.crc32(start)) + start + data[32 : 32 + offset] + header


def test_who_stops_reading_a_7z_archive_leaves_no_thread_behind(tmp_path):
    path = tmp_path / "a.7z"
    path.write_bytes(seven_zipped(("a.txt", TEXT), ("b.txt", f"{TEXT} Twice.")))
    before = threading.active_count()
    events = readers.events(path)
    next(events)
    del events

    assert before == threading.active_count()
