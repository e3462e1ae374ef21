"""Downloads lead to nothing within this machine or network, and come to an end."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
import urllib3

from searcher.extensions.watching import download as downloads
from searcher.extensions.watching.download import Download, RefusedAddress, download, is_public

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nferry"
PRIVATE = [
    *["127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"],
    *["0.0.0.0", "224.0.0.1", "240.0.0.1", "255.255.255.255", "198.18.0.1", "192.0.2.1", "192.0.0.8"],
    *["::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "fec0::1", "ff02::1", "2001:db8::1"],
    *["::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "2002:7f00:1::", "2002:c0a8:101::1"],
    *["64:ff9b::127.0.0.1", "64:ff9b::10.0.0.1", "2001:0:7f00:1::", "::ffff:169.254.169.254"],
    *["2002:808:808::1", "2001:0:808:808::1"],
]
PUBLIC = [
    "8.8.8.8",
    "93.184.216.34",
    "2606:2800:220:1::1",
    "::ffff:8.8.8.8",
    "64:ff9b::8.8.8.8",
]


class Server:
    """A server on this machine: what it says to each that asks, by its path."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/feed"
        self.asked: list[str] = []
        self.answers: dict[str, Callable[[socket.socket], None] | bytes] = {}
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._serve)]
        self._threads[0].start()

    def redirect(self, location: str, path: str = "/feed") -> None:
        self.answers[path] = (
            f"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()
        )

    def drip(self, start: bytes, drop: bytes) -> Callable[[socket.socket], None]:
        def dripping(one: socket.socket) -> None:
            one.sendall(start)
            while not self._ended.wait(0.05):
                one.sendall(drop)

        return dripping

    def close(self) -> None:
        self._ended.set()
        with socket.create_connection(("127.0.0.1", self.port)):
            pass
        for thread in self._threads:
            thread.join()
        self._listening.close()

    def _serve(self) -> None:
        while True:
            one, _ = self._listening.accept()
            if self._ended.is_set():
                one.close()
                return
            thread = threading.Thread(target=self._answer, args=(one,))
            self._threads.append(thread)
            thread.start()

    def _answer(self, one: socket.socket) -> None:
        with one:
            try:
                path = one.recv(65536).split(b" ")[1].decode()
                self.asked.append(path)
                answer = self.answers.get(path, OK)
                if isinstance(answer, bytes):
                    one.sendall(answer)
                else:
                    answer(one)
            except (OSError, IndexError):
                pass


@pytest.fixture
def servers() -> Iterator[Callable[[], Server]]:
    with ExitStack() as ended:

        def made() -> Server:
            server = Server()
            ended.callback(server.close)
            return server

        yield made


@pytest.fixture
def server(servers: Callable[[], Server]) -> Server:
    return servers()


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_of_this_machine_or_network_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_of_everybody_is_public(address: str) -> None:
    assert is_public(address)


def test_what_the_user_has_listed_may_be_on_this_machine(server: Server) -> None:
    assert b"ferry" == download(server.url, {}).data


def test_a_redirect_within_a_listed_server_is_followed(server: Server) -> None:
    server.redirect("/moved")

    assert b"ferry" == download(server.url, {}).data
    assert ["/feed", "/moved"] == server.asked


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "127.1", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"]
)
def test_no_redirect_leads_to_another_server_of_this_machine(
    host: str, servers: Callable[[], Server]
) -> None:
    listed, secret = servers(), servers()
    listed.redirect(f"http://{host}:{secret.port}/secret")

    with pytest.raises((RefusedAddress, OSError, urllib3.exceptions.HTTPError)):
        download(listed.url, {})
    assert [] == secret.asked


def test_a_name_that_resolves_otherwise_the_second_time_does_not_help(
    servers: Callable[[], Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    listed, secret = servers(), servers()
    listed.redirect(f"http://rebinding.example:{secret.port}/secret")
    resolve, asked = socket.getaddrinfo, []

    def resolving(host: str, port: Any, *args: Any, **more: Any) -> Any:
        if host != "rebinding.example":
            return resolve(host, port, *args, **more)
        asked.append(host)
        address = "93.184.216.34" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolving)

    with pytest.raises(RefusedAddress, match="this machine or a private network"):
        download(listed.url, {})
    assert ([], 2) == (secret.asked, len(asked))


def test_a_server_that_was_left_is_not_come_back_to(servers: Callable[[], Server]) -> None:
    listed, other = servers(), servers()
    listed.redirect(f"http://127.0.0.1:{other.port}/there")
    other.redirect(f"{listed.url}/secret", "/there")

    with pytest.raises(RefusedAddress):
        download(listed.url, {})
    assert ["/feed"] == listed.asked


@pytest.mark.parametrize("location", ["ftp://example.org/", "file:///etc/passwd", "gopher://a/", "data:,x"])
def test_a_redirect_leads_to_the_web_only(location: str, server: Server) -> None:
    server.redirect(location)

    with pytest.raises(RefusedAddress, match="not a web address"):
        download(server.url, {})


def test_no_redirect_leads_from_https_to_http(monkeypatch: pytest.MonkeyPatch) -> None:
    class Pool:
        def __enter__(self) -> Pool:
            return self

        def __exit__(self, *_: object) -> None: ...

        def request(self, *_: object, **__: object) -> urllib3.HTTPResponse:
            return urllib3.HTTPResponse(b"", {"Location": "http://example.org/feed"}, 301)

    monkeypatch.setattr(downloads, "_pool", lambda *_, **__: Pool())

    with pytest.raises(RefusedAddress, match="from https to http"):
        download("https://example.org/feed", {})


def test_redirects_without_end_are_refused(server: Server) -> None:
    server.redirect("/feed")

    with pytest.raises(RefusedAddress, match="more than 5"):
        download(server.url, {})


@pytest.mark.parametrize(
    ("start", "drop"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (b"HTTP/1.1 200 OK\r\nX-Long: ", b"x"),
        (b"HTTP/1.1 200 OK\r\n", b"X-Many: 1\r\n"),
        (b"", b"H"),
    ],
)
def test_a_server_that_drips_is_cut_off(
    start: bytes, drop: bytes, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "MAX_SECONDS", 1.0)
    server.answers["/feed"] = server.drip(start, drop)
    begun = time.monotonic()

    with pytest.raises(RefusedAddress, match="longer than 1 seconds"):
        download(server.url, {})
    assert time.monotonic() - begun < 15  # a silent one would be waited for twenty


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 200, "larger than 0 MB"),
        (
            b"HTTP/1.1 200 OK\r\n" + b"X-A: " + b"a" * 60_000 + b"\r\nX-B: " + b"b" * 60_000 + b"\r\n\r\n",
            "headers",
        ),
    ],
)
def test_what_is_too_large_is_refused(
    answer: bytes, reason: str, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "MAX_BYTES", 100)
    server.answers["/feed"] = answer

    with pytest.raises(RefusedAddress, match=reason):
        download(server.url, {})


def test_a_status_is_handed_on(server: Server) -> None:
    server.answers["/feed"] = b"HTTP/1.1 503 No\r\nRetry-After: 9\r\nContent-Length: 0\r\n\r\n"
    found = download(server.url, {})

    assert isinstance(found, Download)
    assert (503, "9", b"") == (found.status, found.headers["Retry-After"], found.data)
