"""Which names one version of the rules joins, of made-up articles.

An index keeps it until VERSION rises. It is what is joined, not what is right: others test that."""

from __future__ import annotations

import json

import pytest

from searcher.names import VERSION
from tests.names.resolved import ROWS_FILE, rows

HINT = "Where that is meant, raise VERSION in searcher/names/__init__.py and run scripts/pin_articles.py."
KEPT_VERSION, *EXPECTED = map(json.loads, ROWS_FILE.read_text("utf-8").splitlines())


@pytest.fixture(scope="module")
def actual() -> list[object]:
    found: list[object] = json.loads(json.dumps(list(rows())))
    return found


@pytest.mark.parametrize(
    "number", range(len(EXPECTED)), ids=[f"{row['kind']} {row['name']}" for row in EXPECTED]
)
def test_what_is_joined_changes_only_with_the_version(number: int, actual: list[object]) -> None:
    assert EXPECTED[number] == actual[number], HINT


def test_every_name_is_kept_of_this_version(actual: list[object]) -> None:
    assert len(EXPECTED) == len(actual), HINT
    assert {"version": VERSION} == KEPT_VERSION, HINT
