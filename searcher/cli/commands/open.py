"""``searcher open``: opens what an article was read from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from searcher.cli.exits import ERROR, NOTHING, OK
from searcher.cli.indexes import article_meant, open_existing
from searcher.cli.options import index_option
from searcher.cli.streams import note, write

if TYPE_CHECKING:
    from searcher.article import Article

__all__ = ["open_article"]


@click.command(
    "open",
    epilog="""\b
Examples:
  searcher open ID                     the file that it was read from
  searcher open --web ID               its address, in a browser
  less "$(searcher open --print ID)"
""",
)
@click.argument("id", metavar="ID")
@click.option("--web", is_flag=True, help="Its address rather than its file.")
@click.option("--print", "printing", is_flag=True, help="Print what would be opened.")
@index_option
def open_article(id: str, folder: str | None, web: bool, printing: bool) -> int:
    """Open the original of an article.

    The file that it was read from, with the program that opens such files; its address, if there is no file.
    """
    with open_existing(folder) as index:
        article = article_meant(index, id)
    if article is None:
        note(f"There is no article with the id “{id}”.")
        return NOTHING
    place = _address(article) if web else _file(article) or _address(article)
    if place is None:
        note(f"{'No address' if web else 'Neither a file nor an address'} of it is there: searcher show {id}")
        return NOTHING
    if printing:
        write(f"{place}\n")
        return OK
    if click.launch(place) != 0:
        note(f"No program opens it: {place}")
        return ERROR
    return OK


def _file(article: Article) -> str | None:
    """The file that holds it, if it is still there; of an archive the archive."""
    origin = article.origin or ""
    if origin and Path(origin).is_file():
        return origin
    place, _, member = origin.partition("!")  # of an archive; a name may hold the sign too
    if not place or not Path(place).is_file():
        return None
    note(f"It is in this archive: {member}")
    return place


def _address(article: Article) -> str | None:
    """Its address; nothing else than the web is opened, whatever a file says."""
    url = article.url or ""
    return url if url.startswith(("http://", "https://")) else None
