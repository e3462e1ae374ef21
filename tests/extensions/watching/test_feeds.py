"""Feeds: asked for what has changed, kept as they came, left alone when they say so."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import searcher
from searcher import IndexFailure, UsageError
from searcher.extensions.watching import download, feeds
from searcher.extensions.watching.feeds import Feeds, addresses

ITEM = "<item><title>Day {0}</title><link>https://example.org/{0}</link><description>The ferry to Holm sails \
again on day {0}, said the harbour master.</description></item>"


def rss(*days: int) -> bytes:
    items = "".join(map(ITEM.format, days))
    return f'<rss version="2.0"><channel><title>Harbour Post</title>{items}</channel></rss>'.encode()


class Server(ThreadingHTTPServer):
    """A server on this machine whose answers a test chooses, and which remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.body, self.status = rss(1, 2), 200
        self.headers: dict[str, str] = {"ETag": '"one"', "Last-Modified": "Thu, 26 Nov 2026 07:00:00 GMT"}
        self.asked: list[tuple[str | None, str | None]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/news.rss"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        given = self.headers
        self.server.asked.append((given.get("If-None-Match"), given.get("If-Modified-Since")))
        if self.path == "/moved.rss":
            self.send_response(301)
            self.send_header("Location", self.server.url)
            self.end_headers()
            return
        same = given.get("If-None-Match") == self.server.headers.get("ETag") and self.server.status == 200
        self.send_response(304 if same and given.get("If-None-Match") else self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if not (same and given.get("If-None-Match")):
            self.wfile.write(self.server.body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def fetch(made: Feeds, now: float) -> list[str]:
    """The reasons why feeds could not be fetched."""
    reasons: list[str] = []
    made.fetch_due(lambda _, reason: reasons.append(reason), now)
    return reasons


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*/*.xml"))


def test_a_feed_is_kept_as_it_came(server: Server, tmp_path: Path) -> None:
    assert [] == fetch(Feeds((server.url,), tmp_path), 1000)

    assert [rss(1, 2)] == [file.read_bytes() for file in files(tmp_path)]


def test_the_index_reads_what_was_kept(server: Server, tmp_path: Path) -> None:
    made = Feeds((server.url,), tmp_path / "feeds", interval=10)
    fetch(made, 1000)
    server.body, server.headers = rss(2, 3), {"ETag": '"two"'}
    fetch(made, 2000)
    with searcher.open_index(":memory:") as index:
        index.load([tmp_path / "feeds"])

        assert ["Day 1", "Day 2", "Day 3"] == sorted(article.title for article in index.articles)


def test_it_is_asked_for_what_has_changed_since(server: Server, tmp_path: Path) -> None:
    fetch(Feeds((server.url,), tmp_path, interval=10), 1000)
    fetch(Feeds((server.url,), tmp_path, interval=10), 1010)  # another start: what is known is kept

    assert [(None, None), ('"one"', "Thu, 26 Nov 2026 07:00:00 GMT")] == server.asked
    assert 1 == len(files(tmp_path))


def test_it_is_not_asked_before_it_is_due(server: Server, tmp_path: Path) -> None:
    made = Feeds((server.url,), tmp_path, interval=10)
    for now in (1000, 1009, 1010):
        fetch(made, now)

    assert 2 == len(server.asked)


def test_what_is_the_same_again_is_not_kept_twice(server: Server, tmp_path: Path) -> None:
    server.headers = {}
    made = Feeds((server.url,), tmp_path, interval=10)
    fetch(made, 1000)
    fetch(made, 2000)

    assert (2, 1) == (len(server.asked), len(files(tmp_path)))


def test_a_server_that_fails_is_left_alone_longer_each_time(server: Server, tmp_path: Path) -> None:
    server.status = 500
    made = Feeds((server.url,), tmp_path, interval=10)
    reasons = [reason for now in range(1000, 1100, 10) for reason in fetch(made, now)]

    assert ["the server responded with status 500"] * 4 == reasons  # at 1000, 1010, 1030, 1070


def test_a_server_says_for_how_long_it_is_to_be_left_alone(server: Server, tmp_path: Path) -> None:
    server.status, server.headers = 429, {"Retry-After": "100"}
    made = Feeds((server.url,), tmp_path, interval=10)
    for now in range(1000, 1110, 10):
        fetch(made, now)

    assert 2 == len(server.asked)


def test_a_server_is_left_alone_for_a_day_at_most(server: Server, tmp_path: Path) -> None:
    server.status, server.headers = 429, {"Retry-After": "1000000"}
    made = Feeds((server.url,), tmp_path, interval=10)
    for now in (1000, 1010, 1000 + 86_390, 1000 + 86_400):
        fetch(made, now)

    assert 2 == len(server.asked)


def test_a_server_may_name_a_date(server: Server, tmp_path: Path) -> None:
    server.status, server.headers = 503, {"Retry-After": "Thu, 01 Jan 1970 00:30:00 GMT"}
    made = Feeds((server.url,), tmp_path, interval=10)
    for now in (1000, 1790, 1800):
        fetch(made, now)

    assert 2 == len(server.asked)


def test_a_server_that_is_not_there_keeps_no_other_from_being_asked(server: Server, tmp_path: Path) -> None:
    reasons = fetch(Feeds(("http://127.0.0.1:9/x", server.url), tmp_path), 1000)

    assert (1, 1) == (len(reasons), len(files(tmp_path)))


def test_a_feed_that_has_moved_is_followed(server: Server, tmp_path: Path) -> None:
    fetch(Feeds((server.url.replace("news", "moved"),), tmp_path), 1000)

    assert 1 == len(files(tmp_path))


def test_a_feed_without_end_is_refused(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "MAX_BYTES", 100)

    assert ["it is larger than 0 MB"] == fetch(Feeds((server.url,), tmp_path), 1000)


def test_what_is_known_is_forgotten_where_it_cannot_be_read(server: Server, tmp_path: Path) -> None:
    (tmp_path / ".feeds.json").write_text("[", "utf-8")

    assert [] == fetch(Feeds((server.url,), tmp_path), 1000)


def test_fetching_goes_on_after_a_full_disk(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, stop = Feeds((server.url,), tmp_path, interval=0.01), threading.Event()
    monkeypatch.setattr("searcher.extensions.watching.feeds.replace_text", _full)
    reasons: list[str] = []

    def failed(_: str, reason: str) -> None:
        reasons.append(reason)
        if len(reasons) == 3:
            stop.set()

    made.fetch_forever(failed, stop)

    assert ["It is full."] * 3 == reasons


def _full(*_: object) -> None:
    raise IndexFailure("It is full.")


def test_a_feed_that_was_asked_by_a_wrong_clock_is_asked_again(server: Server, tmp_path: Path) -> None:
    in_2096, now = 4_000_000_000, 1_800_000_000
    fetch(Feeds((server.url,), tmp_path), in_2096)
    fetch(Feeds((server.url,), tmp_path), now)

    assert 2 == len(server.asked)


@pytest.mark.parametrize("tag", ["x" * 10_000, '"caf\u00e9"', ""])
def test_a_server_is_not_asked_with_what_cannot_be_sent(tag: str, server: Server, tmp_path: Path) -> None:
    server.headers = {"ETag": tag}
    made = Feeds((server.url,), tmp_path, interval=10)
    reasons = fetch(made, 1000) + fetch(made, 2000)

    assert ([], [(None, None)] * 2) == (reasons, server.asked)


def test_a_file_whose_entries_stand_in_others_is_dropped(server: Server, tmp_path: Path) -> None:
    server.headers, days = {}, range(1, 40)
    made = Feeds((server.url,), tmp_path, interval=10)
    for day in days:
        server.body = rss(*range(day, day + 10))
        fetch(made, 1000 * day)
    with searcher.open_index(":memory:") as index:
        index.load([tmp_path])

        assert {f"Day {day}" for day in range(1, 49)} == {article.title for article in index.articles}
    assert len(files(tmp_path)) < 12


def test_files_of_which_each_holds_something_of_its_own_are_kept(server: Server, tmp_path: Path) -> None:
    server.headers = {}
    made = Feeds((server.url,), tmp_path, interval=10)
    for day in range(1, 6):
        server.body = rss(day)
        fetch(made, 1000 * day)

    assert 5 == len(files(tmp_path))


def test_no_more_is_kept_than_there_is_room_for_and_that_is_said(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "MAX_KEPT_BYTES", 3 * len(rss(1)))
    server.headers = {}
    made = Feeds((server.url,), tmp_path, interval=10)
    reasons = []
    for day in range(1, 6):
        server.body = rss(day)
        reasons += fetch(made, 1_000_000 * day)

    assert (3, 2) == (len(files(tmp_path)), len(reasons))
    assert "remove some of them" in reasons[0]


OPML = """<?xml version="1.0"?><opml version="2.0"><body><outline text="News">
<outline type="rss" text="A" xmlUrl="https://a.example/rss"/><outline xmlUrl="https://b.example/atom"/>
<outline xmlUrl="https://a.example/rss"/><outline xmlUrl="file:///etc/passwd"/></outline></body></opml>"""


@pytest.mark.parametrize("text", [OPML, "https://a.example/rss\n# a remark\n\nhttps://b.example/atom\n"])
def test_a_list_of_feeds(text: str, tmp_path: Path) -> None:
    (tmp_path / "list").write_text(text, "utf-8")

    assert ("https://a.example/rss", "https://b.example/atom") == addresses(tmp_path / "list")


@pytest.mark.parametrize("text", ["", "<html/>", "<opml", "\udcff", "a.txt"])
def test_a_list_without_feeds_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "list").write_text(text, "utf-8", "surrogateescape")

    with pytest.raises(UsageError, match=r"list of feeds|feed addresses"):
        addresses(tmp_path / "list")
