"""Which word of the index was meant by one that it does not hold."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.analysis import within_edits
from searcher.search.spelling import MAX_LETTERS, neighbours, suggest

#: Enough other words that the absence of one says something.
COUNTS = dict.fromkeys((f"{a}{b}x" for a in "bcdfghjklmnp" for b in "abcdefghijklmnopqrstuvwxyz"), 1)
COUNTS |= {"election": 90, "electron": 2, "president": 50, "police": 30, "prison": 8, "poison": 9, "lecun": 3}
COUNTS |= {
    "волна": 20,
    "президент": 30,
    "settlement": 40,
    "truth": 9,
    "mueller": 5,
    "muller": 5,
    "barge": 10,
    "carte": 30,
}
COUNTS |= {"first": 10, "frisk": 15, "detection": 9, "sachen": 9, "davon": 9, "haustier": 9}


class Words:
    """The words of an index, with the number of their articles."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._counts = counts

    def terms(self, field: str, prefix: str = "") -> Iterator[str]:
        return iter(sorted(word for word in self._counts if word.startswith(prefix)))

    def frequencies(self, field: str, terms: Collection[str]) -> Mapping[str, int]:
        return {word: n for word, n in self._counts.items() if word in terms}


@given(st.text("abc", min_size=1, max_size=6), st.text("abc", min_size=1, max_size=6))
def test_the_neighbours_of_a_word_are_the_words_one_edit_away(word: str, other: str) -> None:
    assert (other in neighbours(word)) == (other != word and within_edits(word, other, 1))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("electoin", "election"),
        ("Presidnet", "president"),
        ("presdint", "president"),
        ("LeCnu", "lecun"),
        ("xlection", "election"),
        ("persident", "president"),
        ("pressdint", "president"),  # two edits
        ("xresdint", None),  # two, one of them in the first letter
        ("policy", None),  # another word, not a slip
        ("zzzzzz", None),
        ("lec", None),  # too short to tell
        ("1987", None),
        ("start-pu", None),
        ("presdnt", None),  # two edits of seven letters
        ("презыдент", "президент"),
        ("Müler", "mueller"),
        ("Haustür", None),  # an umlaut is no slip
        ("Haustuer", "haustier"),
        ("presidnet's", "president"),
        ("presidnet’s", "president"),
        ("presidnetʼs", "president"),
        ("d'ection", None),  # an elided article and another word
        ("frist", "first"),  # fewer articles than “frisk”, but to swap two letters is a commoner slip
        ("barte", "barge"),  # fewer articles than “carte”, but it begins with the same letter
    ],
)
def test_the_word_that_was_meant(typed: str, meant: str | None) -> None:
    assert meant == suggest(typed, Words(COUNTS))


@pytest.mark.parametrize("word", ["война", "Polsce", "polsce", "seulement", "trůth", "sachsens", "d'avion"])
def test_a_word_of_another_language_is_no_slip(word: str) -> None:
    assert suggest(word, Words(COUNTS)) is None


def test_in_a_tiny_index_a_word_that_is_not_there_is_no_mistake() -> None:
    assert suggest("electoin", Words({"election": 5})) is None


@pytest.mark.parametrize("letters", [MAX_LETTERS + 1, 10_000, 1_000_000])
def test_no_word_is_looked_up_for_one_that_nobody_writes(letters: int) -> None:
    class Asked(Words):
        def frequencies(self, field: str, terms: Collection[str]) -> Mapping[str, int]:
            raise AssertionError(field, terms)

    assert suggest("a" * letters, Asked(COUNTS)) is None
