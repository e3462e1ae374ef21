"""``searcher person``: what somebody said, when, of what, and beside whom they are named."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from searcher.cli.exits import NOTHING, OK
from searcher.cli.indexes import open_existing
from searcher.cli.options import color_option, index_option, value_complete
from searcher.cli.streams import note, write
from searcher.results import Facet, FacetValue, FacetValues
from searcher.sanitize import clean

if TYPE_CHECKING:
    from searcher.search.record import Record

__all__ = ["person"]


@click.command()
@click.argument("name", metavar="NAME", shell_complete=value_complete("person"))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@color_option
@index_option
def person(name: str, folder: str | None, as_json: bool, color: str) -> int:
    """Show a person's record.

    How many articles name somebody and how many quote them, their statements by year and outlet, the words
    that they use more than others, who is named beside them, and what most outlets carried.
    """
    with open_existing(folder) as index:
        record = index.record(name)
        known = {} if record.articles or record.statements else index.values("person")
    if as_json:
        from searcher.cli.output.records import write_document

        write_document("person", {"asked": name, **record.to_dict()})
    elif record.articles or record.statements:
        _print(record, color)
    else:
        from searcher.cli.output.hints import near, there_is

        note(f"Nobody of the name “{name}” is in the index.{there_is(near(known, name))}")
    return OK if record.articles or record.statements else NOTHING


def _print(record: Record, color: str) -> None:
    from searcher.cli.output import facets, text
    from searcher.cli.output.statements import statement_lines
    from searcher.cli.output.styled import Styled, wrap
    from searcher.cli.output.terminal import screen as screen_of

    screen = screen_of(sys.stdout, color)
    write(text.joined([screen.paint(", ".join(map(clean, record.names)), "title"), *_counts(record), ""]))
    if record.topics:
        words = ", ".join(f"{clean(topic.value)} {topic.count:,}" for topic in record.topics)
        write(text.joined([*wrap(Styled().add(f"Speaks of: {words}"), screen, indent="  "), ""]))
    write(text.joined(facets.columns(dict(_lists(record)), screen)))
    for number, statement in enumerate(record.carried, 1):
        write(text.joined(["", *statement_lines(statement, number, screen)]))


def _counts(record: Record) -> Iterator[str]:
    from searcher.cli.output.report import counted

    yield f"named in {counted(record.articles, 'article')}, quoted in {counted(record.speaking, 'article')}"
    if record.statements:
        yield f"{counted(record.statements, 'statement')}, carried {counted(record.places, 'time')}"


def _lists(record: Record) -> Iterator[tuple[str, Facet]]:
    """The lists of a record by the names of their fields: statements by year and source, articles by name."""
    for name, values in (
        ("year", record.years),
        ("source", record.outlets),
        ("person", record.people),
        ("organisation", record.organisations),
    ):
        yield name, Facet(name, _values(values))


def _values(values: tuple[FacetValue, ...]) -> FacetValues:
    return FacetValues({one.value: one.count for one in values})
