"""``searcher problems``: lists what is not in the index, and why."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from searcher.cli.exits import OK
from searcher.cli.options import index_option, records_options
from searcher.cli.output.report import counted
from searcher.cli.streams import write

if TYPE_CHECKING:
    from searcher.ingest.report import Problem

__all__ = ["problems"]


@click.command(
    epilog="""\b
Examples:
  searcher problems
  searcher problems --all                 the files that no reader takes by name, too
  searcher problems --jsonl | jq -r 'select(.kind == "not read") | .path'
"""
)
@click.option("--all", "every", is_flag=True, help="Name every file that was passed over, too.")
@records_options
@index_option
def problems(folder: str | None, every: bool, form: str | None) -> int:
    """List what is not in the index, and why.

    Files of which something could not be read, and files of the folders that no reader takes, as they were
    when “searcher index” last looked. A file is listed until it is read, or gone.
    """
    from searcher.cli.output.records import write_records
    from searcher.index import open_index
    from searcher.locations import find_index

    with open_index(find_index(folder), create=False, repair=True) as index:  # however old or damaged it is
        found = index.problems()
    if form:
        write_records(form, "problems", [problem.to_dict() for problem in found])
    else:
        _print(found, every)
    return OK


def _print(found: Sequence[Problem], every: bool) -> None:
    """Print the problems by reason, the most frequent first; of files passed over, how many."""
    from searcher.ingest.report import ProblemKind

    passed_over = [p for p in found if p.kind is ProblemKind.PASSED_OVER]
    _print_reasons([p for p in found if p.kind is ProblemKind.FILE], "not read")
    _print_reasons([p for p in found if p.kind is ProblemKind.PART], "read only in part")
    _print_reasons([p for p in found if p.kind is ProblemKind.OTHER_TEXT], "with another text of an address")
    if passed_over:
        _print_heading(passed_over, "passed over")
        for kind, number in Counter(problem.reason for problem in passed_over).most_common():
            write(f"  {number:,} {kind}\n")
        for problem in passed_over if every else ():
            write(f"    {problem.path}\n")
    if all(problem.kind is ProblemKind.OTHER_TEXT for problem in found):
        write("Nothing is missing: every file was read whole.\n")


def _print_reasons(found: Sequence[Problem], what: str) -> None:
    if not found:
        return
    _print_heading(found, what)
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for problem in found:
        groups[problem.reason].append(problem.origin)
    for reason, origins in sorted(groups.items(), key=lambda group: -len(group[1])):
        write(f"  {reason}\n")
        for origin in origins:
            write(f"    {origin}\n")


def _print_heading(found: Sequence[Problem], what: str) -> None:
    write(f"{counted(len({problem.path for problem in found}), 'file')} {what}\n")
