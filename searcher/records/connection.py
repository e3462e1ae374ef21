"""Connections to SQLite files that somebody else may have put there: no link is followed, and no journal of
another database is played back."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sqlite3 import Connection


#: Seconds that a call waits for another process that is writing.
MAX_WAIT: Final = 60
#: How a journal ends that names another one. Ours never do, and SQLite deletes the file of that name.
_NAMES_ANOTHER: Final = bytes.fromhex("d9d505f920a163d7")


def connect_file(path: Path, *, writes: bool = False) -> Connection:
    """Open a file that is there, for writing where that may be: so what a killed process left is put right.

    Raises DatabaseError for a link, and for a file with the journal of several databases.
    """
    import sqlite3

    if path.is_symlink():
        raise sqlite3.DatabaseError("it is a link, which is not followed")
    journal = path.with_name(f"{path.name}-journal")
    if os.path.lexists(journal) and _end(journal) in (_NAMES_ANOTHER, b""):
        raise sqlite3.DatabaseError(f"{journal.name} is none of ours")
    writable = writes or (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK))
    return connect(f"{path.absolute().as_uri()}?mode={'rw' if writable else 'ro'}")


def connect(database: str) -> Connection:
    """Open a database, whose transactions are for the caller to begin and end."""
    import sqlite3

    return sqlite3.connect(
        database,
        timeout=MAX_WAIT,
        isolation_level=None,
        check_same_thread=False,
        uri=database.startswith("file:"),
    )


def _end(journal: Path) -> bytes:
    """Return the last bytes of a file; zeros for an empty one, and nothing for what is no file."""
    try:
        with os.fdopen(os.open(journal, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)), "rb") as file:
            file.seek(max(0, os.fstat(file.fileno()).st_size - len(_NAMES_ANOTHER)))
            return file.read() or bytes(1)
    except FileNotFoundError:  # another process has just ended its transaction
        return bytes(1)
    except OSError:
        return b""
