"""The report of a change to the index, and its progress meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from searcher.cli.exits import INTERRUPTED, NOTHING, OK
from searcher.cli.streams import finish, say, write

if TYPE_CHECKING:
    from searcher.index import Index
    from searcher.ingest.run import Progress, Report

__all__ = ["print_failures", "run_change", "summary"]

REPORT_SCHEMA = "searcher.report/1"


def run_change(
    folder: Path,
    run: Callable[[Index, Callable[[Progress], None]], Report],
    shown: bool | None,
    as_json: bool,
    *,
    repair: bool = False,
) -> int:
    """Run a change with its progress and print its report."""
    from searcher.cli.progress import ProgressLine
    from searcher.index import open_index

    line = ProgressLine(shown)
    began = time.monotonic()
    with open_index(folder, repair=repair) as opened:
        try:
            report = run(opened, line)
        except KeyboardInterrupt:
            line.end()
            go_on = "run the same command" if repair else "searcher index --resume"
            say(f"Interrupted. What was committed is in the index; to go on: {go_on}")
            return INTERRUPTED
        line.end()
        if as_json:
            _print_json(report, folder, opened.count())
        else:
            write(f"{summary(report, time.monotonic() - began)}\n")
            count = opened.count()
            write(f"The index in {folder} holds {count:,} article{'' if count == 1 else 's'}.\n")
    print_failures(report.failed)
    return NOTHING if report.failed else OK


def _print_json(report: Report, folder: Path, count: int) -> None:
    from searcher.cli.output.data import dumps

    whole = {"schema": REPORT_SCHEMA, "index": str(folder), "count": count, **report.to_dict()}
    write(dumps(whole, indent=2) + "\n")


def summary(report: Report, seconds: float) -> str:
    """One line: “15 files: 12 added, 3 not read (2.1 s)”; what is not read is a file or a part of one."""
    done = {
        "added": report.added,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "removed": report.removed,
        "kept": report.kept,
        "not read": len(report.failed),
    }
    parts = [f"{number:,} {what}" for what, number in done.items() if number] or ["nothing to do"]
    return f"{report.files:,} file{'' if report.files == 1 else 's'}: {', '.join(parts)} ({seconds:.1f} s)"


def print_failures(failed: Sequence[tuple[str, str]]) -> None:
    if failed:
        finish()  # the report stands before the reasons where both go to one terminal
    for origin, reason in failed:
        say(f"{origin}: {reason}")
