"""``searcher delete``: articles that are to stay away, and the way back."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from searcher.cli.exits import NOTHING, OK
from searcher.cli.indexes import open_existing
from searcher.cli.options import document_option, index_option
from searcher.cli.streams import note, write
from searcher.errors import UsageError

if TYPE_CHECKING:
    from searcher.index import Index

__all__ = ["delete"]


@click.command(
    epilog="""\b
Examples:
  searcher delete ID
  search --ids "press release" | searcher delete -
  searcher delete --list
  searcher delete --undo ID && searcher rebuild
"""
)
@click.argument("ids", nargs=-1, metavar="ID…")
@click.option("--list", "listing", is_flag=True, help="Print the ids of what was deleted.")
@click.option("--undo", is_flag=True, help="Let them in again; searcher rebuild brings them back.")
@document_option
@index_option
def delete(ids: Sequence[str], folder: str | None, listing: bool, undo: bool, as_json: bool) -> int:
    """Delete articles.

    Indexing and rebuilding leave them out from now on. “-” reads ids from stdin, one a line.
    """
    if bool(ids) == listing:
        raise UsageError("Give the ids of articles, “-” for those on stdin, or --list.")
    wanted = [line.strip() for line in sys.stdin if line.strip()] if tuple(ids) == ("-",) else list(ids)
    with open_existing(folder) as index:
        if listing:
            return _list(index, as_json)
        return _undo(index, wanted, as_json) if undo else _delete(index, wanted, as_json)


def _list(index: Index, as_json: bool) -> int:
    from searcher.cli.output.records import write_document

    deleted = sorted(index.deleted())
    if as_json:
        write_document("deleted", {"deleted": deleted})
    else:
        write("".join(f"{id}\n" for id in deleted))
    return OK if deleted else NOTHING


def _delete(index: Index, ids: Sequence[str], as_json: bool) -> int:
    unknown = [id for id in dict.fromkeys(ids) if index.get(id) is None]
    _report("deleted", index.delete(ids), unknown, as_json)
    for id in unknown:
        note(f"There is no article with the id “{id}”.")
    return NOTHING if unknown else OK


def _undo(index: Index, ids: Sequence[str], as_json: bool) -> int:
    there = index.deleted()
    unknown = [id for id in dict.fromkeys(ids) if id not in there]
    back = index.undelete(ids)
    _report("let in again", back, unknown, as_json)
    for id in unknown:
        note(f"No article with the id “{id}” was deleted.")
    if back:
        note("searcher rebuild brings back those whose files are still there.")
    return NOTHING if unknown else OK


def _report(what: str, count: int, unknown: Sequence[str], as_json: bool) -> None:
    from searcher.cli.output.records import write_document

    if as_json:
        write_document("delete", {what.replace(" ", "_"): count, "unknown": unknown})
    else:
        write(f"{count:,} article{'' if count == 1 else 's'} {what}\n")
