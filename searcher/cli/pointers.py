"""What to write where something else was typed: “searcher search …”, “search index …”, “--speaker NAME”."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

__all__ = ["is_command", "to_said_by", "to_search", "to_searcher"]

#: The commands of “searcher”, a module each.
_MAX_COMMAND = 20
_COMMANDS = Path(__file__).parent / "commands"


def is_command(word: str) -> bool:
    """Tell whether “searcher” has a command of that name, without loading any: that takes longer than a
    search."""
    return (
        len(word) < _MAX_COMMAND
        and word.isascii()
        and word.isalpha()
        and (_COMMANDS / f"{word}.py").is_file()
    )


def to_searcher(words: Sequence[str], found: bool) -> str | None:
    """Return what to write where the words of a search look like a command of “searcher”: one with a path, or
    that finds nothing."""
    if not words or not is_command(words[0]):
        return None
    if found and not any(_is_path(word) for word in words[1:]):
        return None
    import shlex  # for an answer that few get

    return f"These words were searched for. To use the command: searcher {shlex.join(words)}"


def to_said_by(speakers: Sequence[str]) -> str:
    """Return what to write instead where quotations were asked for in articles that quote somebody."""
    import shlex

    names = " ".join(f"--said-by {shlex.quote(name)}" for name in speakers)
    return f"--speaker asks for articles that quote somebody, whoever speaks in them. What they said: {names}"


def _is_path(word: str) -> bool:
    try:
        return Path(word).exists()
    except (OSError, ValueError):  # too long for a path, or with a NUL in it
        return False


def to_search(command: str, arguments: Sequence[str], known: Collection[str]) -> str:
    """Return the message for a command that “searcher” does not have."""
    import difflib
    import shlex

    if command == "search":
        written = shlex.join(["search", *arguments]) if arguments else "search WORDS…"
        return f"Searching is a command of its own: {written}"
    near = difflib.get_close_matches(command, known, 1)
    meant = f" Did you mean “{near[0]}”?" if near else ""
    words = shlex.join(["search", command, *arguments])
    return f"There is no command “{command}”.{meant} To search for words: {words}"
