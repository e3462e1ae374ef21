"""Locations of indexes, folders or addresses, and the default ones that every front end shares."""

from __future__ import annotations

import os
import re
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

from searcher.errors import IndexFailure, IndexMissing, UsageError

#: The file that makes a folder an index: format, versions and engine, as JSON.
MARKER = "searcher.json"
#: The synonyms (:mod:`searcher.query.synonyms`), which every search looks for.
SYNONYMS: Final = "synonyms.txt"
#: The names of fields of one's own (:mod:`searcher.fields`), a name a line.
OWN_FIELDS: Final = "fields.txt"
#: The store beside an index (:mod:`searcher.records`).
RECORDS: Final = "records.sqlite"
#: What the words of an index mean in its other languages: made again whenever it is not there.
WORDS_ACROSS: Final = "across.npz"
#: The file whose lock a run of loading holds.
LOADING: Final = "loading.lock"
#: The texts beside an index that people edit (:mod:`searcher.textfiles`), each with its head. They are there
#: from the first change of an index on, so that one that is missing is known to be lost.
TEXTS: Final = {
    "names.txt": """\
# Decisions about names of people, organisations, sources and authors. Made by `searcher names`; edit freely.
#
#   KIND  NAME  ->  OTHER NAME     goes by another name
#   KIND  NAME  ~>  OTHER NAME     is the same by what the articles say: nobody has decided it
#   KIND  NAME  !=  OTHER NAME     is somebody else, in lists of names too
#   KIND  NAME  apart              is joined with no other name by itself
#   KIND  NAME  ignored            is nobody: appears in no list of names
#
# KIND is person, organisation, source or author. Lines that begin with # say nothing.
# Two spaces or a tab between the parts.

""",
    SYNONYMS: """\
# Words that are to find one another. Edit freely, or use `searcher synonyms`.
#
#   ECB, European Central Bank     each finds all
#   vehicle => car, lorry          vehicle finds cars and lorries, but “car” finds no other vehicle
#
# Lines that begin with # say nothing.

""",
    OWN_FIELDS: "# Fields of your own, a name a line; “searcher index --set desk=foreign” adds them.\n",
}


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
    """Return whether there is an index in this folder. Raises IndexFailure where that cannot be seen."""
    try:
        return (folder / MARKER).is_file()
    except OSError as error:
        raise IndexFailure(f"{folder} cannot be looked into: {error.strerror or error}.") from error


def find_index(given: str | Path | None = None) -> Path | str:
    """Find the index to read: ``given``, else SEARCHER_INDEX, else the nearest ``index/`` that holds one in
    this folder or one above, else the user's data folder. One that others could have put there has to be
    given (:func:`passed_over`).

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
    found = _nearest()[0]
    if found is None:
        raise IndexMissing("There is no index here or above. Make one with: searcher index PATH…")
    return found


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
    return _nearest()[0] or Path("index")


def passed_over(given: str | Path | None = None) -> list[str]:
    """Return what is to be said of the indexes that :func:`find_index` leaves out: each why, and how it is
    used nevertheless."""
    return [] if given or os.environ.get("SEARCHER_INDEX") else _nearest()[1]


def local_folder(location: str | Path) -> Path:
    """Return the folder for what only this machine needs of an index, as which of its files are in it: that
    of the index, or one of its own for an index at an address."""
    if not scheme(location):
        return Path(location)
    from zlib import crc32  # not for every search

    place = str(location).partition("?")[0]
    name = re.sub(r"[^\w.-]+", "-", place.rpartition("/")[2])
    return data_folder() / "elsewhere" / f"{name}-{crc32(place.encode()):08x}"


def _nearest() -> tuple[Path | None, list[str]]:
    """Return the nearest index that is this user's, and what is to be said of those that are nearer."""
    said: list[str] = []
    above: tuple[Path, ...] = ()
    with suppress(FileNotFoundError):  # where the current folder has been removed
        above = ((here := Path.cwd()), *here.parents)
    for folder in (*(each / "index" for each in above), data_folder() / "index"):
        try:
            if not is_index(folder):
                continue
            reason = _strange(folder)
        except (IndexFailure, OSError):  # of no use to this user
            continue
        if not reason:
            return folder, said
        said.append(f"The index in {folder} is not used: {reason}. To use it, name it with -i.")
    return None, said


def _strange(folder: Path) -> str:
    """Return why an index may be another user's, "" where it is this user's: what is written to it, and read
    from it, would be theirs to read and to make up. Raises OSError."""
    if os.name == "nt":
        return ""
    if any(os.stat(path).st_uid != os.geteuid() for path in (folder, folder / MARKER)):
        return "it belongs to another user"
    if os.stat(folder).st_mode & stat.S_IWOTH:
        return "anybody can write to it"
    # in a folder like /tmp, where nobody can rename or remove what is another's, it has not been exchanged
    above = os.stat(folder.parent).st_mode
    return (
        f"anybody can write to {folder.parent}" if above & stat.S_IWOTH and not above & stat.S_ISVTX else ""
    )


def data_folder() -> Path:
    """Return the user's folder for what Searcher keeps of itself."""
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data) / "searcher"
