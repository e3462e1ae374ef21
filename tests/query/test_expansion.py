"""From patterns to words that the index holds, and from a word to its other spellings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.analysis import within_edits
from searcher.errors import QueryTooBroad
from searcher.query.expansion import expand_fuzzy, expand_wildcard, plain_prefix, similar, spellings
from searcher.query.tree import And, Expr, InQuote, Not, Or, Phrase, Term

VOCABULARY = sorted(
    [
        "elect",
        "election",
        "elections",
        "electron",
        "select",
        "police",
        "policy",
        "president",
        "women",
        "woman",
    ]
)


def words(prefix: str) -> list[str]:
    return [word for word in VOCABULARY if word.startswith(prefix)]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("elect*", ("elect", "election", "elections", "electron")),
        ("*elect", ("elect", "select")),
        ("wom?n", ("woman", "women")),
        ("Éle?t", ("elect",)),
        ("none*", ()),
    ],
)
def test_wildcards(pattern: str, expected: tuple[str, ...]) -> None:
    assert expected == expand_wildcard(pattern, words)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("elect*", "elect"),
        ("Élect**", "elect"),
        ("e?ect*", None),
        ("*ect*", None),
        ("ele*t", None),
        ("*", None),
    ],
)
def test_a_pattern_that_is_a_mere_beginning(pattern: str, expected: str | None) -> None:
    assert expected == plain_prefix(pattern)


def test_a_pattern_that_stands_for_too_much_is_refused_with_advice() -> None:
    with pytest.raises(QueryTooBroad, match="Write more letters"):
        expand_wildcard("e*", words, limit=2)


@pytest.mark.parametrize("pattern", ["*", "**", "?*?"])
def test_a_pattern_without_letters_is_refused(pattern: str) -> None:
    with pytest.raises(QueryTooBroad, match="at least one letter"):
        expand_wildcard(pattern, words)


def test_any_pattern_over_a_hundred_thousand_words_ends() -> None:
    many = [f"w{i:06}" for i in range(100_000)]

    assert 10 == len(expand_wildcard("*0*0*0*0*5?", lambda prefix: many[:100_000:10_000] + many[50:60]))
    with pytest.raises(QueryTooBroad):
        expand_wildcard("*0*", lambda prefix: many)


def test_fuzzy() -> None:
    assert ("police", "policy") == expand_fuzzy("polic", 1, words)
    assert ("woman", "women") == expand_fuzzy("Wommn", 1, words)


def test_a_fuzzy_word_that_stands_for_too_much_is_refused() -> None:
    with pytest.raises(QueryTooBroad):
        expand_fuzzy("polic", 1, words, limit=1)


@given(st.text("abc", min_size=1, max_size=12), st.text("abc", min_size=1, max_size=12), st.integers(1, 2))
def test_no_similar_word_is_overlooked(word: str, other: str, edits: int) -> None:
    if within_edits(word, other, edits):
        assert [other] == list(similar(word, [other], edits))


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (Term("start-up"), Or((Term("start-up"), Term("startup")))),
        (Term("al-Rashid", "title"), Or((Term("al-Rashid", "title"), Term("alRashid", "title")))),
        (Term("#MeToo"), Or((Term("#MeToo"), Phrase("Me Too")))),
        (Term("storm"), Term("storm")),
        (Term("F-16"), Term("F-16")),
        (Term("28-year-old"), Term("28-year-old")),
        (Term("start-up", exact=True), Term("start-up", exact=True)),
        (
            And((Term("storm"), Not(Term("e-mail")))),
            And((Term("storm"), Not(Or((Term("e-mail"), Term("email")))))),
        ),
        (InQuote(Term("e-mail")), InQuote(Or((Term("e-mail"), Term("email"))))),
        (Or((Term("storm"), Term("e-mail"))), Or((Term("storm"), Term("e-mail"), Term("email")))),
    ],
)
def test_a_word_is_also_looked_for_as_it_is_otherwise_written(tree: Expr, expected: Expr) -> None:
    assert expected == spellings(tree)
