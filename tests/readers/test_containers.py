import gzip
import io
import zipfile

import pytest

from searcher import readers
from searcher.article import Article
from searcher.errors import ReadError

TEXT = "Ferry to sail again\n\nThe ferry company said on Tuesday that it would run again from June."


def packed(*members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def outcomes(path):
    return [event.title if isinstance(event, Article) else str(event) for event in readers.events(path)]


def test_a_compressed_file_is_read_as_what_it_holds():
    (article,) = readers.read_bytes(gzip.compress(TEXT.encode()), "a.txt.gz")

    assert ("Ferry to sail again", "a.txt.gz!a.txt") == (article.title, article.origin)


def test_every_file_of_an_archive_is_read(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(
        packed(
            ("x/a.txt", TEXT),
            ("b.jsonl", '{"title": "Two", "body": "It sails."}'),
            ("picture.jpg", b"\xff\xd8"),
        )
    )

    assert ["Ferry to sail again", "Two"] == outcomes(path)


def test_archives_in_archives(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(packed(("inner.zip", packed(("a.txt", TEXT)))))
    (article,) = readers.read(path)

    assert f"{path}!inner.zip!a.txt" == article.origin


def test_a_bomb_is_refused_and_the_rest_is_read(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(packed(("bomb.txt", b" " * 100_000_000), ("a.txt", TEXT)))
    bomb, title = outcomes(path)

    assert "bomb" in bomb
    assert "Ferry to sail again" == title


def test_a_truncated_file_is_refused():
    with pytest.raises(ReadError, match="cut short"):
        list(readers.read_bytes(gzip.compress(TEXT.encode() * 50)[:-20], "a.txt.gz"))


def test_an_encrypted_member_is_refused():
    data = bytearray(packed(("a.txt", TEXT)))
    data[data.index(b"PK\x01\x02") + 8] |= 1

    with pytest.raises(ReadError, match="encrypted"):
        list(readers.read_bytes(bytes(data), "a.zip"))


def test_the_same_text_has_the_same_id_wherever_it_lies():
    (plain,) = readers.read_bytes(TEXT.encode(), "a.txt")
    (zipped,) = readers.read_bytes(packed(("other.txt", TEXT)), "a.zip")

    assert plain.id == zipped.id
