"""Which articles of one id are the same one, and which version of it is kept."""

from __future__ import annotations

import datetime as dt

import pytest

from searcher.article import Article
from searcher.ingest.duplicates.versions import Version

SEEN = Article(
    id="1", title="Tunnel opens", body="On Monday.", url="https://meridian.example/1", authors=("Ada Quill",)
)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (Article(id="1", title="Tunnel opens", body="On Friday."), True),
        (Article(id="1", title="A correction", body="On Monday."), True),
        (Article(id="1", title="A bay", body="Blue.", url="https://meridian.example/1"), True),
        (Article(id="1", title="A bay", body="Blue.", url="https://meridian.example/2"), False),
        (Article(id="1", title="A bay", body="Blue."), False),
    ],
)
def test_the_same_article(other: Article, expected: bool) -> None:
    assert expected == Version.of(SEEN).same_article(Version.of(other))


def test_two_articles_without_a_title_are_not_the_same_for_it() -> None:
    one, other = Article(id="1", title="", body="Blue."), Article(id="1", title="", body="Green.")

    assert not Version.of(one).same_article(Version.of(other))


def test_a_version_that_knows_less_is_not_the_fuller_one() -> None:
    bare = Article(id="1", title="", body="On Monday.", published=dt.datetime(2025, 3, 1))

    assert [True, False] == [
        Version.of(SEEN).fuller_than(Version.of(bare)),
        Version.of(bare).fuller_than(Version.of(SEEN)),
    ]
