"""Run commands: exit codes, error messages on stderr, hints for mistyped commands."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Any, Final

import click

from searcher.cli.streams import BrokenOutput, finish, note, prepare
from searcher.errors import SearcherError

#: Exit codes as in grep: 0 for success, 1 if nothing was found or some files failed, and 2 for an error.
#: After Ctrl-C, the code is 128 + SIGINT, as in a shell.
OK, NOTHING, ERROR, INTERRUPTED = 0, 1, 2, 130

debug_option = click.option(
    "--debug", is_flag=True, expose_value=False, help="Show the traceback of an error."
)


class GuardedCommand(click.Command):
    """A command whose function returns its exit code."""

    def main(self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any) -> Any:  # type: ignore[override]
        standalone = extra.pop("standalone_mode", True)
        arguments = list(sys.argv[1:] if args is None else args)
        name = prog_name or os.path.basename(sys.argv[0])
        prepare()
        if f"_{name.upper()}_COMPLETE" in os.environ:
            from searcher.cli import bash  # noqa: F401  registers bash completion
        run = partial(super().main, args, prog_name, standalone_mode=False, **extra)
        code = _run(run, name, "--debug" in arguments)
        if standalone:
            sys.exit(code)
        return code


class GuardedGroup(GuardedCommand, click.Group):
    """A group of commands whose functions return their exit codes."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if ctx.parent is None and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            ctx.fail(unknown_command(args[0], args[1:], self.list_commands(ctx)))
        return super().resolve_command(ctx, args)


def _run(command: Callable[[], Any], name: str, debug: bool) -> int:
    try:
        result = command()
        finish()
    except BrokenOutput:
        return OK
    except click.Abort:
        note(f"{name}: stopped")
        return INTERRUPTED
    except click.ClickException as error:
        message = io.StringIO()  # The message may contain control characters, which note() replaces.
        error.show(message)
        note(message.getvalue().rstrip("\n"))
        return ERROR
    except Exception as error:  # noqa: BLE001  the outermost frame
        note(f"{name}: {_message(error)}")
        if debug:
            import traceback

            note(traceback.format_exc())
        return ERROR
    return result if isinstance(result, int) else OK


def _message(error: Exception) -> str:
    if isinstance(error, SearcherError):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    text = f"{type(error).__name__}: {error}".rstrip(": ")
    return f"unexpected error ({text}). Run it again with --debug and report the output."


def said_by_hint(speakers: Sequence[str]) -> str:
    """Return the hint for --speaker, which does not search the speaker's quotations."""
    import shlex

    names = " ".join(f"--said-by {shlex.quote(name)}" for name in speakers)
    return f"--speaker finds articles quoting someone. To search what they said: {names}"


#: Maps git and notmuch commands to our equivalents.
_EQUIVALENTS: Final = {
    "add": "searcher index", "update": "searcher index", "list": "searcher stats", "info": "searcher stats",
    "status": "searcher stats", "remove": "searcher delete", "rm": "searcher delete", "find": "search",
}  # fmt: skip


def unknown_command(command: str, arguments: Sequence[str], known: Collection[str]) -> str:
    """Return the error message for an unknown command."""
    import difflib
    import shlex

    if equivalent := _EQUIVALENTS.get(command):
        return f"There is no command “{command}”. Use: {shlex.join([*equivalent.split(), *arguments])}"
    matches = difflib.get_close_matches(command, known, 1)
    advice = f" Did you mean “{matches[0]}”?" if matches else ""
    words = shlex.join(["search", command, *arguments])
    return f"There is no command “{command}”.{advice} To search for words: {words}"
