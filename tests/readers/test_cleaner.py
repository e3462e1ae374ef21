"""What one version of the readers makes of files of our own.

An index keeps it until the files are read anew, as people are told to where CLEANER has risen. It is what is
read, not what is right: that is for the other tests, and for tests/quality."""

from __future__ import annotations

import json

import pytest

from searcher import readers
from tests.readers.cleaned import ROWS_FILE, files, told

HINT = "Where that is meant, raise CLEANER in searcher/readers/base.py and run scripts/pin_articles.py."
KEPT_VERSION, *ROWS = map(json.loads, ROWS_FILE.read_text("utf-8").splitlines())
EXPECTED = {row["file"]: row for row in ROWS}


@pytest.mark.parametrize("name", EXPECTED)
def test_what_is_read_changes_only_with_the_version(name: str) -> None:
    actual = [told(event) for event in readers.events(files()[name])]

    assert EXPECTED[name]["events"] == json.loads(json.dumps(actual)), HINT


def test_every_file_is_kept_of_this_version() -> None:
    assert {"version": readers.CLEANER} == KEPT_VERSION, HINT
    assert EXPECTED.keys() == files().keys(), HINT
