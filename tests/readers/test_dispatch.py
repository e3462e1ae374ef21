import gzip
import subprocess
import sys
from hashlib import sha256

import pytest

from searcher import plugins, readers
from searcher.article import Article
from searcher.errors import MissingExtra, ReadError
from searcher.readers import dispatch

TEXT = "Ferry to sail again\n\nThe ferry company said on Tuesday that it would run again from June."


def test_an_article_keeps_where_it_came_from(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(TEXT)
    (article,) = readers.read(path)

    assert (str(path), sha256(TEXT.encode()).hexdigest(), readers.CLEANER) == (
        article.origin,
        article.digest,
        article.cleaner,
    )


@pytest.mark.parametrize(
    ("origin", "file"),
    [
        ("/a/ferry.txt", "/a/ferry.txt"),
        ("/a/all.zip!ferry.txt", "/a/all.zip"),
        ("/a/all.zip!more.zip!ferry!.txt", "/a/all.zip"),
        ("/a/now!/ferry sails!.txt", "/a/now!/ferry sails!.txt"),
        ("/a/now!/all!.ZIP!ferry.txt", "/a/now!/all!.ZIP"),
        ("/a/crawl.warc.gz!https://a.example/!/b", "/a/crawl.warc.gz"),
    ],
)
def test_the_file_of_an_origin_ends_where_a_reader_takes_it(origin: str, file: str) -> None:
    assert file == str(readers.file_of_origin(origin))


def test_a_missing_file_is_reported(tmp_path):
    (trouble,) = readers.events(tmp_path / "nothing.txt")

    assert "cannot be opened" in str(trouble)


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\0\0\0\0"])
def test_an_empty_file_is_reported(data):
    with pytest.raises(ReadError, match="empty"):
        list(readers.read_bytes(data, "a.txt"))


def test_binary_data_are_not_text():
    with pytest.raises(ReadError, match="binary"):
        list(readers.read_bytes(bytes(range(256)) * 20, "a.txt"))


def test_an_unknown_ending_is_reported():
    with pytest.raises(ReadError, match="xyz"):
        list(readers.read_bytes(b"something", "a.xyz"))


def test_a_name_that_lies_is_found_out():
    (article,) = readers.read_bytes(gzip.compress(TEXT.encode()), "a.txt")

    assert "Ferry to sail again" == article.title


@pytest.mark.parametrize("name", ["a.html", "a.htm"])
def test_a_feed_that_was_saved_as_a_page_is_a_feed(name):
    entry = f"<item><title>Ferry</title><description>{TEXT}</description></item>"
    feed = f'<?xml version="1.0"?>\n<?xml-stylesheet href="a.xsl"?><rss><channel>{entry * 2}</channel></rss>'

    assert ["Ferry", "Ferry"] == [one.title for one in readers.read_bytes(feed.encode(), name)]


PAGE = f"<!DOCTYPE html><html><body><h1>Ferry to sail again</h1><p>{TEXT}</p></body></html>"
MAIL = (
    f"Message-ID: <1@tp.example>\nFrom: Ann Lee <lee@tp.example>\nSubject: Ferry\nMIME-Version: 1.0\n\n{TEXT}"
)
MAKES_PAGES = "<!DOCTYPE html><html><body><h1><?php echo $title ?></h1></body></html>"


@pytest.mark.parametrize(
    ("name", "text", "taken"),
    [
        ("story.php", PAGE, True),
        ("www.tallow-post.example", PAGE, True),
        ("ferry.raw", MAIL, True),
        (
            "ferry.raw",
            f"From: a@b.example\nTo: c@d.example\nDate: 3 Mar 2024\nSubject: Ferry\n\n{PAGE}",
            True,
        ),
        ("story.php", MAKES_PAGES, False),
        ("notes.cfg", TEXT, False),
        ("ferry.png", PAGE, False),
    ],
)
def test_pages_and_messages_are_known_whatever_they_are_called(tmp_path, name, text, taken):
    path = tmp_path / name
    path.write_text(text)

    assert (taken, taken) == (readers.can_read(path), isinstance(next(readers.events(path)), Article))


def test_a_folder_walk_takes_these_endings():
    assert {".html", ".txt", ".jsonl", ".csv", ".gz", ".zip"} <= readers.suffixes()


def test_a_missing_package_is_not_taken_for_a_damaged_file(monkeypatch):
    def needs_more(_):
        raise ImportError("No module named 'ink'")

    monkeypatch.setattr(dispatch, "_factory", lambda _suffix: needs_more)

    with pytest.raises(MissingExtra, match="'ink'"):
        list(readers.read_bytes(TEXT.encode(), "a.txt"))


def test_a_file_that_grows_meanwhile_is_read_to_where_it_ended(tmp_path):
    growing = tmp_path / "log.jsonl"
    growing.write_text('{"id": "0", "title": "Ferry", "body": "It sails."}\n')
    found = []
    for article in readers.read(growing):
        found.append(article.id)
        with growing.open("a") as file:
            file.write(f'{{"id": "{len(found)}", "title": "Ferry", "body": "It sails."}}\n')

    assert ["0"] == found


def test_each_reader_has_its_endings_in_the_table():
    assert plugins.BUILT_IN["searcher.readers"].keys() == dispatch._ENDINGS.keys()


LOADED = """
import sys
from searcher.readers import read
list(read(sys.argv[1]))
print(*(name for name in sys.modules if name.startswith(("searcher.readers.", "searcher.extensions."))))
"""
OTHER_FORMATS = {
    "searcher.readers.rtf", "searcher.readers.tables", "searcher.readers.records",
    "searcher.extensions.documents", "searcher.extensions.mail", "searcher.extensions.newsxml",
    "searcher.extensions.webarchives",
}  # fmt: skip


def test_one_page_loads_no_reader_of_other_formats(project):
    page = next((project / "seeds").rglob("*.html"))
    done = subprocess.run(
        [sys.executable, "-c", LOADED, str(page)], capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())

    assert "searcher.readers.html.body" in loaded
    assert set() == OTHER_FORMATS & loaded
    assert 36 >= len([name for name in loaded if name.startswith("searcher.readers.")])


PAGE = (
    f"<!DOCTYPE HTML><html><head><title>Ferry</title></head><body><h1>Ferry</h1><p>{TEXT}</p></body></html>"
)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.txt", PAGE),
        ("a.eml", PAGE),
        ("a.eml", '{"title": "Ferry", "body": "The ferry company said that it would run again from June."}'),
    ],
)
def test_the_first_bytes_tell_pages_and_json_from_texts_and_messages(name: str, data: str) -> None:
    (article,) = readers.read_bytes(data.encode(), name)

    assert ("Ferry", False) == (article.title, "<" in article.body or "{" in article.body)
