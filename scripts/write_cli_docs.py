#!/usr/bin/env python3
"""Write docs/cli.md and man/*.1 from the help of the commands. --check only checks that they are current."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

PAGE = ROOT / "docs" / "cli.md"
WIDTH = 96  # width of the help, in columns
INTRODUCTION = """\
# The commands

`scripts/write_cli_docs.py` generates this page from the commands' `--help`.
`search` runs a query, `searcher` manages the index. Queries: see [query-language.md](query-language.md).
"""


def commands() -> Iterator[click.Context]:
    """Yield the contexts of all commands in the order of their help."""
    from searcher.cli.search import search
    from searcher.cli.searcher import searcher

    yield from _and_below("search", search, None)
    yield from _and_below("searcher", searcher, None)


def _and_below(name: str, command: click.Command, parent: click.Context | None) -> Iterator[click.Context]:
    context = command.make_context(name, [], parent, resilient_parsing=True, terminal_width=WIDTH)
    yield context
    if isinstance(command, click.Group):
        for child in command.list_commands(context):
            found = command.get_command(context, child)
            if found and not found.hidden:
                yield from _and_below(child, found, context)


def page() -> str:
    sections = [INTRODUCTION]
    for context in commands():
        text = context.command.get_help(context).rstrip()
        sections.append(f"## {context.command_path}\n\n```text\n{text}\n```\n")
    return "\n".join(sections)


def main() -> None:
    import man_pages

    texts = {PAGE: page()}
    texts |= {ROOT / "man" / name: text for name, text in man_pages.pages(commands()).items()}
    for path, text in texts.items():
        if "--check" not in sys.argv[1:]:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, "utf-8")
        elif not path.exists() or path.read_text("utf-8") != text:
            sys.exit(f"{path.relative_to(ROOT)} is not current: run scripts/write_cli_docs.py")


if __name__ == "__main__":
    main()
