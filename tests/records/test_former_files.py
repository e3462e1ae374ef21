"""An index from before has its records in other files: it is read as it is, and its first change takes them
over."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from searcher import IndexDamaged, open_index
from searcher.article import Article
from searcher.ingest.sources import LoadJob, Source, Sources
from searcher.ingest.stories import Stories
from searcher.records.store import Store
from searcher.records.tags import OwnTags, Tagged
from searcher.saved_searches import SavedSearches
from tests.ingest.test_minhash import WIRE

#: The first list of sources had neither settings nor problems, and the first tags no times.
_EARLIEST = {
    "sources.sqlite": """
CREATE TABLE files (path TEXT PRIMARY KEY, digest TEXT NOT NULL, mapping TEXT NOT NULL);
CREATE TABLE articles (path TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (path, id)) WITHOUT ROWID;
CREATE TABLE deleted (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE unfinished (place TEXT NOT NULL, mapping TEXT NOT NULL, prune INTEGER NOT NULL);
INSERT INTO files VALUES ('/b', 'd2', 'title=headline'), ('/a', 'd1', '');
INSERT INTO articles VALUES ('/a', '1'), ('/b', '2');
INSERT INTO deleted VALUES ('3');
INSERT INTO unfinished VALUES ('/b', '', 1), ('/a', '', 1);
""",
    "tags.sqlite": """
CREATE TABLE tags (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL, tag TEXT NOT NULL, present INTEGER NOT NULL,
    pending INTEGER NOT NULL, UNIQUE (id, tag)
);
INSERT INTO tags (id, tag, present, pending) VALUES ('1', 'port', 1, 0), ('1', 'lead', 1, 0);
""",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of an index with the files of the earliest version beside it, and with stories."""
    folder = tmp_path / "index"
    open_index(folder).close()
    for name, made in _EARLIEST.items():
        with closing(sqlite3.connect(folder / name)) as db:
            db.executescript(made)
    stories = Stories(Store(tmp_path / "stories", elsewhere=True))
    stories.assign([Article("first", body=WIRE)])
    with (
        stories.store.reading() as made_now,
        closing(sqlite3.connect(folder / "stories.sqlite", isolation_level=None)) as db,
    ):
        db.execute("CREATE TABLE stories (id TEXT PRIMARY KEY, numbers BLOB NOT NULL) WITHOUT ROWID")
        db.execute(
            "CREATE TABLE bands (band INTEGER NOT NULL, story TEXT NOT NULL, PRIMARY KEY (band, story))"
        )
        db.executemany("INSERT INTO stories VALUES (?, ?)", made_now.execute("SELECT * FROM stories"))
        db.executemany("INSERT INTO bands VALUES (?, ?)", made_now.execute("SELECT * FROM bands"))
    (folder / "saved").mkdir()
    (folder / "saved" / "port.json").write_text(json.dumps({"question": {"query": "ferry"}, "seen": ["1"]}))
    return folder


def recorded(folder: Path) -> tuple[object, ...]:
    store = Store(folder)
    sources = Sources(store)
    return (
        sources.all(),
        sources.ids("/a"),
        sources.deleted(),
        sources.unfinished(),
        OwnTags(store).all(),
        [(one.name, one.search.text, one.seen) for one in SavedSearches(store)],
    )


WANTED = (
    [Source("/a", "d1"), Source("/b", "d2", "title=headline")],
    {"1"},
    {"3"},
    LoadJob(("/b", "/a"), prune=True),
    (Tagged("1", ("port", "lead")),),
    [("port", "ferry", {"1"})],
)


def test_it_is_read_as_it_is(folder: Path) -> None:
    before = sorted(folder.rglob("*"))

    assert WANTED == recorded(folder)
    assert before == sorted(folder.rglob("*"))


def test_its_first_change_takes_everything_over(folder: Path) -> None:
    SavedSearches(Store(folder)).delete("port")
    left = {path.name for path in folder.rglob("*") if path.suffix in (".sqlite", ".json")}

    assert (*WANTED[:-1], []) == recorded(folder)
    assert {"records.sqlite", "searcher.json", "MAIN.0.json"} == left
    assert not (folder / "saved").exists()
    assert () == Store(folder).verify({})


def test_its_stories_are_known_to_what_comes(folder: Path) -> None:
    (copy,) = Stories(Store(folder)).assign([Article("second", body=WIRE)])

    assert "first" == copy.story


def test_a_copy_has_what_it_has(folder: Path, tmp_path: Path) -> None:
    with open_index(folder, create=False) as one, open_index(tmp_path / "two") as two:
        one.copy_to(two)

    assert (*WANTED[:3], None, *WANTED[4:]) == recorded(tmp_path / "two")
    (copy,) = Stories(Store(tmp_path / "two")).assign([Article("second", body=WIRE)])
    assert "first" == copy.story


@pytest.mark.parametrize("name", ["sources.sqlite", "tags.sqlite", "stories.sqlite"])
def test_a_damaged_file_is_named_and_nothing_is_taken_over(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"no database, but long enough to be looked at" * 40)
    before = sorted(folder.rglob("*"))

    with pytest.raises(IndexDamaged, match=name):
        Sources(Store(folder)).forget("/a")
    assert {*before, folder / "records.sqlite"} == {*folder.rglob("*")}
    assert 0 == (folder / "records.sqlite").stat().st_size


def test_a_saved_search_that_cannot_be_read_stays_and_is_named(folder: Path) -> None:
    (folder / "saved" / "odd.json").write_text("{")
    SavedSearches(Store(folder)).delete("port")

    assert ("saved/odd.json",) == Store(folder).verify({})
    assert (folder / "saved" / "odd.json").is_file()


def test_what_was_killed_before_the_former_files_went_is_read_from_the_new_one(folder: Path) -> None:
    kept = {name: (folder / name).read_bytes() for name in _EARLIEST}
    OwnTags(Store(folder)).take([Tagged("2", ("later",))])
    for name, content in kept.items():
        (folder / name).write_bytes(content)

    assert ("1", "2") == tuple(one.id for one in OwnTags(Store(folder)).all())
