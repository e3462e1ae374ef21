"""Whatever happens becomes a message and an exit code."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from searcher.cli.exits import GuardedCommand, debug_option
from searcher.cli.streams import note, write
from searcher.errors import QueryError, ReadError


def outcome(act: Callable[[], object], *args: str) -> Result:
    @click.command(cls=GuardedCommand)
    @debug_option
    def command() -> object:
        return act()

    return CliRunner().invoke(command, args, prog_name="search")


def failing(error: BaseException) -> Callable[[], object]:
    def act() -> object:
        raise error

    return act


@pytest.mark.parametrize("code", [0, 1, 2])
def test_a_command_returns_its_exit_code(code: int) -> None:
    assert code == outcome(lambda: code).exit_code


def test_errors_of_searcher_are_one_message() -> None:
    result = outcome(failing(ReadError("This file is empty.")))

    assert (2, "", "search: This file is empty.\n") == (result.exit_code, result.stdout, result.stderr)


def test_an_error_in_a_query_shows_the_place() -> None:
    result = outcome(failing(QueryError("Close it.", "(dead end", 0)))

    assert "search: Close it.\n  (dead end\n  ^\n" == result.stderr


def test_errors_of_the_system_name_the_file() -> None:
    result = outcome(failing(PermissionError(13, "Permission denied", "/secret")))

    assert (2, "search: /secret: Permission denied\n") == (result.exit_code, result.stderr)


@pytest.mark.parametrize("error", [ValueError("odd"), RecursionError("deep"), MemoryError()])
def test_what_should_not_happen_is_no_traceback(error: Exception) -> None:
    result = outcome(failing(error))

    assert 2 == result.exit_code
    assert "Traceback" not in result.stderr
    assert "--debug" in result.stderr


def test_debug_shows_the_traceback() -> None:
    assert "Traceback" in outcome(failing(ValueError("odd")), "--debug").stderr


def test_an_interruption_exits_130() -> None:
    assert 130 == outcome(failing(KeyboardInterrupt())).exit_code


def test_messages_cannot_command_the_terminal() -> None:
    assert "\x1b" not in outcome(lambda: note("evil\x1b[2J.html: broken")).stderr


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    "unsafe", ["\x1b]0;owned\x07", "\x1b[8m", "\x9b2J", "\u202e", "\r", "\U000e0041", "\x08"]
)
def test_results_command_a_terminal_nothing_but_our_styles(
    monkeypatch: pytest.MonkeyPatch, unsafe: str
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    write(f"\x1b[1;31ma{unsafe}b\x1b[0m\n")

    assert unsafe not in terminal.getvalue()
    assert terminal.getvalue().startswith("\x1b[1;31ma")
    assert terminal.getvalue().endswith("b\x1b[0m\n")


def test_results_in_a_pipe_are_as_they_are() -> None:
    assert "a\x1b[2J\tb\n" == outcome(lambda: write("a\x1b[2J\tb\n")).stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
def test_a_full_disk_for_the_output_is_told(project: Path, built_index: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "searcher.cli.search", "-i", built_index, "strike"],
            stdout=full,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(project)},
        )

    assert (2, 1) == (done.returncode, done.stderr.count(b"\n"))
    assert b"could not be written (No space left on device). The command itself has finished." in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="a shell of POSIX closes streams")
@pytest.mark.parametrize(("words", "code"), [("strike", 0), ("nothingatall", 1)])
def test_a_closed_output_is_as_nowhere(project: Path, built_index: Path, words: str, code: int) -> None:
    command = f'"{sys.executable}" -m searcher.cli.search -i "{built_index}" {words} >&- 2>&-'

    assert (
        code == subprocess.run(command, shell=True, env={**os.environ, "PYTHONPATH": str(project)}).returncode
    )


def test_lone_surrogates_can_be_written() -> None:
    result = outcome(lambda: write("name-\udcff.txt\n"))

    assert (0, b"name-\xff.txt\n") == (result.exit_code, result.stdout_bytes)
