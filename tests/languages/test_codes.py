from __future__ import annotations

import pytest

from searcher.languages import code


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
    assert expected == code(declared)
