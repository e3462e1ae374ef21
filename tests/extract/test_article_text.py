"""Line ends that only keep lines short."""

from __future__ import annotations

import pytest

from searcher.extract.article_text import unwrapped_text

WRAPPED = """\
The owner of two boats told the Harbour
Weekly that the boats of his brother and
the firm were lost, and that it has no
others, for want of money.

Ada Quill"""
UNWRAPPED = """\
The owner of two boats told the Harbour Weekly that the boats of his brother and \
the firm were lost, and that it has no others, for want of money.

Ada Quill"""


def test_line_ends_within_paragraphs_are_blanks() -> None:
    expected = UNWRAPPED
    actual = unwrapped_text(WRAPPED)

    assert expected == actual


@pytest.mark.parametrize(
    "text",
    [
        "One line.",
        "Ada Quill\nBen Moss\nDover Harbour\nThe Harbour Weekly",  # a list of names
        "two eggs\nsome flour\nmilk\nsugar",  # a list of things
        f"{'A paragraph in one line. ' * 9}\nand {'another. ' * 20}\nand {'one more. ' * 20}",
    ],
)
def test_other_line_ends_stay(text: str) -> None:
    actual = unwrapped_text(text)

    assert text == actual


@pytest.mark.parametrize(
    "first",
    [
        "The heads of the Harbour Board of",  # wants another word
        "The owner of Marlowe Harbour",  # a dateline stood before it
    ],
)
def test_a_short_line_goes_on_where_a_paragraph_begins(first: str) -> None:
    second = "Trade told the Harbour Weekly that the boats of his brother and"

    expected = f"{first} {second} the firm were lost, for want of money."
    actual = unwrapped_text(f"{first}\n{second}\nthe firm were lost, for want of money.")

    assert expected == actual


def test_a_heading_in_capitals_stays_a_line() -> None:
    text = "BOATS LOST\n" + WRAPPED

    expected = "BOATS LOST\n" + UNWRAPPED
    actual = unwrapped_text(text)

    assert expected == actual
