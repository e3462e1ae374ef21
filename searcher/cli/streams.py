"""Output streams: results go to stdout, notes for people to stderr.

Everything written to a terminal passes :func:`searcher.sanitize.clean_lines`, except our own styles. Pipes
and files get the text unchanged, including file names that are not UTF-8.
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
from typing import NoReturn

from searcher.errors import SearcherError
from searcher.sanitize import clean_lines

#: ANSI codes for colours and weights (SGR). Matches look as in grep and ripgrep.
STYLES = {
    "match": "1;31", "title": "1", "person": "36", "organisation": "33", "quote": "32", "speaker": "1;32",
    "heading": "1;4", "meta": "2", "warning": "33",
}  # fmt: skip
#: Matches the escape sequences that we write ourselves. They only change colour and weight.
_STYLE = re.compile(f"(\x1b\\[(?:0|{'|'.join(STYLES.values())})m)")


class BrokenOutput(Exception):
    """The reader of stdout (``| head``) has closed it. The command ends without a message."""


class UnwrittenOutput(SearcherError):
    """Stdout cannot be written, for example because the disk is full."""


def prepare() -> None:
    """Make both streams accept every text and file name.

    Files and pipes get UTF-8 regardless of the locale; other bytes of file names are preserved. A closed
    stream (``>&-``) is replaced by the null device.
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # Otherwise, the next file to be opened would get its descriptor.
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115  until the end
            continue
        with contextlib.suppress(AttributeError, ValueError):  # The stream may have been replaced.
            if stream.isatty():
                stream.reconfigure(errors="replace")
            else:
                stream.reconfigure(encoding="utf-8", errors="surrogateescape")


def write(text: str) -> None:
    """Write text to stdout. On a terminal, control sequences other than our styles are removed.

    Raises:
        BrokenOutput: If the reader has closed stdout.
        UnwrittenOutput: If writing fails.
    """
    try:
        if sys.stdout.isatty():
            parts = enumerate(_STYLE.split(text))
            text = "".join(part if number % 2 else clean_lines(part) for number, part in parts)
        sys.stdout.write(text)
    except OSError as error:
        _give_up(error)


def finish() -> None:
    """Flush stdout. Raises as :func:`write` does."""
    try:
        sys.stdout.flush()
    except OSError as error:
        _give_up(error)


def note(text: str) -> None:
    """Write a line to stderr, made safe for a terminal."""
    with contextlib.suppress(OSError):
        print(clean_lines(text), file=sys.stderr, flush=True)


def _give_up(error: OSError) -> NoReturn:
    """Redirect stdout to the null device, so that Python's flush at exit cannot fail, and raise."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if isinstance(error, BrokenPipeError):
        raise BrokenOutput from None
    raise UnwrittenOutput(
        f"The output could not be written ({error.strerror or error}). The command itself has finished."
    ) from error
