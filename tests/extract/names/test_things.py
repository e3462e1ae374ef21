"""People and organisations that the article shows to be things."""

from __future__ import annotations

import pytest

from searcher.extract.names.tagger import Span
from searcher.extract.names.things import without_things


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Condor 4 was late. Makers of Condor waited for Condor 5.", 0),
        ("Condor won 6-4 and 6-3. Condor rested.", 1),
        ("Condor 4 was late. Condor spoke, Condor slept.", 1),
    ],
    ids=["versions", "scores", "one number"],
)
def test_a_name_that_numbers_follow_is_a_product(text: str, kept: int) -> None:
    span = Span(0, len("Condor"), "PER", 0.9)

    assert [span][:kept] == without_things(text, [span], [span])
