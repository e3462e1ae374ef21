"""``searcher together``: who appears with whom."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from searcher.cli.exits import NOTHING, OK
from searcher.cli.indexes import open_existing
from searcher.cli.options import color_option, document_option, index_option, value_complete
from searcher.cli.streams import note, write
from searcher.sanitize import cell, clean

if TYPE_CHECKING:
    from searcher.search.together import Link, Network

__all__ = ["together"]


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
    if as_json:
        from searcher.cli.output.records import write_document

        write_document("together", found.to_dict())
    elif as_gexf:
        from searcher.export.gexf import gexf

        for part in gexf(found):
            write(part)
    elif as_csv:
        write(_table(found.links))
    elif found.links:
        _print(found, color)
    else:
        note(f"Nobody is named together with “{clean(name)}”." if name else "Nobody is named together.")
    return OK if found.links else NOTHING


def _table(links: Sequence[Link]) -> str:
    import csv
    import io

    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(("one", "one_kind", "other", "other_kind", "articles"))
    for link in links:
        row = (link.one.name, link.one.kind, link.other.name, link.other.kind, link.articles)
        table.writerow(map(cell, row))
    return out.getvalue()


def _print(found: Network, color: str) -> None:
    from searcher.cli.output import facets
    from searcher.cli.output.report import counted
    from searcher.cli.output.terminal import screen as screen_of
    from searcher.cli.output.text import joined
    from searcher.results import Facet, FacetValues

    screen = screen_of(sys.stdout, color)
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
    write(joined(facets.columns(shown, screen, len(found.who))))
