"""Files made to do harm, each read in this process; ``python -m benchmarks.hostile`` reads all of them in a
worker under its limits, the large ones too."""

import pytest

from benchmarks.hostile import CASES, MEGABYTE
from benchmarks.hostile.amounts import AMOUNTS
from searcher import readers
from searcher.article import Article

WORDS_OF_LARGE_CASES = (
    "MB", "million", "100,000", "50,000", "10,000", "300,000", "200,000", "2,000 parts", "nested",
    "zip bomb", "7z bomb", "whole page", "lies", "grows", "900 documents",
)  # fmt: skip
SMALL = [
    case
    for case in CASES
    if case not in AMOUNTS and not any(word in case.title for word in WORDS_OF_LARGE_CASES)
]


def test_there_are_many():
    assert len(CASES) >= 60


@pytest.mark.parametrize("case", SMALL, ids=lambda case: case.title)
def test_it_is_read_rightly_or_refused_with_a_reason(case, tmp_path):
    data = case.make()
    path = tmp_path / case.name
    if case.put:
        case.put(path)
    else:
        path.write_bytes(data)
    found = list(readers.events(path))
    bodies = [event.body for event in found if isinstance(event, Article)]
    ended = "read" if bodies else "refused"

    assert len(data) < 8 * MEGABYTE
    assert case.expect in ("either", ended)
    assert all(str(event) for event in found if not isinstance(event, Article))
    assert not bodies or case.holds in "".join(bodies)
