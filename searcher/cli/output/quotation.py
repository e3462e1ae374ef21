"""A quotation found again: the statement, and how what was printed differs from what is remembered."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

from searcher.cli.exits import NOTHING, OK
from searcher.cli.output import text
from searcher.cli.output.records import write_records
from searcher.cli.output.respond import Form
from searcher.cli.output.statements import statement_lines
from searcher.cli.output.terminal import screen as screen_of
from searcher.cli.streams import note, write
from searcher.results.statements import Change, FoundQuote
from searcher.sanitize import clean

__all__ = ["show"]


def show(asked: str, found: Sequence[FoundQuote], form: Form) -> int:
    """Print what was found; returns the exit code."""
    if form.name != "text":
        write_records(form.name, "found_quotes", (one.to_dict() for one in found), quote=asked)
        return OK if found else NOTHING
    screen = screen_of(sys.stdout, form.color, brackets=form.mark)
    for number, one in enumerate(found, 1):
        lines = [*statement_lines(one.statement, number, screen)]
        for remark in _remarks(one):
            lines += text.remark(remark, number, screen)
        write(text.joined([*lines, ""]))
    if not found:
        note("Nothing like it was said.")
    return OK if found else NOTHING


def _remarks(one: FoundQuote) -> Iterator[str]:
    match one.match:
        case "exact":
            yield "exactly these words"
        case "part":
            yield "these words, within more"
        case "near":
            yield f"{one.share:.0%} of these words; {'; '.join(map(_change, one.changes))}"


def _change(change: Change) -> str:
    asked, printed = clean(change.asked), clean(change.printed)
    if not printed:
        return f"without “{asked}”"
    return f"“{printed}” for “{asked}”" if asked else f"with “{printed}”"
