"""What holds for every text, however odd."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.article import Article, Mention
from searcher.extract.quotes import find_quotes

PIECES = st.sampled_from(
    [
        "“", "”", '"', "‘", "’", "'", "''", "„", "«", "»", "\n", "\n\n", " ", ", ", ". ", ": ", "? ",
        "said", "Ann Roe", "Roe", "he", "she", "they", "it", "the mayor", "according to", "told", "that",
        "it is late", "DOE: ", "6'2\"", "’90s", "—", "(", ")", "\u00a0", "Mrs. Roe", "a nurse", "workers'",
    ]
)  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=200), st.lists(PIECES, max_size=80).map(" ".join), st.lists(PIECES).map("".join)
)


@given(TEXTS)
def test_every_text_is_read_and_quotes_lie_inside_it(body):
    quotes = find_quotes(Article(id="a", body=body)).quotes

    assert all(0 <= q.start < q.end <= len(body) and q.text == body[q.start : q.end] for q in quotes)
    assert all(0.0 <= q.confidence <= 1.0 for q in quotes)
    places = [
        (q.speaker_start, q.speaker_end) for q in quotes if (q.speaker_start, q.speaker_end) != (None, None)
    ]

    assert all(
        start is not None and end is not None and 0 <= start < end <= len(body) for start, end in places
    )


@given(TEXTS)
def test_quotes_of_one_sort_do_not_overlap(body):
    quotes = find_quotes(Article(id="a", body=body)).quotes

    for indirect in (True, False):
        same = [q for q in quotes if (q.kind == "indirect") == indirect]
        assert all(one.end <= other.start for one, other in pairwise(same))


@given(TEXTS, st.lists(st.tuples(st.integers(-5, 300), st.integers(-5, 300)), max_size=6))
def test_mentions_in_odd_places_do_no_harm(body, places):
    mentions = tuple(Mention("Ann Roe", "person", start, end) for start, end in places)

    quotes = find_quotes(Article(id="a", body=body, mentions=mentions)).quotes

    assert all(q.text == body[q.start : q.end] for q in quotes)


@pytest.mark.parametrize(
    "body",
    [
        '"' * 200_000,
        "“”\"‘’'" * 20_000,
        "“a " * 15_000,
        "'a " * 15_000,
        "a' " * 15_000,
        "word" * 500_000,
        "said " * 8_000,
    ],
    ids=["marks", "mixed", "openings", "singles", "apostrophes", "one word", "verbs"],
)
def test_hostile_input_is_read_to_its_end(body):
    quotes = find_quotes(Article(id="a", body=body)).quotes

    assert all(q.text == body[q.start : q.end] for q in quotes)


def test_a_very_long_body_is_read_in_stretches():
    line = "“The bridge is closed for the winter,” Ann Roe said on Monday.\n\n"
    body = line * 4_000

    quotes = [q for q in find_quotes(Article(id="a", body=body)).quotes if q.kind != "indirect"]

    assert [line.index("”") + k * len(line) for k in range(4_000)] == [q.end for q in quotes]
