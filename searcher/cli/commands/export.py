"""``searcher export``: prints articles for other programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from searcher.cli.exits import NOTHING, OK
from searcher.cli.indexes import open_existing
from searcher.cli.options import index_option
from searcher.cli.query_arguments import QueryCommand
from searcher.cli.streams import note, write

if TYPE_CHECKING:
    from searcher.index import Index
    from searcher.results import Hit

__all__ = ["export"]


@click.command(
    cls=QueryCommand,
    epilog="""\b
Examples:
  searcher export > all.jsonl                    everything; can be indexed again
  searcher export strike source:Reuters          what a query finds
  searcher export --ris strike > strike.ris      for Zotero, EndNote, Citavi …
""",
)
@click.argument("words", nargs=-1, metavar="[QUERY…]")
@click.option("--csv", "form", flag_value="csv", help="A table.")
@click.option("--ris", "form", flag_value="ris", help="References in RIS.")
@click.option("--bibtex", "form", flag_value="bibtex", help="References in BibTeX.")
@click.option("--csl", "form", flag_value="csl", help="References in CSL-JSON.")
@index_option
def export(words: Sequence[str], form: str | None, folder: str | None) -> int:
    """Print articles as data, references or a table.

    JSON Lines, unless another form is asked for, with the names and quotations of each article. Names are
    those of all articles, as facets have them.
    """
    from itertools import chain

    from searcher.export import exported

    with open_existing(folder) as index:
        hits = _exported(index, " ".join(words))
        first = next(hits, None)
        if first is None:
            return NOTHING
        for part in exported(form or "jsonl", chain([first], hits)):
            write(part)
    return OK


def _exported(index: Index, text: str) -> Iterator[Hit]:
    from dataclasses import replace

    from searcher.results import Hit

    if not text:
        yield from (Hit(index.named(article), 0.0) for article in index.articles())
        return
    found = index.search(text, limit=0)
    if found.relaxed:
        note(f"Nothing has all the words. {found.total:,} have any of them: join them with OR.")
        return
    for hit in index.scan(text, sort="oldest", snippets=False):
        yield replace(hit, article=index.named(hit.article))
