"""Words are looked for by the first letters of their forms: none is missed, and few others are looked at."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.analysis import tokens
from searcher.analysis.highlight_prefilter import beginnings, chunks_with

WORDS = (
    "storm", "Storms,", "(storm", "anti-storm", "stormy's", "dying", "vying", "skies", "first", "1st",
    "1,000", "14bn", "$3m", "12k", "pct", "%", "&", "U.S.", "A&P", "e-mail", "l'amour", "l’amour", "O’Keefe",
    "#MeToo", "haemorrhage", "oesophagus", "tyres", "Müller", "naïve", "İstanbul", "北京大学", "GPT4", "C++",
    ".NET", "x_y", "covid19",
)  # fmt: skip


PLAIN = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1)
ANYTHING = st.text(st.characters(exclude_categories=["Z", "C"]), min_size=1).filter(
    lambda text: text.split() == [text]
)


def found_by_each_form(word: str, language: str = "en") -> None:
    text = f"1 {word} 1"
    for form in {form for token in tokens(word, language) for form in token.forms}:
        assert (2, 2 + len(word)) in set(chunks_with(text, beginnings([form]))), form


@pytest.mark.parametrize("word", WORDS)
def test_a_word_is_found_by_each_of_its_forms(word: str) -> None:
    found_by_each_form(word)


@pytest.mark.parametrize(
    ("word", "language"),
    [
        ("gewählt", "de"),
        ("gehört", "de"),
        ("Goethe", "de"),
        ("Århus", "da"),
        ("jaren", "nl"),
        ("Lkws", "de"),
        ("manifestent", "fr"),
        ("jueces", "es"),
        ("gespaard", "nl"),
        ("geboren", "nl"),
        ("menyimpan", "id"),
        ("perjalanan", "id"),
    ],
)
def test_an_inflected_word_is_found_by_its_base_form(word: str, language: str) -> None:
    found_by_each_form(word, language)


@given(st.one_of(PLAIN, ANYTHING))
def test_any_word_is_found_by_each_of_its_forms(word: str) -> None:
    found_by_each_form(word)


@pytest.mark.parametrize("text", ["J. D. Vance", "AT & T gains", "“A. B. Fee said"])
def test_chunks_with_spaces_in_them_are_always_looked_at(text: str) -> None:
    first = next(iter(chunks_with(text, beginnings(["zz"]))))

    assert text[: first[1]] in ("J. D.", "AT & T", "“A. B.")


def test_words_that_begin_otherwise_are_not_looked_at() -> None:
    text = "The storm, which still nobody had seen coming, destroyed the costly harbour's stalls."

    assert ["storm,"] == [text[begin:end] for begin, end in chunks_with(text, beginnings(["storm"]))]
