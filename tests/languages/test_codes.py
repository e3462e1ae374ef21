from __future__ import annotations

import pytest

from searcher.languages import is_unspaced, language_code


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ("en-US", "en"),
        ("en_GB", "en"),
        ("English", "en"),
        ("deu", "de"),
        ("nb-NO", "no"),
        ("français", "fr"),
        ("xx-unknown", "xx"),
        ("klingon", None),
        ("", None),
        (None, None),
    ],
)
def test_whatever_declares_a_language_gives_its_code(declared: str | None, expected: str | None) -> None:
    assert expected == language_code(declared)


@pytest.mark.parametrize(
    ("char", "expected"), [("a", False), ("\u0e00", False), ("ก", True), ("港", True), ("한", True)]
)
def test_scripts_that_run_words_together_are_told(char: str, expected: bool) -> None:
    assert expected == is_unspaced(char)
