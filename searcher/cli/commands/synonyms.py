"""``searcher synonyms``: words that find one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from searcher.cli.exits import NOTHING, OK, debug_option
from searcher.cli.indexes import open_existing
from searcher.cli.options import index_option, records_options
from searcher.cli.streams import write

if TYPE_CHECKING:
    from searcher.query.synonyms import Rule

__all__ = ["synonyms"]


@click.group(
    invoke_without_command=True,
    subcommand_metavar="[COMMAND] [ARGS]...",
    epilog="""\b
Examples:
  searcher synonyms                                 list them
  searcher synonyms add "ECB, European Central Bank"
  searcher synonyms add "vehicle => car, lorry"     not the other way round
  searcher synonyms remove "vehicle => car, lorry"
""",
)
@index_option
@debug_option
@records_options
@click.pass_context
def synonyms(context: click.Context, folder: str | None, form: str | None) -> int:
    """List words that find one another, or change them.

    They are kept as lines of text in synonyms.txt beside the index: edit it as you like. They apply at once
    and survive rebuilding. Exact words and phrases ("in quotation marks") find only themselves.
    """
    if context.invoked_subcommand is not None:
        return OK
    with open_existing(_folder(context, folder)) as index:
        rules = index.synonyms.rules
    if form:
        from searcher.cli.output.records import write_records

        write_records(form, "synonyms", map(_record, rules))
    else:
        write("".join(f"{_plain(rule)}\n" for rule in rules))
    return OK if rules else NOTHING


@synonyms.command()
@click.argument("line", metavar="LINE")
@index_option
@debug_option
@click.pass_context
def add(context: click.Context, line: str, folder: str | None) -> int:
    """Add a line: "a, b" (each finds all) or "a => b, c"."""
    with open_existing(_folder(context, folder)) as index:
        index.set_synonyms(index.synonyms.add(line))
    return OK


@synonyms.command()
@click.argument("line", metavar="LINE")
@index_option
@debug_option
@click.pass_context
def remove(context: click.Context, line: str, folder: str | None) -> int:
    """Remove a line, given as it is listed."""
    with open_existing(_folder(context, folder)) as index:
        index.set_synonyms(index.synonyms.remove(line))
    return OK


def _record(rule: Rule) -> dict[str, list[str]]:
    return {"words": list(rule.words), "others": list(rule.others)}


def _plain(rule: Rule) -> str:
    from searcher.sanitize import clean

    return clean(str(rule))


def _folder(context: click.Context, folder: str | None) -> str | None:
    """The folder given here, or with the command above."""
    above: str | None = context.parent.params.get("folder") if context.parent else None
    return folder or above
