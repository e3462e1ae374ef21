"""Lists of names: texts with a name a line, or tables."""

from __future__ import annotations

import csv
from typing import Final

from searcher.errors import UsageError
from searcher.names.normalise import fold, word_set
from searcher.readers.encodings import decode
from searcher.readers.tables import dialect

#: Names of one list: half as many take half a minute among 100,000 articles; and letters of a name.
_MAX_NAMES, _MAX_LETTERS = 20_000, 200
#: What the column of the names is called.
_COLUMNS: Final = word_set("name names person people organisation organization entity company nom nombre")


def names_in(data: bytes, origin: str = "", column: str = "") -> list[str]:
    """Return the names in a file, each once: a line each, or those in a column of a table in CSV, by its
    heading; else in the one that is called so, or the only one. Raises UsageError."""
    text = decode(data)
    given = text.splitlines()
    if column or origin.lower().endswith((".csv", ".tsv")):
        delimiter, quote = dialect(text, origin)
        rows = [*csv.reader(given, delimiter=delimiter, quotechar=quote)] or [[]]
        wanted = {fold(column)} if column else _COLUMNS
        numbers = [number for number, cell in enumerate(rows[0]) if fold(cell) in wanted]
        if not numbers and (column or len(rows[0]) != 1):
            raise UsageError(f"Which column has the names? There are: {', '.join(rows[0][:12]) or 'none'}.")
        at = numbers[0] if numbers else 0
        given = [row[at] for row in rows[len(numbers[:1]) :] if len(row) > at]
    names = dict.fromkeys(" ".join(name.split())[:_MAX_LETTERS] for name in given if fold(name))
    if len(names) > _MAX_NAMES:
        raise UsageError(f"A list may have {_MAX_NAMES:,} names: take it in parts.")
    return [*names]
