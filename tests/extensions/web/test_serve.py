"""``searcher serve``: the page in a browser."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from searcher.extensions.web import commands as module
from searcher.plugins import install_command
from tests.cli.conftest import Run

pytest.importorskip("uvicorn", reason="the page is an extra: pip install 'article-searcher[web]'")


@contextmanager
def serving(project: Path, index: Path, *args: str) -> Iterator[str]:
    """The address of a server in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "searcher.cli.searcher", "serve", "--port", "0", *args],
        env={**os.environ, "PYTHONPATH": str(project), "SEARCHER_INDEX": str(index)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout
    line = process.stdout.readline()
    address = re.search(r"http://\S+", line)
    assert address, line + process.stdout.read()
    try:
        yield address[0]
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)


def read(address: str, query: str = "") -> tuple[str, str]:
    """What a browser shows there, and under which address; it keeps the token as a cookie."""
    keeping = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with keeping.open(
        address + (f"{'&' if '?' in address else '?'}{query}" if query else ""), timeout=60
    ) as page:
        return page.read().decode(), page.geturl()


def test_it_prints_where_the_page_is(project: Path, built_index: Path) -> None:
    with serving(project, built_index) as address:
        text, _ = read(address, "q=dockers")

    assert re.match(r"http://127\.0\.0\.1:\d+/", address)
    assert "on strike" in text


def test_for_others_there_is_a_token(project: Path, built_index: Path) -> None:
    with serving(project, built_index, "--host", "0.0.0.0") as address:
        _, shown = read(address)

    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\?token=[\w-]{32}", address)
    assert address.split("?")[0] == shown


def test_slow_clients_keep_nobody_waiting(project: Path, built_index: Path) -> None:
    with serving(project, built_index) as address:
        port = urlsplit(address).port
        slow = [socket.create_connection(("127.0.0.1", port)) for _ in range(50)]
        for one in slow:
            one.sendall(b"POST /batch HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nlist=")
        text, _ = read(address, "q=dockers")
        for one in slow:
            one.close()

    assert "on strike" in text


OTHERS = [("root", 0, "/bin/bash"), ("nobody", 65534, "/bin/sh"), ("lp", 501, "/usr/sbin/nologin")]


@pytest.mark.parametrize(
    ("host", "token", "said"),
    [
        ("0.0.0.0", "", "must not be empty"),
        ("127.0.0.1", "", "must not be empty"),
        ("0.0.0.0", "fifteen-letters", "15 characters can be guessed. Use at least 16"),
        *(
            ("127.0.0.1", token, "may only contain letters, digits and")
            for token in ("a b;c", 'x"y', "ü", "a&b", " ", "a\n")
        ),
    ],
)
def test_a_token_that_keeps_nobody_out_is_refused(
    run_searcher: Run, host: str, token: str, said: str
) -> None:
    result = run_searcher("serve", "--port", "0", "--host", host, "--token", token)

    assert 2 == result.exit_code
    assert said in result.output
    assert "Leave " in result.output


@pytest.mark.parametrize("token", ["short", "c29tZXRoaW5n+/nobody/guesses==", "a.b_c~d-e"])
def test_the_address_that_is_printed_lets_in(project: Path, built_index: Path, token: str) -> None:
    with serving(project, built_index, "--token", token) as address:
        _, shown = read(address)

    assert address.split("?")[0] == shown


@pytest.mark.parametrize(
    ("others", "expected"), [([], False), (OTHERS, False), ([*OTHERS, ("kim", 1001, "/bin/zsh")], True)]
)
def test_there_is_a_token_by_itself_where_others_have_accounts(
    monkeypatch: pytest.MonkeyPatch, others: list[tuple[str, int, str]], expected: bool
) -> None:
    pwd = pytest.importorskip("pwd")
    mine = ("me", os.getuid(), "/bin/bash")
    accounts = [
        pwd.struct_passwd((name, "x", uid, uid, "", "/home", shell)) for name, uid, shell in [mine, *others]
    ]
    monkeypatch.setattr(pwd, "getpwall", lambda: accounts)

    assert expected == (module._checked_token(None, local=True) is not None)


def test_a_port_that_is_taken(run_searcher: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = run_searcher("serve", "--port", str(taken.getsockname()[1]))

    assert 2 == result.exit_code
    assert "--port 0" in result.output


def test_what_to_install(run_searcher: Run, without: Callable[[str], None]) -> None:
    without("uvicorn")
    result = run_searcher("serve")

    assert 2 == result.exit_code
    assert install_command("web") in result.output


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Pretend that a package is not installed."""

    def hide(name: str) -> None:
        from importlib import util

        found = util.find_spec
        monkeypatch.setattr(util, "find_spec", lambda asked: None if asked == name else found(asked))

    return hide


# A team


def status(address: str, *lines: bytes) -> int:
    """The status that is answered to a request with these lines, as bytes on the wire."""
    port = urlsplit(address).port
    with socket.create_connection(("127.0.0.1", port), timeout=60) as one:
        head = [b"GET /saved HTTP/1.1", b"Host: 127.0.0.1", b"Connection: close", *lines]
        one.sendall(b"\r\n".join([*head, b"", b""]))
        return int(one.makefile("rb").readline().split()[1])


def test_a_proxy_says_who_asks(project: Path, built_index: Path) -> None:
    with serving(project, built_index, "--user-header", "X-Remote-User", "--token", "t" * 16) as address:
        token = b"Authorization: Bearer " + b"t" * 16
        named = b"X-Remote-User: ida"
        answers = {
            "named": status(address, token, named),
            "for somebody elsewhere": status(address, token, named, b"X-Forwarded-For: 203.0.113.9"),
            "in UTF-8": status(address, token, "X-Remote-User: Jürgen".encode()),
            "in no encoding": status(address, token, b"X-Remote-User: \xff\xfe"),
            "twice": status(address, token, named, b"x-remote-user: kim"),
            "not at all": status(address, token),
            "at length": status(address, token, b"X-Remote-User: " + b"x" * 10_000),
            "without the token": status(address, named),
        }

    assert "token" not in address
    assert {
        "named": 200,
        "for somebody elsewhere": 200,
        "in UTF-8": 200,
        "in no encoding": 403,
        "twice": 403,
        "not at all": 403,
        "at length": 403,
        "without the token": 401,
    } == answers


def test_nobody_else_than_the_proxy_is_answered(project: Path, built_index: Path) -> None:
    options = ("--user-header", "X-Remote-User", "--proxy", "192.0.2.1")
    with serving(project, built_index, *options) as address:
        named = b"X-Remote-User: ida"
        answers = [status(address, named), status(address, named, b"X-Forwarded-For: 192.0.2.1")]

    assert [403, 403] == answers


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--writer", "ida"], "--user-header"),
        (["--proxy", "192.0.2.1"], "--user-header"),
        (["--user-header", "X-User", "--proxy", "proxy.example"], "address or network"),
        (["--user-header", "X User", "--token", "t" * 16], "not a header"),
    ],
)
def test_what_a_proxy_cannot_be(run_searcher: Run, options: list[str], told: str) -> None:
    result = run_searcher("serve", "--port", "0", *options)

    assert 2 == result.exit_code
    assert told in result.stderr


def test_who_has_an_account_here_could_pass_for_the_proxy(
    run_searcher: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_has_other_users", lambda: True)
    result = run_searcher("serve", "--port", "0", "--user-header", "X-Remote-User")

    assert 2 == result.exit_code
    assert "Use --token" in result.stderr
