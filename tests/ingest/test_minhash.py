from __future__ import annotations

from searcher.ingest.stories import fingerprint, similarity

WIRE = (
    "The ferry company said on Tuesday that its boats would run again from June after a long winter. "
    "Passengers had waited since November, when ice closed the harbour to all but the smallest craft, and "
    "the mayor of Tallow Bay promised help for the shops along the quay, whose owners had lost much trade."
)
FIRST_NUMBERS = (31061511, 22403541, 3806594)


def test_a_short_text_has_none() -> None:
    assert () == fingerprint("Shr 12 cts vs nine. Net 1,204,000 vs 903,000.")


def test_fingerprints_stay_the_same_for_ever() -> None:
    """They are compared across runs and versions."""
    assert FIRST_NUMBERS == fingerprint(WIRE)[:3]


def test_a_copy_with_a_line_more_is_alike() -> None:
    assert similarity(fingerprint(WIRE), fingerprint(f"Heron Daily. {WIRE} More follows.")) > 0.7


def test_other_words_are_not() -> None:
    other = " ".join(f"{word}{number}" for number, word in enumerate(WIRE.split()))

    assert similarity(fingerprint(WIRE), fingerprint(other)) < 0.1
