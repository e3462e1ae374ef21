"""Where the index is, and the defaults that every front end shares."""

from __future__ import annotations

import os
from pathlib import Path

from searcher.errors import IndexMissing

__all__ = ["MARKER", "default_index", "find_index", "holds_index", "no_index", "remedy"]

#: The file that makes a folder an index: format, versions and engine, as JSON.
MARKER = "searcher.json"


def holds_index(folder: Path) -> bool:
    """Whether there is an index in this folder."""
    return (folder / MARKER).is_file()


def find_index(given: str | Path | None = None) -> Path:
    """The index to read: ``given``, else SEARCHER_INDEX, else the nearest ``index/`` that holds one in
    this folder or one above, else the user's data folder.

    Raises IndexMissing, with the command that makes one, if none of these holds an index.
    """
    explicit = given or os.environ.get("SEARCHER_INDEX")
    if explicit:
        if not holds_index(Path(explicit)):
            raise no_index(explicit)
        return Path(explicit)
    for folder in _candidates():
        if holds_index(folder):
            return folder
    raise IndexMissing("There is no index here or above. Make one with: searcher index PATH…")


def no_index(folder: str | Path) -> IndexMissing:
    """What is raised where an index was expected, with the command that makes one."""
    return IndexMissing(f"There is no index in “{folder}”. Make one with: searcher index -i {folder} PATH…")


def remedy(folder: Path) -> str:
    """What to do about an index that cannot be used as it is."""
    from shlex import quote  # not for every search

    return f"Make it anew with: searcher rebuild -i {quote(str(folder))}"


def default_index(given: str | Path | None = None) -> Path:
    """The index to write: as :func:`find_index`, but ``./index`` where none exists yet."""
    explicit = given or os.environ.get("SEARCHER_INDEX")
    if explicit:
        return Path(explicit)
    return next((folder for folder in _candidates() if holds_index(folder)), Path("index"))


def _candidates() -> list[Path]:
    here = Path.cwd()
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return [*(folder / "index" for folder in (here, *here.parents)), Path(data) / "searcher" / "index"]
