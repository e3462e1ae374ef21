"""Passages for the tagger: whole sentences, as many as fit, without those that cannot hold a name."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.extract.names.tagger import Chunk, WordPiece, may_have_name, passages, sentences

LETTERS = WordPiece({"[UNK]": 0} | {c: n for n, c in enumerate("abcdefghijklmnopqrstuvwxyz", 1)})
TEXTS = st.lists(st.sampled_from(["Ada", "quill", "said", ".", "“", "”", "\n", "?", "the", "The"])).map(
    " ".join
)


def written(text: str, parts: Iterable[Chunk]) -> list[str]:
    return [text[part[0].start : part[-1].end] for part in parts]


@given(TEXTS, st.integers(1, 9))
def test_passages_are_no_longer_than_asked(text: str, length: int) -> None:
    sizes = [sum(len(w.pieces) for w in part) for part in passages(LETTERS, text, length) if len(part) > 1]

    assert not [size for size in sizes if size > length]


@given(TEXTS)
def test_sentences_hold_every_word_once(text: str) -> None:
    words = list(LETTERS.words(text))

    assert words == [word for sentence in sentences(text, words) for word in sentence]


def test_sentences_end_after_their_closing_quotation_mark() -> None:
    text = "“We won.” Nobody cheered. She left… and came back"

    assert ["“We won.”", "Nobody cheered.", "She left… and came back"] == written(
        text, sentences(text, list(LETTERS.words(text)))
    )


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The ships left at night.", False),
        ("“We are tired,” he said, “and I will not go.”", False),
        ("Quill left at night.", True),
        ("The ships of Marlowe left.", True),
        ("“Marlowe is tired.”", True),
        ("it was the BBC", True),
        ("an iPhone", True),
        ("1999 was cold.", False),
    ],
)
def test_which_sentences_can_name_somebody(sentence: str, expected: bool) -> None:
    assert expected == may_have_name(sentence, list(LETTERS.words(sentence)))


def test_passages_leave_out_what_cannot_hold_a_name() -> None:
    text = "Ada Quill left. The ships left too. Nobody knew.\n\nBen Moss stayed."
    kept = " ".join(text[word.start : word.end] for passage in passages(LETTERS, text) for word in passage)

    assert "Ada Quill left . Ben Moss stayed ." == kept


@pytest.mark.parametrize("text", ["据路透社报道，" * 99, "Владимир уехал. " * 99, "ソニーは言った。"])
def test_passages_hold_no_text_without_latin_capitals(text: str) -> None:
    assert [] == list(passages(LETTERS, text, 9))


def test_passages_hold_what_is_around_a_latin_name_in_other_script() -> None:
    text = "据" * 30 + "Quill" + "据" * 30
    kept = written(text, passages(LETTERS, text, 12))

    assert 1 == len(kept)
    assert "Quill" in kept[0]


def test_a_text_without_end_has_not_endless_passages() -> None:
    text = "Ada Quill left.\n" * 9000

    assert 2000 == sum(1 for _ in passages(LETTERS, text, 12))
