"""Archives of other kinds: tar, web archives as they are packed, folders of ArchiveBox."""

import gzip
import io
import json
import tarfile

import pytest

from searcher import readers
from searcher.article import Article
from searcher.errors import ReadError
from searcher.readers.dispatch import Dispatcher
from tests.readers.samples import BODY, MARKUP, TITLE

TEXT = f"{TITLE}\n\n{BODY}\n"
STORY = f"<article><h1>{TITLE}</h1>{MARKUP}</article>"
PAGE = f"<html><head><title>{TITLE}</title></head><body>{STORY}</body></html>"


def outcomes(data, name):
    return [
        event.title if isinstance(event, Article) else str(event) for event in Dispatcher().data(data, name)
    ]


def tar(mode, *members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:
        for name, data in members:
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
        link = tarfile.TarInfo("link.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return out.getvalue()


@pytest.mark.parametrize(
    ("mode", "name"),
    [("w", "a.tar"), ("w:gz", "a.tar.gz"), ("w:gz", "a.tgz"), ("w:xz", "a.tar.xz"), ("w:bz2", "a.tbz2")],
)
def test_every_file_of_a_tar_is_read_and_links_are_not_followed(mode, name):
    data = tar(mode, ("x/a.txt", TEXT.encode()), ("picture.jpg", b"\xff\xd8"))

    assert [TITLE] == outcomes(data, name)


def test_what_systems_leave_in_a_tar_is_no_article():
    left = f"Found by the system\n\n{BODY}\n".encode()
    data = tar("w", ("__MACOSX/a.txt", left), ("x/._a.txt", left), ("x/a.txt", TEXT.encode()))

    assert [TITLE] == outcomes(data, "a.tar")


def test_an_error_names_the_part_that_it_is_in():
    assert ["x/a.pdf: It is empty."] == outcomes(tar("w", ("x/a.pdf", b"")), "a.tar")


def test_a_tar_that_is_cut_short_keeps_what_was_read():
    data = tar("w", ("a.txt", TEXT.encode()), ("b.txt", TEXT.encode() * 9))[:2500]

    assert [TITLE, "It is damaged or cut short"] == [found[:26] for found in outcomes(data, "a.tar")]


def record(url, kind, body):
    answer = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n".encode() + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2024-03-03T00:00:00Z\r\n"
        f"WARC-Record-ID: <urn:a>\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(answer)}\r\n\r\n"
    )
    return head.encode() + answer + b"\r\n\r\n"


RECORDS = [
    record("https://tallow.example/ferry", "text/html", PAGE.encode()),
    record("https://tallow.example/fees", "text/html; charset=utf-8", PAGE.encode()),
]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"".join(map(gzip.compress, RECORDS)), id="each record on its own"),
        pytest.param(gzip.compress(b"".join(RECORDS)), id="in one piece"),
    ],
)
def test_a_packed_web_archive(data, capsys):
    assert [TITLE, TITLE] == outcomes(data, "a.warc.gz")
    assert "" == capsys.readouterr().err


def test_documents_in_a_web_archive_are_read():
    data = record(
        "https://tallow.example/get?id=7", "application/rtf", b"{\\rtf1 " + BODY[:90].encode() + b"}"
    )
    (article,) = Dispatcher().data(data, "a.warc")

    assert isinstance(article, Article)
    assert BODY[:90] == article.body


@pytest.fixture
def snapshot(tmp_path):
    folder = tmp_path / "archive" / "1709424000"
    folder.mkdir(parents=True)
    facts = {
        "url": "https://tallow.example/ferry",
        "timestamp": "1709424000",
        "history": {},
        "title": "Saved",
    }
    (folder / "index.json").write_text(json.dumps(facts))
    (folder / "output.html").write_text("<html><body>Please wait.</body></html>")
    (folder / "singlefile.html").write_text(PAGE)
    return folder


def test_a_folder_of_archivebox_is_one_article_under_its_address(snapshot):
    (article,) = readers.events(snapshot / "index.json")

    assert isinstance(article, Article)
    assert (TITLE, BODY, "https://tallow.example/ferry") == (article.title, article.body, article.url)


def test_a_folder_of_archivebox_without_a_page_says_so(snapshot):
    (snapshot / "singlefile.html").unlink()
    (snapshot / "output.html").unlink()
    (error,) = readers.events(snapshot / "index.json")

    assert isinstance(error, ReadError)
    assert "ArchiveBox has saved no page with an article in it" in str(error)
