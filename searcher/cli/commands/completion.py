"""Shell completion, including people, organisations and sources of the index."""

from __future__ import annotations

import os
from pathlib import Path

import click
from click.shell_completion import get_completion_class

from searcher.cli import bash  # noqa: F401  registers bash completion
from searcher.cli.exits import OK
from searcher.cli.streams import note, write

SHELLS = ("bash", "zsh", "fish")
#: Lines to add to the start-up file of each shell. They do nothing if searcher has been uninstalled.
_LINES = {
    "bash": 'command -v searcher >/dev/null && eval "$(searcher completion bash)"',
    "zsh": "command -v searcher >/dev/null && { (( $+functions[compdef] )) || { autoload -Uz compinit && "
    'compinit; }; eval "$(searcher completion zsh)"; }',
}


@click.command(
    epilog="""\b
Examples:
  searcher completion --install        for your current shell
  searcher completion --install fish
  searcher completion zsh              print the completion script
"""
)
# Click before 8.4.2 puts a second pair of brackets around optional choices.
@click.argument("shell", type=click.Choice(SHELLS), required=False, metavar=f"[{'|'.join(SHELLS)}]")
@click.option("--install", is_flag=True, help="Add it to the shell's start-up file.")
def completion(shell: str | None, install: bool) -> int:
    """Print or install shell completion."""
    kind = shell or _own_shell()
    if not install:
        write(_source(kind))
        return OK
    for file in _install(kind):
        note(f"Completion is installed in {file}. Open a new shell to use it.")
    return OK


def _own_shell() -> str:
    """Return the current shell. Raises UsageError if it is not supported."""
    name = Path(os.environ.get("SHELL", "")).name
    if name not in SHELLS:
        raise click.UsageError(f"Which shell? Use: searcher completion {'|'.join(SHELLS)}")
    return name


def _source(shell: str) -> str:
    kind = get_completion_class(shell)
    assert kind is not None
    none = click.Command(None)  # An empty command, because the script does not depend on the options.
    names = ("search", "searcher")
    return "".join(kind(none, {}, name, f"_{name.upper()}_COMPLETE").source() for name in names)


def _install(shell: str) -> list[Path]:
    """Add completion to the shell's start-up files, unless it is there. Return the files."""
    if shell == "fish":  # Fish loads completions from a file named after the command.
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
