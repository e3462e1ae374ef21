"""Opening the index of a command, and looking up an article in it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from searcher.errors import UsageError

if TYPE_CHECKING:
    from searcher.article import Article
    from searcher.index import Index

__all__ = ["article_meant", "find_article", "open_existing", "refuse_own_folder"]

#: Characters of an id that may stand for it, and ids that are shown where these are not enough.
MIN_PREFIX, _SHOWN = 4, 5


def open_existing(folder: str | None, patience: float = 30.0) -> Index:
    """Open the index in a folder, or the default one. Raises IndexMissing where there is none.

    ``patience``: seconds after which a search is given up.
    """
    from searcher.index import open_index
    from searcher.locations import find_index

    return open_index(find_index(folder), create=False, patience=patience)


def refuse_own_folder(where: str | Path, paths: Iterable[str]) -> None:
    """Raise UsageError where a folder of articles would be made the index of what is in it."""
    from searcher.locations import is_index

    if not isinstance(where, Path) or is_index(where):
        return
    if where.resolve() in [Path(path).resolve() for path in paths]:
        raise UsageError(
            f"“{where}” cannot be both, the index and what is indexed. Give the index a folder for itself: "
            f"searcher index -i index {where}"
        )


def find_article(index: Index, asked: str) -> Article | None:
    """Return the article with an id, or the one that was read from an address."""
    found = index.get(asked)
    if found is None and asked.startswith(("http://", "https://")):
        from searcher.readers.finish import id_of_address

        found = index.get(id_of_address(asked))
    return found


def article_meant(index: Index, asked: str) -> Article | None:
    """Return the article with an id, with one that alone begins so, or read from an address.

    Raises UsageError where several begin so.
    """
    found = find_article(index, asked)
    if found is not None or len(asked) < MIN_PREFIX:
        return found
    ids = list(islice(index.ids(asked), _SHOWN + 1))
    if len(ids) > 1:
        more = ", …" if len(ids) > _SHOWN else ""
        raise UsageError(f"Several ids begin with “{asked}”: {', '.join(sorted(ids[:_SHOWN]))}{more}")
    return index.get(ids[0]) if ids else None
