"""What is on record goes out and comes back: WebVTT, JSON Lines, SQLite."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from searcher import Article, open_index
from searcher.extensions.export.database import save_database
from searcher.formats.export import export_parts, webvtt
from searcher.formats.reference import said_line
from searcher.readers import read_bytes

CUES = (
    "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n<v Ada Quill>The tide & the wall.\n\n"
    "01:02:03.000 --> 01:02:05.000\n<v Bo Moss>So we sail.\n"
)


@pytest.fixture
def talk() -> Article:
    (found,) = read_bytes(CUES.encode(), "talk.vtt")
    return found


def turns(article: Article) -> list[tuple[str | None, str | None, str]]:
    return [(quote.moment, quote.speaker, quote.text) for quote in article.speech]


def test_captions_come_back_as_they_went(talk: Article) -> None:
    (again,) = read_bytes("".join(webvtt(talk)).encode(), "again.vtt")

    assert turns(talk) == turns(again)


def test_a_record_without_times_is_shown_at_the_pace_of_speech(talk: Article) -> None:
    untimed = replace(talk, quotes=tuple(replace(quote, moment=None) for quote in talk.quotes))

    assert "00:00:00.000 --> 00:00:02.000" in "".join(webvtt(untimed))


def test_turns_come_back_from_json_lines(talk: Article) -> None:
    with open_index(":memory:") as index:
        index.add([talk], annotate=False)
        lines = "".join(export_parts("jsonl", index.scan("*")))
    (again,) = read_bytes(lines.encode(), "all.jsonl")

    assert turns(talk) == turns(again)


def test_a_database_has_moments(talk: Article, tmp_path: Path) -> None:
    with open_index(":memory:") as index:
        index.add([talk], annotate=False)
        save_database(tmp_path / "talk.db", index.scan("*"))
    with closing(sqlite3.connect(tmp_path / "talk.db")) as database:
        rows = database.execute("SELECT moment, speaker, text FROM quotations ORDER BY id").fetchall()

    assert turns(talk) == rows


def test_a_citation_says_the_moment(talk: Article) -> None:
    with open_index(":memory:") as index:
        index.add([talk], annotate=False)
        (hit,) = index.quotes("sail").hits

    assert "Bo Moss (1:02:03): “So we sail.”" == said_line(hit)
