"""Names in other languages: the time that they take grows as the text does."""

from __future__ import annotations

from functools import partial

import pytest

from searcher.extensions.languages.foreign_names import group_names
from tests.extract.test_linear import LETTERS, REPEATED, spans_of, text_of
from tests.growth import grows


@pytest.mark.slow
def test_time_grows_as_the_text_does() -> None:
    def named(text: str) -> object:
        return group_names(text, spans_of(text), "de")

    named("Ann Lee said “no”.")  # loads what it needs

    assert [] == [pattern for pattern in REPEATED if grows(named, partial(text_of, pattern), LETTERS)]
