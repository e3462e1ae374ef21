"""Connections of those who send nothing, or a letter now and then."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import NamedTuple

import pytest

from searcher import Index

pytest.importorskip("uvicorn", reason="the page is an extra: pip install 'article-searcher[web]'")

from searcher.extensions.web import app, guard
from searcher.extensions.web.guard import Access
from tests.extensions.web.serving import port_of

MAX_CONNECTIONS = 8
TOKEN = "a-token-that-nobody-guesses"
FORM = f"""POST /names HTTP/1.1\r
Host: 127.0.0.1\r
Authorization: Bearer {TOKEN}\r
Content-Type: application/x-www-form-urlencoded\r
Content-Length: 90\r\n\r\n""".encode()

Connect = Callable[[], socket.socket]


@pytest.fixture
def port(index: Index, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The port of a server that has few places and little patience."""
    monkeypatch.setattr(app, "_MAX_CONNECTIONS", MAX_CONNECTIONS)
    monkeypatch.setattr(app, "_HEAD_SECONDS", 0.5)
    monkeypatch.setattr(guard, "_BODY_SECONDS", 0.5)
    with port_of(app.server_of(index, Access(token=TOKEN), ":memory:")) as found:
        yield found


@pytest.fixture
def connect(port: int) -> Iterator[Connect]:
    opened: list[socket.socket] = []

    def connected() -> socket.socket:
        opened.append(socket.create_connection(("127.0.0.1", port), timeout=10))
        return opened[-1]

    yield connected
    for one in opened:
        one.close()


def status(port: int) -> int:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("GET", "/names", headers={"Authorization": f"Bearer {TOKEN}"})
        with connection.getresponse() as answer:
            return answer.status


@pytest.mark.parametrize(
    "sent", [b"", b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n"], ids=["silent", "half a head"]
)
def test_others_are_answered_beside_more_than_all_places(port: int, connect: Connect, sent: bytes) -> None:
    for _ in range(3 * MAX_CONNECTIONS):
        connect().sendall(sent)

    assert 200 == status(port)


class Running(NamedTuple):
    port: int
    loop: asyncio.AbstractEventLoop


@pytest.fixture
def patient(index: Index, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    """A server that has few places."""
    monkeypatch.setattr(app, "_MAX_CONNECTIONS", MAX_CONNECTIONS)
    server = app.server_of(index, Access(), ":memory:")
    loops: list[asyncio.AbstractEventLoop] = []
    serve = server.serve

    async def recorded(sockets: list[socket.socket] | None = None) -> None:
        loops.append(asyncio.get_running_loop())
        await serve(sockets)

    monkeypatch.setattr(server, "serve", recorded)
    with port_of(server) as port:
        yield Running(port, loops[0])


ASKED = b"GET /names HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


def test_requests_that_have_arrived_are_read_before_a_connection_is_closed(patient: Running) -> None:
    resume = threading.Event()
    patient.loop.call_soon_threadsafe(resume.wait, 60)
    with contextlib.ExitStack() as opened:
        connections = [
            opened.enter_context(socket.create_connection(("127.0.0.1", patient.port), 60))
            for _ in range(3 * MAX_CONNECTIONS)
        ]
        for one in connections:
            one.sendall(ASKED)
        resume.set()

        assert {b"HTTP/1.1"} == {one.recv(8) for one in connections}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux takes 127.0.0.2 for this machine")
def test_silent_connections_close_none_of_another_address(patient: Running) -> None:
    with contextlib.ExitStack() as opened:
        quiet, *_ = [
            opened.enter_context(socket.create_connection(("127.0.0.1", patient.port), 60, (source, 0)))
            for source in ["127.0.0.1", *["127.0.0.2"] * 3 * MAX_CONNECTIONS]
        ]
        quiet.sendall(ASKED)

        assert b"HTTP/1.1 200" == quiet.recv(12)


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 90\r\n\r\n",
        FORM,
    ],
    ids=["in the head", "in a body that nobody reads", "in a form"],
)
def test_a_letter_now_and_then_keeps_no_connection_open(connect: Connect, head: bytes) -> None:
    slow = connect()
    slow.sendall(head)
    began = time.monotonic()
    try:
        while time.monotonic() - began < 8:
            slow.sendall(b"x")
            time.sleep(0.1)
    except OSError:
        pass

    assert time.monotonic() - began < 5


def test_a_connection_is_kept_for_the_next_question(connect: Connect) -> None:
    asked = f"GET /names HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {TOKEN}\r\n\r\n".encode()
    one = connect()
    answers = []
    for _ in range(4):
        time.sleep(0.2)
        one.sendall(asked)
        with http.client.HTTPResponse(one) as response:
            response.begin()
            response.read()
            answers.append(response.status)

    assert [200] * 4 == answers
