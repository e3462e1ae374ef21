"""Terminal output: colour, width, styled and wrapped text."""

from __future__ import annotations

import os
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple, TextIO

from searcher.cli.streams import STYLES
from searcher.sanitize import clean_line, clean_lines

#: Maximum width of text, in columns. Longer lines are hard to read.
MAX_READABLE_WIDTH = 110
#: Width if the output is not a terminal, for example a pipe, in columns.
DEFAULT_WIDTH = 80
#: Limits for the width that a terminal or COLUMNS reports.
MIN_WIDTH, MAX_WIDTH = 20, 1000


class Screen(NamedTuple):
    """How to write: in colour, ``width`` columns wide, with matches in ``[[ ]]``."""

    colour: bool = False
    width: int = DEFAULT_WIDTH
    brackets: bool = False

    @property
    def text_width(self) -> int:
        return min(self.width, MAX_READABLE_WIDTH)

    def paint(self, text: str, style: str) -> str:
        if not self.colour or not text or style not in STYLES:
            return text
        return f"\x1b[{STYLES[style]}m{text}\x1b[0m"


def screen_of(colour: str = "auto", *, brackets: bool = False, stream: TextIO | None = None) -> Screen:
    """Return the screen of a stream (default: stdout). ``colour`` is "auto", "always" or "never"."""
    return Screen(wants_colour(stream or sys.stdout, colour, os.environ), _screen_width(os.environ), brackets)


def amount(number: int, one: str, plural: str = "") -> str:
    """Return “1 file” or “1,200 files”."""
    return f"{number:,} {one if number == 1 else plural or f'{one}s'}"


def _screen_width(environment: Mapping[str, str]) -> int:
    """Return COLUMNS or the width of the terminal, within bounds.

    ``shutil.get_terminal_size`` does the same, but importing shutil loads three compression formats.
    """
    columns = environment.get("COLUMNS", "").strip().lstrip("0")
    if columns.isdecimal():
        # Python refuses to convert numbers with thousands of digits.
        return min(max(int(columns[: len(str(MAX_WIDTH)) + 1]), MIN_WIDTH), MAX_WIDTH)
    try:
        return min(max(os.get_terminal_size().columns or DEFAULT_WIDTH, MIN_WIDTH), MAX_WIDTH)
    except OSError:  # The stream is closed or not a terminal.
        return DEFAULT_WIDTH


def wants_colour(stream: TextIO, choice: str, environment: Mapping[str, str]) -> bool:
    """Return True if the option, else NO_COLOR, CLICOLOR_FORCE, CLICOLOR or the terminal asks for colour.

    See https://no-color.org and https://bixense.com/clicolors.
    """
    if choice != "auto":
        return choice == "always"
    if environment.get("NO_COLOR"):
        return False
    if environment.get("CLICOLOR_FORCE", "0") not in ("", "0"):
        return True
    if environment.get("CLICOLOR") == "0" or environment.get("TERM") == "dumb":
        return False
    return stream.isatty()


def width_of(text: str) -> int:
    """Return the number of columns of a text: two for wide characters, none for combining ones."""
    if text.isascii():
        return len(text)
    return sum(map(_character_width, text))


def cut(text: str, width: int) -> str:
    """Shorten a text to at most ``width`` columns, with an ellipsis."""
    if width_of(text) <= width:
        return text
    pieces, used = [], 1
    for character in text:
        used += _character_width(character)
        if used > width:
            break
        pieces.append(character)
    return "".join(pieces).rstrip() + "…"


def _character_width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


OPEN, CLOSE = "[[", "]]"


@dataclass(slots=True)
class StyledText:
    """A text under construction with styled spans ``(start, end, style)``. Later spans win."""

    text: str = ""
    spans: list[tuple[int, int, str]] = field(default_factory=list)

    def add(self, text: str, style: str = "") -> StyledText:
        """Append a text and return self."""
        if style and text:
            self.spans.append((len(self.text), len(self.text) + len(text), style))
        self.text += text
        return self

    def join(self, other: StyledText) -> StyledText:
        """Append another styled text and return self."""
        shift = len(self.text)
        self.spans += [(start + shift, end + shift, style) for start, end, style in other.spans]
        self.text += other.text
        return self

    def painted(self, screen: Screen, start: int = 0, end: int | None = None) -> str:
        """Return the part from ``start`` to ``end`` with escape sequences."""
        end = len(self.text) if end is None else end
        if not screen.colour:
            return self.text[start:end]
        spans = [(max(a, start), min(b, end), style) for a, b, style in self.spans if a < end and b > start]
        edges = sorted({start, end, *(edge for a, b, _ in spans for edge in (a, b))})
        return "".join(
            screen.paint(self.text[a:b], next((s for x, y, s in reversed(spans) if x <= a and b <= y), ""))
            for a, b in pairwise(edges)
        )


def marked_text(
    text: str, marks: Iterable[tuple[int, int]], screen: Screen, *, style: str = "", lines: bool = False
) -> StyledText:
    """Return a text, made safe, with matches in colour or brackets. ``lines`` keeps line breaks."""
    safe = clean_lines(text) if lines else clean_line(text)
    out, at = StyledText(), 0
    for start, end in marks:
        out.add(safe[at:start], style)
        out.add(f"{OPEN}{safe[start:end]}{CLOSE}" if screen.brackets else safe[start:end], "match")
        at = end
    return out.add(safe[at:], style)


def wrap(styled: StyledText, screen: Screen, *, indent: str = "", first: str | None = None) -> list[str]:
    """Wrap a text to the width of the screen and return painted lines.

    Lines start with ``indent``, the first one with ``first``. Words are only broken in scripts without
    spaces.
    """
    first = indent if first is None else first
    room = max(10, screen.text_width - width_of(indent))
    lines = [
        styled.painted(screen, start, end)
        for begin, stop in _lines(styled.text)
        for start, end in _wrapped(styled.text, begin, stop, room)
    ]
    return [(first if number == 0 else indent) + line for number, line in enumerate(lines)]


def _lines(text: str) -> Iterator[tuple[int, int]]:
    for match in re.finditer(r"[^\n]+", text):
        if match[0].strip():
            yield match.span()


def _wrapped(text: str, begin: int, stop: int, room: int) -> Iterator[tuple[int, int]]:
    """Yield the offsets of the parts of a wrapped line."""
    start = end = None
    for left, right in _words(text, begin, stop, room):
        if start is None:
            start, end = left, right
        elif width_of(text[start:right]) <= room:
            end = right
        else:
            yield start, end or left
            start, end = left, right
    if start is not None and end is not None:
        yield start, end


def _words(text: str, begin: int, stop: int, room: int) -> Iterator[tuple[int, int]]:
    """Yield the offsets of unbreakable words. Long words that are not ASCII are cut to fit."""
    for match in re.compile(r"\S+").finditer(text, begin, stop):
        left, right = match.span()
        if width_of(match[0]) > room and not match[0].isascii():
            yield from _pieces(text, left, right, room)
        else:
            yield left, right


def _pieces(text: str, left: int, right: int, room: int) -> Sequence[tuple[int, int]]:
    pieces, start, used = [], left, 0
    for at in range(left, right):
        columns = width_of(text[at])
        if used + columns > room and at > start:
            pieces.append((start, at))
            start, used = at, 0
        used += columns
    return [*pieces, (start, right)]
