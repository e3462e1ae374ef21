"""Commands for an index as a whole."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from searcher.cli.commands.ingest import json_option
from searcher.cli.exits import NOTHING, OK
from searcher.cli.options import document_option, index_option, limit_option, open_existing, records_options
from searcher.cli.output import coverage
from searcher.cli.output.data import print_list, write_document
from searcher.cli.output.text import day_of, text_of_lines
from searcher.cli.streams import note, write
from searcher.errors import IndexDamaged, IndexOutdated, UsageError
from searcher.locations import find_index
from searcher.sanitize import clean_line

if TYPE_CHECKING:
    from searcher.index import Index
    from searcher.records.log import LogEntry, Step


@click.command()
@document_option
@index_option
def stats(folder: str | None, as_json: bool) -> int:
    """Show statistics of the index.

    Indirect speech is counted separately from quotations. The table lists the number of articles per
    language, and whether inflected words, names and quotations are supported.
    """
    place = find_index(folder)
    with open_existing(folder) as index:
        figures = _figures_of(index, place)
        languages = coverage.languages(index)
    if as_json:
        write_document("stats", {**figures, "by_language": [one._asdict() for one in languages]})
        return OK
    for name, value in figures.items():
        if value is not None:
            write(f"{name:<14} {value if isinstance(value, str) else format(value, ',')}\n")
    write(text_of_lines(["", *coverage.table(languages)]) if languages else "")
    return OK


@click.command(
    epilog="""\b
Examples:
  searcher log                           the last 50 changes
  searcher log --who ada -n 0 --jsonl    all changes by one person, for programs
  searcher log --about "Y. LeCun"        changes to a name, or to an article by its id
  searcher names undo STEP               undo a change
"""
)
@limit_option(50)
@click.option("--who", metavar="NAME", help="Only changes by this person.")
@click.option("--about", metavar="NAME|ID", help="Only changes to this name, article or saved search.")
@records_options
@index_option
def log(limit: int, who: str | None, about: str | None, folder: str | None, form: str | None) -> int:
    """List changes made by people, newest first.

    These are tags, cases, notes, decisions about names, saved searches and deletions. The name is the user
    account on this machine, or the user named by a proxy (searcher serve --user-header).
    """
    with open_existing(folder) as index:
        steps = index.log.steps(limit or None, who=who, about=about)
    filtered = who is not None or about is not None
    empty = "No changes match. To list all: searcher log" if filtered else "There are no changes yet."
    return print_list(form, "log", steps, lambda step: step.to_dict(), _step_lines, empty)


def _step_lines(step: Step) -> str:
    lines = [f"{step.at.astimezone():%Y-%m-%d %H:%M}  {clean_line(step.who) or '-'}  {step.short_id}"]
    return "\n".join([*lines, *(f"    {clean_line(_change_line(*one))}" for one in step.summary.items())])


def _change_line(change: LogEntry, number: int) -> str:
    sign, value = "+" if change.added else "-", change.value.replace("\t", " -> ")
    about = f"{number:,} articles" if number > 1 else change.about
    return f"{sign} {change.kind}  {about}  {value}".rstrip()


def _figures_of(index: Index, place: Path | str) -> dict[str, Any]:
    counted = {"sources": "source", "authors": "author", "languages": "language", "people": "person"}
    counted |= {"organisations": "organisation", "speakers": "speaker"}
    return {
        "index": str(place),
        "articles": index.count(),
        "from": _edge_day(index, "oldest"),
        "to": _edge_day(index, "newest"),
        **{plural: len(index.values(field)) for plural, field in counted.items()},
        "without names yet": index.articles.count_pending() or None,
        "quotations": index.quotes(limit=0).total,
        "indirect": index.quotes(kinds=("indirect",), limit=0).total,
        "deleted": len(index.files.deleted_ids()) or None,
        "bytes": sum(file.stat().st_size for file in place.rglob("*") if file.is_file())
        if isinstance(place, Path)
        else None,
    }


def _edge_day(index: Index, sort: Any) -> str | None:
    """Return the date of the first or last article. Undated articles come last in both orders."""
    hits = index.search(sort=sort, limit=1).hits
    return day_of(hits[0].article) if hits else None


@click.command()
@document_option
@index_option
def verify(folder: str | None, as_json: bool) -> int:
    """Check every file of the index.

    Lists damaged files. “searcher rebuild” creates the index again from the recorded files.
    """
    try:
        with open_existing(folder) as index:
            problems = list(index.verify())
    except (IndexDamaged, IndexOutdated) as error:  # The index cannot be opened.
        problems = [str(error)]
    if as_json:
        write_document("verify", {"whole": not problems, "problems": problems})
    elif not problems:
        write("The index is intact.\n")
    else:
        for problem in problems:
            note(problem)
    return NOTHING if problems else OK


@click.command(
    epilog="""\b
Examples:
  searcher copy index opensearch+https://host:9200/archive    to a cluster
  searcher copy opensearch+https://host:9200/archive index    and back
  searcher copy part-3 opensearch+https://host:9200/archive   an index built on another machine

\b
Exit status: 0 copied, 2 error.
"""
)
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@json_option
def copy(source: str, target: str, as_json: bool) -> int:
    """Copy the articles of one index into another.

    FROM and TO are folders or cluster addresses. Nothing is read or annotated again. Tags, cases and notes
    are copied with the articles, and articles with the same id are replaced. An empty index also gets
    decisions about names, synonyms, your own fields, saved searches and the records of indexed files.
    """
    from searcher.index import open_index

    if source == target:
        raise UsageError("An index cannot be copied into itself.")
    with open_index(source, create=False) as old, open_index(target) as new:
        report = old.copy_to(new)
        count = new.count()
    if as_json:
        figures = {"added": report.added, "updated": report.updated}
        write_document("copy", {"from": source, "to": target, "count": count, **figures})
        return OK
    write(f"{report.added:,} articles added, {report.updated:,} replaced.\n")
    write(f"The index in {target} holds {count:,} articles.\n")
    return OK
