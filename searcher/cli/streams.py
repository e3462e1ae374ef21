"""What a command writes: results to stdout, notes for people to stderr.

What goes to a terminal goes through :func:`searcher.sanitize.clean_lines` here, whatever it is and wherever
it comes from; our own styles pass. A pipe or a file gets results as they are, names of files byte by byte.
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
from typing import NoReturn

from searcher.errors import SearcherError
from searcher.sanitize import clean_lines

#: Select Graphic Rendition codes. Matches look as in grep and ripgrep.
STYLES = {
    "match": "1;31", "title": "1", "person": "36", "organisation": "33", "quote": "32", "speaker": "1;32",
    "heading": "1;4", "meta": "2", "warning": "33",
}  # fmt: skip
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
