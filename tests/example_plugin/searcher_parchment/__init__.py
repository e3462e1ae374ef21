"""Three plug-ins for Searcher: a reader of parchments, an extractor of ships, and an engine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, BinaryIO

from searcher import Article, Mention, ReadError
from searcher.engines.base import Opened
from searcher.engines.memory import MemoryEngine
from searcher.readers.base import Options


class ParchmentReader:
    """Reads files of scrolls: a title in capitals, then lines, and “~” between two scrolls."""

    suffixes = (".parchment",)

    def __init__(self, options: Options) -> None:
        self._options = options

    def read(self, stream: BinaryIO, origin: str, /) -> Iterator[Article | ReadError]:
        """The articles in it, and a ReadError for each part that is none."""
        for scroll in stream.read(10 * 2**20).decode("utf-8", "replace").split("\n~\n"):
            title, _, body = scroll.strip().partition("\n")
            if title.isupper() and body.strip():
                yield Article(id="", title=title.capitalize(), body=body.strip())
            else:
                yield ReadError("The scroll has no title in capitals, or nothing below it.")


def find_ships(article: Article) -> Article:
    """Take ships (“the Resolute”, in quotation marks after “ship”) for organisations."""
    found = (
        Mention(match[1], "organisation", match.start(1), match.end(1), confidence=0.9)
        for match in re.finditer(r"\bship “(\w+)”", article.body)
    )
    return replace(article, mentions=(*article.mentions, *found))


def open_engine(location: str, *, identities: Any, timeout: float, **_: Any) -> Opened:
    """Open ``parchment://…``: here an engine that keeps nothing."""
    return Opened(MemoryEngine(identities=identities, timeout=timeout))
