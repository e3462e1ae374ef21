"""Completion in the shell, of people, organisations and sources of the index too."""

from __future__ import annotations

import os
from pathlib import Path

import click
from click.shell_completion import get_completion_class

from searcher.cli import bash  # noqa: F401  it registers how bash completes
from searcher.cli.exits import OK
from searcher.cli.streams import note, write

SHELLS = ("bash", "zsh", "fish")
#: What is added to the file that a shell reads at its start. It does nothing where the command is gone; zsh
#: may have no completion of its own yet.
_LINES = {
    "bash": 'command -v searcher >/dev/null && eval "$(searcher completion bash)"',
    "zsh": "command -v searcher >/dev/null && { (( $+functions[compdef] )) || { autoload -Uz compinit && "
    'compinit; }; eval "$(searcher completion zsh)"; }',
}


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
    kind = get_completion_class(shell)
    assert kind is not None
    none = click.Command(None)  # the script asks the command itself what completes it
    names = ("search", "searcher")
    return "".join(kind(none, {}, name, f"_{name.upper()}_COMPLETE").source() for name in names)


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
