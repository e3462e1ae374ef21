"""Opening the index of a command, and looking up an article in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from searcher.article import Article
    from searcher.index import Index

__all__ = ["find_article", "open_existing"]


def open_existing(folder: str | None, patience: float = 30.0) -> Index:
    """Open the index in a folder, or the default one. Raises IndexMissing where there is none.

    ``patience``: seconds after which a search is given up.
    """
    from searcher.index import open_index
    from searcher.locations import find_index

    return open_index(find_index(folder), create=False, patience=patience)


def find_article(index: Index, asked: str) -> Article | None:
    """Return the article with an id, or the one that was read from an address."""
    found = index.get(asked)
    if found is None and asked.startswith(("http://", "https://")):
        from searcher.readers.finish import id_of_address

        found = index.get(id_of_address(asked))
    return found
