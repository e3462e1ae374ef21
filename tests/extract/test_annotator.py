"""What one version of the extraction finds in texts of our own.

An index keeps it until it is annotated anew, and is so where ANNOTATOR has risen. It is what is found, not
what is right: that is for tests/quality. Where the networks round otherwise than where it was kept, nothing
is compared."""

from __future__ import annotations

import json

import pytest

from searcher.extract import ANNOTATOR, annotate
from tests.extract.annotated import ROWS_FILE, found_in, rounding, texts

HINT = "Where that is meant, raise ANNOTATOR in searcher/extract/__init__.py and run scripts/pin_articles.py."
KEPT_VERSION, *ROWS = map(json.loads, ROWS_FILE.read_text("utf-8").splitlines())
EXPECTED = {row.pop("text"): row for row in ROWS}


@pytest.fixture(scope="module")
def annotated() -> dict[str, dict[str, object]]:
    if rounding() != KEPT_VERSION["rounding"]:
        pytest.skip("This processor, or this version of ONNX Runtime, rounds otherwise.")
    return {name: found_in(annotate(article)) for name, article in texts().items()}


@pytest.mark.parametrize("name", EXPECTED)
@pytest.mark.parametrize("what", ["names", "quotes", "places", "contacts"])
def test_what_is_found_changes_only_with_the_version(annotated, name: str, what: str) -> None:
    assert EXPECTED[name][what] == annotated[name][what], HINT


@pytest.mark.parametrize("name", EXPECTED)
def test_how_surely_changes_only_with_the_version(annotated, name: str) -> None:
    assert pytest.approx(EXPECTED[name]["sure"], abs=0.001) == annotated[name]["sure"], HINT


def test_every_text_is_kept_of_this_version() -> None:
    assert KEPT_VERSION["version"] == ANNOTATOR, HINT
    assert EXPECTED.keys() == texts().keys(), HINT
