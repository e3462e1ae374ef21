"""Which version of a text that two files give is kept."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest

from searcher.article import Article
from searcher.ingest.duplicates import Version

SEEN = Article(
    id="1", title="Tunnel opens", body="On Monday.", url="https://meridian.example/1", authors=("Ada Quill",)
)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, True),
        ({"published": dt.datetime(2025, 3, 1)}, True),
        ({"title": "", "published": dt.datetime(2025, 3, 1)}, False),
        ({"authors": ()}, False),
        ({"authors": ("Somebody Else",), "published": dt.datetime(2025, 3, 1)}, False),
        ({"title": "Tunnel stays shut"}, False),
    ],
)
def test_a_version_that_loses_nothing_and_tells_nothing_otherwise_may_replace(
    changes: dict[str, Any], expected: bool
) -> None:
    version = Version.of(dataclasses.replace(SEEN, **changes))

    assert expected == version.can_replace(Version.of(SEEN))


def test_a_version_with_another_day_or_none_does_not_replace_one_with_a_day() -> None:
    dated = dataclasses.replace(SEEN, published=dt.datetime(2025, 3, 1))
    later = dataclasses.replace(SEEN, published=dt.datetime(2025, 3, 2))

    assert [False, False] == [Version.of(one).can_replace(Version.of(dated)) for one in (SEEN, later)]
