"""Options that the commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from searcher.cli.streams import note
from searcher.locations import passed_over

__all__ = [
    "Day",
    "color_option",
    "document_option",
    "index_option",
    "records_options",
    "value_complete",
    "value_option",
]


class Day(click.ParamType):  # type: ignore[type-arg]  # generic since click 8.4 only
    """A day as in the query language: ``2025-03-31``, ``2025-03``, ``yesterday``, ``march 2024``.

    A longer time stands for its first day, or for its ``last``.
    """

    name = "day"

    def __init__(self, *, last: bool) -> None:
        self.last = last

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        import datetime as dt

        from searcher.query.language.dates import days

        try:
            span = days(str(value), dt.date.today())
        except ValueError as error:
            self.fail(str(error), param, ctx)
        day = span[1 if self.last else 0]
        if day is None or ".." in str(value):
            self.fail(f"“{value}” is no single day.", param, ctx)
        return day.isoformat()


def index_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "-i",
        "--index",
        "folder",
        metavar="FOLDER",
        type=click.Path(file_okay=False),
        callback=_noted,
        help="Where the index is. Else: SEARCHER_INDEX, the nearest index/ upwards, your data folder.",
    )(command)


def _noted(context: click.Context, _: click.Parameter, folder: str | None) -> str | None:
    """Say which indexes are not looked for in the folders above."""
    if not context.resilient_parsing:
        for sentence in passed_over(folder):
            note(sentence)
    return folder


def color_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        default="auto",
        help="Colour: on a terminal only (auto), always or never. NO_COLOR and CLICOLOR_FORCE count too.",
    )(command)


def document_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--json`` to a command that prints one thing."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")(command)


def records_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--json`` and ``--jsonl`` to a command that prints a list; its ``form`` is None for people."""
    lines = click.option("--jsonl", "form", flag_value="jsonl", help="Print one JSON object a line.")
    document = click.option("--json", "form", flag_value="json", help="Print one JSON document.")
    return document(lines(command))


Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def value_option(*names: str, field: str, **settings: Any) -> Decorator:
    """Make an option that takes values of a field of the index, and completes them in the shell."""
    return click.option(
        *names, metavar="NAME", multiple=True, shell_complete=value_complete(field), **settings
    )


def value_complete(field: str) -> Callable[[click.Context, click.Parameter, str], list[Any]]:
    """Return the function by which click completes the values of a field."""

    def complete(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[Any]:
        from searcher.cli.commands import completion

        asked = ctx.params.get("kind") or field
        return list(completion.values(ctx, asked, incomplete))

    return complete
