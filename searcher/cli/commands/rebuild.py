"""``searcher rebuild``: reads all recorded files again."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from searcher.cli.ingest_options import json_option, progress_option, workers_option
from searcher.cli.options import index_option
from searcher.cli.output.report import MAX_NAMED, run_change
from searcher.cli.streams import note

if TYPE_CHECKING:
    from searcher.index import Index
    from searcher.ingest.report import Progress, Report

__all__ = ["rebuild"]


@click.command()
@workers_option
@progress_option
@json_option
@click.option("--trust-sources", is_flag=True, help="Read files too that you have not had read here.")
@index_option
def rebuild(folder: str | None, as_json: bool, **given: Any) -> int:
    """Read all recorded files again.

    They go into a fresh index, which then takes the place of the old one. Searches go on in the old one
    meanwhile. Articles whose file is gone are kept as they are.
    """
    from searcher.errors import SourcesUnknown
    from searcher.locations import find_index

    def run(opened: Index, progress: Callable[[Progress], None]) -> Report:
        workers, trusted = given["workers"], given["trust_sources"]
        try:
            return opened.rebuild(trust_sources=trusted, workers=workers, progress=progress)
        except SourcesUnknown as error:
            if not _are_trusted(error.paths):
                raise
        return opened.rebuild(trust_sources=True, workers=workers, progress=progress)

    return run_change(find_index(folder), run, given["progress"], as_json, repair=True, resumable=False)


def _are_trusted(paths: Sequence[str]) -> bool:
    """Ask whether files that an index names are to be read; where nobody can be asked, they are not."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    for path in paths[:MAX_NAMED]:
        note(path)
    if len(paths) > MAX_NAMED:
        note(f"… and {len(paths) - MAX_NAMED:,} more")
    return click.confirm(
        "The index names these files, which you have not had read here. Read them?", err=True
    )
