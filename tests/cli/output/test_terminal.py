from __future__ import annotations

import io
import os

import pytest

from searcher.cli.output.terminal import (
    DEFAULT_WIDTH,
    MAX_WIDTH,
    MIN_WIDTH,
    Screen,
    cut,
    screen_of,
    wants_colour,
    width_of,
)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("terminal", "choice", "environment", "expected"),
    [
        (True, "auto", {}, True),
        (False, "auto", {}, False),
        (True, "never", {}, False),
        (False, "always", {}, True),
        (True, "auto", {"NO_COLOR": "1"}, False),
        (True, "auto", {"NO_COLOR": ""}, True),
        (False, "auto", {"CLICOLOR_FORCE": "1"}, True),
        (False, "auto", {"CLICOLOR_FORCE": "0"}, False),
        (True, "auto", {"CLICOLOR_FORCE": "1", "NO_COLOR": "1"}, False),
        (True, "always", {"NO_COLOR": "1"}, True),
        (True, "auto", {"CLICOLOR": "0"}, False),
        (True, "auto", {"TERM": "dumb"}, False),
    ],
)
def test_when_there_is_colour(
    terminal: bool, choice: str, environment: dict[str, str], expected: bool
) -> None:
    stream = Terminal() if terminal else io.StringIO()

    assert expected == wants_colour(stream, choice, environment)


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ("57", 57),
        (" 57 ", 57),
        ("057", 57),
        ("3", MIN_WIDTH),
        ("99999", MAX_WIDTH),
        ("9" * 5000, MAX_WIDTH),
        ("0", DEFAULT_WIDTH),
        ("-5", DEFAULT_WIDTH),
        ("²", DEFAULT_WIDTH),
        ("wide", DEFAULT_WIDTH),
    ],
)
def test_columns_set_the_width(monkeypatch: pytest.MonkeyPatch, columns: str, expected: int) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setattr(os, "get_terminal_size", lambda: os.terminal_size((0, 0)))

    assert expected == screen_of(stream=io.StringIO()).width


def test_wide_letters_take_two_columns_and_accents_none() -> None:
    assert (4, 1, 3) == (width_of("日本"), width_of("e\u0301"), width_of("abc"))


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [("short", 5, "short"), ("longer", 5, "long…"), ("日本語", 5, "日本…"), ("two words", 5, "two…")],
)
def test_cutting_says_that_something_is_missing(text: str, width: int, expected: str) -> None:
    assert expected == cut(text, width)


def test_without_colour_nothing_is_painted() -> None:
    assert "word" == Screen().paint("word", "match")
