#!/usr/bin/env python3
"""Write docs/cli.md from the help of the commands; --check only says whether it is current."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

PAGE = ROOT / "docs" / "cli.md"
WIDTH = 96
INTRODUCTION = """\
# The commands

This page is written by `scripts/write_cli_docs.py` from the commands' own `--help`.
`search` asks; `searcher` manages. What a query may say is in [query-language.md](query-language.md).
"""


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command with its full name, in the order of their help."""
    from searcher.cli.manage import searcher
    from searcher.cli.search import search

    yield "search", search
    yield "searcher", searcher
    yield from _below("searcher", searcher)


def _below(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    if not isinstance(command, click.Group):
        return
    context = click.Context(command, info_name=name)
    for child in command.list_commands(context):
        found = command.get_command(context, child)
        if found and not found.hidden:
            yield f"{name} {child}", found
            yield from _below(f"{name} {child}", found)


def page() -> str:
    sections = [INTRODUCTION]
    for name, command in commands():
        context = command.make_context(name, [], resilient_parsing=True, terminal_width=WIDTH)
        sections.append(f"## {name}\n\n```text\n{command.get_help(context).rstrip()}\n```\n")
    return "\n".join(sections)


def main() -> None:
    text = page()
    if "--check" in sys.argv[1:]:
        if not PAGE.exists() or PAGE.read_text("utf-8") != text:
            sys.exit(f"{PAGE.relative_to(ROOT)} is not current: run scripts/write_cli_docs.py")
        return
    PAGE.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
