"""``searcher saved``: lists the searches that were saved."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from searcher.cli.exits import NOTHING, OK
from searcher.cli.options import index_option, records_options
from searcher.cli.saved_store import complete_names, saved_searches
from searcher.cli.search import NARROW
from searcher.cli.streams import write

if TYPE_CHECKING:
    from searcher.query.request import Search
    from searcher.saved_searches import SavedSearch

__all__ = ["saved"]

#: What narrows by an option of its own; other fields do by --only.
_WITH_OPTION = frozenset({"said_by", "every", *(field for _, field, _ in NARROW)})
#: Those whose option has another name.
OPTIONS = {"organisation": "org", "language": "lang", "said_by": "said-by"}


@click.command(
    epilog="""\b
Examples:
  search --person "Mara Lindqvist" drilling --save lindqvist
  search --saved lindqvist -n 3
  searcher saved
  searcher saved --delete lindqvist
"""
)
@click.option(
    "--delete", "deleted", multiple=True, metavar="NAME", shell_complete=complete_names, help="Forget it."
)
@records_options
@index_option
def saved(deleted: Sequence[str], folder: str | None, form: str | None) -> int:
    """List the saved searches.

    They are made with “search QUERY… --save NAME”, and kept in the folder saved of the index.
    """
    from searcher.cli.output.records import write_records
    from searcher.sanitize import clean

    store = saved_searches(folder)
    for name in deleted:
        store.delete(name)
    if deleted:
        return OK
    listed = list(store)
    if form:
        write_records(form, "saved", map(_record, listed))
    else:
        for one in listed:
            write(f"{clean(_described(one))}\n")
    return OK if listed else NOTHING


def _record(one: SavedSearch) -> dict[str, Any]:
    return {"name": one.name, "query": one.search.text, "narrowed": one.search.narrowing()}


def _described(one: SavedSearch) -> str:
    """The search as it is asked on the command line."""
    return " ".join([f"{one.name}:", one.search.text or "*", *_options(one.search)])


def _options(asked: Search) -> Iterator[str]:
    for name, value in asked.narrowing().items():
        negated = "not-" if name.startswith("not_") else ""
        field = name.removeprefix("not_")
        option = f"--{negated}{OPTIONS.get(field, field)} "
        if isinstance(value, list) and field not in _WITH_OPTION:
            option = f"--{negated}only {field}="
        for one in value if isinstance(value, list) else [value]:
            yield f"{option}{shlex.quote(str(one))}"
    if asked.quotes and not asked.speakers:
        yield "--in quotes"
    if "indirect" in asked.kinds:
        yield "--indirect"
    if asked.match == "any":
        yield "--any"
