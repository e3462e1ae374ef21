"""``searcher COMMAND``: makes, keeps and shows the index."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Final, cast

import click

from searcher import __version__, plugins
from searcher.cli.exits import GuardedGroup, debug_option

#: The module and the member of each command of the core.
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

#: Commands of extensions and of plug-ins.
COMMAND_GROUP: Final = "searcher.commands"


class _Commands(GuardedGroup):
    """The commands, of which one is loaded when it is asked for."""

    def list_commands(self, _: click.Context) -> list[str]:
        return sorted({*COMMANDS, *plugins.names(COMMAND_GROUP)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  click asks so
        if cmd_name == "search":  # the same as the command “search”
            from searcher.cli.search import search

            return search
        if cmd_name not in self.commands and (found := _command(cmd_name)):
            for command in (found, *(found.commands.values() if isinstance(found, click.Group) else ())):
                debug_option(command)
            self.add_command(found, cmd_name)
        return self.commands.get(cmd_name)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_epilog(ctx, formatter)
        for name, package in sorted(plugins.missing_entries(COMMAND_GROUP).items()):
            formatter.write_text(f"Not installed: {name} (pip install '{package}')")


def _command(name: str) -> click.Command | None:
    """Return a command of the core or of a plug-in, None for any other name."""
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
  searcher index articles/     clean files and add them
  search LeCun LLM             search them (a command of its own)
  searcher serve --open        the same as a page in your browser
  searcher show ID             read an article

\b
Exit status: 0 fine, 1 some files failed or nothing was found, 2 an error.
""",
)
@debug_option
@click.version_option(__version__, message="%(prog)s %(version)s")
def searcher() -> None:
    """Make and keep an index of your articles, to be searched with “search”."""


def to_searcher(words: Sequence[str], found: bool) -> str | None:
    """Return what to write where the words of a search look like a command of “searcher”: one with a path, or
    that finds nothing."""
    if not words or words[0] not in {*COMMANDS, *plugins.built_in_entries(COMMAND_GROUP)}:
        return None
    if found and not any(_is_path(word) for word in words[1:]):
        return None
    import shlex  # for an answer that few get

    return f"These words were searched for. To use the command: searcher {shlex.join(words)}"


def _is_path(word: str) -> bool:
    try:
        return Path(word).exists()
    except (OSError, ValueError):  # too long for a path, or with a NUL in it
        return False


def main() -> None:
    """The console script."""
    searcher.main(prog_name="searcher")


if __name__ == "__main__":
    main()
