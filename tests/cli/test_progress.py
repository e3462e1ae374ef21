"""How far a run is, on stderr."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from searcher import Index, Progress, Report
from searcher.cli.exits import INTERRUPTED
from searcher.cli.output.report import ProgressLine, run_and_report


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def into(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO) -> io.StringIO:
    """The stream, which is stderr from now on."""
    monkeypatch.setattr(sys, "stderr", stream)
    return stream


@pytest.fixture
def clock() -> Iterator[float]:
    """A clock that goes on by ten seconds whenever it is looked at."""
    return iter(range(0, 1000, 10))


PROGRESS = Progress(3, 8, 1200, Path("/archive/a\x1b[2Jb.html"))
LINE = "3 of 8 files · 1,200 articles · 120 a second · about 17 s left · a�[2Jb.html"


def test_on_a_pipe_it_is_quiet(monkeypatch: pytest.MonkeyPatch, clock: Iterator[float]) -> None:
    stderr = into(monkeypatch, io.StringIO())
    line = ProgressLine(clock=lambda: next(clock))
    line(PROGRESS)
    line.end()

    assert "" == stderr.getvalue()


def test_on_a_pipe_it_speaks_if_asked_to(monkeypatch: pytest.MonkeyPatch, clock: Iterator[float]) -> None:
    stderr = into(monkeypatch, io.StringIO())
    line = ProgressLine(True, lambda: next(clock))
    line(PROGRESS)
    line.end()

    assert f"{LINE}\n" == stderr.getvalue()


def test_on_a_terminal_the_line_changes_and_goes(
    monkeypatch: pytest.MonkeyPatch, clock: Iterator[float]
) -> None:
    stderr = into(monkeypatch, Terminal())
    line = ProgressLine(clock=lambda: next(clock))
    line(PROGRESS)
    line.end()

    assert f"\r\x1b[K{LINE}\r\x1b[K" == stderr.getvalue()


def test_it_speaks_only_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    stderr = into(monkeypatch, io.StringIO())
    line = ProgressLine(True, lambda: 0.0)
    line(PROGRESS)

    assert "" == stderr.getvalue()


def test_inside_a_large_file(monkeypatch: pytest.MonkeyPatch, clock: Iterator[float]) -> None:
    stderr = into(monkeypatch, io.StringIO())
    line = ProgressLine(True, lambda: next(clock))
    line(Progress(0, 1, 1200, Path("all.zip"), in_file=1200))

    assert (
        "0 of 1 files · 1,200 articles · 120 a second · all.zip: 1,200 articles so far\n" == stderr.getvalue()
    )


def test_what_is_left_of_a_step_is_told_by_that_step(monkeypatch: pytest.MonkeyPatch) -> None:
    stderr = into(monkeypatch, io.StringIO())
    times = iter([0.0, 300.0, 300.0, 320.0, 340.0])
    line = ProgressLine(True, lambda: next(times))
    line(PROGRESS)
    for done in (0, 1, 20):
        line(Progress(8, 100, done, Path("b.html"), step="annotated"))

    assert ["", " · about 3 min left"] == [
        told.split("already searchable)")[1].removesuffix(" · b.html")
        for told in stderr.getvalue().splitlines()[1:]
    ]


def test_an_interrupted_run_says_how_far_it_came(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def run(_: Index, progress: Callable[[Progress], None]) -> Report:
        progress(PROGRESS)
        raise KeyboardInterrupt

    code = run_and_report(tmp_path / "index", run, show_progress=False, as_json=False)

    assert (INTERRUPTED, "Interrupted after 3 of 8 files.") == (code, capsys.readouterr().err[:31])
