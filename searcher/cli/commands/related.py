"""``searcher related``: finds articles like one article."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from searcher.cli.exits import NOTHING, OK
from searcher.cli.indexes import article_meant, open_existing
from searcher.cli.options import color_option, index_option, records_options
from searcher.cli.streams import note, write

if TYPE_CHECKING:
    from searcher.results import Hit

__all__ = ["related"]


@click.command()
@click.argument("id", metavar="ID")
@click.option("-n", "--limit", type=click.IntRange(min=1), default=10, metavar="N", help="How many (10).")
@records_options
@color_option
@index_option
def related(id: str, folder: str | None, limit: int, form: str | None, color: str) -> int:
    """Find articles like one article.

    Those that share its telling words and its names, the most alike first.
    """
    with open_existing(folder) as index:
        article = article_meant(index, id)
        if article is None:
            note(f"There is no article with the id “{id}”.")
            return NOTHING
        hits = index.related(article, limit)
    if form:
        from searcher.cli.output.records import write_records

        write_records(form, "related", (hit.to_dict() for hit in hits), id=article.id)
    else:
        _print(hits, color)
    return OK if hits else NOTHING


def _print(hits: Sequence[Hit], color: str) -> None:
    from searcher.cli.output import text
    from searcher.cli.output.terminal import screen as screen_of

    screen = screen_of(sys.stdout, color)
    for number, hit in enumerate(hits, 1):
        lines = text.hit_lines(replace(hit, snippets=hit.snippets[:1]), number, screen)
        write(text.joined([*lines, ""]))
    if not hits:
        note("Nothing is like it.")
