"""``searcher COMMAND``: makes, keeps and shows the index."""

from __future__ import annotations

from importlib import import_module

import click

from searcher import __version__
from searcher.cli.commands import COMMANDS
from searcher.cli.exits import GuardedGroup, debug_option


class _Commands(GuardedGroup):
    """The commands, of which one is loaded when it is asked for."""

    def list_commands(self, _: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  click asks so
        if cmd_name in COMMANDS and cmd_name not in self.commands:
            module, _, member = COMMANDS[cmd_name].partition(".")
            found: click.Command = getattr(import_module(f"searcher.cli.commands.{module}"), member)
            self.add_command(found if isinstance(found, click.Group) else debug_option(found), cmd_name)
        return self.commands.get(cmd_name)


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


def main() -> None:
    """The console script."""
    searcher.main(prog_name="searcher")


if __name__ == "__main__":
    main()
