"""Commands for saved searches, alerts and lists of names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from searcher.cli.exits import NOTHING, OK
from searcher.cli.options import (
    color_option,
    index_option,
    listing_group,
    note_pending,
    open_existing,
    records_options,
)
from searcher.cli.output import text
from searcher.cli.output.data import print_list, write_records
from searcher.cli.output.terminal import amount, cut, screen_of, width_of
from searcher.cli.output.text import text_of_lines
from searcher.cli.search import filter_options, narrowing_arguments
from searcher.cli.streams import finish, note, write
from searcher.errors import SearcherError
from searcher.locations import find_index
from searcher.query.command_line import options_of
from searcher.query.request import Search
from searcher.results.names import NameMatch, match_table
from searcher.sanitize import clean_line

if TYPE_CHECKING:
    from searcher.saved_searches import SavedSearch, SavedSearches


def saved_searches(folder: str | None) -> SavedSearches:
    from searcher.records.store import Store
    from searcher.saved_searches import SavedSearches

    place = find_index(folder)
    if isinstance(place, Path):
        return SavedSearches(Store(place))
    return SavedSearches.of(open_existing(place))


def complete_names(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    try:
        saved = saved_searches(ctx.params.get("folder"))
        return [one.name for one in saved if one.name.startswith(incomplete)]
    except (SearcherError, OSError):  # A message would appear in the middle of the user's command line.
        return []


_NONE_SAVED = "There are no saved searches yet. Save one: search QUERY --save NAME"


@listing_group(
    epilog="""\b
Examples:
  search --person "Mara Lindqvist" drilling --save lindqvist
  search --saved lindqvist -n 3
  searcher saved
  searcher saved remove lindqvist
"""
)
@records_options
def saved(folder: str | None, form: str | None) -> int:
    """List or remove saved searches.

    To save one, use “search QUERY… --save NAME”.
    """
    store = saved_searches(folder)
    return print_list(form, "saved", list(store), _saved_record, _command_line, _NONE_SAVED)


@saved.command
@click.argument("names", nargs=-1, required=True, metavar="NAME…", shell_complete=complete_names)
@index_option
def remove(names: Sequence[str], folder: str | None) -> int:
    """Remove saved searches."""
    store = saved_searches(folder)
    for name in names:
        store.delete(name)
    return OK


def _saved_record(one: SavedSearch) -> dict[str, Any]:
    record = {"name": one.name, "query": one.search.text, "narrowed": one.search.narrowing_arguments()}
    return {**record, "names": list(one.names)} if one.names else record


def _command_line(one: SavedSearch) -> str:
    """Return the search as on the command line, safe to print."""
    if one.names:
        return clean_line(f"{one.name}: a list of {len(one.names):,} names")
    return clean_line(" ".join([f"{one.name}:", one.search.text or "*", *options_of(one.search)]))


@click.command(
    epilog="""\b
Examples:
  searcher alerts                       new results of all saved searches
  searcher alerts lindqvist --jsonl     of one search, for programs
  searcher alerts --rss > alerts.xml
  searcher index news/ && searcher alerts | mail -E -s "New today" desk@example.org

\b
Exit status: 0 new results, 1 nothing new, 2 error.
"""
)
@click.argument("names", nargs=-1, metavar="[NAME…]", shell_complete=complete_names)
@records_options
@click.option("--rss", "form", flag_value="rss", help="Print an RSS feed.")
@click.option("--peek", is_flag=True, help="Do not mark the results as seen.")
@color_option
@index_option
def alerts(names: Sequence[str], form: str | None, peek: bool, color: str, folder: str | None) -> int:
    """Print new results of saved searches.

    A result is new if it was indexed after the search was saved and after the last run of this command.
    """
    store = saved_searches(folder)
    searches = [store.get(name) for name in names] if names else list(store)
    with open_existing(folder) as index:
        news = [(one, hits) for one in searches if (hits := store.new_hits(one, index))]
        note_pending(index)
    if form == "rss":
        from searcher.formats.markup import rss

        write(rss((one.name, hit) for one, hits in news for hit in hits))
    elif form:
        records = ({"search": one.name, **hit.to_dict()} for one, hits in news for hit in hits)
        write_records(form, "alerts", records)
    elif not news:
        named = ", ".join(f"“{clean_line(name)}”" for name in names)
        note(f"Nothing new{f' in {named}' if named else ''} since the last run." if searches else _NONE_SAVED)
    else:
        for one, hits in news:
            _print_new(one, hits, color)
    finish()
    for one, hits in () if peek else news:  # Mark results as seen only after they are printed.
        store.mark_seen(one, hits)
    return OK if news else NOTHING


def _print_new(one: SavedSearch, hits: Sequence[Any], color: str) -> None:
    screen = screen_of(color)
    write(f"{screen.paint(f'{clean_line(one.name)}: {len(hits):,} new', 'heading')}\n\n")
    for number, hit in enumerate(hits, 1):
        write(text.hit_text(hit, number, screen))


@click.command(
    epilog="""\b
Examples:
  searcher match names.txt --csv > found.csv              one name per line; print a table
  searcher match board.csv --column Name --save board     then: searcher alerts board
  searcher match --saved board --after 2025-03            check the list again in newer articles
"""
)
@click.argument("file", type=click.File("rb"), required=False, metavar="[FILE]")
@click.option("--column", default="", metavar="NAME", help="Name or number of the column with the names.")
@click.option("--save", "save_as", metavar="NAME", help="Save the list, for “searcher alerts”.")
@click.option("--saved", metavar="NAME", shell_complete=complete_names, help="Check a saved list.")
@filter_options
@click.option("--csv", "form", flag_value="csv", help="Print a table for spreadsheets.")
@records_options
@index_option
def match(
    file: IO[bytes] | None,
    column: str,
    save_as: str | None,
    saved: str | None,
    form: str | None,
    folder: str | None,
    **options_given: Any,
) -> int:
    """Check a list of names against the index.

    FILE has one name per line or is a CSV table; “-” reads stdin. Names also match in another script or
    order, with typing errors, initials or titles. A match is sure, or possible with a likelihood. Names
    without a match may still occur as words in articles.
    """
    from searcher.formats.export import table_line

    if (file is None) == (saved is None):
        raise click.UsageError("Give either a FILE with names or a saved list (--saved NAME).")
    among = Search(**narrowing_arguments(options_given))
    if save_as and among != Search():
        raise click.UsageError("--save stores only the names and cannot be combined with filters.")
    with open_existing(folder) as index:
        if file is not None:
            names = index.names.read_list(file.read(), file.name, column)
        elif not (names := [*saved_searches(folder).get(saved or "").names]):
            raise click.UsageError(f"“{saved}” is a search, not a list. To run it: search --saved {saved}")
        matches = index.names.match(names, among)
        note_pending(index)
        if save_as:
            saved_searches(folder).save_list(save_as, names, index)
    if form == "csv":
        write("".join(map(table_line, match_table(matches))))
    elif form:
        write_records(form, "match", (one.to_dict() for one in matches), names=len(names))
    else:
        write(text_of_lines(_table_lines(matches)))
    sure = {one.listed_name for one in matches if one.match == "sure"}
    matched = {one.listed_name for one in matches if one.match != "no"}
    possible, missing = len(matched - sure), len({*names} - matched)
    note(f"{amount(len(names), 'name')}: {len(sure):,} found, {possible:,} possible, {missing:,} not found.")
    return OK if matched else NOTHING


#: Maximum width of a table cell, in terminal columns.
_MAX_CELL_WIDTH = 40


def _table_lines(matches: Sequence[NameMatch]) -> Iterator[str]:
    """Yield the lines of an aligned table."""
    heading = ("name", "found as", "kind", "articles", "quotations", "match")
    rows = [
        heading,
        *(tuple(cut(clean_line(cell), _MAX_CELL_WIDTH) for cell in _cells(one)) for one in matches),
    ]
    widths = [max(map(width_of, column)) for column in zip(*rows)]
    for row in rows:
        gaps = [" " * (width - width_of(cell)) for cell, width in zip(row, widths)]
        cells = [gap + cell if n in (3, 4) else cell + gap for n, (cell, gap) in enumerate(zip(row, gaps))]
        yield "  ".join(cells).rstrip()


def _cells(one: NameMatch) -> tuple[str, ...]:
    if not one.name:
        in_text = f"words only, in {amount(one.in_text, 'article')}" if one.in_text else "not found"
        return one.listed_name, "-", "-", "-", "-", in_text
    match = "sure" if one.match == "sure" else f"possible, {one.share:.0%}: {one.why}"
    return one.listed_name, one.name, one.kind, f"{one.articles:,}", f"{one.statements:,}", match
