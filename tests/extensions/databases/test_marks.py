"""Which texts are worth looking at as exports."""

from __future__ import annotations

import pytest

from searcher.extensions.databases import may_be_download

SCRIPT = "<script>document.write(document.title)</script> " * 50


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Load-Date: March 3\n\nEnd of Document", True),
        ("12 of 480 DOCUMENTS", True),
        ("1 of 1 document", True),
        ("Document NYTF000020250303ed33000b5", True),
        ("PROQUEST DOCUMENT ID: 3190", True),
        (SCRIPT, False),
        ("the end of documentation", False),
        ("Document number 20250303", False),
        ("nothing of the kind", False),
    ],
)
def test_only_the_marks_of_databases_are_worth_it(text: str, expected: bool) -> None:
    between = "<p></p>\n" * 30

    assert expected == may_be_download(f"{SCRIPT}{between}{text}{between}{SCRIPT}")
