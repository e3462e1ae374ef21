"""``searcher COMMAND``: makes, keeps and shows the index."""

from __future__ import annotations

import click

from searcher import __version__
from searcher.cli.commands.alerts import alerts
from searcher.cli.commands.completion import completion
from searcher.cli.commands.copy import copy
from searcher.cli.commands.delete import delete
from searcher.cli.commands.export import export
from searcher.cli.commands.extract import extract
from searcher.cli.commands.index import index
from searcher.cli.commands.mcp import mcp
from searcher.cli.commands.names import names
from searcher.cli.commands.open import open_article
from searcher.cli.commands.person import person
from searcher.cli.commands.problems import problems
from searcher.cli.commands.rebuild import rebuild
from searcher.cli.commands.related import related
from searcher.cli.commands.saved import saved
from searcher.cli.commands.serve import serve
from searcher.cli.commands.show import show
from searcher.cli.commands.stats import stats
from searcher.cli.commands.synonyms import synonyms
from searcher.cli.commands.tag import tag
from searcher.cli.commands.together import together
from searcher.cli.commands.verify import verify
from searcher.cli.commands.watch import watch
from searcher.cli.exits import GuardedGroup, debug_option

__all__ = ["main", "searcher"]


@click.group(
    cls=GuardedGroup,
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


for command in (
    index,
    watch,
    problems,
    rebuild,
    extract,
    copy,
    serve,
    mcp,
    show,
    open_article,
    related,
    person,
    together,
    stats,
    tag,
    delete,
    export,
    verify,
    saved,
    alerts,
    completion,
):
    searcher.add_command(debug_option(command))
searcher.add_command(names)
searcher.add_command(synonyms)


def main() -> None:
    """The console script."""
    searcher.main(prog_name="searcher")


if __name__ == "__main__":
    main()
