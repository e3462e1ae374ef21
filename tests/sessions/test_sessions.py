"""What people are told, word for word: by commands in a row, and at addresses of the page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.sessions import sessions

HINT = "Where that is meant, run scripts/pin_sessions.py and read what it changes."
COMMANDS, ADDRESSES = sessions.commands(), sessions.addresses()


@pytest.mark.parametrize("title", COMMANDS)
def test_commands_print(title: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = sessions.indexed(tmp_path)
    monkeypatch.setenv("SEARCHER_INDEX", str(folder))
    monkeypatch.chdir(tmp_path)

    for command, printed in COMMANDS[title]:
        assert printed == sessions.printed(command, tmp_path), f"{command}: {HINT}"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with sessions.site(tmp_path_factory.mktemp("site")) as client:
        yield client


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_page_tells(address: str, client: Any) -> None:
    assert ADDRESSES[address] == sessions.told(client, address), HINT
