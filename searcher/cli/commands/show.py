"""``searcher show``: prints articles."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from searcher.cli.exits import NOTHING, OK
from searcher.cli.indexes import article_meant, open_existing
from searcher.cli.options import color_option, index_option, records_options
from searcher.cli.streams import note, write

if TYPE_CHECKING:
    from searcher.article import Article

__all__ = ["show"]


@click.command(
    epilog="""\b
Examples:
  searcher show ID
  searcher show --mark ID | less        names between [[ and ]]
  searcher show --jsonl ID             all that is known of it, for programs
  searcher show https://example.org/news/1
"""
)
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@records_options
@click.option("--mark", is_flag=True, help="Put names between [[ and ]].")
@color_option
@index_option
def show(ids: Sequence[str], folder: str | None, form: str | None, mark: bool, color: str) -> int:
    """Show articles.

    Names stand out, and each quotation says whose it is. The beginning of an id will do, and an article that
    came with an address is found by it too.
    """
    with open_existing(folder) as index:
        asked = {id: article_meant(index, id) for id in ids}
    articles = [article for article in asked.values() if article is not None]
    missing = [id for id, article in asked.items() if article is None]
    if form:
        from searcher.cli.output.records import write_records

        write_records(form, "articles", (article.to_dict() for article in articles), missing=missing)
    else:
        for number, article in enumerate(articles):
            write("\n" if number else "")
            _view(article, color, mark)
    for id in missing:
        note(f"There is no article with the id “{id}”.")
    return NOTHING if missing else OK


def _view(article: Article, color: str, mark: bool) -> None:
    from searcher.cli.output.article import article_lines
    from searcher.cli.output.terminal import screen

    for line in article_lines(article, screen(sys.stdout, color, brackets=mark)):
        write(f"{line}\n")
