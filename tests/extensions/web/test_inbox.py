"""Files that are dropped on the page: for those only who know a token."""

from __future__ import annotations

import shutil
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

import searcher
from searcher import Index
from searcher.extensions.web.app import create_app
from searcher.extensions.web.guard import Access
from searcher.extensions.web.inbox import Inbox
from tests.extensions.web.conftest import HERE, Serve, parsed, texts

TOKEN = {"authorization": "Bearer secret"}
PAGE = (
    b"<html><head><title>Herons return</title></head><body><article><h1>Herons return</h1>%s</article></body>"
)
HERONS = PAGE % (
    b"<p>The herons have come back to the harbour after eleven years, the warden said today.</p>" * 5
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def index(folder: Path) -> Iterator[Index]:
    with searcher.open_index(folder) as opened:
        yield opened


@pytest.fixture
def adding(index: Index, folder: Path) -> TestClient:
    app = create_app(index, Access(token="secret"), folder)
    return TestClient(app, base_url=HERE, follow_redirects=False, headers=TOKEN)


def wait_until_loaded(client: TestClient) -> str:
    for _ in range(600):
        text: str = client.get("/inbox").text
        if "Reading:" not in text:
            return text
        time.sleep(0.1)
    raise TimeoutError


def test_a_page_is_added(adding: TestClient, index: Index) -> None:
    answer = adding.post("/inbox", files={"file": ("herons.html", HERONS)})
    told = wait_until_loaded(adding)

    assert (303, "/inbox") == (answer.status_code, answer.headers["location"])
    assert "1 article added" in told
    assert 1 == index.search("herons").total


def test_a_program_is_answered_with_data(adding: TestClient) -> None:
    answer = adding.post("/api/inbox", data={"url": "https://x.example"}, files={"page": ("a.html", HERONS)})
    wait_until_loaded(adding)

    assert (202, {"schema": "searcher.inbox/1", "files": 1}) == (answer.status_code, answer.json())


@pytest.mark.parametrize(
    "name",
    [
        *("../../evil.txt", "/etc/evil.txt", "..\\evil.txt", "a\x00b.txt", "….html"),
        *("\U00020000" * 79 + ".txt", "x" * 900 + ".html"),
    ],
    ids=ascii,
)
def test_a_name_leads_nowhere_else(adding: TestClient, folder: Path, name: str) -> None:
    adding.post("/api/inbox", files={"file": (name, b"What herons eat.")})
    wait_until_loaded(adding)

    assert ["inbox"] == [
        path.parent.name
        for path in folder.parent.rglob("*")
        if path.is_file() and path.read_bytes() == b"What herons eat."
    ]


def test_a_large_file_takes_no_memory(index: Index, folder: Path, tmp_path: Path) -> None:
    large = tmp_path / "large"
    with large.open("wb") as file:
        file.truncate(30_000_000)
    inbox = Inbox(index, folder)
    inbox._start = lambda stored: None  # type: ignore[method-assign]  # what is kept is not loaded here
    tracemalloc.start()
    with large.open("rb") as file:
        inbox.take([("large.txt", file)])
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert [30_000_000] == [kept.stat().st_size for kept in (folder / "inbox").iterdir()]
    assert most < 5_000_000


def test_nothing_is_kept_where_the_index_is_gone(adding: TestClient, folder: Path) -> None:
    shutil.move(folder, folder.with_name("unmounted"))
    answer = adding.post("/api/inbox", headers=TOKEN, files={"files": ("herons.txt", b"Herons.")})

    assert ("There is no index", False) == (answer.json()["error"][:17], folder.exists())


def test_without_a_file_there_is_nothing_to_do(adding: TestClient) -> None:
    assert 400 == adding.post("/inbox", data={"x": "y"}).status_code


def test_where_nobody_needs_a_token_nobody_can_add(serve: Serve) -> None:
    client = serve()

    assert [404, 404] == [client.get("/inbox").status_code, client.post("/inbox").status_code]


def test_where_all_is_for_reading_nobody_can_add(serve: Serve) -> None:
    client = serve(token="secret", read_only=True)

    assert [404, 403] == [
        client.get("/inbox", headers=TOKEN).status_code,
        client.post("/inbox", headers=TOKEN).status_code,
    ]


def test_what_was_not_read_or_taken_for_another_is_a_page(index: Index, serve: Serve, tmp_path: Path) -> None:
    for name, body in (("a", "It sails."), ("b", "It sails."), ("c", "It does not.")):
        record = f'{{"url": "https://tallow.example/ferry", "title": "<Ferry> {name}", "body": "{body}"}}'
        (tmp_path / f"{name}.jsonl").write_text(record)
        index.load([tmp_path / f"{name}.jsonl"])
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "empty.txt").write_text("")
    (folder / "map.xyz").write_text("x")
    index.load([folder])
    page = TestClient(create_app(index), base_url=HERE).get("/problems").text

    assert all(text in page for text in ("empty.txt", "It is empty.", "b.jsonl", "another title", "a.jsonl"))
    assert "Another text has the same address" in page
    assert "<Ferry>" not in page
    assert ["1 .xyz . To name them all: searcher problems --all"] == texts(parsed(page), "#passed-over + p")


@pytest.fixture
def told(adding: TestClient) -> str:
    """The page after three files were added, two of which cannot be read."""
    files = [("herons.html", HERONS), ("tide tables.bin", b"\x00"), ("blank.txt", b"")]
    adding.post("/inbox", files=[("file", file) for file in files])
    return wait_until_loaded(adding)


def test_every_file_that_was_not_read_is_named_as_it_was_uploaded(told: str) -> None:
    assert ["blank.txt", "tide tables.bin"] == texts(parsed(told), "#loading code")


def test_files_that_were_not_read_are_counted(told: str) -> None:
    assert ["Done: 1 article added, 0 updated. Files not read: 2."] == texts(parsed(told), "#loading p")


def test_files_that_are_added_again_are_reported_again(told: str, adding: TestClient) -> None:
    adding.post("/inbox", files=[("file", ("blank.txt", b""))])

    assert ["blank.txt"] == texts(parsed(wait_until_loaded(adding)), "#loading code")


def test_articles_that_are_added_again_are_said_to_be_there(told: str, adding: TestClient) -> None:
    adding.post("/inbox", files=[("file", ("herons.html", HERONS))])

    assert "already in the index" in texts(parsed(wait_until_loaded(adding)), "#loading p")[0]
