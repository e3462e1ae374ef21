"""Lists as programs read them: one JSON document, or one JSON object a line.

The rule of every command: ``--json`` prints one document, an object with its ``schema``; ``--jsonl`` prints
what a list holds, one object a line and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from searcher.cli.output.data import dumps
from searcher.cli.streams import write

__all__ = ["write_document", "write_records"]


def write_document(schema: str, content: Mapping[str, Any]) -> None:
    """Write one document, an object with its schema: ``stats`` is written as ``searcher.stats/1``, and the
    number rises when a key changes its meaning or goes."""
    write(dumps({"schema": f"searcher.{schema}/1", **content}, indent=2) + "\n")


def write_records(form: str, schema: str, records: Iterable[Mapping[str, Any]], **beside: Any) -> None:
    """Write a list. The form ``jsonl`` gives a record a line; ``json`` gives one document, which holds the
    records under the name of the schema, and what is ``beside`` them."""
    if form == "jsonl":
        for record in records:
            write(dumps(record) + "\n")
    else:
        write_document(schema, {**beside, schema: list(records)})
