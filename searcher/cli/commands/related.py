"""``searcher related``: finds articles like one article."""

from __future__ import annotations

import sys
from dataclasses import replace

import click

from searcher.cli.exits import NOTHING, OK
from searcher.cli.indexes import find_article, open_existing
from searcher.cli.options import color_option, index_option
from searcher.cli.streams import say, write

__all__ = ["related"]


@click.command()
@click.argument("id", metavar="ID")
@click.option("-n", "--limit", type=click.IntRange(min=1), default=10, metavar="N", help="How many (10).")
@click.option("--jsonl", is_flag=True, help="Print one JSON object a hit.")
@color_option
@index_option
def related(id: str, folder: str | None, limit: int, jsonl: bool, color: str) -> int:
    """Find articles like one article.

    Those that share its telling words and its names, the most alike first.
    """
    from searcher.cli.output import text
    from searcher.cli.output.data import dumps
    from searcher.cli.output.terminal import screen
    from searcher.search.related import related as find

    onto = screen(sys.stdout, color)
    with open_existing(folder) as index:
        article = find_article(index, id)
        if article is None:
            say(f"There is no article with the id “{id}”.")
            return NOTHING
        hits = find(index, article, limit)
    for number, hit in enumerate(hits, 1):
        shown = replace(hit, snippets=hit.snippets[:1])
        lines = [*text.hit_lines(shown, number, onto), ""]
        write(f"{dumps(hit.to_dict())}\n" if jsonl else text.joined(lines))
    if not hits:
        say("Nothing is like it.")
    return OK if hits else NOTHING
