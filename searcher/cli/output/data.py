"""JSON output: ``--json`` prints one object with its ``schema``, ``--jsonl`` one list item per line."""

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
from searcher.sanitize import escape_json

if TYPE_CHECKING:
    from searcher.results.statements import Statements

_T = TypeVar("_T")


def dumps(value: Any, *, indent: int | None = None) -> str:
    """Return a value as JSON. Only characters that could control a terminal are escaped."""
    return escape_json(json.dumps(value, ensure_ascii=False, indent=indent))


def answer(search: Search, results: Results | Quotes | Statements, facet_limit: int = 0) -> dict[str, Any]:
    """Return one document for an answer, with at most ``facet_limit`` values per facet (0: all)."""
    what = (
        "quotes"
        if isinstance(results, Quotes)
        else "search"
        if isinstance(results, Results)
        else "statements"
    )
    if facet_limit and not isinstance(results, Quotes):
        first = {name: Facet(name, one.values.first(facet_limit)) for name, one in results.facets.items()}
        results = replace(results, facets=first)
    head = {"schema": f"searcher.{what}/1", "query": search.text, "narrowed": search.narrowing_arguments()}
    return {**head, **results.to_dict()}


def write_document(schema: str, content: Mapping[str, Any]) -> None:
    """Write one object with its schema, for example ``searcher.stats/1``.

    The number rises if a key changes its meaning or is removed.
    """
    write(dumps({"schema": f"searcher.{schema}/1", **content}, indent=2) + "\n")


def write_records(form: str, schema: str, records: Iterable[Mapping[str, Any]], **content: Any) -> None:
    """Write one record per line (``jsonl``), or one document with other ``content`` (``json``)."""
    if form == "jsonl":
        for record in records:
            write(dumps(record) + "\n")
    else:
        write_document(schema, {**content, schema: list(records)})


def print_list(
    form: str | None,
    schema: str,
    items: Sequence[_T],
    record_of: Callable[[_T], Mapping[str, Any]],
    line_of: Callable[[_T], str],
    empty: str,
    **content: Any,
) -> int:
    """Print a list and return the exit code.

    Without a ``form``, print one line per item, which must be safe to print. If the list is empty, the
    message ``empty`` goes to stderr.
    """
    if form:
        write_records(form, schema, map(record_of, items), **content)
    else:
        write("".join(f"{line_of(one)}\n" for one in items))
        if not items:
            note(empty)
    return OK if items else NOTHING
