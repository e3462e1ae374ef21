"""``searcher verify``: checks the files of the index."""

from __future__ import annotations

import click

from searcher.cli.exits import NOTHING, OK
from searcher.cli.indexes import open_existing
from searcher.cli.options import document_option, index_option
from searcher.cli.streams import note, write

__all__ = ["verify"]


@click.command()
@document_option
@index_option
def verify(folder: str | None, as_json: bool) -> int:
    """Check every file of the index.

    Names what is damaged; “searcher rebuild” makes it anew from the recorded files.
    """
    from searcher.cli.output.records import write_document
    from searcher.errors import IndexDamaged, IndexOutdated

    try:
        with open_existing(folder) as index:
            problems = list(index.verify())
    except (IndexDamaged, IndexOutdated) as error:  # so damaged that it cannot even be opened
        problems = [str(error)]
    if as_json:
        write_document("verify", {"whole": not problems, "problems": problems})
    elif not problems:
        write("The index is whole.\n")
    else:
        for problem in problems:
            note(problem)
    return NOTHING if problems else OK
