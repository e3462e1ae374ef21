"""Completion in the shell, of people, organisations and sources of the index too."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    add_completion_class,
    get_completion_class,
)

from searcher.cli.exits import OK
from searcher.cli.indexes import open_existing
from searcher.cli.streams import write
from searcher.errors import SearcherError
from searcher.names.resolution import fold

__all__ = ["completion", "matching", "values"]

SHELLS = ("bash", "zsh", "fish")
#: Candidates that a shell is given at most.
MAX_CANDIDATES = 50


@click.command(
    epilog="""\b
For bash, in ~/.bashrc:   eval "$(searcher completion bash)"
For zsh, in ~/.zshrc:     eval "$(searcher completion zsh)"
For fish:                 searcher completion fish > ~/.config/fish/completions/searcher.fish
"""
)
@click.argument("shell", type=click.Choice(SHELLS))
def completion(shell: str) -> int:
    """Print what completes both commands in a shell."""
    from searcher.cli.search import search
    from searcher.cli.searcher import searcher

    kind = get_completion_class(shell)
    assert kind is not None
    for command, name in ((search, "search"), (searcher, "searcher")):
        write(kind(command, {}, name, variable(name)).source())
    return OK


def variable(name: str) -> str:
    """The environment variable by which click is asked for completions."""
    return f"_{name.upper()}_COMPLETE"


def values(ctx: click.Context, field: str, incomplete: str) -> list[CompletionItem[Any]]:
    """Return values of a field of the command line's index; none where it cannot be read."""
    try:
        with open_existing(ctx.params.get("folder")) as index:
            counts = index.values(field)
    except (SearcherError, OSError):  # a message would end up in the user's command line
        return []
    return [CompletionItem(value, help=f"{counts[value]:,}") for value in matching(counts, incomplete)]


def matching(counts: Mapping[str, int], incomplete: str) -> list[str]:
    """Return the values that begin so, most frequent first; else those with a word that begins so."""
    ranked = sorted(counts, key=lambda value: (-counts[value], value))
    start = fold(incomplete)
    begins = (value for value in ranked if fold(value).startswith(start))
    return _some(begins) or _some(value for value in ranked if f" {start}" in f" {fold(value)}")


def _some(found: Iterable[str]) -> list[str]:
    return [value for value, _ in zip(found, range(MAX_CANDIDATES))]


class _QuotingBash(BashComplete):
    """click's bash completion, for values with spaces: these are quoted, and backslashes survive."""

    source_template: ClassVar[str] = BashComplete.source_template.replace(
        "read type value", "read -r type value"
    )

    def get_completion_args(self) -> tuple[list[str], str]:
        """Without the "=" that bash splits ``--org=Nor`` at."""
        args, incomplete = super().get_completion_args()
        return [arg for arg in args if arg != "="], incomplete

    def format_completion(self, item: CompletionItem[Any]) -> str:
        if item.type != "plain" or _in_quotes():
            return super().format_completion(item)
        quoted = re.sub(r"([^\w@%+=:,./-])", r"\\\1", str(item.value))
        return f"{item.type},{quoted}"


def _in_quotes() -> bool:
    """Whether the word being completed began with a quotation mark; bash closes it itself."""
    typed = os.environ.get("COMP_WORDS", "").split("\n")
    at = int(os.environ.get("COMP_CWORD", "0"))
    return at < len(typed) and typed[at].startswith(('"', "'"))


add_completion_class(_QuotingBash, "bash")
