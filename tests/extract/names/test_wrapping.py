"""Line ends that only keep lines short."""

from __future__ import annotations

import pytest

from searcher.extract.names.wrapping import unwrapped

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
    actual = unwrapped(WRAPPED)

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
    actual = unwrapped(text)

    assert text == actual
