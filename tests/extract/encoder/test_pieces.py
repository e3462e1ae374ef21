"""Units and pieces: nothing of the text is lost, and a word falls into its likeliest pieces."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.extract.encoder.model import SPACE, Unigram

VOCABULARY = {
    "<unk>": 0.0,
    SPACE: -4.0,
    f"{SPACE}ferry": -3.0,
    f"{SPACE}fer": -5.0,
    "ry": -5.0,
    "s": -2.0,
    "f": -9.0,
    "e": -9.0,
    "r": -9.0,
    "y": -9.0,
    "港": -6.0,
    "湾": -6.0,
    "港湾": -7.0,
    "が": -3.0,
    "가": -6.0,
}
PIECES = list(VOCABULARY)


@pytest.fixture(scope="module")
def unigram() -> Unigram:
    return Unigram(PIECES, list(VOCABULARY.values()), 0)


def cut(unigram: Unigram, text: str) -> list[tuple[str, list[str]]]:
    return [(text[u.start : u.end], [PIECES[row] for row in u.pieces]) for u in unigram.units(text)]


def test_a_word_is_one_unit_of_its_likeliest_pieces(unigram: Unigram) -> None:
    assert [("ferrys", [f"{SPACE}ferry", "s"])] == cut(unigram, "ferrys")


def test_a_mark_is_a_unit_without_a_space_before_it(unigram: Unigram) -> None:
    assert [("s", ["s"]), ("s", [SPACE, "s"])] == cut(unigram, "(s s")[1:]


def test_letters_of_no_piece_are_unknown_once(unigram: Unigram) -> None:
    assert [("ferryqqq", [f"{SPACE}ferry", "<unk>"])] == cut(unigram, "ferryqqq")


def test_where_words_run_together_each_piece_is_a_unit(unigram: Unigram) -> None:
    assert [("港湾", [SPACE, "港湾"]), ("が", ["が"])] == cut(unigram, "港湾が")


def test_wide_letters_are_those_they_stand_for(unigram: Unigram) -> None:
    assert [("ｆｅｒｒｙ", [f"{SPACE}ferry"])] == cut(unigram, "ｆｅｒｒｙ")


def test_a_unit_knows_that_a_line_begins(unigram: Unigram) -> None:
    assert [False, False, True] == [unit.breaks for unit in unigram.units("ferry ferry\nferry")]


@given(
    text=st.text(alphabet=st.sampled_from("fersy港湾が가가́ ﷺﬁ.,—«»\n\t’़ำ①Ⅷ"), max_size=60)
    | st.text(max_size=60)
)
def test_units_cover_the_text_in_order(unigram: Unigram, text: str) -> None:
    units = list(unigram.units(text))
    covered = {place for unit in units for place in range(unit.start, unit.end)}

    assert all(unit.start < unit.end for unit in units)
    assert all(left.end <= right.start for left, right in pairwise(units))
    assert {place for place, char in enumerate(text) if not char.isspace()} <= covered
    assert all(unit.pieces for unit in units)


@given(word=st.text(alphabet="fersy", min_size=1, max_size=12))
def test_no_other_cut_is_likelier(unigram: Unigram, word: str) -> None:
    (unit,) = unigram.units(word)

    assert _best(SPACE + word) == pytest.approx(sum(VOCABULARY[PIECES[row]] for row in unit.pieces))


def _best(text: str) -> float:
    """By trying every cut."""
    if not text:
        return 0.0
    return max(
        VOCABULARY[text[:end]] + _best(text[end:])
        for end in range(1, len(text) + 1)
        if text[:end] in VOCABULARY
    )
