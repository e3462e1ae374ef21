"""``searcher rebuild``: reads all recorded files again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from searcher.cli.ingest_options import json_option, progress_option, workers_option
from searcher.cli.options import index_option
from searcher.cli.output.report import run_change

if TYPE_CHECKING:
    from searcher.index import Index
    from searcher.ingest.report import Progress, Report

__all__ = ["rebuild"]


@click.command()
@workers_option
@progress_option
@json_option
@index_option
def rebuild(folder: str | None, as_json: bool, **given: Any) -> int:
    """Read all recorded files again.

    They go into a fresh index, which then takes the place of the old one. Searches go on in the old one
    meanwhile. Articles whose file is gone are kept as they are.
    """
    from searcher.locations import find_index

    def run(opened: Index, progress: Callable[[Progress], None]) -> Report:
        return opened.rebuild(workers=given["workers"], progress=progress)

    return run_change(find_index(folder), run, given["progress"], as_json, repair=True, resumable=False)
