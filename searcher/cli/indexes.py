"""The index that a command was asked to open, and the article in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from searcher.article import Article
    from searcher.index import Index

__all__ = ["find_article", "open_existing"]


def open_existing(folder: str | None) -> Index:
    """The index in a folder, or the default one; IndexMissing where there is none."""
    from searcher.index import open_index
    from searcher.locations import find_index

    return open_index(find_index(folder), create=False)


def find_article(index: Index, asked: str) -> Article | None:
    """The article of an id, or of the address that its id comes from."""
    found = index.get(asked)
    if found is None and asked.startswith(("http://", "https://")):
        from searcher.readers.finish import id_of_address

        found = index.get(id_of_address(asked))
    return found
