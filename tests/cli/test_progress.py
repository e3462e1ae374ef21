"""How far a run is, on stderr."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from searcher import Progress
from searcher.cli.progress import ProgressLine


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock() -> Iterator[float]:
    """A clock that goes on by ten seconds whenever it is looked at."""
    return iter(range(0, 1000, 10))


PROGRESS = Progress(3, 8, 1200, Path("/archive/a\x1b[2Jb.html"))
LINE = "3 of 8 files · 1,200 articles · 120 a second · a�[2Jb.html"


def test_on_a_pipe_it_is_quiet(monkeypatch: pytest.MonkeyPatch, clock: Iterator[float]) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    line = ProgressLine(clock=lambda: next(clock))
    line(PROGRESS)
    line.end()

    assert "" == sys.stderr.getvalue()  # type: ignore[attr-defined]


def test_on_a_pipe_it_speaks_if_asked_to(monkeypatch: pytest.MonkeyPatch, clock: Iterator[float]) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    line = ProgressLine(True, lambda: next(clock))
    line(PROGRESS)
    line.end()

    assert f"{LINE}\n" == sys.stderr.getvalue()  # type: ignore[attr-defined]


def test_on_a_terminal_the_line_changes_and_goes(
    monkeypatch: pytest.MonkeyPatch, clock: Iterator[float]
) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    line = ProgressLine(clock=lambda: next(clock))
    line(PROGRESS)
    line.end()

    assert f"\r\x1b[K{LINE}\r\x1b[K" == sys.stderr.getvalue()  # type: ignore[attr-defined]


def test_it_speaks_only_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    line = ProgressLine(True, lambda: 0.0)
    line(PROGRESS)

    assert "" == sys.stderr.getvalue()  # type: ignore[attr-defined]
