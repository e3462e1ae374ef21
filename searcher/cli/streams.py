"""The output streams of the commands: results go to stdout, notes for people to stderr."""

from __future__ import annotations

import contextlib
import os
import sys

from searcher.sanitize import clean_lines

__all__ = ["BrokenOutput", "finish", "prepare", "note", "write"]


class BrokenOutput(Exception):
    """The reader of our output (``| head``) has closed it. The command ends quietly."""


def prepare() -> None:
    """Set up both streams so that every text and every file name can be written.

    Files and pipes get UTF-8 whatever the locale says, and file names that are not UTF-8 keep their bytes.
    """
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):  # a stream of a test or of an embedder
            if stream.isatty():
                stream.reconfigure(errors="replace")  # type: ignore[union-attr]
            else:
                stream.reconfigure(encoding="utf-8", errors="surrogateescape")  # type: ignore[union-attr]


def write(text: str) -> None:
    """Write text to stdout. Raises BrokenOutput."""
    try:
        sys.stdout.write(text)
    except BrokenPipeError:
        _silence_stdout()
        raise BrokenOutput from None


def finish() -> None:
    """Flush stdout. Raises BrokenOutput."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _silence_stdout()
        raise BrokenOutput from None


def note(text: str) -> None:
    """Write a line to stderr, made safe for a terminal: it may quote file names and titles."""
    with contextlib.suppress(BrokenPipeError):
        print(clean_lines(text), file=sys.stderr, flush=True)


def _silence_stdout() -> None:
    """Send stdout to nowhere: Python flushes it once more at exit, which must not fail loudly."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
