from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest

from searcher import Article, UsageError
from searcher.ingest.settings import NO_SETTINGS, Settings, canonical_mapping

ARTICLE = Article(
    "1", "Ferry", "It sails.", source="tallowbay.example", tags=("ships",), origin="/x/ferry.txt"
)
FILE = Path("/x/ferry.txt")


def test_a_field_that_is_set_takes_the_place_of_what_was_read() -> None:
    changed = Settings.of({"source": "Heron Daily", "author": ["Ann Poe", "Bo Crane"]}).apply(ARTICLE, FILE)

    assert ("Heron Daily", ("Ann Poe", "Bo Crane")) == (changed.source, changed.authors)


def test_tags_are_added() -> None:
    assert ("ships", "2004") == Settings.of({"tag": ["2004", "ships"]}).apply(ARTICLE, FILE).tags


def test_a_field_of_ones_own_is_a_tag_with_its_name() -> None:
    settings = Settings.of({"desk": ["foreign", "home"]})

    assert ("desk",) == settings.own_fields
    assert ("ships", "desk=foreign", "desk=home") == settings.apply(ARTICLE, FILE).tags


def test_settings_are_written_and_read_back() -> None:
    settings = Settings.of({"source": "Höhe", "desk": "foreign"}, "mtime")

    assert (settings, NO_SETTINGS) == (
        Settings.from_text(settings.to_text()),
        Settings.from_text(NO_SETTINGS.to_text()),
    )


@pytest.mark.parametrize("name", ["text", "person", "story", "year", "date", "said", "surce", "d3sk", "a b"])
def test_what_cannot_be_set_is_an_error(name: str) -> None:
    with pytest.raises(UsageError):
        Settings.of({name: "x"})


def test_an_article_has_one_source() -> None:
    with pytest.raises(UsageError, match="one source"):
        Settings.of({"source": ["a", "b"]})


@pytest.mark.parametrize(
    ("origin", "day"),
    [
        ("/x/2004-05-17.txt", dt.datetime(2004, 5, 17)),
        ("/x/ferry_20040517_b.txt", dt.datetime(2004, 5, 17)),
        ("/x/2001-01-01.zip!inner/2004.05.17 ferry.txt", dt.datetime(2004, 5, 17)),
        ("/x/2004-06-31.txt", None),
        ("/x/120040517.txt", None),
        ("/2004-05-17/ferry.txt", None),
    ],
)
def test_a_date_from_the_name_of_the_file(origin: str, day: dt.datetime | None) -> None:
    article = Article("1", "Ferry", "It sails.", origin=origin)

    assert day == Settings.of(date_from="name").apply(article, Path(origin)).published


def test_a_date_from_the_time_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "ferry.txt"
    file.touch()
    moment = dt.datetime(2004, 5, 17, 10, 30)
    os.utime(file, (moment.timestamp(), moment.timestamp()))

    assert moment == Settings.of(date_from="mtime").apply(ARTICLE, file).published


def test_a_date_of_its_own_stays() -> None:
    dated = Article("1", published="2020-02-02", origin="/x/2004-05-17.txt")  # type: ignore[arg-type]

    assert dated == Settings.of(date_from="name").apply(dated, Path("/x/2004-05-17.txt"))


def test_a_mapping_takes_the_names_of_the_query_language_too() -> None:
    given = {"headline": "a", "text": "b", "author": "c", "date": "d", "tag": "e", "desk": "f"}
    columns = {"title": "a", "body": "b", "authors": "c", "published": "d", "tags": "e", "desk": "f"}

    assert columns == canonical_mapping(given)
