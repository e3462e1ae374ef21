"""One reading of a name throughout an article."""

from __future__ import annotations

import numpy as np
import pytest

from searcher.extract.encoder import Reading
from searcher.extract.names.agreement import agreed
from searcher.extract.names.tagger import Span

TEXT = "Marlowe öffnet wieder. Das teilte Marlowe mit. Ada Marlowe schweigt."


@pytest.fixture(scope="module")
def reading() -> Reading:
    """The text with labels of our own: every Marlowe an organisation, most surely the first."""
    made = Reading(TEXT, [])
    shares = np.tile(np.array([0.9, 0.02, 0.03, 0.02, 0.03], np.float32), (len(made.units), 1))
    for number, unit in enumerate(made.units):
        if TEXT[unit.start : unit.end] == "Marlowe":
            shares[number] = [0.5, 0.05, 0.05, 0.2, 0.2]
    made.names = np.log(shares)
    return made


def test_a_name_is_found_at_all_its_places(reading: Reading) -> None:
    found = agreed(reading, [Span(0, 7, "ORG", 0.9)])

    assert ["Marlowe", "Marlowe", "Marlowe"] == [TEXT[span.start : span.end] for span in found]


def test_a_place_inside_a_longer_name_is_that_name(reading: Reading) -> None:
    person = Span(TEXT.index("Ada"), TEXT.index("Ada") + 11, "PER", 0.9)
    found = agreed(reading, [Span(0, 7, "ORG", 0.9), person])

    assert [0, 34] == [span.start for span in found if span.kind == "ORG"]
    assert person in found


def test_the_likelier_kind_is_that_of_all_places(reading: Reading) -> None:
    found = agreed(reading, [Span(0, 7, "ORG", 0.5), Span(34, 41, "PER", 0.6)])

    assert {"ORG"} == {span.kind for span in found}


def test_what_is_no_name_elsewhere_is_not_spread(reading: Reading) -> None:
    span = Span(TEXT.index("Das"), TEXT.index("Das") + 3, "ORG", 0.5)

    assert [span] == agreed(reading, [span])


def test_a_doubtful_person_is_nobody(reading: Reading) -> None:
    assert [] == agreed(reading, [Span(TEXT.index("Das"), TEXT.index("Das") + 3, "PER", 0.3)])
