"""Options and helpers shared by the commands."""

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
from searcher.locations import find_index, ignored_index_warnings, is_index
from searcher.plugins import install_command
from searcher.sanitize import clean_line

if TYPE_CHECKING:
    from searcher.article import Article
    from searcher.index import Index

#: Minimum length of an abbreviated article id, in characters.
MIN_PREFIX_CHARACTERS = 4
#: Maximum number of ids listed for an ambiguous prefix.
_MAX_SHOWN_IDS = 5
#: Maximum number of shell completions.
_MAX_COMPLETIONS = 50


def open_existing(folder: str | None, patience: float = 30.0) -> Index:
    """Open the index in this folder, or the default index. Searches time out after ``patience`` seconds."""
    from searcher.index import open_index

    return open_index(find_index(folder), create=False, patience=patience)


def note_pending(index: Index) -> None:
    """Report the number of articles without names and quotations on stderr."""
    if pending := index.articles.count_pending():
        have = "has" if pending == 1 else "have"
        articles = f"{pending:,} article{'' if pending == 1 else 's'}"
        note(f"{articles} {have} no names or quotations yet (run: searcher annotate).")


def exclusive_option(values: Mapping[str, Any], names: Iterable[str], default: str, prefix: str = "") -> str:
    """Return the option that is set, or the default. Raises click.UsageError if several are set."""
    options = [name for name in names if values[f"{prefix}{name}"]]
    if len(options) > 1:
        first, second = (name.replace("_", "-") for name in options[:2])
        raise click.UsageError(f"--{first} and --{second} cannot be combined.")
    return options[0] if options else default


def parse_pair(option: str, text: str, form: str, example: str) -> tuple[str, str]:
    """Split “source=BBC” into name and value. Raises UsageError."""
    name, equals, value = (part.strip() for part in text.partition("="))
    if not (equals and name and value):
        raise UsageError(f"{option} expects {form}, not “{text}”. Example: {example}.")
    return name, value


def require(message: str, extra: str, *packages: str) -> None:
    """Raise UsageError with the install command if a package is missing."""
    if not all(map(util.find_spec, packages)):
        raise UsageError(f"{message}: {install_command(extra)}")


def refuse_own_folder(place: str | Path, paths: Iterable[str]) -> None:
    """Raise UsageError if the new index would be created in a folder that is to be indexed."""
    if not isinstance(place, Path) or is_index(place):
        return
    if place.resolve() in [Path(path).resolve() for path in paths]:
        raise UsageError(
            f"“{place}” cannot be both the index and a folder to index. Give the index its own folder: "
            f"searcher index -i index {place}"
        )


def find_article(index: Index, id: str) -> Article | None:
    """Return the article with an id or web address."""
    article = index.articles.get(id)
    if article is None and id.startswith(("http://", "https://")):
        from searcher.readers.finish import id_of_address

        article = index.articles.get(id_of_address(id))
    return article


def article_meant(index: Index, id: str) -> Article | None:
    """Return the article with an id, a unique prefix of an id, or a web address.

    Raises:
        UsageError: If several ids start with the prefix.
    """
    article = find_article(index, id)
    if article is not None or len(id) < MIN_PREFIX_CHARACTERS:
        return article
    ids = list(islice(index.articles.ids(id), _MAX_SHOWN_IDS + 1))
    if len(ids) > 1:
        more = ", …" if len(ids) > _MAX_SHOWN_IDS else ""
        raise UsageError(f"Several ids start with “{id}”: {', '.join(sorted(ids[:_MAX_SHOWN_IDS]))}{more}")
    return index.articles.get(ids[0]) if ids else None


class Day(click.ParamType):  # type: ignore[type-arg]  # generic since click 8.4 only
    """A date as in the query language: ``2025-03-31``, ``2025-03``, ``yesterday``, ``march 2024``.

    A longer period stands for its first day, or for its last day if ``last`` is set.
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
            self.fail(f"“{value}” is not a single day.", param, ctx)
        return day.isoformat()


def _note_folder(context: click.Context, _: click.Parameter, folder: str | None) -> str | None:
    """Return the folder given to this command or its group, and note other indexes that are not used."""
    folder = folder or (context.parent.params.get("folder") if context.parent else None)
    if not context.resilient_parsing:
        for sentence in ignored_index_warnings(folder):
            note(sentence)
    return folder


index_option = click.option(
    "-i",
    "--index",
    "folder",
    metavar="FOLDER",
    type=click.Path(file_okay=False),
    callback=_note_folder,
    help="Index folder. Default: SEARCHER_INDEX, index/ in this or a parent folder, or your data folder.",
)

color_option = click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    help="Use colour. auto: only on a terminal, and as NO_COLOR and CLICOLOR_FORCE say.",
)

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

document_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


def limit_option(default: int, items: str = "results", *, minimum: int = 0) -> Decorator:
    """Return the option for the maximum length of a list. If 0 is allowed, it means no maximum."""
    text = f"Maximum number of {items} ({default}{'' if minimum else '; 0: all'})."
    kind = click.IntRange(min=minimum)
    return click.option("-n", "--limit", type=kind, default=default, metavar="N", help=text)


def records_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--json`` and ``--jsonl`` to a command that prints a list. Without them, it prints text."""
    lines = click.option("--jsonl", "form", flag_value="jsonl", help="Print one JSON object per line.")
    document = click.option("--json", "form", flag_value="json", help="Print one JSON document.")
    return document(lines(command))


class _ListingGroup(click.Group):
    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            if (name := error.option_name.lstrip("-")) in self.commands:
                message = f"There is no option {error.option_name}. Use: {ctx.command_path} {name}"
                raise click.UsageError(message, ctx) from None
            raise


def listing_group(epilog: str) -> Callable[[Callable[..., int]], click.Group]:
    """Return a decorator for a group of commands whose function, a list, runs if no command is named."""

    def decorate(function: Callable[..., int]) -> click.Group:
        @wraps(function)
        def list_without_command(**values: Any) -> int:
            return OK if click.get_current_context().invoked_subcommand else function(**values)

        metavar = "[COMMAND] [ARGS]..."
        group = click.group(
            cls=_ListingGroup, invoke_without_command=True, subcommand_metavar=metavar, epilog=epilog
        )
        return group(index_option(list_without_command))

    return decorate


def ids_or_stdin(ids: Sequence[str]) -> list[str]:
    """Return the ids. For “-”, read them from stdin, one per line."""
    return [line.strip() for line in sys.stdin if line.strip()] if list(ids) == ["-"] else list(ids)


def value_option(*names: str, field: str, **settings: Any) -> Decorator:
    """Return an option that takes values of a field, with shell completion."""
    return click.option(
        *names, metavar="NAME", multiple=True, shell_complete=value_complete(field), **settings
    )


def value_complete(field: str) -> Callable[[click.Context, click.Parameter, str], list[Any]]:
    """Return click's completion function for the values of a field."""

    def complete(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[Any]:
        from click.shell_completion import CompletionItem

        try:
            with open_existing(ctx.params.get("folder")) as index:
                counts = index.values(ctx.params.get("kind") or field)
        except (SearcherError, OSError):  # A message would appear in the middle of the user's command line.
            return []
        plain = {value: count for value, count in counts.items() if clean_line(value) == value}
        return [CompletionItem(value, help=f"{counts[value]:,}") for value in completions(plain, incomplete)]

    return complete


def completions(counts: Mapping[str, int], incomplete: str) -> list[str]:
    """Return the values with this prefix, most frequent first; otherwise values with a word that has it."""
    from searcher.names.normalise import fold

    ranked = sorted(counts, key=lambda value: (-counts[value], value))
    start = fold(incomplete)
    matches = [value for value in ranked if fold(value).startswith(start)]
    return (matches or [value for value in ranked if f" {start}" in f" {fold(value)}"])[:_MAX_COMPLETIONS]


class QueryCommand(GuardedCommand):
    """A command that accepts options anywhere among the words of a query, up to ``--``.

    ``-Meta`` excludes a word, so one-letter options cannot be combined (``-n 5`` and ``-n5`` work). An
    unknown long or one-letter option is an error.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, self._options_first(ctx, args) if args else args)

    def _options_first(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Reorder the arguments: options, ``--``, words of the query."""
        takes_value = {
            name: not (option.is_flag or option.count)
            for option in self.get_params(ctx)
            if isinstance(option, click.Option)
            for name in (*option.opts, *option.secondary_opts)
        }
        options: list[str] = []
        words: list[str] = []
        rest = iter(args)
        for arg in rest:
            if arg == "--":
                words += rest
            elif number := _option_with_number(arg, takes_value):
                options += number
            elif re.fullmatch("-[A-Za-z]", arg) and arg not in takes_value and not ctx.resilient_parsing:
                ctx.fail(_unknown_letter_message(arg, takes_value))
            elif arg in takes_value or arg.startswith("--"):
                options.append(arg)
                if takes_value.get(arg):
                    if (value := next(rest, None)) is None:
                        return options  # Click reports the missing value.
                    options.append(value)
            else:
                words.append(arg)
        return [*options, "--", *words]


def _unknown_letter_message(arg: str, options: Iterable[str]) -> str:
    """Return the error message for an unknown one-letter option."""
    candidates = [name for name in options if name.lower() == arg.lower()]
    candidates = candidates or sorted(name for name in options if name.startswith(f"-{arg.lower()}"))
    candidates = ["> FILE (to write to a file)"] if arg == "-o" else candidates
    advice = f" Did you mean {' or '.join(candidates[:3])}?" if candidates else ""
    return f"There is no option {arg}.{advice} To exclude the word “{arg[1]}”, write: -- -{arg[1]}"


def _option_with_number(arg: str, takes_value: dict[str, bool]) -> list[str]:
    match = re.fullmatch(r"(-[a-z])=?(\d+)", arg)
    return [match[1], match[2]] if match and takes_value.get(match[1]) else []
