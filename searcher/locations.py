"""Locations of indexes, folders or addresses, and the default ones that every front end shares."""

from __future__ import annotations

import os
import re
from pathlib import Path

from searcher.errors import IndexMissing, UsageError

__all__ = [
    "MARKER",
    "default_index",
    "find_index",
    "folder_of",
    "is_index",
    "local_folder",
    "missing_index_error",
    "rebuild_hint",
    "scheme",
]

#: The file that makes a folder an index: format, versions and engine, as JSON.
MARKER = "searcher.json"


def scheme(location: str | Path) -> str | None:
    """Return NAME of a location ``NAME://…`` or ``NAME+http://…``; None for a folder."""
    if "://" not in str(location):  # most are folders, and the pattern takes longer to compile than to match
        return None
    match = re.match(r"([A-Za-z][\w.-]*)(\+[\w.+-]*)?://", str(location))
    return match[1] if match else None


def folder_of(location: str | Path) -> Path:
    """Return the folder of a location. Raises UsageError for a location with a scheme."""
    if scheme(location):
        raise UsageError(f"“{location}” is no folder.")
    return Path(location)


def is_index(folder: Path) -> bool:
    """Return whether there is an index in this folder."""
    return (folder / MARKER).is_file()


def find_index(given: str | Path | None = None) -> Path | str:
    """Find the index to read: ``given``, else SEARCHER_INDEX, else the nearest ``index/`` that holds one in
    this folder or one above, else the user's data folder.

    Whether there is one at an address (a string) shows when it is opened. Raises IndexMissing, with the
    command that makes one, if none of the folders holds an index.
    """
    explicit = given or os.environ.get("SEARCHER_INDEX")
    if explicit and scheme(explicit):
        return str(explicit)
    if explicit:
        if not is_index(folder_of(explicit)):
            raise missing_index_error(explicit)
        return folder_of(explicit)
    for folder in _candidates():
        if is_index(folder):
            return folder
    raise IndexMissing("There is no index here or above. Make one with: searcher index PATH…")


def missing_index_error(folder: str | Path) -> IndexMissing:
    """Return the error for a folder without an index, with the command that makes one."""
    return IndexMissing(f"There is no index in “{folder}”. Make one with: searcher index -i {folder} PATH…")


def rebuild_hint(folder: Path) -> str:
    """Return the command that makes an unusable index anew."""
    from shlex import quote  # not for every search

    return f"Make it anew with: searcher rebuild -i {quote(str(folder))}"


def default_index(given: str | Path | None = None) -> Path | str:
    """Find the index to write: as :func:`find_index`, but ``./index`` where none exists yet."""
    explicit = given or os.environ.get("SEARCHER_INDEX")
    if explicit:
        return str(explicit) if scheme(explicit) else Path(explicit)
    return next((folder for folder in _candidates() if is_index(folder)), Path("index"))


def local_folder(location: str | Path) -> Path:
    """Return the folder for what only this machine needs of an index, as which of its files are in it: that
    of the index, or one of its own for an index at an address."""
    if not scheme(location):
        return Path(location)
    from zlib import crc32  # not for every search

    place = str(location).partition("?")[0]
    name = re.sub(r"[^\w.-]+", "-", place.rpartition("/")[2])
    return _data_folder() / "elsewhere" / f"{name}-{crc32(place.encode()):08x}"


def _candidates() -> list[Path]:
    here = Path.cwd()
    return [*(folder / "index" for folder in (here, *here.parents)), _data_folder() / "index"]


def _data_folder() -> Path:
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data) / "searcher"
