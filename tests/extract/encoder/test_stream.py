"""The pieces of a text in windows."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from searcher.extract.encoder.model import (
    MAX_PIECES,
    MIN_SHARED_PIECES,
    WINDOW_PIECES,
    Unit,
    stream_of,
    window_starts,
)

BREAK = 2


def test_a_line_break_is_a_piece_between_units() -> None:
    stream = stream_of([Unit(0, 3, (7, 8), False), Unit(4, 6, (9,), True)], BREAK, [])

    assert [7, 8, BREAK, 9] == stream.ids.tolist()
    assert [0, 0, -1, 1] == stream.unit.tolist()
    assert [True, False, False, True] == stream.first.tolist()
    assert [0, 3] == stream.begins.tolist()


def test_what_stands_between_marks_is_marked() -> None:
    units = [Unit(place, place + 1, (5,), False) for place in range(6)]

    assert [0, 1, 1, 0, 1, 0] == stream_of(units, BREAK, [(1, 3), (4, 5)]).inside.tolist()


def test_no_more_is_read_than_a_text_may_have() -> None:
    units = [Unit(place, place + 1, (5,), False) for place in range(MAX_PIECES + 10)]

    assert MAX_PIECES == len(stream_of(units, BREAK, []))


@given(length=st.integers(0, 5000))
def test_windows_cover_everything_and_share_enough(length: int) -> None:
    starts = window_starts(length)

    assert 0 == starts[0]
    assert starts[-1] + WINDOW_PIECES >= length
    assert all(MIN_SHARED_PIECES <= left + WINDOW_PIECES - right for left, right in pairwise(starts))
