"""What counts for the score, and how much."""

from __future__ import annotations

import datetime as dt
import math

from hypothesis import given
from hypothesis import strategies as st

from searcher.engines.scoring import (
    BIGRAM_WEIGHT,
    K1,
    MAX_SCORED_LEAVES,
    WeightedLeaf,
    bm25,
    weigh,
)
from searcher.query.language import plain
from searcher.query.tree import (
    And,
    AtLeast,
    HasValue,
    InQuote,
    MatchAll,
    Near,
    Not,
    Or,
    Phrase,
    Range,
    Term,
    Wildcard,
)

STORM, FLOOD, THE = Term("storm"), Term("flood"), Term("the")


def test_bm25_of_a_word_once_in_an_article_of_average_length_is_its_idf() -> None:
    assert math.isclose(math.log(1 + 90.5 / 10.5), bm25(1, 10, 100, 50, 50.0))


@given(st.integers(1, 50), st.integers(1, 1000), st.integers(1, 5000))
def test_bm25_grows_with_occurrences_and_stays_below_its_limit(tf: int, df: int, length: int) -> None:
    once, more = bm25(tf, df, 1000, length, 300.0), bm25(tf + 1, df, 1000, length, 300.0)

    assert 0 < once < more < (K1 + 1) * math.log(1 + (1000 - df + 0.5) / (df + 0.5)) + 1e-9


def test_rarer_words_and_shorter_articles_count_more() -> None:
    assert bm25(1, 5, 1000, 300, 300.0) > bm25(1, 50, 1000, 300, 300.0)
    assert bm25(1, 5, 1000, 100, 300.0) > bm25(1, 5, 1000, 900, 300.0)


def test_words_count_fully_and_neighbours_a_little() -> None:
    expected = (
        WeightedLeaf(STORM, 1.0),
        WeightedLeaf(FLOOD, 1.0),
        WeightedLeaf(Phrase("storm flood"), BIGRAM_WEIGHT, pair=True),
    )

    assert expected == weigh(And((STORM, FLOOD)))


def test_stop_words_do_not_count_and_do_not_part_neighbours() -> None:
    assert weigh(And((STORM, FLOOD))) == weigh(And((STORM, THE, FLOOD)))


def test_stop_words_count_where_there_is_nothing_else() -> None:
    parts = weigh(And((Term("to"), Term("be"))))

    assert [Term("to"), Term("be"), Phrase("to be")] == [part.leaf for part in parts]


def test_repeating_a_word_counts_less_each_time() -> None:
    weights = [weigh(Or((STORM,) * n))[0].weight for n in (1, 2, 3, 100)]

    assert [1.0, 4 / 3, 1.5] == weights[:3]
    assert 1.9 < weights[3] < 2


def test_filters_negations_and_quotations_do_not_rank() -> None:
    quiet = And(
        (
            Not(FLOOD),
            HasValue("person", "Brenk"),
            Range("date", dt.date(2024, 1, 1), None),
            InQuote(FLOOD),
            MatchAll(),
        )
    )

    assert () == weigh(quiet)


def test_near_and_atleast_count_as_what_they_find() -> None:
    near = Near(STORM, FLOOD, 5)

    assert [near, STORM, Wildcard("el*")] == [
        part.leaf for part in weigh(And((near, AtLeast(STORM, 3), Wildcard("el*"))))
    ]


def test_neighbours_in_different_fields_are_none() -> None:
    assert 2 == len(weigh(And((STORM, Term("flood", "title")))))


def test_a_page_of_text_as_query_has_a_bounded_number_of_parts() -> None:
    assert 2 * MAX_SCORED_LEAVES >= len(
        weigh(plain(" ".join(f"word{chr(97 + i % 26)}{i}" for i in range(1500))))
    )
