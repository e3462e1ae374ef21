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

import pytest

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


@pytest.mark.slow
def test_it_prints_where_the_page_is(project: Path, built_index: Path) -> None:
    with serving(project, built_index) as address, urllib.request.urlopen(f"{address}?q=dockers") as page:
        text = page.read().decode()

    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", address)
    assert "on strike" in text


@pytest.mark.slow
def test_for_others_there_is_a_token(project: Path, built_index: Path) -> None:
    with serving(project, built_index, "--host", "0.0.0.0") as address:
        keeping = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        with keeping.open(address) as page:
            shown = page.geturl()

    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\?token=[\w-]{32}", address)
    assert address.split("?")[0] == shown


@pytest.mark.slow
def test_slow_clients_keep_nobody_waiting(project: Path, built_index: Path) -> None:
    with serving(project, built_index) as address:
        port = int(address.rstrip("/").rsplit(":", 1)[1])
        slow = [socket.create_connection(("127.0.0.1", port)) for _ in range(50)]
        for one in slow:
            one.sendall(b"POST /batch HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nlist=")
        with urllib.request.urlopen(f"{address}?q=dockers", timeout=60) as page:
            text = page.read().decode()
        for one in slow:
            one.close()

    assert "on strike" in text


def test_a_port_that_is_taken(run_searcher: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = run_searcher("serve", "--port", str(taken.getsockname()[1]))

    assert 2 == result.exit_code
    assert "--port 0" in result.output


def test_what_to_install(run_searcher: Run, without: Callable[[str], None]) -> None:
    without("uvicorn")
    result = run_searcher("serve")

    assert 2 == result.exit_code
    assert "pip install 'article-searcher[web]'" in result.output


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Pretend that a package is not installed."""

    def hide(name: str) -> None:
        from importlib import util

        found = util.find_spec
        monkeypatch.setattr(util, "find_spec", lambda asked: None if asked == name else found(asked))

    return hide
