"""The command ``searcher``: a table of commands, each loaded when it is used."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Final, cast

import click

from searcher import __version__, plugins
from searcher.cli.exits import GuardedGroup, debug_option

#: The built-in commands, each with its module and attribute in ``cli/commands``.
COMMANDS: Final = {
    "alerts": "searches.alerts",
    "annotate": "ingest.annotate",
    "completion": "completion.completion",
    "copy": "collection.copy",
    "delete": "articles.delete",
    "deleted": "articles.deleted",
    "extract": "ingest.extract",
    "index": "ingest.index",
    "log": "collection.log",
    "match": "searches.match",
    "names": "names.names",
    "open": "articles.open_article",
    "person": "people.person",
    "problems": "ingest.problems",
    "rebuild": "ingest.rebuild",
    "related": "articles.related",
    "saved": "searches.saved",
    "show": "articles.show",
    "speakers": "articles.speakers",
    "stats": "collection.stats",
    "synonyms": "names.synonyms",
    "tag": "articles.tag",
    "tags": "articles.tags",
    "together": "people.together",
    "verify": "collection.verify",
    "versions": "articles.versions",
}

#: Entry point group for the commands of extensions and plug-ins.
COMMAND_GROUP: Final = "searcher.commands"


class _Commands(GuardedGroup):
    def list_commands(self, _: click.Context) -> list[str]:
        return sorted({*COMMANDS, *plugins.names(COMMAND_GROUP)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  click asks so
        if cmd_name == "search":
            from searcher.cli.search import search

            return search
        if cmd_name not in self.commands and (command := _command(cmd_name)):
            for one in (command, *(command.commands.values() if isinstance(command, click.Group) else ())):
                debug_option(one)
            self.add_command(command, cmd_name)
        return self.commands.get(cmd_name)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_epilog(ctx, formatter)
        for name, package in sorted(plugins.missing_entries(COMMAND_GROUP).items()):
            formatter.write_text(f"Not installed: {name} (pip install '{package}')")


def _command(name: str) -> click.Command | None:
    """Return a command of the core, an extension or a plug-in. Return None for any other name."""
    if name in COMMANDS:
        module, _, member = COMMANDS[name].partition(".")
        return cast(click.Command, getattr(import_module(f"searcher.cli.commands.{module}"), member))
    if name in plugins.built_in_entries(COMMAND_GROUP) or name in plugins.installed_entries(COMMAND_GROUP):
        return cast(click.Command, plugins.find(COMMAND_GROUP, name))
    return None


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""\b
Examples:
  searcher index articles/     read files and add their articles
  search LeCun LLM             search them (a separate command)
  searcher serve --open        search in your browser
  searcher show ID             read an article

\b
Exit status: 0 success, 1 nothing found or some files failed, 2 error.
""",
)
@debug_option
@click.version_option(__version__, message="%(prog)s %(version)s")
def searcher() -> None:
    """Create and maintain an index of your articles. To search it, use “search”."""


def searcher_hint(words: Sequence[str], has_results: bool) -> str | None:
    """Return a hint if the words of a search look like a command of “searcher”.

    They do if they start with its name and include an existing path or find nothing.
    """
    if not words or words[0] not in {*COMMANDS, *plugins.built_in_entries(COMMAND_GROUP)}:
        return None
    if has_results and not any(_is_path(word) for word in words[1:]):
        return None
    import shlex  # rarely needed

    return f"Searched for these words. To run the command instead: searcher {shlex.join(words)}"


def _is_path(word: str) -> bool:
    try:
        return Path(word).exists()
    except (OSError, ValueError):  # the path is too long or contains NUL
        return False


def main() -> None:
    searcher.main(prog_name="searcher")


if __name__ == "__main__":
    main()
