from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from searcher.cli.output.terminal import Screen, StyledText, marked_text, width_of, wrap

PLAIN, COLOUR = Screen(width=40), Screen(colour=True, width=40)
WORDS = st.lists(st.text("abcdefg日本é“”.,", min_size=1, max_size=12), min_size=1, max_size=40)


def test_matches_are_coloured() -> None:
    assert ["a \x1b[1;31mbad\x1b[0m day"] == wrap(marked_text("a bad day", [(2, 5)], COLOUR), COLOUR)


def test_matches_are_put_between_brackets_if_asked_for() -> None:
    onto = Screen(brackets=True)

    assert ["a [[bad]] day"] == wrap(marked_text("a bad day", [(2, 5)], onto), onto)


def test_a_match_that_is_wrapped_is_coloured_on_both_lines() -> None:
    onto = Screen(colour=True, width=20)
    text = "one two three four five six"

    assert ["one \x1b[1;31mtwo three four\x1b[0m", "\x1b[1;31mfive\x1b[0m six"] == wrap(
        marked_text(text, [(4, 23)], onto), onto
    )


def test_given_line_breaks_are_kept_where_lines_are_wanted() -> None:
    assert ["> one", "> two"] == wrap(marked_text("one\n\ntwo", (), PLAIN, lines=True), PLAIN, indent="> ")


def test_the_first_line_may_begin_otherwise() -> None:
    text = StyledText().add("word " * 12)

    assert ["1. word", "   word"] == [line[:7] for line in wrap(text, PLAIN, indent="   ", first="1. ")]


def test_long_words_are_left_whole() -> None:
    address = "https://example.org/" + "x" * 80

    assert ["see", address] == wrap(StyledText().add(f"see {address}"), PLAIN)


def test_a_script_without_spaces_is_broken_anywhere() -> None:
    assert ["日本" * 10, "日本" * 10, "日本"] == wrap(StyledText().add("日本" * 21), PLAIN)


@given(WORDS)
def test_wrapping_alters_no_letter(words: list[str]) -> None:
    text = " ".join(words)
    lines = wrap(StyledText().add(text), PLAIN)

    assert text.replace(" ", "") == "".join(lines).replace(" ", "")


@given(WORDS)
def test_lines_fit_unless_a_word_does_not(words: list[str]) -> None:
    lines = wrap(StyledText().add(" ".join(words)), PLAIN)

    assert all(width_of(line) <= 40 or " " not in line for line in lines)


@given(WORDS, st.data())
def test_colour_alters_nothing_but_colour(words: list[str], data: st.DataObject) -> None:
    text = " ".join(words)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    coloured = wrap(marked_text(text, [(start, end)], COLOUR), COLOUR)

    assert wrap(StyledText().add(text), PLAIN) == [re.sub("\x1b\\[[0-9;]*m", "", line) for line in coloured]
