"""Four plug-ins for Searcher: a reader of parchments, an extractor of ships, an engine and a command."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, BinaryIO

import click

from searcher import Article, Mention, ReadError, open_index
from searcher.engines.base import OpenedIndex
from searcher.engines.memory import MemoryEngine
from searcher.readers.base import Options


class ParchmentReader:
    """Reads files of scrolls. A scroll is a title in capitals and some lines; “~” separates two scrolls."""

    suffixes = (".parchment",)

    def __init__(self, options: Options) -> None:
        self._options = options

    def read(self, stream: BinaryIO, origin: str, /) -> Iterator[Article | ReadError]:
        """Yield an article for each scroll, or a ReadError if it is not one."""
        for scroll in stream.read(10 * 2**20).decode("utf-8", "replace").split("\n~\n"):
            title, _, body = scroll.strip().partition("\n")
            if title.isupper() and body.strip():
                yield Article(id="", title=title.capitalize(), body=body.strip())
            else:
                yield ReadError("The scroll has no title in capitals, or nothing below it.")


def find_ships(article: Article) -> Article:
    """Add ships as organisations: names in quotation marks after the word “ship”."""
    ships = (
        Mention(match[1], "organisation", match.start(1), match.end(1), confidence=0.9)
        for match in re.finditer(r"\bship “(\w+)”", article.body)
    )
    return replace(article, mentions=(*article.mentions, *ships))


def open_engine(location: str, *, identities: Any, timeout: float, **_: Any) -> OpenedIndex:
    """Open ``parchment://…``. This engine stores its articles in memory."""
    return OpenedIndex(MemoryEngine(identities=identities, timeout=timeout))


@click.command()
@click.option("-i", "--index", "location", default="index", help="The index to read.")
def ships(location: str) -> None:
    """List the organisations that only scrolls mention."""
    with open_index(location, create=False) as index:
        scrolls = [hit for hit in index.scan() if (hit.article.origin or "").endswith(".parchment")]
        for name in sorted({name for hit in scrolls for name in hit.organisations}):
            click.echo(name)
