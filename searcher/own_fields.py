"""Fields of one's own (a desk, a topic), kept in a plain text file beside the index: a name a line.

They are declared where they first come, in loading, and then searched, narrowed and counted as others are.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from searcher.errors import IndexDamaged, UsageError
from searcher.fields import own_name
from searcher.locations import TEXTS
from searcher.textfiles import Texts

#: The file's name within the folder of an index.
FILE: Final = "fields.txt"


def load(texts: Texts) -> tuple[str, ...]:
    """Return the names of the fields of an index. Raises IndexDamaged."""
    try:
        return tuple(dict.fromkeys(own_name(name, kept=True) for name in _names(texts.read(FILE))))
    except UsageError as error:
        raise IndexDamaged(f"{texts.path(FILE)}: {error}") from error


def add(texts: Texts, names: Iterable[str]) -> None:
    """Keep fields beside an index.

    Raises UsageError for what can be no field, and IndexFailure.
    """
    known = load(texts)
    new = list(dict.fromkeys(name if name in known else own_name(name) for name in names))
    if not {*new} <= {*known}:
        texts.change(FILE, lambda text: _with(text or TEXTS[FILE], new))


def _with(text: str, names: Iterable[str]) -> str:
    """Return the text of the file with names that it has not yet."""
    known = {*_names(text)}
    start = text if text.endswith("\n") else f"{text}\n"
    return start + "".join(f"{name}\n" for name in names if name not in known)


def _names(text: str) -> list[str]:
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]
