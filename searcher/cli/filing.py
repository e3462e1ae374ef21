"""``searcher index``, ``rebuild`` and ``extract``: from files to articles."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from searcher.cli.guard import INTERRUPTED, NOTHING, OK
from searcher.cli.options import index_option
from searcher.cli.output import finish, say, write
from searcher.errors import UsageError

if TYPE_CHECKING:
    from searcher.index import Index
    from searcher.ingest.run import Progress, Report

__all__ = ["extract", "index", "rebuild"]

REPORT_SCHEMA = "searcher.report/1"

_workers = click.option(
    "--workers", type=click.IntRange(min=1), metavar="N", help="Processes to use (default: one a core)."
)
_progress = click.option(
    "--progress/--no-progress", default=None, help="Say on stderr how far it is (default: on a terminal)."
)
_json = click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
_map = click.option(
    "--map",
    "mappings",
    multiple=True,
    metavar="FIELD=COLUMN,…",
    help="Which column or key of CSV and JSON records holds a field.",
)
_paths = click.argument("paths", nargs=-1, required=True, metavar="PATH…")
_paths_if_any = click.argument("paths", nargs=-1, metavar="PATH…")


@click.command(
    epilog="""\b
Examples:
  searcher index articles/                          a folder, and what is in it
  searcher index "archive/2024-*.jsonl.gz"          a glob
  searcher index --map title=headline,body=text export.csv
  searcher index --prune articles/                  drop what is gone from the folder
  searcher index --resume                           go on with a run that was stopped

\b
Exit status: 0 fine, 1 some files could not be read, 2 an error.
"""
)
@_paths_if_any
@click.option("--prune", is_flag=True, help="Drop the articles of files that are gone from these paths.")
@click.option("--resume", is_flag=True, help="Go on with the last run, which was stopped before its end.")
@_map
@_workers
@_progress
@_json
@index_option
def index(paths: Sequence[str], folder: str | None, as_json: bool, **given: Any) -> int:
    """Clean files and add their articles.

    Takes files, folders and globs; unchanged files are skipped. What was done before an interruption
    stays; --resume goes on from there.
    """
    from searcher.locations import default_index, holds_index

    if given["resume"]:
        return _resume(paths, folder, as_json, given)
    if not paths:
        raise UsageError("What is to be indexed? Give at least one file, folder or glob, or --resume.")
    where = default_index(folder)
    if not holds_index(where) and where.resolve() in [Path(path).resolve() for path in paths]:
        raise UsageError(
            f"“{where}” cannot be both, the index and what is indexed. Give the index a folder for itself: "
            f"searcher index -i index {where}"
        )
    mapping = mapping_of(given["mappings"])

    def run(opened: Index, progress: Callable[[Progress], None]) -> Report:
        return opened.load(
            paths, mapping=mapping, prune=given["prune"], workers=given["workers"], progress=progress
        )

    return _change(where, run, given["progress"], as_json)


def _resume(paths: Sequence[str], folder: str | None, as_json: bool, given: Mapping[str, Any]) -> int:
    from searcher.ingest.run import Report
    from searcher.locations import find_index

    if paths or given["mappings"] or given["prune"]:
        raise UsageError(
            "--resume goes on with what the last run was given: leave PATH, --map and --prune out."
        )

    def run(opened: Index, progress: Callable[[Progress], None]) -> Report:
        return opened.resume(workers=given["workers"], progress=progress) or Report()

    return _change(find_index(folder), run, given["progress"], as_json)


@click.command()
@_workers
@_progress
@_json
@index_option
def rebuild(folder: str | None, as_json: bool, **given: Any) -> int:
    """Read all recorded files again.

    They go into a fresh index, which then takes the place of the old one. Searches go on in the old one
    meanwhile. Articles whose file is gone are kept as they are.
    """
    from searcher.locations import find_index

    def run(opened: Index, progress: Callable[[Progress], None]) -> Report:
        return opened.rebuild(workers=given["workers"], progress=progress)

    return _change(find_index(folder), run, given["progress"], as_json, repair=True)


def _change(
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
    _print_failures(report.failed)
    return NOTHING if report.failed else OK


def _print_json(report: Report, folder: Path, count: int) -> None:
    from searcher.cli.formats import dumps

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


def _print_failures(failed: Sequence[tuple[str, str]]) -> None:
    if failed:
        finish()  # the report stands before the reasons where both go to one terminal
    for origin, reason in failed:
        say(f"{origin}: {reason}")


@click.command(
    epilog="""\b
Examples:
  searcher extract page.html
  searcher extract articles/ | jq -r '.quotes[] | [.speaker, .text] | @tsv'
"""
)
@_paths
@_map
@_workers
def extract(paths: Sequence[str], mappings: Sequence[str], workers: int | None) -> int:
    """Print the articles in files as JSON Lines.

    No index is used. Each has id, title, body, authors, published, source, url, language, mentions and
    quotes; offsets are those of characters in the body.
    """
    from searcher.cli.formats import dumps
    from searcher.ingest import pipeline
    from searcher.ingest.paths import expand

    files, failed = expand(map(Path, paths))
    if files:
        workers = workers or (1 if len(files) == 1 and _small(files[0]) else None)
        for piece in pipeline.pieces(files, mapping_of(mappings), lambda _: False, workers):
            for article in piece.articles:
                write(dumps(article.to_dict()) + "\n")
            failed += piece.problems
    _print_failures(failed)
    return NOTHING if failed else OK


def _small(path: Path) -> bool:
    """Whether starting one worker costs less than sharing the work."""
    return path.stat().st_size < 1 << 20


def mapping_of(given: Iterable[str]) -> dict[str, str] | None:
    """``["title=headline,body=text"]`` as a mapping. Raises UsageError."""
    mapping = {}
    for pair in ",".join(given).split(","):
        if not pair.strip():
            continue
        name, equals, column = pair.partition("=")
        if not equals or not name.strip() or not column.strip():
            raise UsageError(f"--map: “{pair}” is no FIELD=COLUMN, as in title=headline.")
        mapping[name.strip()] = column.strip()
    return mapping or None
