"""How a command runs: its arguments, its output, its exit code, and its errors as one message on stderr
(--debug adds the traceback), with what to write where something else was typed.

Results go to stdout, notes for people to stderr. What goes to a terminal goes through
:func:`searcher.sanitize.clean_lines` here, whatever it is and wherever it comes from; our own styles pass.
A pipe or a file gets results as they are, names of files byte by byte.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import sys
from collections.abc import Callable, Collection, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import click

from searcher.cli.commands import COMMANDS
from searcher.errors import SearcherError
from searcher.sanitize import clean_lines

#: Exit codes, as those of grep: found, nothing found (or some files failed), an error; and 128 + SIGINT.
OK, NOTHING, ERROR, INTERRUPTED = 0, 1, 2, 130

debug_option = click.option(
    "--debug", is_flag=True, expose_value=False, help="Show where an error came from (a traceback)."
)


class Guarded(click.Command):
    """A command whose function returns its exit code."""

    def main(self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any) -> Any:  # type: ignore[override]
        standalone = extra.pop("standalone_mode", True)
        given = list(sys.argv[1:] if args is None else args)
        name = prog_name or os.path.basename(sys.argv[0])
        prepare()
        if f"_{name.upper()}_COMPLETE" in os.environ:
            from searcher.cli import bash  # noqa: F401  it registers how bash completes
        run = partial(super().main, args, prog_name, standalone_mode=False, **extra)
        code = _run(run, name, "--debug" in given)
        if standalone:
            sys.exit(code)
        return code


class GuardedGroup(Guarded, click.Group):
    """A group of commands whose functions return their exit codes."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if ctx.parent is None and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            ctx.fail(to_search(args[0], args[1:], self.list_commands(ctx)))
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


def to_searcher(words: Sequence[str], found: bool) -> str | None:
    """Return what to write where the words of a search look like a command of “searcher”: one with a path, or
    that finds nothing."""
    if not words or words[0] not in COMMANDS:
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


class QueryCommand(Guarded):
    """A command that takes options anywhere among the words of a query; ``--`` ends the options. ``-Meta``
    excludes a word, where click would read the options -M, -e, -t and -a. So one-letter options stand alone
    (``-n 5``; ``-n5`` is understood too). ``--persn`` is reported as an unknown option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, self._sorted(ctx, args) if args else args)

    def _sorted(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Reorder the arguments: options first, then ``--``, then the words of the query."""
        takes_value = {
            name: not (option.is_flag or option.count)
            for option in self.get_params(ctx)
            if isinstance(option, click.Option)
            for name in (*option.opts, *option.secondary_opts)
        }
        options: list[str] = []
        words: list[str] = []
        waiting = iter(args)
        for arg in waiting:
            if arg == "--":
                words += waiting
            elif glued := _glued_number(arg, takes_value):
                options += glued
            elif arg in takes_value or arg.startswith("--"):
                options.append(arg)
                if takes_value.get(arg):
                    if (value := next(waiting, None)) is None:
                        return options  # click says what is missing
                    options.append(value)
            else:
                words.append(arg)
        return [*options, "--", *words]


def _glued_number(arg: str, takes_value: dict[str, bool]) -> list[str]:
    match = re.fullmatch(r"(-[a-z])=?(\d+)", arg)
    return [match[1], match[2]] if match and takes_value.get(match[1]) else []


#: Select Graphic Rendition codes. Matches look as in grep and ripgrep.
STYLES = {
    "match": "1;31",
    "title": "1",
    "person": "36",
    "organisation": "33",
    "quote": "32",
    "speaker": "1;32",
    "heading": "1;4",
    "meta": "2",
    "warning": "33",
}
#: What a style is begun and ended with; none of them hides anything, moves anything or asks the terminal.
_STYLE = re.compile(f"(\x1b\\[(?:0|{'|'.join(STYLES.values())})m)")


class BrokenOutput(Exception):
    """The reader of our output (``| head``) has closed it. The command ends quietly."""


class UnwrittenOutput(SearcherError):
    """The output cannot be written: a full disk."""


def prepare() -> None:
    """Set up both streams so that every text and every file name can be written. Files and pipes get UTF-8
    whatever the locale says, and file names that are not UTF-8 keep their bytes. A stream that was closed
    (``>&-``) leads nowhere."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # before another file gets its number
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115  until the end
            continue
        with contextlib.suppress(AttributeError, ValueError):  # a stream of a test or of an embedder
            if stream.isatty():
                stream.reconfigure(errors="replace")
            else:
                stream.reconfigure(encoding="utf-8", errors="surrogateescape")


def write(text: str) -> None:
    """Write text to stdout, of which nothing but colour commands a terminal. Raises BrokenOutput and
    UnwrittenOutput."""
    try:
        if sys.stdout.isatty():
            parts = enumerate(_STYLE.split(text))
            text = "".join(part if number % 2 else clean_lines(part) for number, part in parts)
        sys.stdout.write(text)
    except OSError as error:
        _give_up(error)


def finish() -> None:
    """Flush stdout. Raises BrokenOutput and UnwrittenOutput."""
    try:
        sys.stdout.flush()
    except OSError as error:
        _give_up(error)


def note(text: str) -> None:
    """Write a line to stderr, made safe for a terminal: it may quote file names and titles."""
    with contextlib.suppress(OSError):
        print(clean_lines(text), file=sys.stderr, flush=True)


def _give_up(error: OSError) -> NoReturn:
    """Say what became of stdout, and send it to nowhere: Python flushes it once more at exit, which must not
    fail loudly."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if isinstance(error, BrokenPipeError):
        raise BrokenOutput from None
    raise UnwrittenOutput(
        f"What was to be printed could not be written ({error.strerror or error}). What was done is done."
    ) from error
