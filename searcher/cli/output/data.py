"""Answers for programs, as JSON.

The rule of every command: ``--json`` prints one document, an object with its ``schema``; ``--jsonl`` prints
what a list holds, one object a line and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from searcher.cli.exits import NOTHING, OK
from searcher.cli.streams import note, write
from searcher.query.request import Search
from searcher.results import Facet, Results
from searcher.results.quotations import Quotes
from searcher.sanitize import json_safe

if TYPE_CHECKING:
    from searcher.results.statements import Statements

_T = TypeVar("_T")


def dumps(value: Any, *, indent: int | None = None) -> str:
    """Write a value as JSON. Letters stay as they are, except those that could control a terminal."""
    return json_safe(json.dumps(value, ensure_ascii=False, indent=indent))


def answer(search: Search, found: Results | Quotes | Statements, facet_limit: int = 0) -> dict[str, Any]:
    """Return one document for a whole answer. ``facet_limit`` bounds the values of each facet (0: all of
    them); selected ones are always included."""
    what = "quotes" if isinstance(found, Quotes) else "search" if isinstance(found, Results) else "statements"
    if facet_limit and not isinstance(found, Quotes):
        first = {name: Facet(name, one.values.first(facet_limit)) for name, one in found.facets.items()}
        found = replace(found, facets=first)
    head = {"schema": f"searcher.{what}/1", "query": search.text, "narrowed": search.narrowing()}
    return {**head, **found.to_dict()}


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


def print_list(
    form: str | None,
    schema: str,
    some: Sequence[_T],
    record_of: Callable[[_T], Mapping[str, Any]],
    line_of: Callable[[_T], str],
    empty: str,
    **beside: Any,
) -> int:
    """Print a list and return the exit code.

    With a ``form`` it is printed as records, otherwise one line per item, which must be safe to print. For an
    ``empty`` list that sentence goes to stderr instead.
    """
    if form:
        write_records(form, schema, map(record_of, some), **beside)
    else:
        write("".join(f"{line_of(one)}\n" for one in some))
        if not some:
            note(empty)
    return OK if some else NOTHING
