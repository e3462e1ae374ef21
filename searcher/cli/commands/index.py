"""``searcher index``: cleans files and adds their articles."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from searcher.cli.indexes import refuse_own_folder
from searcher.cli.ingest_options import (
    date_from_option,
    fields_of,
    json_option,
    map_option,
    mapping_of,
    ocr_option,
    optional_paths,
    part_option,
    progress_option,
    set_option,
    workers_option,
)
from searcher.cli.options import index_option
from searcher.cli.output.report import run_change
from searcher.errors import UsageError

if TYPE_CHECKING:
    from searcher.index import Index
    from searcher.ingest.report import Progress, Report

__all__ = ["index"]


@click.command(
    epilog="""\b
Examples:
  searcher index articles/                          a folder, and what is in it
  searcher index "archive/2024-*.jsonl.gz"          a glob
  searcher index --map title=headline,body=text export.csv
  searcher index --set source=BBC --set tag=2004 --date-from name bbc/
  searcher index --set desk=foreign wires/          a field of your own: search desk:foreign
  searcher index --prune articles/                  drop what is gone from the folder
  searcher index --part 3/16 archive/               what one of 16 machines reads, on each another part
  searcher index --annotated annotated.jsonl        what “searcher extract” has found, anywhere
  searcher index --resume                           go on with a run that was stopped

\b
Exit status: 0 fine, 1 some files could not be read (“searcher problems” lists them), 2 an error.
"""
)
@optional_paths
@click.option("--prune", is_flag=True, help="Drop the articles of files that are gone from these paths.")
@click.option("--yes", is_flag=True, help="Let --prune drop more than a tenth of the index.")
@part_option
@click.option(
    "--annotated", is_flag=True, help="The files are those of “searcher extract”: add what they hold."
)
@click.option("--resume", is_flag=True, help="Go on with the last run, which was stopped before its end.")
@map_option
@set_option
@date_from_option
@ocr_option
@workers_option
@progress_option
@json_option
@index_option
def index(paths: Sequence[str], folder: str | None, as_json: bool, **given: Any) -> int:
    """Clean files and add their articles.

    Takes files, folders and globs; unchanged files are skipped. What was done before an interruption
    stays; --resume goes on from there.
    """
    from searcher.locations import default_index

    if given["resume"]:
        return _resume(paths, folder, as_json, given)
    if not paths:
        raise UsageError("What is to be indexed? Give at least one file, folder or glob, or --resume.")
    where = default_index(folder)
    refuse_own_folder(where, paths)
    mapping, fields = mapping_of(given["mappings"]), fields_of(given["settings"])

    def run(opened: Index, progress: Callable[[Progress], None]) -> Report:
        return opened.load(
            paths,
            mapping=mapping,
            fields=fields,
            date_from=given["date_from"],
            ocr=given["ocr"],
            annotated=given["annotated"],
            prune=given["prune"],
            prune_all=given["yes"],
            part=given["part"],
            workers=given["workers"],
            progress=progress,
        )

    return run_change(where, run, given["progress"], as_json, resumable=given["part"] is None)


def _resume(paths: Sequence[str], folder: str | None, as_json: bool, given: Mapping[str, Any]) -> int:
    from searcher.ingest.report import Report
    from searcher.locations import find_index

    others = ("mappings", "settings", "date_from", "ocr", "annotated", "prune", "part")
    if paths or any(given[name] for name in others):
        raise UsageError(
            "--resume goes on with what the last run was given: leave PATH, --map, --set, --date-from, "
            "--ocr, --annotated, --part and --prune out."
        )

    def run(opened: Index, progress: Callable[[Progress], None]) -> Report:
        resumed = opened.resume(prune_all=given["yes"], workers=given["workers"], progress=progress)
        return resumed or Report()

    return run_change(find_index(folder), run, given["progress"], as_json)
