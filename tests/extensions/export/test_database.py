"""The database of an export: SQLite and Datasette find in it what the index says."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from searcher import Article, Index, Mention, Quote, UsageError, open_index
from searcher.extensions.export.database import save_database
from searcher.extensions.export.schema import TABLES
from searcher.names.decisions import Curation
from searcher.query.tree import TimeUnit
from tests.extensions.export.conftest import DEVELOPMENT

Ask = Callable[[str], list[Any]]

#: SQL that counts the articles of each value, by the facet that counts the same.
COUNTS = {
    "person": "SELECT name, articles FROM people",
    "organisation": "SELECT name, articles FROM organisations",
    "source": "SELECT name, articles FROM sources",
    "author": "SELECT name, count(*) FROM authors GROUP BY name",
    "tag": "SELECT tag, count(*) FROM tags GROUP BY tag",
    "language": "SELECT language, count(*) FROM articles WHERE language IS NOT NULL GROUP BY language",
    "year": "SELECT CAST(year AS TEXT), count(*) FROM articles WHERE year IS NOT NULL GROUP BY year",
    "speaker": """SELECT speaker, count(DISTINCT article) FROM quotations
        WHERE speaker IS NOT NULL AND kind <> 'indirect' AND speaker_kind IS NOT 'unnamed'
        GROUP BY speaker""",
}


@pytest.fixture
def ask(database: Path) -> Iterator[Ask]:
    with closing(sqlite3.connect(database)) as opened:
        yield lambda query: opened.execute(query).fetchall()


def exported(index: Index, path: Path, query: str = "") -> sqlite3.Connection:
    save_database(path, index.scan(query, snippets=False))
    return sqlite3.connect(path)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are Unicode")
def test_a_name_that_is_no_unicode_is_taken(index: Index, tmp_path: Path) -> None:
    exported(index, tmp_path / "caf\udce9.db").close()

    assert (tmp_path / "caf\udce9.metadata.json").is_file()


def test_it_is_whole(ask: Ask) -> None:
    assert ([], [("ok",)]) == (ask("PRAGMA foreign_key_check"), ask("PRAGMA integrity_check"))


def test_every_column_has_a_type_of_sqlite(ask: Ask) -> None:
    types = {
        kind for table in TABLES for (kind,) in ask(f"SELECT type FROM pragma_table_info('{table.name}')")
    }

    assert {"INTEGER", "REAL", "TEXT"} == types


@pytest.mark.parametrize("facet", COUNTS)
def test_counts_are_those_of_the_facets(ask: Ask, index: Index, facet: str) -> None:
    assert dict(index.values(facet)) == dict(ask(COUNTS[facet]))


def test_counts_of_what_a_query_finds_are_those_of_its_facets(index: Index, tmp_path: Path) -> None:
    with closing(exported(index, tmp_path / "some.db", "Norvane")) as database:
        found = index.search("Norvane", facets=[*COUNTS], limit=0)

        assert [(found.total,)] == database.execute("SELECT count(*) FROM articles").fetchall()
        assert {facet: dict(found.facets[facet].values.counts) for facet in COUNTS} == {
            facet: dict(database.execute(query)) for facet, query in COUNTS.items()
        }


@pytest.mark.parametrize(
    ("unit", "first_day"),
    [
        ("year", "substr(published, 1, 4) || '-01-01'"),
        ("month", "substr(published, 1, 7) || '-01'"),
        ("week", "date(published, 'weekday 0', '-6 days')"),
        ("day", "substr(published, 1, 10)"),
    ],
)
@pytest.mark.parametrize("query", ["", "Norvane"])
def test_counts_over_time_are_those_of_the_index(
    index: Index, tmp_path: Path, unit: TimeUnit, first_day: str, query: str
) -> None:
    with closing(exported(index, tmp_path / "news.db", query)) as database:
        counts = database.execute(
            f"SELECT {first_day}, count(*) FROM articles WHERE published IS NOT NULL GROUP BY 1"
        )

        assert {day.isoformat(): count for day, count in index.timeline(query, unit).items()} == dict(counts)


def test_texts_are_verbatim(ask: Ask, index: Index) -> None:
    assert {(a.id, a.title, a.body) for a in index.articles} == set(
        ask("SELECT id, title, body FROM articles")
    )


def test_mentions_and_quotations_are_places_in_the_text(ask: Ask) -> None:
    of_names = """SELECT count(*), sum(written = substr(CASE part WHEN 'title' THEN title ELSE body END,
        starts + 1, ends - starts)) FROM mentions JOIN articles ON articles.id = article"""
    of_words = """SELECT count(*), sum(q.text = substr(body, starts + 1, ends - starts)) FROM quotations q
        JOIN articles ON articles.id = article"""
    for query in (of_names, of_words):
        [(every, true)] = ask(query)

        assert every == true > 0


def test_statements_are_those_of_the_index(ask: Ask, index: Index) -> None:
    expected = {
        (
            one.text,
            one.speaker,
            round(one.confidence, 4),
            len(one.places),
            len(one.sources),
            one.first.article.id,
        )
        for one in index.statements(limit=1000)
    }

    assert expected == set(ask("SELECT text, speaker, confidence, places, sources, first FROM statements"))


def test_every_quotation_but_reports_is_a_part_of_a_statement(ask: Ask) -> None:
    assert [] == ask("SELECT * FROM quotations WHERE (statement IS NULL) <> (kind = 'indirect')")


def test_words_are_searched_without_accents(ask: Ask) -> None:
    assert [("Yann LeCun leaves Meta and speaks his mind about its new AI chief",)] == ask(
        "SELECT title FROM articles_fts WHERE articles_fts MATCH 'lécun chief'"
    )


def said(text: str, words: str, speaker: str) -> Quote:
    start = text.index(words)
    return Quote(words, speaker, "direct", start, start + len(words), 0.9, "person")


def test_what_many_carry_is_one_statement(tmp_path: Path) -> None:
    bodies = (
        "“We shall rebuild every shed of the quay by spring, whatever it costs,” said Mara Quill.",
        "Mara Quill: “We shall rebuild every shed of the quay by spring.”",
        "“Nobody asked us,” said Mara Quill.",
    )
    words = (
        "We shall rebuild every shed of the quay by spring, whatever it costs,",
        "We shall rebuild every shed of the quay by spring.",
        "Nobody asked us,",
    )
    with open_index(":memory:") as index:
        index.add(
            [
                Article(str(n), body=body, source=f"Post {n}", quotes=(said(body, part, "Mara Quill"),))
                for n, (body, part) in enumerate(zip(bodies, words))
            ],
            annotate=False,
        )
        with closing(exported(index, tmp_path / "said.db")) as database:
            assert [(words[0], 2, 2), (words[2], 1, 1)] == database.execute(
                "SELECT text, places, sources FROM statements ORDER BY places DESC"
            ).fetchall()
            assert [(1,), (1,), (2,)] == database.execute(
                "SELECT dense_rank() OVER (ORDER BY statement) FROM quotations ORDER BY id"
            ).fetchall()


def test_an_utterance_is_by_whoever_said_its_surest_part(tmp_path: Path) -> None:
    text = "“The wall will not hold,” he said. “Nobody has the money.”"
    parts = (
        replace(said(text, "The wall will not hold", "Bo Quill"), confidence=0.5),
        said(text, "Nobody has the money", "Ada Moss"),
    )
    with open_index(":memory:") as index:
        index.add([Article("one", body=text, quotes=parts)], annotate=False)
        (expected,) = index.statements(min_confidence=0.0)
        with closing(exported(index, tmp_path / "said.db")) as database:
            found = database.execute("SELECT speaker, confidence FROM statements").fetchall()

    assert ("Ada Moss", 0.9) == (expected.speaker, expected.confidence)
    assert [("Ada Moss", 0.9)] == found


def test_decisions_about_names_hold(tmp_path: Path) -> None:
    body = "Quill met Reyl."
    article = Article(
        "1", body=body, mentions=(Mention("Quill", "person", 0, 5), Mention("Reyl", "person", 10, 14))
    )
    with open_index(":memory:") as index:
        index.add([article], annotate=False)
        index.names.decide(Curation().rename("person", "Quill", "Mara Quill").ignore("person", "Reyl"))
        with closing(exported(index, tmp_path / "names.db")) as database:
            assert [("Mara Quill", 1)] == database.execute("SELECT name, articles FROM people").fetchall()
            assert [("Quill", "Mara Quill")] == database.execute("SELECT form, name FROM names").fetchall()


def test_tags_and_sections_are_those_of_the_facets(tmp_path: Path) -> None:
    given = [("News", "USA"), ("news", "usa", "USA"), ("News",)]
    with open_index(tmp_path / "index") as index:
        index.add(
            [Article(str(n), body="Body.", section=tags[0], tags=tags) for n, tags in enumerate(given)],
            annotate=False,
        )
        index.tags.update("0", "desk=Foreign", note="Call her!")
        index.tags.update("1", "desk=foreign", note="Call her.")
        facets = {name: dict(index.values(name)) for name in ("section", "tag", "desk")}
        with closing(exported(index, tmp_path / "news.db")) as database:
            assert facets == {
                "section": dict(database.execute("SELECT section, count(*) FROM articles GROUP BY 1")),
                "tag": dict(database.execute("SELECT tag, count(*) FROM tags GROUP BY 1")),
                "desk": dict(
                    database.execute("SELECT value, count(*) FROM fields WHERE field = 'desk' GROUP BY 1")
                ),
            }
            assert [("News", 2), ("news", 1)] == database.execute(
                "SELECT form, articles FROM names WHERE kind = 'section' AND name = 'News' ORDER BY form"
            ).fetchall()
            assert [("Call her!",), ("Call her.",)] == database.execute(
                "SELECT value FROM fields WHERE field = 'note' ORDER BY value"
            ).fetchall()


def test_texts_that_are_equal_in_utf8_are_one(tmp_path: Path) -> None:
    article = Article("1", "Title", "Body.", tags=("a\udc80", "a?", "b"), authors=("Ann\udc80", "Ann?"))
    with open_index(":memory:") as index:
        index.add([article], annotate=False)
        with closing(exported(index, tmp_path / "a.db")) as database:
            tags = database.execute("SELECT tag FROM tags ORDER BY tag").fetchall()

    assert [("a?",), ("b",)] == tags


def test_another_database_is_not_replaced(index: Index, tmp_path: Path) -> None:
    other = tmp_path / "zotero.sqlite"
    with closing(sqlite3.connect(other)) as database:
        database.execute("CREATE TABLE mine (id)")
    before = other.read_bytes()

    with pytest.raises(UsageError, match="Choose another name"):
        save_database(other, index.scan())
    assert before == other.read_bytes()


def test_an_export_takes_the_place_of_an_earlier_one(index: Index, tmp_path: Path) -> None:
    exported(index, tmp_path / "news.db", "Norvane").close()
    with closing(exported(index, tmp_path / "news.db")) as database:
        assert [(index.count(),)] == database.execute("SELECT count(*) FROM articles").fetchall()


def test_whoever_may_read_new_files_may_read_it(index: Index, tmp_path: Path) -> None:
    (tmp_path / "new").touch()

    save_database(tmp_path / "news.db", index.scan())

    assert (tmp_path / "new").stat().st_mode == (tmp_path / "news.db").stat().st_mode


def test_a_database_that_is_open_elsewhere_is_not_replaced(index: Index, tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with closing(exported(index, path)) as opened:
        opened.execute("PRAGMA journal_mode = wal")
        opened.execute("DELETE FROM tags")

        with pytest.raises(UsageError, match="open in another program"):
            exported(index, path)


def test_metadata_that_were_changed_stay(index: Index, tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    about = path.with_suffix(".metadata.json")
    about.write_text("{}", "utf-8")
    exported(index, path).close()

    assert "{}" == about.read_text("utf-8")


def test_what_is_stopped_leaves_nothing(index: Index, tmp_path: Path) -> None:
    def stopped() -> Iterator[Any]:
        yield from index.scan(limit=3)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        save_database(tmp_path / "news.db", stopped())
    assert [] == list(tmp_path.iterdir())


@pytest.fixture
def datasette(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The module of Datasette. Closes the connections that it leaves open."""
    connect = sqlite3.connect
    connections: list[sqlite3.Connection] = []

    def connect_and_remember(*args: Any, **options: Any) -> sqlite3.Connection:
        connections.append(connect(*args, **{**options, "check_same_thread": False}))
        return connections[-1]

    monkeypatch.setattr(sqlite3, "connect", connect_and_remember)
    # Its parts are imported by themselves: one that cannot be is no reason to skip.
    pytest.importorskip("datasette", reason=DEVELOPMENT)
    from datasette import app

    yield app
    for connection in connections:
        connection.close()


def test_datasette_searches_it_without_being_told(database: Path, datasette: ModuleType) -> None:
    served = datasette.Datasette([str(database)])

    async def found() -> list[str]:
        answer = await served.client.get("/news/articles.json?_search=cobalt&_shape=array")
        return [row["title"] for row in answer.json()]

    titles = asyncio.run(found())

    assert "Norvane opens battery recycling plant in Port Aurel" in titles
    assert len(titles) < 10  # of 23


def test_datasette_serves_it_with_its_facets(database: Path, index: Index, datasette: ModuleType) -> None:
    described = json.loads(database.with_suffix(".metadata.json").read_text("utf-8"))
    served = datasette.Datasette([str(database)], metadata=described)

    async def shown(path: str) -> Any:
        answer = await served.client.get(path)
        assert 200 == answer.status_code, answer.text
        return answer.json() if ".json" in path else answer.text

    async def journey() -> tuple[Any, ...]:
        return (
            await shown("/news/articles.json?_search=cobalt&_shape=objects"),
            await shown("/news/articles.json?_size=0"),
            [await shown(f"/news/{table.name}") for table in TABLES],
            await shown("/news/said"),
        )

    found, counted, pages, said_view = asyncio.run(journey())

    assert {"Norvane opens battery recycling plant in Port Aurel"} <= {row["title"] for row in found["rows"]}
    assert dict(index.values("source")) == {
        one["value"]: one["count"] for one in counted["facet_results"]["source"]["results"]
    }
    assert "The articles." in pages[1]
    assert "All quotations with speaker, article, source and date." in said_view
