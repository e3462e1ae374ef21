"""Where the commands write: results to stdout, what is said about them to stderr."""

from __future__ import annotations

import contextlib
import os
import sys

from searcher.cli.output.sanitize import clean_lines

__all__ = ["ReaderGone", "finish", "prepare", "say", "write"]


class ReaderGone(Exception):
    """Whoever read our output (``| head``) has gone: no error, and nothing more to do."""


def prepare() -> None:
    """Let stdout take every text and every file name.

    Files and pipes get UTF-8 whatever the locale says, and names of files their own bytes back.
    """
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):  # a stream of a test or of an embedder
            if stream.isatty():
                stream.reconfigure(errors="replace")  # type: ignore[union-attr]
            else:
                stream.reconfigure(encoding="utf-8", errors="surrogateescape")  # type: ignore[union-attr]


def write(text: str) -> None:
    """Write to stdout. Raises ReaderGone."""
    try:
        sys.stdout.write(text)
    except BrokenPipeError:
        _deaf()
        raise ReaderGone from None


def finish() -> None:
    """Send what is written. Raises ReaderGone."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _deaf()
        raise ReaderGone from None


def say(text: str) -> None:
    """A line for the human at the terminal, made safe: it may quote file names and titles."""
    with contextlib.suppress(BrokenPipeError):
        print(clean_lines(text), file=sys.stderr, flush=True)


def _deaf() -> None:
    """Python flushes stdout once more on its way out; that must not fail loudly."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
