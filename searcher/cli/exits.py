"""Exit codes and error messages: an error is one message on stderr; --debug adds the traceback."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

import click

from searcher.cli.streams import BrokenOutput, finish, note, prepare
from searcher.errors import SearcherError

__all__ = ["ERROR", "INTERRUPTED", "NOTHING", "OK", "Guarded", "GuardedGroup", "debug_option"]

#: Exit codes, as those of grep: found, nothing found (or some files failed), an error; and 128 + SIGINT.
OK, NOTHING, ERROR, INTERRUPTED = 0, 1, 2, 130

debug_option = click.option(
    "--debug", is_flag=True, expose_value=False, help="Show where an error came from (a traceback)."
)


class Guarded(click.Command):
    """A command whose function returns its exit code."""

    def main(self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any) -> Any:  # type: ignore[override]
        return _guarded(super().main, args, prog_name, extra)


class GuardedGroup(click.Group):
    """A group of commands whose functions return their exit codes."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if ctx.parent is None and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            from searcher.cli.pointers import to_search

            ctx.fail(to_search(args[0], args[1:], self.list_commands(ctx)))
        return super().resolve_command(ctx, args)

    def main(self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any) -> Any:  # type: ignore[override]
        return _guarded(super().main, args, prog_name, extra)


def _guarded(
    main: Callable[..., Any], args: Sequence[str] | None, prog_name: str | None, extra: dict[str, Any]
) -> Any:
    standalone = extra.pop("standalone_mode", True)
    given = list(sys.argv[1:] if args is None else args)
    name = prog_name or os.path.basename(sys.argv[0])
    prepare()
    if f"_{name.upper()}_COMPLETE" in os.environ:
        from searcher.cli.commands import completion  # noqa: F401  it registers how bash completes
    code = _run(lambda: main(args, prog_name, standalone_mode=False, **extra), name, "--debug" in given)
    if standalone:
        sys.exit(code)
    return code


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
        shown = io.StringIO()  # it quotes what was given, which may be anything
        error.show(shown)
        note(shown.getvalue().rstrip("\n"))
        return ERROR
    except Exception as error:  # noqa: BLE001  the outermost frame: what is not caught here is a traceback
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
    what = f"{type(error).__name__}: {error}".rstrip(": ")
    return f"this should not have happened ({what}). Run it again with --debug and report what it prints."
