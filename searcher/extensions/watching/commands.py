"""The command ``searcher watch``."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from searcher.cli.commands.ingest import set_option, workers_option
from searcher.cli.exits import OK
from searcher.cli.options import index_option, refuse_own_folder, require
from searcher.cli.output.data import dumps
from searcher.cli.output.report import print_failures, remarks, summary
from searcher.cli.streams import finish, note, write
from searcher.errors import UsageError
from searcher.locations import default_index, local_folder

if TYPE_CHECKING:
    from searcher.errors import IndexFailure
    from searcher.ingest.report import Report


@click.command(
    epilog="""\b
Examples:
  searcher watch ~/Downloads/SingleFile       pages as SingleFile saves them
  searcher watch ~/archivebox/archive --prune
  searcher watch --feeds feeds.opml           fetch feeds twice an hour
"""
)
@click.argument("folders", nargs=-1, metavar="DIR…", type=click.Path(exists=True, file_okay=False))
@set_option
@click.option("--prune", is_flag=True, help="Remove the articles of deleted files.")
@click.option("--yes", is_flag=True, help="Let --prune remove many articles at a time.")
@click.option(
    "--settle",
    type=click.FloatRange(min=0),
    default=2.0,
    metavar="SECONDS",
    help="Wait until a file has not changed for this long (2).",
)
@click.option("--poll", is_flag=True, help="Poll for changes: for network drives, which report none.")
@click.option(
    "--feeds",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Fetch the feeds of an OPML file or list of addresses from the internet.",
)
@click.option(
    "--every",
    type=click.FloatRange(min=1),
    default=30.0,
    metavar="MINUTES",
    help="Fetch feeds at this interval (30).",
)
@workers_option
@click.option("--jsonl", is_flag=True, help="Print each report as one JSON object per line.")
@index_option
def watch(folders: Sequence[str], folder: str | None, **params: Any) -> int:
    """Index files as they appear in folders, until Ctrl+C.

    Existing files are indexed first. New files are read a few seconds after their last change. Files are
    selected as by “searcher index”.
    """
    feed_packages = ("urllib3", "feedparser") if params["feeds"] is not None else ()
    require("Watching needs more packages", "watch", "watchfiles", *feed_packages)
    from searcher.extensions.watching import folders as watching
    from searcher.index import open_index

    if not folders and params["feeds"] is None:
        raise UsageError("Nothing to watch. Give at least one folder, or --feeds FILE.")
    place = default_index(folder)
    refuse_own_folder(place, folders)
    options = watching.WatchOptions(
        params["fields"], params["prune"], params["yes"], params["settle"], params["poll"], params["workers"]
    )
    signal.signal(signal.SIGTERM, _stop)
    try:
        with open_index(place) as index:
            roots = [Path(one) for one in folders]
            if params["feeds"] is not None:
                roots.append(
                    _start_fetching(params["feeds"], local_folder(place) / "feeds", 60 * params["every"])
                )
            note(f"Watching {', '.join(map(str, roots))} (stop with Ctrl+C)")
            watching.watch(index, roots, options, _report_printer(place, params["jsonl"]), _note_retry)
    except KeyboardInterrupt:
        note("Stopped. All articles read so far are in the index.")
    return OK


def _stop(_number: int, _frame: object) -> NoReturn:
    """Handle SIGTERM, which service managers send, like Ctrl+C."""
    raise KeyboardInterrupt


def _start_fetching(file: Path, folder: Path, seconds: float) -> Path:
    """Start a thread that fetches feeds into a folder, and return the folder."""
    from searcher.extensions.watching.feeds import Feeds, addresses

    feeds = Feeds(addresses(file), folder, seconds)
    never = threading.Event()
    threading.Thread(target=feeds.fetch_forever, args=(_note_failure, never), daemon=True).start()
    return folder


def _note_failure(url: str, reason: str) -> None:
    note(f"{_now()}  {url}: {reason}")


def _note_retry(error: IndexFailure) -> None:
    note(f"{_now()}  {error} Trying again in half a minute.")


def _report_printer(place: Path | str, as_json: bool) -> Callable[[Report, float], None]:
    def print_report(report: Report, seconds: float) -> None:
        if as_json:
            write(dumps({"at": _now(), "seconds": round(seconds, 3), **report.to_dict()}) + "\n")
        elif report.files_read or report.failed or report.removed or report.prune_refused:
            _print(report, seconds, place)
        finish()

    return print_report


def _print(report: Report, seconds: float, place: Path | str) -> None:
    write("".join(f"{_now()}  {line}\n" for line in summary(report, seconds).splitlines()))
    print_failures(report.failed)
    for remark in remarks(report, place):
        note(remark)


def _now() -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S")
