"""What the pointers of a quotation say."""

from __future__ import annotations

import pytest

from searcher.extract.quotes.named_units import PointedAnswer


@pytest.mark.parametrize(("share", "place"), [(0.9, (10, 18)), (0.3, None)])
def test_words_attribute_where_some_are_likelier_than_none(
    share: float, place: tuple[int, int] | None
) -> None:
    assert PointedAnswer(0.9, (10, 18), share, 1 - share, {}, 1.0).attribution == place
