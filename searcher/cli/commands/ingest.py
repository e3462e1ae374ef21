"""The commands that read files: index, extract, rebuild, and problems, which lists what could not be read."""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from searcher.cli.exits import NOTHING, OK
from searcher.cli.options import index_option, pair_of, records_options, refuse_own_folder
from searcher.cli.output.data import dumps, write_records
from searcher.cli.output.report import MAX_NAMED_FILES, print_failures, run_change
from searcher.cli.output.terminal import amount
from searcher.cli.streams import note, write
from searcher.errors import SourcesUnknown, UsageError
from searcher.locations import default_index, find_index

if TYPE_CHECKING:
    from searcher.index import Index
    from searcher.ingest.report import Problem, Progress, Report

workers_option = click.option(
    "--workers", type=click.IntRange(min=1), metavar="N", help="Processes to use (default: one a core)."
)
progress_option = click.option(
    "--progress/--no-progress",
    "shown",
    default=None,
    help="Say on stderr how far it is (default: on a terminal).",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")


def _mapping(_: click.Context, __: click.Parameter, given: Sequence[str]) -> dict[str, str] | None:
    """Read “title=headline,body=text”."""
    pairs = filter(str.strip, ",".join(given).split(","))
    return dict(pair_of("--map", text, "FIELD=COLUMN", "title=headline") for text in pairs) or None


def _fields(_: click.Context, __: click.Parameter, given: Sequence[str]) -> dict[str, list[str]] | None:
    """Read “source=BBC”."""
    fields: dict[str, list[str]] = {}
    for text in given:
        name, value = pair_of("--set", text, "FIELD=VALUE", "source=BBC")
        fields.setdefault(name, []).append(value)
    return fields or None


map_option = click.option(
    "--map", "mapping", multiple=True, metavar="FIELD=COLUMN,…", callback=_mapping,
    help="Which column or key of CSV and JSON records holds a field.",
)  # fmt: skip
set_option = click.option(
    "--set", "fields", multiple=True, metavar="FIELD=VALUE", callback=_fields,
    help="Set source, section, language, author, tag or a field of your own (desk=foreign) of every article.",
)  # fmt: skip
date_from_option = click.option(
    "--date-from",
    type=click.Choice(["name", "mtime"]),
    help="Date articles without a date by the day in their file's name, or by its time.",
)
ocr_option = click.option(
    "--ocr", metavar="LANGUAGES", help="Have ocrmypdf recognise scanned PDFs, in these languages: eng+deu."
)


def _parse_shard(_: click.Context, __: click.Parameter, text: str | None) -> tuple[int, int] | None:
    """Parse “3/16”."""
    if text is None:
        return None
    number, slash, of = text.partition("/")
    if not (slash and number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of)):
        raise click.BadParameter("Write the number of the shard and how many there are: 3/16.")
    return int(number), int(of)


shard_option = click.option(
    "--shard", metavar="K/N", callback=_parse_shard, help="Read only the Kth of N shards of the files."
)


@click.command(
    epilog="""\b
Examples:
  searcher index articles/                          a folder, and what is in it
  searcher index "archive/2024-*.jsonl.gz"          a glob
  searcher index --map title=headline,body=text export.csv
  searcher index --set source=BBC --set tag=2004 --date-from name bbc/
  searcher index --set desk=foreign wires/          a field of your own: search desk:foreign
  searcher index --prune articles/                  drop what is gone from the folder
  searcher index --shard 3/16 archive/              on the third of 16 machines, each with its own shard
  searcher index --annotated annotated.jsonl        what “searcher extract” has found, anywhere
  searcher index --text-first archive/              the text of all first, names and quotations after it
  searcher index --resume                           go on with a run that was stopped

\b
Exit status: 0 fine, 1 some files could not be read (“searcher problems” lists them), 2 an error.
"""
)
@click.argument("paths", nargs=-1, metavar="PATH…")
@click.option("--prune", is_flag=True, help="Drop the articles of files that are gone from these paths.")
@click.option("--yes", "prune_all", is_flag=True, help="Let --prune drop more than a tenth of the index.")
@shard_option
@click.option(
    "--annotated", is_flag=True, help="The files are those of “searcher extract”: add what they hold."
)
@click.option(
    "--text-first/--no-text-first",
    default=None,
    help="Search the text of everything at once; names and quotations follow in the same run. As it is from "
    "3,000 files or 200 MB on, unless the index is on a cluster.",
)
@click.option(
    "--keep-versions", is_flag=True, help="Keep every version of a page: “searcher versions” compares them."
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
def index(
    paths: Sequence[str], folder: str | None, as_json: bool, resume: bool, shown: bool | None, **given: Any
) -> int:
    """Clean files and add their articles.

    Takes files, folders and globs; unchanged files are skipped. What was done before an interruption
    stays; --resume goes on from there.
    """
    if resume:
        return _resume_run(paths, folder, as_json, shown, **given)
    if not paths:
        raise UsageError("What is to be indexed? Give at least one file, folder or glob, or --resume.")
    where = default_index(folder)
    refuse_own_folder(where, paths)

    def run(opened: Index, progress: Callable[[Progress], None]) -> Report:
        return opened.load(paths, progress=progress, **given)

    return run_change(where, run, shown, as_json, resumable=given["shard"] is None)


def _resume_run(
    paths: Sequence[str],
    folder: str | None,
    as_json: bool,
    shown: bool | None,
    prune_all: bool,
    workers: int | None,
    text_first: bool | None,  # noqa: ARG001  as the run had it
    **others: Any,
) -> int:
    from searcher.ingest.report import Report

    if paths or any(others.values()):
        raise UsageError(
            "--resume goes on with what the last run was given: leave PATH, --map, --set, --date-from, "
            "--ocr, --annotated, --keep-versions, --shard and --prune out."
        )

    def run(opened: Index, progress: Callable[[Progress], None]) -> Report:
        if (resumed := opened.resume(prune_all=prune_all, workers=workers, progress=progress)) is None:
            note("No run was stopped before its end: there is nothing to go on with.")
        return resumed or Report()

    return run_change(find_index(folder), run, shown, as_json)


@click.command()
@click.option("--refresh", is_flag=True, help="Also for articles annotated by an earlier version.")
@workers_option
@progress_option
@json_option
@index_option
def annotate(
    folder: str | None, as_json: bool, refresh: bool, workers: int | None, shown: bool | None
) -> int:
    """Find the names and quotations that articles lack so far.

    Use it after “searcher index --text-first” was stopped, or if finding them took too long. Meanwhile the
    articles can be searched as text. Work done before an interruption is kept.
    """

    def run(opened: Index, progress: Callable[[Progress], None]) -> Report:
        return opened.annotate(refresh=refresh, workers=workers, progress=progress)

    return run_change(find_index(folder), run, shown, as_json, resumable=False)


@click.command(
    epilog="""\b
Examples:
  searcher extract page.html
  searcher extract articles/ | jq -r '.quotes[] | [.speaker, .text] | @tsv'
  searcher extract --shard 3/16 archive/ | gzip > 3.jsonl.gz    then: searcher index --annotated 3.jsonl.gz

\b
Exit status: 0 fine, 1 some files could not be read, 2 an error.
"""
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@shard_option
@map_option
@set_option
@date_from_option
@ocr_option
@workers_option
def extract(paths: Sequence[str], workers: int | None, **given: Any) -> int:
    """Print the articles in files as JSON Lines.

    No index is used. Each has id, title, body, authors, published, source, url, language, mentions and
    quotes; offsets are those of characters in the body. With the same options, “searcher index --annotated”
    makes of them what it would have made of the files.
    """
    from searcher.ingest.paths import expand, shard_of
    from searcher.ingest.pipeline import ReadTask, process
    from searcher.ingest.report import Failure, ProblemGroups, ProblemKind
    from searcher.ingest.settings import Settings, canonical_mapping, own_fields_of

    listing = expand(map(Path, paths))
    mapping = canonical_mapping(given["mapping"])
    settings = Settings.of(given["fields"], given["date_from"], given["ocr"])
    files = list(shard_of(listing.files, *given["shard"]) if given["shard"] else listing.files)
    failed, problems = list(listing.failures), ProblemGroups()
    if files:
        tasks = (ReadTask(path, mapping, settings) for path in files)
        small = len(files) == 1 and files[0].stat().st_size < 1 << 20  # one worker starts faster
        workers = workers or (1 if small else None)
        for chunk in process(tasks, lambda _: False, workers):
            for article in chunk.articles:
                write(dumps(article.to_dict()) + "\n")
            for problem in chunk.problems:
                if problem.kind.lacks:
                    problems.add(problem)
    for name in dict.fromkeys((*settings.own_fields, *own_fields_of(mapping or ()))):
        note(
            f"“{name}” is a field of your own, and a tag in what was printed: with --map {name}={name} "
            "“searcher index --annotated” makes it a field again."
        )
    failed += [Failure(problem.origin, problem.reason) for problem in problems.all(ProblemKind.PART)]
    print_failures(failed)
    return NOTHING if failed else OK


@click.command(
    epilog="""\b
Examples:
  searcher problems
  searcher problems --all                 the files that no reader takes by name, too
  searcher problems --repeated            what was taken for another article, or stands beside one
  searcher problems --jsonl | jq -r 'select(.kind == "not read") | .path'
"""
)
@click.option("--all", "every", is_flag=True, help="Name every file that was passed over or is doubtful.")
@click.option(
    "--repeated",
    is_flag=True,
    help="List instead the articles taken for others, pages joined, and other texts of one address.",
)
@records_options
@index_option
def problems(folder: str | None, every: bool, repeated: bool, form: str | None) -> int:
    """List what is not in the index, and why.

    Files of which something could not be read, and files of the folders that no reader takes, as they were
    when “searcher index” last looked. A file is listed until it is read, or gone.
    """
    from searcher.index import open_index

    with open_index(find_index(folder), create=False, repair=True) as index:  # however old or damaged it is
        found = index.problems(repeated=repeated)
    if form:
        write_records(form, "problems", [problem.to_dict() for problem in found])
    elif repeated:
        _print_repeated(found)
    else:
        _print_problems(found, every)
    return OK


def _print_repeated(found: Sequence[Problem]) -> None:
    for problem in found:
        more = f" ({problem.count:,} times)" if problem.count > 1 else ""
        write(f"{problem.origin}\n  {problem.reason}{more}\n")
    if not found:
        write("No article was taken for another.\n")


def _print_problems(found: Sequence[Problem], every: bool) -> None:
    """Print the problems by reason, the most frequent first; of files passed over, how many."""
    from searcher.ingest.report import ProblemKind

    passed_over = [p for p in found if p.kind is ProblemKind.PASSED_OVER]
    _print_reasons([p for p in found if p.kind is ProblemKind.FILE], "not read")
    _print_reasons([p for p in found if p.kind is ProblemKind.PART], "read only in part")
    if passed_over:
        _print_heading(
            passed_over, f"passed over: no reader takes such files{'' if every else ' (--all names each)'}"
        )
        for kind, number in Counter(problem.reason for problem in passed_over).most_common():
            write(f"  {number:,} {kind}\n")
        for problem in passed_over if every else ():
            write(f"    {problem.path}\n")
    doubts = [p for p in found if p.kind is ProblemKind.DOUBTFUL]
    _print_reasons(doubts, "read, but doubtful", None if every else MAX_DOUBTFUL_FILES)
    if not any(problem.kind.lacks for problem in found):
        write("Nothing is missing: every file was read whole.\n")


#: Files that are named for one cause of doubt; --all names each.
MAX_DOUBTFUL_FILES = 3


def _print_reasons(found: Sequence[Problem], what: str, most: int | None = None) -> None:
    """Print problems by reason, and ``most`` of the files of each; of these reasons count without numbers."""
    if not found:
        return
    _print_heading(found, what)
    groups: defaultdict[str, list[Problem]] = defaultdict(list)
    for problem in found:
        groups[re.sub(r"\d[\d,]*", "", problem.reason) if most else problem.reason].append(problem)
    for same in sorted(groups.values(), key=len, reverse=True):
        write(f"  {same[0].reason}\n")
        for problem in same[:most]:
            write(f"    {problem.origin}\n")
        if most and len(same) > most:
            write(f"    … and {amount(len(same) - most, 'file')} more: searcher problems --all\n")


def _print_heading(found: Sequence[Problem], what: str) -> None:
    write(f"{amount(len({problem.path for problem in found}), 'file')} {what}\n")


@click.command()
@workers_option
@progress_option
@json_option
@click.option("--trust-sources", is_flag=True, help="Read files too that you have not had read here.")
@index_option
def rebuild(
    folder: str | None, as_json: bool, shown: bool | None, workers: int | None, trust_sources: bool
) -> int:
    """Read all recorded files again.

    They go into a fresh index, which then takes the place of the old one. Searches go on in the old one
    meanwhile. Articles whose file is gone are kept as they are.
    """

    def run(opened: Index, progress: Callable[[Progress], None]) -> Report:
        try:
            return opened.rebuild(trust_sources=trust_sources, workers=workers, progress=progress)
        except SourcesUnknown as error:
            if not _are_trusted(error.paths):
                raise
        return opened.rebuild(trust_sources=True, workers=workers, progress=progress)

    return run_change(find_index(folder), run, shown, as_json, repair=True, resumable=False)


def _are_trusted(paths: Sequence[str]) -> bool:
    """Ask whether files that an index names are to be read; where nobody can be asked, they are not."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    for path in paths[:MAX_NAMED_FILES]:
        note(path)
    if len(paths) > MAX_NAMED_FILES:
        note(f"… and {len(paths) - MAX_NAMED_FILES:,} more")
    return click.confirm(
        "The index names these files, which you have not had read here. Read them?", err=True
    )
