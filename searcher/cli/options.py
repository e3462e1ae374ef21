"""What the commands share: options (which stand anywhere among the words of a query), opening the index, and
looking up an article in it."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from importlib import util
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from searcher.cli.exits import OK, GuardedCommand
from searcher.cli.streams import note
from searcher.errors import SearcherError, UsageError
from searcher.locations import find_index, is_index, passed_over
from searcher.plugins import install_command
from searcher.sanitize import clean

if TYPE_CHECKING:
    from searcher.article import Article
    from searcher.index import Index

#: Characters of an id that may stand for it, and ids that are shown where these are not enough.
MIN_PREFIX_CHARACTERS, _MAX_SHOWN_IDS = 4, 5
#: Candidates that a shell is given at most.
_MAX_CANDIDATES = 50


def open_existing(folder: str | None, patience: float = 30.0) -> Index:
    """Open the index in a folder, or the default one. Raises IndexMissing where there is none. ``patience``:
    seconds after which a search is given up."""
    from searcher.index import open_index

    return open_index(find_index(folder), create=False, patience=patience)


def note_pending(index: Index) -> None:
    """Tell where articles have no names and quotations yet."""
    if pending := index.pending:
        from searcher.cli.output.terminal import to_come

        note(to_come(pending))


def exclusive_option(given: Mapping[str, Any], names: Iterable[str], usual: str, prefix: str = "") -> str:
    """Return the one of these options that is set, or the default. Raises click.UsageError for two."""
    asked = [name for name in names if given[f"{prefix}{name}"]]
    if len(asked) > 1:
        first, second = (name.replace("_", "-") for name in asked[:2])
        raise click.UsageError(f"--{first} and --{second} exclude each other.")
    return asked[0] if asked else usual


def pair_of(option: str, text: str, form: str, example: str) -> tuple[str, str]:
    """Return the name and the value in “source=BBC”. Raises UsageError, with an example."""
    name, equals, value = (part.strip() for part in text.partition("="))
    if not (equals and name and value):
        raise UsageError(f"{option}: “{text}” is no {form}, as in {example}.")
    return name, value


def require(what: str, extra: str, *packages: str) -> None:
    """Raise UsageError, with what to install, where a package is not there."""
    if not all(map(util.find_spec, packages)):
        raise UsageError(f"{what}: {install_command(extra)}")


def refuse_own_folder(where: str | Path, paths: Iterable[str]) -> None:
    """Raise UsageError where a folder of articles would be made the index of what is in it."""
    if not isinstance(where, Path) or is_index(where):
        return
    if where.resolve() in [Path(path).resolve() for path in paths]:
        raise UsageError(
            f"“{where}” cannot be both, the index and what is indexed. Give the index a folder for itself: "
            f"searcher index -i index {where}"
        )


def find_article(index: Index, asked: str) -> Article | None:
    """Return the article with an id, or the one that was read from an address."""
    found = index.get(asked)
    if found is None and asked.startswith(("http://", "https://")):
        from searcher.readers.finish import id_of_address

        found = index.get(id_of_address(asked))
    return found


def article_meant(index: Index, asked: str) -> Article | None:
    """Return the article with an id, with one that alone begins so, or read from an address. Raises
    UsageError where several begin so."""
    found = find_article(index, asked)
    if found is not None or len(asked) < MIN_PREFIX_CHARACTERS:
        return found
    ids = list(islice(index.ids(asked), _MAX_SHOWN_IDS + 1))
    if len(ids) > 1:
        more = ", …" if len(ids) > _MAX_SHOWN_IDS else ""
        raise UsageError(f"Several ids begin with “{asked}”: {', '.join(sorted(ids[:_MAX_SHOWN_IDS]))}{more}")
    return index.get(ids[0]) if ids else None


class Day(click.ParamType):  # type: ignore[type-arg]  # generic since click 8.4 only
    """A day as in the query language: ``2025-03-31``, ``2025-03``, ``yesterday``, ``march 2024``. A longer
    time stands for its first day, or for its ``last``."""

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


def _note_folder(context: click.Context, _: click.Parameter, folder: str | None) -> str | None:
    """Return the folder given here or to the group above, and say which indexes are passed over."""
    folder = folder or (context.parent.params.get("folder") if context.parent else None)
    if not context.resilient_parsing:
        for sentence in passed_over(folder):
            note(sentence)
    return folder


index_option = click.option(
    "-i",
    "--index",
    "folder",
    metavar="FOLDER",
    type=click.Path(file_okay=False),
    callback=_note_folder,
    help="Where the index is. Else: SEARCHER_INDEX, the nearest index/ upwards, your data folder.",
)

color_option = click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    help="Colour: on a terminal only (auto), always or never. NO_COLOR and CLICOLOR_FORCE count too.",
)

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

#: Of a command that prints one thing.
document_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


def limit_option(usual: int, what: str = "How many", *, least: int = 0) -> Decorator:
    """Make the option that bounds a list; where 0 may be given, it stands for all."""
    text = f"{what} ({usual}{'' if least else '; 0 all'})."
    kind = click.IntRange(min=least)
    return click.option("-n", "--limit", type=kind, default=usual, metavar="N", help=text)


def records_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--json`` and ``--jsonl`` to a command that prints a list; its ``form`` is None for people."""
    lines = click.option("--jsonl", "form", flag_value="jsonl", help="Print one JSON object a line.")
    document = click.option("--json", "form", flag_value="json", help="Print one JSON document.")
    return document(lines(command))


class _ListingGroup(click.Group):
    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            if (name := error.option_name.lstrip("-")) in self.commands:
                message = f"There is no option {error.option_name}. Write: {ctx.command_path} {name}"
                raise click.UsageError(message, ctx) from None
            raise


def listing_group(epilog: str) -> Callable[[Callable[..., int]], click.Group]:
    """Make a group of commands from a function that lists what they change, called if none is named."""

    def decorate(function: Callable[..., int]) -> click.Group:
        @wraps(function)
        def list_if_alone(**given: Any) -> int:
            return OK if click.get_current_context().invoked_subcommand else function(**given)

        metavar = "[COMMAND] [ARGS]..."
        group = click.group(
            cls=_ListingGroup, invoke_without_command=True, subcommand_metavar=metavar, epilog=epilog
        )
        return group(index_option(list_if_alone))

    return decorate


def ids_or_stdin(ids: Sequence[str]) -> list[str]:
    """Return the ids that were given, or those on stdin, one a line, for “-”."""
    return [line.strip() for line in sys.stdin if line.strip()] if list(ids) == ["-"] else list(ids)


def value_option(*names: str, field: str, **settings: Any) -> Decorator:
    """Make an option that takes values of a field of the index, and completes them in the shell."""
    return click.option(
        *names, metavar="NAME", multiple=True, shell_complete=value_complete(field), **settings
    )


def value_complete(field: str) -> Callable[[click.Context, click.Parameter, str], list[Any]]:
    """Return the function by which click completes the values of a field."""

    def complete(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[Any]:
        from click.shell_completion import CompletionItem

        try:
            with open_existing(ctx.params.get("folder")) as index:
                counts = index.values(ctx.params.get("kind") or field)
        except (SearcherError, OSError):  # a message would end up in the user's command line
            return []
        plain = {value: count for value, count in counts.items() if clean(value) == value}
        return [CompletionItem(value, help=f"{counts[value]:,}") for value in completions(plain, incomplete)]

    return complete


def completions(counts: Mapping[str, int], incomplete: str) -> list[str]:
    """Return the values that begin so, most frequent first; else those with a word that begins so."""
    from searcher.names.normalise import fold

    ranked = sorted(counts, key=lambda value: (-counts[value], value))
    start = fold(incomplete)
    begins = [value for value in ranked if fold(value).startswith(start)]
    return (begins or [value for value in ranked if f" {start}" in f" {fold(value)}"])[:_MAX_CANDIDATES]


class QueryCommand(GuardedCommand):
    """A command that takes options anywhere among the words of a query; ``--`` ends the options. ``-Meta``
    excludes a word, where click would read the options -M, -e, -t and -a. So one-letter options stand alone
    (``-n 5``; ``-n5`` is understood too). ``--persn`` and ``-q`` are reported as unknown options."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, self._options_first(ctx, args) if args else args)

    def _options_first(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Reorder the arguments: options first, then ``--``, then the words of the query."""
        takes_value = {
            name: not (option.is_flag or option.count)
            for option in self.get_params(ctx)
            if isinstance(option, click.Option)
            for name in (*option.opts, *option.secondary_opts)
        }
        options: list[str] = []
        words: list[str] = []
        waiting = iter(args)
        for arg in waiting:
            if arg == "--":
                words += waiting
            elif glued := _glued_number(arg, takes_value):
                options += glued
            elif re.fullmatch("-[A-Za-z]", arg) and arg not in takes_value and not ctx.resilient_parsing:
                ctx.fail(_unknown_letter(arg, takes_value))
            elif arg in takes_value or arg.startswith("--"):
                options.append(arg)
                if takes_value.get(arg):
                    if (value := next(waiting, None)) is None:
                        return options  # click says what is missing
                    options.append(value)
            else:
                words.append(arg)
        return [*options, "--", *words]


def _unknown_letter(arg: str, options: Iterable[str]) -> str:
    """Return the message for a minus and a letter that are not an option."""
    nearest = [name for name in options if name.lower() == arg.lower()]
    nearest = nearest or sorted(name for name in options if name.startswith(f"-{arg.lower()}"))
    nearest = ["> FILE (to write to a file)"] if arg == "-o" else nearest
    advice = f" Did you mean {' or '.join(nearest[:3])}?" if nearest else ""
    return f"There is no option {arg}.{advice} To exclude the word “{arg[1]}”, write: -- -{arg[1]}"


def _glued_number(arg: str, takes_value: dict[str, bool]) -> list[str]:
    match = re.fullmatch(r"(-[a-z])=?(\d+)", arg)
    return [match[1], match[2]] if match and takes_value.get(match[1]) else []
