"""Locations of indexes: folders or addresses, and the defaults shared by all front ends."""

from __future__ import annotations

import os
import re
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

from searcher import platform
from searcher.errors import IndexFailure, IndexMissing, UsageError
from searcher.platform import data_folder, is_owned

#: File that marks a folder as an index. It contains the format, versions and engine as JSON.
MARKER = "searcher.json"
#: File of synonyms (:mod:`searcher.query.synonyms`), which every search reads.
SYNONYMS: Final = "synonyms.txt"
#: File of the names of custom fields (:mod:`searcher.fields`), one per line.
OWN_FIELDS: Final = "fields.txt"
#: The database of the store (:mod:`searcher.records`).
RECORDS: Final = "records.sqlite"
#: File of translations of the words of an index. It is recreated if missing.
TRANSLATIONS: Final = "across.npz"
#: File that is locked during a run.
LOADING_LOCK: Final = "loading.lock"
#: Text files that users edit (:mod:`searcher.textfiles`), with their initial text. The first change to an
#: index creates all of them, so a missing file means that it was lost.
TEXTS: Final = {
    "names.txt": """\
# Decisions about names of people, organisations, sources and authors. Made by `searcher names`; edit freely.
#
#   KIND  NAME  ->  OTHER NAME     NAME is another name for OTHER NAME
#   KIND  NAME  ~>  OTHER NAME     the same, concluded from the articles and not decided by a person
#   KIND  NAME  !=  OTHER NAME     two different people, also in lists of names
#   KIND  NAME  apart              never merge NAME automatically
#   KIND  NAME  ignored            not a name: hide it in lists of names
#
# KIND is person, organisation, source or author. Lines that begin with # are comments.
# Separate the parts by two spaces or a tab.

""",
    SYNONYMS: """\
# Synonyms for queries. Edit freely, or use `searcher synonyms`.
#
#   ECB, European Central Bank     each finds the other
#   vehicle => car, lorry          “vehicle” also finds “car” and “lorry”, but not the reverse
#
# Lines that begin with # are comments.

""",
    OWN_FIELDS: "# Your own fields, one name per line. “searcher index --set desk=foreign” adds one.\n",
}


def scheme(location: str | Path) -> str | None:
    """Return NAME of a location ``NAME://…`` or ``NAME+http://…``, or None for a folder."""
    if "://" not in str(location):  # Compiling the pattern takes longer than matching.
        return None
    match = re.match(r"([A-Za-z][\w.-]*)(\+[\w.+-]*)?://", str(location))
    return match[1] if match else None


def index_folder(location: str | Path) -> Path:
    """Return the folder of a location. Raises UsageError for an address."""
    if scheme(location):
        raise UsageError(f"“{location}” is not a folder.")
    return Path(location)


def is_index(folder: Path) -> bool:
    """Return True if the folder is an index. Raises IndexFailure if that cannot be checked."""
    try:
        return (folder / MARKER).is_file()
    except OSError as error:
        raise IndexFailure(f"{folder} cannot be read: {error.strerror or error}.") from error


def find_index(location: str | Path | None = None) -> Path | str:
    """Return the index to read.

    This is ``location``, SEARCHER_INDEX, the nearest folder ``index/`` here or above that is an index, or the
    one in the user's data folder, in this order. Indexes that other users could have planted are only used if
    named (:func:`ignored_index_warnings`). Addresses are not checked here. Raises IndexMissing if none
    is found.
    """
    explicit = location or os.environ.get("SEARCHER_INDEX")
    if explicit and not scheme(explicit) and not is_index(Path(explicit)):
        raise missing_index_error(explicit)
    if index := default_index(location) if explicit else _nearest_index()[0]:
        return index
    raise IndexMissing("There is no index here or above. Make one with: searcher index PATH…")


def missing_index_error(folder: str | Path) -> IndexMissing:
    return IndexMissing(f"There is no index in “{folder}”. Make one with: searcher index -i {folder} PATH…")


def rebuild_advice(folder: Path) -> str:
    """Return advice with the command that rebuilds an index."""
    from shlex import quote  # Not imported by searches.

    return f"Rebuild it with: searcher rebuild -i {quote(str(folder))}"


def default_index(location: str | Path | None = None) -> Path | str:
    """Return the index to write: like :func:`find_index`, but ``./index`` if none exists."""
    explicit = location or os.environ.get("SEARCHER_INDEX")
    if explicit:
        return str(explicit) if scheme(explicit) else Path(explicit)
    return _nearest_index()[0] or Path("index")


def ignored_index_warnings(location: str | Path | None = None) -> list[str]:
    """Return warnings about indexes that :func:`find_index` ignores, and how to use them."""
    return [] if location or os.environ.get("SEARCHER_INDEX") else _nearest_index()[1]


def local_folder(location: str | Path) -> Path:
    """Return the folder for data of this machine about an index: the index itself, or a separate folder for
    an index at an address."""
    if not scheme(location):
        return Path(location)
    from zlib import crc32  # Not imported by searches.

    place = str(location).partition("?")[0]
    name = re.sub(r"[^\w.-]+", "-", place.rpartition("/")[2])
    return data_folder() / "elsewhere" / f"{name}-{crc32(place.encode()):08x}"


def _nearest_index() -> tuple[Path | None, list[str]]:
    """Return the nearest index of this user, and warnings about nearer ones that are ignored."""
    warnings: list[str] = []
    parents: tuple[Path, ...] = ()
    with suppress(FileNotFoundError):  # The current folder was removed.
        parents = ((current := Path.cwd()), *current.parents)
    for folder in (*(each / "index" for each in parents), data_folder() / "index"):
        try:
            if not is_index(folder):
                continue
            reason = _untrusted_reason(folder)
        except (IndexFailure, OSError):  # This user cannot use it.
            continue
        if not reason:
            return folder, warnings
        warnings.append(f"The index in {folder} is not used: {reason}. To use it, name it with -i.")
    return None, warnings


def _untrusted_reason(folder: Path) -> str:
    """Return why an index may belong to another user, or "". Its owner could read what is written to it and
    forge what is read from it. Raises OSError."""
    if not all(is_owned(os.stat(path)) for path in (folder, folder / MARKER)):
        return "it belongs to another user"
    if platform.WINDOWS:  # Its permissions are not in the mode.
        return ""
    if os.stat(folder).st_mode & stat.S_IWOTH:
        return "anybody can write to it"
    # In a sticky folder such as /tmp, other users cannot rename or remove it.
    mode = os.stat(folder.parent).st_mode
    is_open = mode & stat.S_IWOTH and not mode & stat.S_ISVTX
    return f"anybody can write to {folder.parent}" if is_open else ""
