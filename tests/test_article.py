"""What an article says of itself."""

from __future__ import annotations

import pytest

from searcher import Article


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        (None, ()),
        ("News", ("News",)),
        ("News > Boats", ("News", "Boats")),
        ("News; Boats | Boats", ("News", "Boats")),
        ("Business, Counties", ("Business, Counties",)),
        ("Business, Counties, Lake", ("Business", "Counties", "Lake")),
        ("Arts, Books, Film > Reviews", ("Arts, Books, Film", "Reviews")),
        (" ; News ; ", ("News",)),
    ],
)
def test_commas_part_three_sections_or_more_where_nothing_else_does(
    section: str | None, expected: tuple[str, ...]
) -> None:
    assert expected == Article("1", section=section).sections
