"""Completion in the shell, of people, organisations and sources of the index too."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, ClassVar

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    add_completion_class,
    get_completion_class,
)

from searcher.cli.exits import OK
from searcher.cli.options import open_existing
from searcher.cli.streams import note, write
from searcher.errors import SearcherError
from searcher.names.resolution import fold
from searcher.sanitize import clean

__all__ = ["completion", "matching", "values"]

SHELLS = ("bash", "zsh", "fish")
#: What is added to the file that a shell reads at its start. It does nothing where the command is gone; zsh
#: may have no completion of its own yet.
_LINES = {
    "bash": 'command -v searcher >/dev/null && eval "$(searcher completion bash)"',
    "zsh": "command -v searcher >/dev/null && { (( $+functions[compdef] )) || { autoload -Uz compinit && "
    'compinit; }; eval "$(searcher completion zsh)"; }',
}
#: Candidates that a shell is given at most.
MAX_CANDIDATES = 50


@click.command(
    epilog="""\b
Examples:
  searcher completion --install        for the shell that you use
  searcher completion --install fish
  searcher completion zsh              print it, to put it where you like
"""
)
# Click before 8.4.2 puts a second pair of brackets around choices that may be left out.
@click.argument("shell", type=click.Choice(SHELLS), required=False, metavar=f"[{'|'.join(SHELLS)}]")
@click.option("--install", is_flag=True, help="Let the shell load it from now on.")
def completion(shell: str | None, install: bool) -> int:
    """Print or install shell completion."""
    kind = shell or _own_shell()
    if not install:
        write(_source(kind))
        return OK
    for file in _install(kind):
        note(f"{file} loads the completion of search and searcher. Open a new shell to use it.")
    return OK


def _own_shell() -> str:
    """The shell that this runs in. Raises UsageError for one that is not known."""
    name = Path(os.environ.get("SHELL", "")).name
    if name not in SHELLS:
        raise click.UsageError(f"Which shell? Name one: searcher completion {' or '.join(SHELLS)}.")
    return name


def _source(shell: str) -> str:
    from searcher.cli.search import search
    from searcher.cli.searcher import searcher

    kind = get_completion_class(shell)
    assert kind is not None
    commands = ((search, "search"), (searcher, "searcher"))
    return "".join(kind(command, {}, name, variable(name)).source() for command, name in commands)


def _install(shell: str) -> list[Path]:
    """Write what the shell loads when it starts; what is there already stays as it is. Returns the files."""
    if shell == "fish":  # which looks for the completions of a command in a file of its name
        folder = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "fish" / "completions"
        folder.mkdir(parents=True, exist_ok=True)
        files = [folder / f"{name}.fish" for name in ("search", "searcher")]
        for file in files:
            file.write_text(_source(shell), "utf-8")
        return files
    home = Path(os.environ.get("ZDOTDIR") or Path.home()) if shell == "zsh" else Path.home()
    file = home / f".{shell}rc"
    line = _LINES[shell]
    written = file.read_text("utf-8") if file.exists() else ""
    if line not in written.splitlines():
        with file.open("a", encoding="utf-8") as out:
            out.write(f"{'' if written.endswith(chr(10)) or not written else chr(10)}{line}\n")
    return [file]


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
    plain = {value: count for value, count in counts.items() if clean(value) == value}
    return [CompletionItem(value, help=f"{counts[value]:,}") for value in matching(plain, incomplete)]


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
