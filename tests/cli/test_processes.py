"""The commands as the shell runs them: pipes, signals, terminals, and what they load."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from searcher import open_index
from searcher.ingest.sources import Source, Sources

SEARCH, SEARCHER = "searcher.cli.search", "searcher.cli.searcher"


def environment(project: Path, index: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(project), "SEARCHER_INDEX": str(index), "LC_ALL": "C"}


def start(module: str, *args: str, **settings: Any) -> subprocess.Popen[bytes]:
    process: subprocess.Popen[bytes] = subprocess.Popen(
        [sys.executable, "-m", module, *args],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **settings,
    )
    return process


def test_output_is_utf_8_whatever_the_locale(project: Path, built_index: Path) -> None:
    done = start(SEARCH, "--in", "quotes", "dead", env=environment(project, built_index)).communicate()

    assert "“Deep drilling is a dead end,”" in done[0].decode("utf-8")
    assert b"" == done[1]


def test_a_reader_that_goes_away_is_no_error(project: Path, built_index: Path) -> None:
    with start(SEARCH, "-", "--ids", env=environment(project, built_index)) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        process.stdin.write(b"Norvane\n" * 20)
        process.stdin.close()
        errors = process.stderr.read()

    assert (0, b"") == (process.returncode, errors)


@pytest.mark.skipif(os.name == "nt", reason="signals are those of POSIX")
@pytest.mark.usefixtures("interruptible")
def test_an_interruption_is_no_traceback(project: Path, built_index: Path) -> None:
    process = start(SEARCH, "-", "--ids", env=environment(project, built_index))
    assert process.stdin
    assert process.stdout
    process.stdin.write(b"Norvane\n")
    process.stdin.flush()
    process.stdout.readline()  # it has answered, and waits for more
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate()

    assert (130, ["", "search: stopped"]) == (process.returncode, errors.decode().splitlines())


def read_terminal(ours: int, theirs: int) -> str:
    """Close a pseudo-terminal and return everything that was written to it. A single read may return only a
    part, because the kernel passes the output on piece by piece."""
    os.close(theirs)
    parts = []
    with contextlib.suppress(OSError):  # Linux reports the end as an error
        while part := os.read(ours, 65536):
            parts.append(part)
    os.close(ours)
    return b"".join(parts).decode("utf-8")


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="there are no pseudo-terminals here")
@pytest.mark.parametrize(("more", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_colour_on_a_terminal(project: Path, built_index: Path, more: dict[str, str], coloured: bool) -> None:
    ours, theirs = os.openpty()
    done = subprocess.run(
        [sys.executable, "-m", SEARCH, "dockers", "-n1", "--facets", "none"],
        env={**environment(project, built_index), "TERM": "xterm", "PYTHONUTF8": "1", **more},
        stdout=theirs,
        stderr=subprocess.PIPE,
    )
    printed = read_terminal(ours, theirs)

    assert (0, coloured) == (done.returncode, "\x1b[1;31mDockers\x1b[0m" in printed)


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="there are no pseudo-terminals here")
@pytest.mark.parametrize(("answer", "code", "count"), [(b"n\n", 2, 0), (b"y\n", 0, 1), (None, 2, 0)])
def test_files_never_read_here_are_asked_about_on_a_terminal(
    tmp_path: Path, project: Path, answer: bytes | None, code: int, count: int
) -> None:
    (tmp_path / "secret.txt").write_text("TOPSECRET stands here.")
    with open_index(tmp_path / "index") as index:
        Sources(index.log.store).record(Source(str(tmp_path / "secret.txt"), ""), [])
    ours, theirs = os.openpty()
    if answer:
        os.write(ours, answer)
    done = subprocess.run(
        [sys.executable, "-m", SEARCHER, "rebuild", "--no-progress"],
        env=environment(project, tmp_path / "index"),
        stdin=theirs if answer else subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=theirs,
    )
    said = read_terminal(ours, theirs)

    assert (code, True) == (done.returncode, "secret.txt" in said)
    assert bool(answer) == ("Read them?" in said)
    with open_index(tmp_path / "index") as index:
        assert count == index.count("TOPSECRET")


@pytest.mark.parametrize(
    ("module", "args", "more"),
    [
        (SEARCH, ["-c", "Norvane"], {"calendar", "string"}),
        (SEARCH, ["dockers"], {"string"}),
        (SEARCH, ["lighthousekeeper"], {"importlib.resources"}),
        (SEARCHER, ["completion", "zsh"], {"calendar"}),
    ],
    ids=["a count", "an answer with facets and snippets", "a word that the index lacks", "completion"],
)
def test_starting_loads_only_what_it_needs(
    project: Path, built_index: Path, module: str, args: list[str], more: set[str]
) -> None:
    heavy = {"numpy", "onnxruntime", "lxml", "whoosh", "bs4", "urllib3", "watchfiles", "pydantic"}
    heavy |= {
        "starlette",
        "uvicorn",
        "jinja2",
        "asyncio",
        "multiprocessing",
        "sqlite3",
        "csv",
        "shutil",
        *more,
    }
    heavy |= {
        f"searcher.{part}" for part in ("export", "extract", "ingest", "mcp", "readers", "watching", "web")
    }

    assert set() == heavy & loaded(project, built_index, module, args)


def loaded(project: Path, built_index: Path, module: str, args: list[str]) -> set[str]:
    """Return what a process has loaded that ran a command."""
    program = (
        f"import sys; sys.argv = ['x', *{args!r}]\n"
        f"try: import {module} as m; m.main()\n"
        "finally: print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment(project, built_index), capture_output=True, text=True
    )
    return set(done.stderr.split())
