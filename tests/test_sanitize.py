from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.sanitize import clean_line, clean_lines, csv_cell, escape_json

ANY_TEXT = st.text(st.characters())  # surrogates and control characters too


@given(ANY_TEXT)
def test_no_control_character_passes(text: str) -> None:
    assert not [c for c in clean_line(text) if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")]


@given(ANY_TEXT)
def test_every_character_stands_for_one(text: str) -> None:
    assert len(text) == len(clean_line(text))


@given(st.text(st.characters(exclude_categories=("C", "Z"))))
def test_plain_text_is_left_alone(text: str) -> None:
    assert text == clean_line(text)


@pytest.mark.parametrize("override", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
def test_bidirectional_overrides_are_neutralised(override: str) -> None:
    assert "a\ufffdb" == clean_line(f"a{override}b")


def test_line_breaks_stay_where_lines_are_wanted() -> None:
    assert "one\ntwo \ufffd" == clean_lines("one\ntwo\r\x1b")


@given(ANY_TEXT)
def test_json_keeps_its_data_and_loses_its_dangers(text: str) -> None:
    printed = escape_json(json.dumps(text, ensure_ascii=False))

    assert text == json.loads(printed) or any("\ud800" <= c <= "\udfff" for c in text)
    assert printed == clean_line(printed)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "  =1", "＝1", "\t=1", "\r=1"])
def test_a_cell_never_begins_like_a_formula(text: str) -> None:
    assert csv_cell(text).startswith("'")


def test_numbers_in_cells_stay_numbers() -> None:
    assert ("-0.5", "", "plain") == (csv_cell(-0.5), csv_cell(None), csv_cell("plain"))


def test_characters_beyond_the_basic_plane_are_escaped_as_pairs() -> None:
    printed = escape_json('"\U000e0041"')

    assert ('"\\udb40\\udc41"', "\U000e0041") == (printed, json.loads(printed))
