"""The terminal: whether it takes colour, how wide it is, and how many columns a text takes."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Mapping
from typing import NamedTuple, TextIO

from searcher.cli.streams import STYLES

__all__ = ["Screen", "cut", "screen", "wants_colour", "width_of"]

#: Where lines grow no longer however wide the terminal is: longer ones are hard to read.
MAX_READABLE = 110
#: The width where no terminal tells one, as on a pipe.
DEFAULT_WIDTH = 80
MIN_WIDTH = 20
#: What no terminal is wider than, whatever COLUMNS says.
MAX_WIDTH = 1000


class Screen(NamedTuple):
    """How output is written: in colour or not, ``width`` columns wide, with matches in ``[[ ]]`` or not."""

    colour: bool = False
    width: int = DEFAULT_WIDTH
    brackets: bool = False

    @property
    def text_width(self) -> int:
        return min(self.width, MAX_READABLE)

    def paint(self, text: str, style: str) -> str:
        if not self.colour or not text or style not in STYLES:
            return text
        return f"\x1b[{STYLES[style]}m{text}\x1b[0m"


def screen(stream: TextIO, colour: str = "auto", *, brackets: bool = False) -> Screen:
    """Return the screen of a stream. ``colour`` is "auto", "always" or "never"."""
    return Screen(wants_colour(stream, colour, os.environ), _width(os.environ), brackets)


def _width(environment: Mapping[str, str]) -> int:
    """Return the columns to write: those that COLUMNS says, or else the terminal, within bounds."""
    return min(max(_told_width(environment.get("COLUMNS", "")), MIN_WIDTH), MAX_WIDTH)


def _told_width(columns: str) -> int:
    """Return the value of COLUMNS, where it is a number, or else the columns of the terminal. (shutil, which
    tells the same, loads three compression formats for it.)"""
    columns = columns.strip().lstrip("0")
    if columns.isdecimal():
        # Of a number with thousands of digits Python makes no integer.
        return int(columns) if len(columns) <= len(str(MAX_WIDTH)) else MAX_WIDTH
    try:
        return os.get_terminal_size().columns or DEFAULT_WIDTH
    except OSError:  # it is no terminal, or closed
        return DEFAULT_WIDTH


def wants_colour(stream: TextIO, choice: str, environment: Mapping[str, str]) -> bool:
    """Tell whether to use colour. The option decides, then NO_COLOR, then CLICOLOR_FORCE, then CLICOLOR.

    Otherwise a terminal that is not dumb gets colour (https://no-color.org, https://bixense.com/clicolors).
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
    """Return the columns that a text takes: two for a wide letter, none for a combining one."""
    if text.isascii():
        return len(text)
    return sum(map(_character_width, text))


def cut(text: str, width: int) -> str:
    """Cut a text to at most ``width`` columns, with an ellipsis where something is missing."""
    if width_of(text) <= width:
        return text
    taken, used = [], 1
    for character in text:
        used += _character_width(character)
        if used > width:
            break
        taken.append(character)
    return "".join(taken).rstrip() + "…"


def _character_width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
