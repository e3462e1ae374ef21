"""Commands that read files, and the list of problems with them."""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from searcher.cli.exits import NOTHING, OK
from searcher.cli.options import index_option, parse_pair, records_options, refuse_own_folder
from searcher.cli.output.data import dumps, write_records
from searcher.cli.output.report import MAX_NAMED_FILES, print_failures, run_and_report
from searcher.cli.output.terminal import amount
from searcher.cli.streams import note, write
from searcher.errors import SourcesUnknown, UsageError
from searcher.locations import default_index, find_index

if TYPE_CHECKING:
    from searcher.index import Index
    from searcher.ingest.report import Problem, Progress, Report

workers_option = click.option(
    "--workers", type=click.IntRange(min=1), metavar="N", help="Number of processes (default: one per core)."
)
progress_option = click.option(
    "--progress/--no-progress",
    "show_progress",
    default=None,
    help="Show progress on stderr (default: on a terminal).",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")


def _parse_mapping(_: click.Context, __: click.Parameter, texts: Sequence[str]) -> dict[str, str] | None:
    """Parse “title=headline,body=text”."""
    pairs = filter(str.strip, ",".join(texts).split(","))
    return dict(parse_pair("--map", text, "FIELD=COLUMN", "title=headline") for text in pairs) or None


def _parse_fields(_: click.Context, __: click.Parameter, texts: Sequence[str]) -> dict[str, list[str]] | None:
    """Parse “source=BBC”."""
    fields: dict[str, list[str]] = {}
    for text in texts:
        name, value = parse_pair("--set", text, "FIELD=VALUE", "source=BBC")
        fields.setdefault(name, []).append(value)
    return fields or None


map_option = click.option(
    "--map", "mapping", multiple=True, metavar="FIELD=COLUMN,…", callback=_parse_mapping,
    help="Read a field from this CSV column or JSON key.",
)  # fmt: skip
set_option = click.option(
    "--set", "fields", multiple=True, metavar="FIELD=VALUE", callback=_parse_fields,
    help="Set source, section, language, author, tag or your own field (desk=foreign) for every article.",
)  # fmt: skip
date_from_option = click.option(
    "--date-from",
    type=click.Choice(["name", "mtime"]),
    help="Take missing dates from the file name or the file's modification time.",
)
ocr_option = click.option(
    "--ocr", metavar="LANGUAGES", help="Recognise scanned PDFs with ocrmypdf, in these languages: eng+deu."
)


def _parse_shard(_: click.Context, __: click.Parameter, text: str | None) -> tuple[int, int] | None:
    """Parse “3/16”."""
    if text is None:
        return None
    number, slash, total = text.partition("/")
    if not (slash and number.isdecimal() and total.isdecimal() and 1 <= int(number) <= int(total)):
        raise click.BadParameter("Give the shard and the number of shards. Example: 3/16.")
    return int(number), int(total)


shard_option = click.option(
    "--shard", metavar="K/N", callback=_parse_shard, help="Read only the Kth of N shards of the files."
)


@click.command(
    epilog="""\b
Examples:
  searcher index articles/                          a folder with its subfolders
  searcher index "archive/2024-*.jsonl.gz"          a glob
  searcher index --map title=headline,body=text export.csv
  searcher index --set source=BBC --set tag=2004 --date-from name bbc/
  searcher index --set desk=foreign wires/          your own field: search desk:foreign
  searcher index --prune articles/                  remove articles of deleted files
  searcher index --shard 3/16 archive/              on the third of 16 machines
  searcher index --annotated annotated.jsonl        the output of “searcher extract”
  searcher index --text-first archive/              make all text searchable first, then find names
  searcher index --resume                           continue an interrupted run

\b
Exit status: 0 success, 1 some files could not be read (“searcher problems” lists them), 2 error.
"""
)
@click.argument("paths", nargs=-1, metavar="PATH…")
@click.option("--prune", is_flag=True, help="Remove articles whose files no longer exist in these paths.")
@click.option("--yes", "prune_all", is_flag=True, help="Let --prune remove more than a tenth of the index.")
@shard_option
@click.option("--annotated", is_flag=True, help="The files are output of “searcher extract”.")
@click.option(
    "--text-first/--no-text-first",
    default=None,
    help="Make all text searchable before finding names and quotations. Default from 3,000 files or 200 MB, "
    "except on a cluster.",
)
@click.option(
    "--keep-versions", is_flag=True, help="Keep every version of a page; “searcher versions” compares them."
)
@click.option("--resume", is_flag=True, help="Continue the last run, which was interrupted.")
@map_option
@set_option
@date_from_option
@ocr_option
@workers_option
@progress_option
@json_option
@index_option
def index(
    paths: Sequence[str],
    folder: str | None,
    as_json: bool,
    resume: bool,
    show_progress: bool | None,
    **params: Any,
) -> int:
    """Read files and add their articles.

    Paths are files, folders or globs. Unchanged files are skipped. After an interruption, --resume continues
    the run.
    """
    if resume:
        return _resume_run(paths, folder, as_json, show_progress, **params)
    if not paths:
        raise UsageError("Nothing to index. Give at least one file, folder or glob, or --resume.")
    place = default_index(folder)
    refuse_own_folder(place, paths)

    def run(opened: Index, progress: Callable[[Progress], None]) -> Report:
        return opened.load(paths, progress=progress, **params)

    return run_and_report(place, run, show_progress, as_json, resumable=params["shard"] is None)


def _resume_run(
    paths: Sequence[str],
    folder: str | None,
    as_json: bool,
    show_progress: bool | None,
    prune_all: bool,
    workers: int | None,
    text_first: bool | None,  # noqa: ARG001  as in the interrupted run
    **other_options: Any,
) -> int:
    from searcher.ingest.report import Report

    if paths or any(other_options.values()):
        raise UsageError(
            "--resume uses the paths and options of the interrupted run. Leave out PATH, --map, --set, "
            "--date-from, --ocr, --annotated, --keep-versions, --shard and --prune."
        )

    def run(opened: Index, progress: Callable[[Progress], None]) -> Report:
        if (
            resumed := opened.files.resume_load(prune_all=prune_all, workers=workers, progress=progress)
        ) is None:
            note("There is no interrupted run to resume.")
        return resumed or Report()

    return run_and_report(find_index(folder), run, show_progress, as_json)


@click.command()
@click.option("--refresh", is_flag=True, help="Include articles annotated by an earlier version.")
@workers_option
@progress_option
@json_option
@index_option
def annotate(
    folder: str | None, as_json: bool, refresh: bool, workers: int | None, show_progress: bool | None
) -> int:
    """Find names and quotations in articles that have none yet.

    Use it after “searcher index --text-first” was interrupted or extraction timed out. The text of the
    articles is searchable meanwhile. You can interrupt the command and run it again.
    """

    def run(opened: Index, progress: Callable[[Progress], None]) -> Report:
        return opened.annotate(refresh=refresh, workers=workers, progress=progress)

    return run_and_report(find_index(folder), run, show_progress, as_json, resumable=False)


@click.command(
    epilog="""\b
Examples:
  searcher extract page.html
  searcher extract articles/ | jq -r '.quotes[] | [.speaker, .text] | @tsv'
  searcher extract --shard 3/16 archive/ | gzip > 3.jsonl.gz    then: searcher index --annotated 3.jsonl.gz

\b
Exit status: 0 success, 1 some files could not be read, 2 error.
"""
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@shard_option
@map_option
@set_option
@date_from_option
@ocr_option
@workers_option
def extract(paths: Sequence[str], workers: int | None, **params: Any) -> int:
    """Print the articles in files as JSON Lines, without an index.

    Each article has id, title, body, authors, published, source, url, language, mentions and quotes. Offsets
    count characters of the body. “searcher index --annotated” adds the output to an index, with the same
    result as indexing the files.
    """
    from searcher.ingest.paths import expand, shard_of
    from searcher.ingest.pipeline import ReadTask, process
    from searcher.ingest.report import Failure, ProblemGroups, ProblemKind
    from searcher.ingest.settings import Settings, canonical_mapping, own_field_names

    listing = expand(map(Path, paths))
    mapping = canonical_mapping(params["mapping"])
    settings = Settings.of(params["fields"], params["date_from"], params["ocr"])
    files = list(shard_of(listing.files, *params["shard"]) if params["shard"] else listing.files)
    failed, problems = list(listing.failures), ProblemGroups()
    if files:
        tasks = (ReadTask(path, mapping, settings) for path in files)
        small = len(files) == 1 and files[0].stat().st_size < 1 << 20  # One worker starts faster.
        workers = workers or (1 if small else None)
        for chunk in process(tasks, lambda _: False, workers):
            for article in chunk.articles:
                write(dumps(article.to_dict()) + "\n")
            for problem in chunk.problems:
                if problem.kind.is_incomplete:
                    problems.add(problem)
    for name in dict.fromkeys((*settings.own_fields, *own_field_names(mapping or ()))):
        note(
            f"“{name}” is your own field and is printed as a tag. To restore it when indexing the output: "
            f"searcher index --annotated --map {name}={name}"
        )
    failed += [Failure(problem.origin, problem.reason) for problem in problems.all(ProblemKind.PART)]
    print_failures(failed)
    return NOTHING if failed else OK


@click.command(
    epilog="""\b
Examples:
  searcher problems
  searcher problems --all                 name all files
  searcher problems --repeated            articles taken for duplicates, joined pages, other texts
  searcher problems --jsonl | jq -r 'select(.kind == "not read") | .path'
"""
)
@click.option("--all", "name_all", is_flag=True, help="Name every file that was passed over or is doubtful.")
@click.option(
    "--repeated",
    is_flag=True,
    help="List articles taken for duplicates, joined pages, and different texts with one address.",
)
@records_options
@index_option
def problems(folder: str | None, name_all: bool, repeated: bool, form: str | None) -> int:
    """List files that are not in the index, and why.

    Lists files that could not be read completely and files without a reader, as of the last “searcher index”.
    A file is listed until it has been read or deleted.
    """
    from searcher.index import open_index

    # With repair, even an outdated or damaged index can be opened.
    with open_index(find_index(folder), create=False, repair=True) as index:
        listed = index.files.problems(repeated=repeated)
    if form:
        write_records(form, "problems", [problem.to_dict() for problem in listed])
    elif repeated:
        _print_repeated(listed)
    else:
        _print_problems(listed, name_all)
    return OK


def _print_repeated(listed: Sequence[Problem]) -> None:
    for problem in listed:
        more = f" ({problem.count:,} times)" if problem.count > 1 else ""
        write(f"{problem.origin}\n  {problem.reason}{more}\n")
    if not listed:
        write("No duplicates, joined pages or different texts with one address.\n")


def _print_problems(listed: Sequence[Problem], name_all: bool) -> None:
    """Print the problems by reason, most frequent first, and the number of files passed over."""
    from searcher.ingest.report import ProblemKind

    passed_over = [p for p in listed if p.kind is ProblemKind.PASSED_OVER]
    _print_reasons([p for p in listed if p.kind is ProblemKind.FILE], "not read")
    _print_reasons([p for p in listed if p.kind is ProblemKind.PART], "read only in part")
    if passed_over:
        _print_heading(
            passed_over, f"passed over: no reader for such files{'' if name_all else ' (--all names them)'}"
        )
        for kind, number in Counter(problem.reason for problem in passed_over).most_common():
            write(f"  {number:,} {kind}\n")
        for problem in passed_over if name_all else ():
            write(f"    {problem.path}\n")
    doubts = [p for p in listed if p.kind is ProblemKind.DOUBTFUL]
    _print_reasons(doubts, "read, but doubtful", None if name_all else MAX_DOUBTFUL_FILES)
    if not any(problem.kind.is_incomplete for problem in listed):
        write("No problems: every file was read completely.\n")


#: Without --all, at most this many files are listed per reason for doubt.
MAX_DOUBTFUL_FILES = 3


def _print_reasons(problems: Sequence[Problem], title: str, limit: int | None = None) -> None:
    """Print problems by reason. With a ``limit`` of files, reasons that differ in numbers are grouped."""
    if not problems:
        return
    _print_heading(problems, title)
    groups: defaultdict[str, list[Problem]] = defaultdict(list)
    for problem in problems:
        groups[re.sub(r"\d[\d,]*", "", problem.reason) if limit else problem.reason].append(problem)
    for group in sorted(groups.values(), key=len, reverse=True):
        write(f"  {group[0].reason}\n")
        for problem in group[:limit]:
            write(f"    {problem.origin}\n")
        if limit and len(group) > limit:
            write(f"    … and {amount(len(group) - limit, 'file')} more: searcher problems --all\n")


def _print_heading(problems: Sequence[Problem], title: str) -> None:
    write(f"{amount(len({problem.path for problem in problems}), 'file')} {title}\n")


@click.command()
@workers_option
@progress_option
@json_option
@click.option("--trust-sources", is_flag=True, help="Also read recorded files you never indexed here.")
@index_option
def rebuild(
    folder: str | None, as_json: bool, show_progress: bool | None, workers: int | None, trust_sources: bool
) -> int:
    """Read all recorded files again.

    The new index replaces the old one at the end. The old one stays searchable meanwhile. Articles whose file
    is gone are kept unchanged.
    """

    def run(opened: Index, progress: Callable[[Progress], None]) -> Report:
        try:
            return opened.rebuild(trust_sources=trust_sources, workers=workers, progress=progress)
        except SourcesUnknown as error:
            if not _confirm_trust(error.paths):
                raise
        return opened.rebuild(trust_sources=True, workers=workers, progress=progress)

    return run_and_report(find_index(folder), run, show_progress, as_json, repair=True, resumable=False)


def _confirm_trust(paths: Sequence[str]) -> bool:
    """Ask whether to read files named by the index. Return False without a terminal."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    for path in paths[:MAX_NAMED_FILES]:
        note(path)
    if len(paths) > MAX_NAMED_FILES:
        note(f"… and {len(paths) - MAX_NAMED_FILES:,} more")
    return click.confirm("You have never indexed these files on this machine. Read them?", err=True)
