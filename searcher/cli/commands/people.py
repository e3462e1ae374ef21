"""Commands about people: person and together."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from searcher.cli.exits import NOTHING, OK
from searcher.cli.options import (
    color_option,
    document_option,
    index_option,
    limit_option,
    note_pending,
    open_existing,
    value_complete,
)
from searcher.cli.output import text
from searcher.cli.output.coverage import MAX_NAMES, similar_values
from searcher.cli.output.data import write_document
from searcher.cli.output.terminal import StyledText, amount, screen_of, wrap
from searcher.cli.streams import note, write
from searcher.errors import AmbiguousName
from searcher.names.table import exact_query
from searcher.results import Facet, FacetValues
from searcher.sanitize import clean_line

if TYPE_CHECKING:
    from searcher.search.network import Network
    from searcher.search.record import Record


@click.command()
@click.argument("name", metavar="NAME", shell_complete=value_complete("person"))
@document_option
@color_option
@index_option
def person(name: str, folder: str | None, as_json: bool, color: str) -> int:
    """Show a person's record.

    The record has the number of articles that mention or quote the person, statements by year and source,
    words they use more than others, their most widely published statements, and who is mentioned with them.
    Quotations with a confidence below 0.7 count as “perhaps”. If several people match NAME, they are listed.
    """
    with open_existing(folder) as index:
        try:
            record = index.names.record(name)
        except AmbiguousName as error:
            return _list_namesakes(error, index.values("person"), as_json)
        note_pending(index)
        is_known = bool(record.articles or record.statements or record.perhaps)
        counts = {} if is_known else index.values("person")
    if as_json:
        write_document("person", {"query": name, **record.to_dict()})
    elif is_known:
        _print_record(record, color)
    else:
        from searcher.search.advice import similar_names

        advice = similar_values(similar_names(counts, name, counts)[:MAX_NAMES])
        note(f"No one called “{clean_line(name)}” is in the index.{advice}")
    return OK if is_known else NOTHING


def _list_namesakes(error: AmbiguousName, counts: Mapping[str, int], as_json: bool) -> int:
    """Print the people with a name, by number of articles, each with the command that shows the record."""
    rows = sorted(((counts.get(name, 0), name) for name in error.names), reverse=True)
    if as_json:
        write_document("person", {"query": error.query, "candidates": {name: count for count, name in rows}})
    else:
        write(f"{len(rows):,} people are called “{clean_line(error.query)}”. Choose one:\n")
        commands = (f"searcher person {shlex.quote(exact_query('person', name))}" for _, name in rows)
        write("".join(f"{count:>7,}  {clean_line(line)}\n" for (count, _), line in zip(rows, commands)))
    return OK


def _print_record(record: Record, color: str) -> None:
    screen = screen_of(color)
    perhaps = f", perhaps in {record.perhaps:,} more" if record.perhaps else ""
    quoted = f"quoted in {amount(record.speaking, 'article')}{perhaps}"
    lines = [
        screen.paint(clean_line(record.name), "title"),
        f"mentioned in {amount(record.articles, 'article')}, {quoted}",
    ]
    if record.statements:
        lines.append(f"{amount(record.statements, 'statement')}, published {amount(record.places, 'time')}")
    if record.topics:
        words = ", ".join(f"{clean_line(topic.value)} {topic.count:,}" for topic in record.topics)
        lines += ["", *wrap(StyledText().add(f"Topics: {words}"), screen, indent="  ")]
    lists = {"year": record.years, "source": record.outlets}
    lists |= {"person": record.people, "organisation": record.organisations}
    facets = {
        name: Facet(name, FacetValues({one.value: one.count for one in values}))
        for name, values in lists.items()
    }
    lines += ["", *text.facet_columns(facets, screen)]
    for number, statement in enumerate(record.carried, 1):
        lines += ["", *text.statement_lines(statement, number, screen)]
    write(text.text_of_lines(lines))


@click.command(
    epilog="""\b
Examples:
  searcher together "Ingrid Halvorsen"
  searcher together Norvane --in "strike after:2024" -n 50
  searcher together "Ingrid Halvorsen" --gexf > halvorsen.gexf     for Gephi
  searcher together --csv -n 200 > pairs.csv                       the most frequent pairs of all names
"""
)
@click.argument("name", metavar="[NAME]", default="", shell_complete=value_complete("person"))
@click.option("--in", "among", metavar="QUERY", default="", help="Only in articles matching QUERY.")
@limit_option(20, "names", minimum=1)
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
    """Show who is mentioned together.

    Lists the people and organisations most often mentioned with NAME (without NAME: the most often
    mentioned), and how many articles mention each pair.
    """
    if as_csv + as_gexf + as_json > 1:
        raise click.UsageError("--csv, --gexf and --json cannot be combined.")
    with open_existing(folder) as index:
        network = index.names.network(name, among, limit=limit)
        note_pending(index)
    if as_json:
        write_document("together", network.to_dict())
    elif as_gexf:
        from searcher.formats.markup import gexf

        for part in gexf(network):
            write(part)
    elif as_csv:
        from searcher.formats.export import table_line

        rows = ((x.one.name, x.one.kind, x.other.name, x.other.kind, x.articles) for x in network.links)
        heading = ("one", "one_kind", "other", "other_kind", "articles")
        write("".join(map(table_line, [heading, *rows])))
    elif network.links:
        _print_network(network, color)
    else:
        note(f"No one is mentioned with “{clean_line(name)}”." if name else "No article mentions anyone.")
    return OK if network.links else NOTHING


def _print_network(network: Network, color: str) -> None:
    screen = screen_of(color)
    if network.center is None:
        pairs = (
            f"{x.articles:,} {clean_line(x.one.name)} · {clean_line(x.other.name)}" for x in network.links
        )
        write(text.text_of_lines(pairs))
        return
    title = screen.paint(clean_line(network.center.name), "title")
    write(f"{title}: in {amount(network.center.articles, 'article')}, mentioned with\n\n")
    counts: dict[str, dict[str, int]] = {"person": {}, "organisation": {}}
    for link in network.center_links:
        counts[link.other.kind][link.other.name] = link.articles
    facets = {kind: Facet(kind, FacetValues(values)) for kind, values in counts.items()}
    write(text.text_of_lines(text.facet_columns(facets, screen, len(network.names))))
