"""Spelling suggestions for words that an index does not contain."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.analysis import within_edits
from searcher.search.spelling import MAX_WORD_LENGTH, Suggestion, neighbours, suggest

COUNTS = {
    "election": 90, "electron": 2, "president": 50, "police": 30, "lecun": 3, "волна": 20, "президент": 30,
    "truth": 9, "mueller": 5, "muller": 5, "barge": 10, "large": 30, "first": 10, "frisk": 15, "sachen": 9,
    "haustier": 9, "gaps": 9, "bagged": 9, "sidney": 9, "renner": 9, "concesiones": 9, "конец": 9,
    "separatist": 2, "absence": 2, "fist": 15, "house": 9, "necessary": 3, "halvorsen": 5,
}  # fmt: skip
#: Words of many languages, none of which is in COUNTS.
REAL_WORDS = (Path(__file__).parent / "real_words.txt").read_text("utf-8").split()


class Words:
    """The words of an index, with the number of their articles."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._counts = counts

    def count(self) -> int:
        return 100

    def terms(self, field: str, prefix: str = "") -> Iterator[str]:
        return iter(sorted(word for word in self._counts if word.startswith(prefix)))

    def frequencies(self, field: str, terms: Collection[str]) -> Mapping[str, int]:
        return {word: n for word, n in self._counts.items() if word in terms}


def correction(typed: str) -> str | None:
    """Return what a reader is shown instead of a word."""
    found = suggest(typed, Words(COUNTS))
    return found.word if found and found.is_likely else None


@given(st.text("abc", min_size=1, max_size=6), st.text("abc", min_size=1, max_size=6))
def test_the_neighbours_of_a_word_are_the_words_one_edit_away(word: str, other: str) -> None:
    assert (other in neighbours(word)) == (other != word and within_edits(word, other, 1))


@given(st.text("абв", min_size=1, max_size=4), st.text("абв", min_size=1, max_size=4))
def test_the_neighbours_of_a_word_are_in_its_script(word: str, other: str) -> None:
    assert (other in neighbours(word)) == (other != word and within_edits(word, other, 1))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("electoin", "election"),
        ("Presidnet", "president"),
        ("presdint", "president"),
        ("LeCnu", None),  # another last letter: offered
        ("persident", "president"),
        ("pressdint", "president"),  # two edits
        ("absense", "absence"),
        ("seperatist", "separatist"),
        ("neccessarry", "necessary"),
        ("xresdint", None),  # two edits, one of them in the first letter
        ("xlection", "election"),
        ("halverson", "halvorsen"),
        ("presdnt", None),  # two edits of seven letters
        ("presidens", None),  # another ending: an inflected form
        ("hous", None),  # too short
        ("turth", "truth"),
        ("barke", None),  # a wrong letter in a short word
        ("zzzzzz", None),
        ("12345", None),
        ("start-pu", None),
        ("презыдент", "президент"),
        ("Muleler", "mueller"),
        ("Haustür", None),  # an umlaut is not a slip
        ("presidnet's", "president"),
        ("presidnet’s", "president"),
        ("presidnetʼs", "president"),
        ("d'ection", None),  # an elided article and another word
        ("fisrt", "first"),  # fewer articles than “fist”, but letters are often swapped
    ],
)
def test_the_word_that_was_meant(typed: str, meant: str | None) -> None:
    assert meant == correction(typed)


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("LeCnu", "lecun"),
        ("seperatists", "separatist"),
        ("orchestre", "orchestra"),  # a French word
        ("policy", None),
        ("kidney", None),
        ("xyzlection", None),
    ],
)
def test_a_less_likely_word_is_only_offered(typed: str, offered: str | None) -> None:
    counts = {**COUNTS, "orchestra": 5}

    assert (Suggestion(offered, False) if offered else None) == suggest(typed, Words(counts))


@pytest.mark.parametrize("word", REAL_WORDS)
def test_a_real_word_is_not_corrected(word: str) -> None:
    assert correction(word) is None


def test_a_small_index_corrects_as_a_large_one() -> None:
    assert Suggestion("election", True) == suggest("electoin", Words({"election": 5}))


@pytest.mark.parametrize("letters", [MAX_WORD_LENGTH + 1, 10_000, 1_000_000])
def test_no_word_is_looked_up_for_one_that_nobody_writes(letters: int) -> None:
    class Asked(Words):
        def frequencies(self, field: str, terms: Collection[str]) -> Mapping[str, int]:
            raise AssertionError(field, terms)

    assert suggest("a" * letters, Asked(COUNTS)) is None


@pytest.mark.parametrize("typed", ["electoin", "пожарище", "temporarrily"])
def test_a_word_reads_few_words_of_the_index(typed: str) -> None:
    class Asked(Words):
        def terms(self, field: str, prefix: str = "") -> Iterator[str]:
            assert prefix == typed[:2]
            return super().terms(field, prefix)

    suggest(typed, Asked(COUNTS))
