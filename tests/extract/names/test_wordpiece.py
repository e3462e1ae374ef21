"""Word pieces: the same as those of the reference tokeniser, with offsets and letter case."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.extract.names.tagger import (
    CAPITALISED,
    CAPITALS,
    DIGITS,
    LOWER,
    MIXED_CASE,
    WordPiece,
    letter_case,
)
from searcher.models import models_folder

# What BertTokenizer (uncased) made of these texts, written down once with the package `tokenizers`.
CASES = json.loads((Path(__file__).parent / "wordpiece.json").read_text(encoding="utf-8"))
PIECES = (models_folder() / "tagger" / "vocabulary.txt").read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="module")
def wordpiece() -> WordPiece:
    return WordPiece({piece: number for number, piece in enumerate(PIECES)})


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:20])
def test_the_pieces_are_those_of_the_reference(case: dict[str, object], wordpiece: WordPiece) -> None:
    found = [PIECES[piece] for word in wordpiece.words(str(case["text"])) for piece in word.pieces]

    assert case["pieces"] == found


@given(text=st.text())
def test_words_are_in_order_and_hold_no_white_space(text: str) -> None:
    words = list(WordPiece({"[UNK]": 0, "a": 1}).words(text))
    edges = [edge for word in words for edge in (word.start, word.end)]

    assert sorted(edges) == edges
    assert not any(c.isspace() for word in words for c in text[word.start : word.end])


def test_offsets_are_those_of_the_whole_text(wordpiece: WordPiece) -> None:
    text = "One line.\nAda Quill spoke."
    words = list(wordpiece.words(text, 10, 19))

    assert ["Ada", "Quill"] == [text[word.start : word.end] for word in words]


@pytest.mark.parametrize(
    ("word", "case"),
    [
        ("harbour", LOWER),
        ("Quill", CAPITALISED),
        ("A", CAPITALISED),
        ("BBC", CAPITALS),
        ("LeCun", MIXED_CASE),
        ("iPhone", MIXED_CASE),
        ("2024", DIGITS),
        ("G20", CAPITALS),
        (",", LOWER),
        ("Éa", CAPITALISED),
    ],
)
def test_letter_case(word: str, case: int) -> None:
    assert case == letter_case(word)
