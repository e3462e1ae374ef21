"""``searcher export``: prints articles as data."""

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
    from searcher.article import Article
    from searcher.index import Index

__all__ = ["export"]


@click.command(
    cls=QueryCommand,
    epilog="""\b
Examples:
  searcher export > all.jsonl                    everything; can be indexed again
  searcher export strike source:Reuters          what a query finds
""",
)
@click.argument("words", nargs=-1, metavar="[QUERY…]")
@index_option
def export(words: Sequence[str], folder: str | None) -> int:
    """Print articles as JSON Lines.

    Each comes with its names and quotations. Names are those of all articles, as facets have them.
    """
    from searcher.cli.output.data import dumps

    some = False
    with open_existing(folder) as index:
        for article in _exported(index, " ".join(words)):
            write(dumps(index.named(article).to_dict()) + "\n")
            some = True
    return OK if some else NOTHING


def _exported(index: Index, text: str) -> Iterator[Article]:
    if not text:
        yield from index.articles()
        return
    found = index.search(text, limit=0)
    if found.relaxed:
        note(f"Nothing has all the words. {found.total:,} have any of them: join them with OR.")
        return
    for hit in index.scan(text, sort="oldest", snippets=False):
        yield hit.article
