"""``searcher COMMAND``: makes, keeps and shows the index."""

from __future__ import annotations

import click

from searcher.cli import alerting, archive, deleting, filing
from searcher.cli.completion import completion
from searcher.cli.curating import names
from searcher.cli.guard import GuardedGroup, debug_option
from searcher.cli.wording import synonyms

__all__ = ["main", "searcher"]


@click.group(
    cls=GuardedGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""\b
Examples:
  searcher index articles/     clean files and add them
  search LeCun LLM             search them (a command of its own)
  searcher show ID             read an article

\b
Exit status: 0 fine, 1 some files failed or nothing was found, 2 an error.
""",
)
@debug_option
@click.version_option(package_name="article-searcher", message="%(prog)s %(version)s")
def searcher() -> None:
    """Make and keep an index of your articles, to be searched with “search”."""


for command in (
    filing.index,
    filing.rebuild,
    filing.extract,
    archive.show,
    archive.related,
    archive.stats,
    deleting.delete,
    archive.export,
    archive.verify,
    alerting.saved,
    alerting.alerts,
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
