from __future__ import annotations

import pytest

from searcher.statements import folded_words, located_words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("We don’t know, and WON'T ask.", "we don't know; and won’t ask …"),
        ("It was – really – a “dead end”.", 'It was - really - a "dead end"'),
        ("Die Größe zählt", "die grosse zahlt"),
        ("a ﬁne day", "A fine day!"),
    ],
)
def test_words_are_the_same_whatever_the_marks(one: str, other: str) -> None:
    assert folded_words(one) == folded_words(other)


def test_a_letter_is_a_word_where_words_run_together() -> None:
    assert ("東", "京", "で", "it") == folded_words("「東京で」IT")


def test_places_are_slices_of_the_text() -> None:
    text = "“Don’t,” she said."

    assert ["Don’t", "she", "said"] == [text[start:end] for _, start, end in located_words(text)]
