"""``searcher watch``: what comes into folders is indexed as it comes."""

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
  searcher watch --feeds feeds.opml           asks the servers of the feeds, twice an hour
"""
)
@click.argument("folders", nargs=-1, metavar="DIR…", type=click.Path(exists=True, file_okay=False))
@set_option
@click.option("--prune", is_flag=True, help="Drop the articles of files that are deleted there.")
@click.option("--yes", is_flag=True, help="Drop them even where they are many.")
@click.option(
    "--settle",
    type=click.FloatRange(min=0),
    default=2.0,
    metavar="SECONDS",
    help="Read a file once it has not changed for so long (2).",
)
@click.option("--poll", is_flag=True, help="Look again and again: for network drives, which report nothing.")
@click.option(
    "--feeds",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Fetch the feeds of an OPML file, or of a list of addresses. This asks the internet.",
)
@click.option(
    "--every", type=click.FloatRange(min=1), default=30.0, metavar="MINUTES", help="How often (30)."
)
@workers_option
@click.option("--jsonl", is_flag=True, help="Print each report as one JSON object a line.")
@index_option
def watch(folders: Sequence[str], folder: str | None, **given: Any) -> int:
    """Index what comes into folders.

    What is in them is read first, then what comes, until Ctrl+C. A file is read within seconds after it has
    settled, so that none is read half. Files are chosen, and those that are gone are dropped with --prune, as
    by “searcher index”. What came while nothing watched is read at the next start.
    """
    others = ("urllib3", "feedparser") if given["feeds"] is not None else ()
    require("Watching needs more packages", "watch", "watchfiles", *others)
    from searcher.extensions.watching import folders as watching
    from searcher.index import open_index

    if not folders and given["feeds"] is None:
        raise UsageError("What is to be watched? Give at least one folder, or --feeds FILE.")
    place = default_index(folder)
    refuse_own_folder(place, folders)
    options = watching.WatchOptions(
        given["fields"], given["prune"], given["yes"], given["settle"], given["poll"], given["workers"]
    )
    signal.signal(signal.SIGTERM, _stop)
    try:
        with open_index(place) as index:
            roots = [Path(one) for one in folders]
            if given["feeds"] is not None:
                roots.append(_fetch(given["feeds"], local_folder(place) / "feeds", 60 * given["every"]))
            note(f"Watching {', '.join(map(str, roots))} (Ctrl+C ends it)")
            watching.watch(index, roots, options, _teller(place, given["jsonl"]), _note_delay)
    except KeyboardInterrupt:
        note("Stopped. What was read is in the index.")
    return OK


def _stop(_number: int, _frame: object) -> NoReturn:
    """End as Ctrl+C does: service managers send SIGTERM."""
    raise KeyboardInterrupt


def _fetch(file: Path, folder: Path, every: float) -> Path:
    """Begin to fetch feeds, in a thread of its own, and return the folder that they come into."""
    from searcher.extensions.watching.feeds import Feeds, addresses

    feeds = Feeds(addresses(file), folder, every)
    never = threading.Event()
    threading.Thread(target=feeds.fetch_forever, args=(_note_unfetched, never), daemon=True).start()
    return folder


def _note_unfetched(url: str, reason: str) -> None:
    note(f"{_now()}  {url}: {reason}")


def _note_delay(error: IndexFailure) -> None:
    note(f"{_now()}  {error} It is tried again in half a minute.")


def _teller(place: Path | str, as_json: bool) -> Callable[[Report, float], None]:
    def tell(report: Report, seconds: float) -> None:
        if as_json:
            write(dumps({"at": _now(), "seconds": round(seconds, 3), **report.to_dict()}) + "\n")
        elif report.files_read or report.failed or report.removed or report.prune_refused:
            _print(report, seconds, place)
        finish()

    return tell


def _print(report: Report, seconds: float, place: Path | str) -> None:
    write("".join(f"{_now()}  {line}\n" for line in summary(report, seconds).splitlines()))
    print_failures(report.failed)
    for remark in remarks(report, place):
        note(remark)


def _now() -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S")
