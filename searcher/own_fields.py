"""Fields of one's own (a desk, a topic), kept in a plain text file beside the index: a name a line.

They are declared where they first come, in loading, and then searched, narrowed and counted as others are.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from searcher import textfiles
from searcher.errors import IndexDamaged, UsageError
from searcher.fields import declare
from searcher.textfiles import Place

__all__ = ["FILE", "add", "load"]

#: The file's name within the folder of an index.
FILE: Final = "fields.txt"
_HEADER = "# Fields of your own, a name a line; “searcher index --set desk=foreign” adds them.\n"


def load(folder: Place) -> tuple[str, ...]:
    """Declare the fields of an index, and return their names. Raises IndexDamaged."""
    lines = textfiles.read(folder / FILE).splitlines()
    try:
        names = [line.strip() for line in lines if not line.startswith("#")]
        return tuple(dict.fromkeys(declare(name, kept=True) for name in names if name))
    except UsageError as error:
        raise IndexDamaged(f"{folder / FILE}: {error}") from error


def add(folder: Place | None, names: Iterable[str]) -> None:
    """Declare fields, and keep them in the folder of an index if there is one.

    Raises UsageError for what can be no field, and IndexFailure.
    """
    known = load(folder) if folder else ()
    new = [declare(name) for name in names]
    missing = [name for name in dict.fromkeys(new) if name not in known]
    if folder and missing:
        textfiles.append(folder / FILE, missing, _HEADER)
