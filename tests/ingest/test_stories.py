from __future__ import annotations

from pathlib import Path

import pytest

from searcher.article import Article
from searcher.ingest.stories import Stories
from searcher.records.store import Store
from tests.ingest.test_minhash import WIRE

OTHER = " ".join(f"{word}{number}" for number, word in enumerate(WIRE.split()))


def stories(known: Stories, *bodies: str) -> list[str | None]:
    return [a.story for a in known.assign([Article(str(n), body=body) for n, body in enumerate(bodies)])]


def test_a_syndicated_copy_shares_the_story_of_the_first() -> None:
    assert ["0", "0", "2"] == stories(Stories(Store(None)), WIRE, f"Heron Daily. {WIRE} More follows.", OTHER)


def test_texts_too_short_to_tell_have_no_story() -> None:
    assert [None, None] == stories(Stories(Store(None)), "Shr 12 cts", "Shr 12 cts")


def test_a_text_that_has_become_too_short_loses_its_story() -> None:
    (found,) = Stories(Store(None)).assign([Article("1", body="Shr 12 cts", story="0")])

    assert found.story is None


def test_stories_are_remembered_in_a_folder(tmp_path: Path) -> None:
    Stories(Store(tmp_path, elsewhere=True)).assign([Article("first", body=WIRE)])

    assert ["first"] == stories(Stories(Store(tmp_path, elsewhere=True)), f"{WIRE} So they say.")


def test_stories_are_remembered_in_memory() -> None:
    known = Stories(Store(None))
    known.assign([Article("first", body=WIRE)])

    assert ["first"] == stories(known, f"{WIRE} So they say.")


@pytest.mark.parametrize("in_memory", [True, False])
def test_stories_take_the_place_of_earlier_ones(tmp_path: Path, in_memory: bool) -> None:
    known, others = Stories(Store(None if in_memory else tmp_path, elsewhere=True)), Stories(Store(None))
    known.assign([Article("first", body=WIRE)])
    others.assign([Article("second", body=WIRE)])
    known.replace_by(others)

    assert ["second"] == stories(known, f"{WIRE} So they say.")


def test_an_article_changed_a_little_keeps_its_story(tmp_path: Path) -> None:
    known = Stories(Store(tmp_path, elsewhere=True))
    known.assign([Article("a", body=WIRE)])

    assert "a" == known.assign([Article("a", body=WIRE.replace("June", "July"))])[0].story
