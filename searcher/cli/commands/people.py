"""The commands about people: person, and together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from searcher.cli.exits import NOTHING, OK, note, write
from searcher.cli.options import (
    color_option,
    document_option,
    index_option,
    note_pending,
    open_existing,
    value_complete,
)
from searcher.results import Facet, FacetValue, FacetValues
from searcher.sanitize import clean

if TYPE_CHECKING:
    from searcher.search.record import Record
    from searcher.search.together import Link, Network


@click.command()
@click.argument("name", metavar="NAME", shell_complete=value_complete("person"))
@document_option
@color_option
@index_option
def person(name: str, folder: str | None, as_json: bool, color: str) -> int:
    """Show a person's record.

    How many articles name somebody and how many quote them, their statements by year and outlet, the words
    that they use more than others, who is named beside them, and what most outlets carried.
    """
    with open_existing(folder) as index:
        record = index.record(name)
        note_pending(index)
        known = {} if record.articles or record.statements else index.values("person")
    if as_json:
        from searcher.cli.output.data import write_document

        write_document("person", {"asked": name, **record.to_dict()})
    elif record.articles or record.statements:
        _print_record(record, color)
    else:
        from searcher.cli.output.coverage import MAX_SUGGESTED, there_is
        from searcher.search.advice import alike

        note(f"Nobody of the name “{name}” is in the index.{there_is(alike(known, name)[:MAX_SUGGESTED])}")
    return OK if record.articles or record.statements else NOTHING


def _print_record(record: Record, color: str) -> None:
    from searcher.cli.output import text
    from searcher.cli.output.terminal import Styled, screen_of, wrap
    from searcher.cli.output.text import statement_lines

    screen = screen_of(color)
    write(text.joined([screen.paint(", ".join(map(clean, record.names)), "title"), *_counts_of(record), ""]))
    if record.topics:
        words = ", ".join(f"{clean(topic.value)} {topic.count:,}" for topic in record.topics)
        write(text.joined([*wrap(Styled().add(f"Speaks of: {words}"), screen, indent="  "), ""]))
    write(text.joined(text.facet_columns(dict(_lists_of(record)), screen)))
    for number, statement in enumerate(record.carried, 1):
        write(text.joined(["", *statement_lines(statement, number, screen)]))


def _counts_of(record: Record) -> Iterator[str]:
    from searcher.cli.output.terminal import counted

    yield f"named in {counted(record.articles, 'article')}, quoted in {counted(record.speaking, 'article')}"
    if record.statements:
        yield f"{counted(record.statements, 'statement')}, carried {counted(record.places, 'time')}"


def _lists_of(record: Record) -> Iterator[tuple[str, Facet]]:
    """The lists of a record by the names of their fields: statements by year and source, articles by name."""
    for name, values in (
        ("year", record.years),
        ("source", record.outlets),
        ("person", record.people),
        ("organisation", record.organisations),
    ):
        yield name, Facet(name, _facet_values(values))


def _facet_values(values: tuple[FacetValue, ...]) -> FacetValues:
    return FacetValues({one.value: one.count for one in values})


@click.command(
    epilog="""\b
Examples:
  searcher together "Ingrid Halvorsen"
  searcher together Norvane --in "strike after:2024" -n 50
  searcher together "Ingrid Halvorsen" --gexf > halvorsen.gexf     for Gephi
  searcher together --csv -n 200 > pairs.csv                       everybody: the pairs of most articles
"""
)
@click.argument("name", metavar="[NAME]", default="", shell_complete=value_complete("person"))
@click.option("--in", "among", metavar="QUERY", default="", help="Only in what a query finds.")
@click.option(
    "-n", "--limit", type=click.IntRange(min=1), default=20, metavar="N", help="How many names (20)."
)
@click.option("--csv", "as_csv", is_flag=True, help="Print the pairs as a table.")
@click.option("--gexf", "as_gexf", is_flag=True, help="Print the network in GEXF.")
@document_option
@color_option
@index_option
def together(
    name: str,
    folder: str | None,
    among: str,
    limit: int,
    as_csv: bool,
    as_gexf: bool,
    as_json: bool,
    color: str,
) -> int:
    """Show who appears with whom.

    The people and organisations that most articles name together with NAME, and how often each two of them
    are named together. Without NAME those whom most articles name.
    """
    if as_csv + as_gexf + as_json > 1:
        raise click.UsageError("--csv, --gexf and --json exclude one another.")
    with open_existing(folder) as index:
        found = index.together(name, among, limit=limit)
        note_pending(index)
    if as_json:
        from searcher.cli.output.data import write_document

        write_document("together", found.to_dict())
    elif as_gexf:
        from searcher.export.markup import gexf

        for part in gexf(found):
            write(part)
    elif as_csv:
        write(_pairs_table(found.links))
    elif found.links:
        _print_network(found, color)
    else:
        note(f"Nobody is named together with “{clean(name)}”." if name else "Nobody is named together.")
    return OK if found.links else NOTHING


def _pairs_table(links: Sequence[Link]) -> str:
    from searcher.export import table_line

    heading = ("one", "one_kind", "other", "other_kind", "articles")
    rows = ((link.one.name, link.one.kind, link.other.name, link.other.kind, link.articles) for link in links)
    return "".join(map(table_line, [heading, *rows]))


def _print_network(found: Network, color: str) -> None:
    from searcher.cli.output import text
    from searcher.cli.output.terminal import counted, screen_of
    from searcher.cli.output.text import joined
    from searcher.results import Facet, FacetValues

    screen = screen_of(color)
    if found.asked is None:
        pairs = (
            f"{link.articles:,} {clean(link.one.name)} · {clean(link.other.name)}" for link in found.links
        )
        write(joined(pairs))
        return
    title = screen.paint(clean(found.asked.name), "title")
    write(f"{title}: in {counted(found.asked.articles, 'article')}, with\n\n")
    counts: dict[str, dict[str, int]] = {"person": {}, "organisation": {}}
    for link in found.beside:
        counts[link.other.kind][link.other.name] = link.articles
    shown = {kind: Facet(kind, FacetValues(values)) for kind, values in counts.items()}
    write(joined(text.facet_columns(shown, screen, len(found.who))))
