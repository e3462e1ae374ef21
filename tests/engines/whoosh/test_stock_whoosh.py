"""The index is a Whoosh index: Whoosh itself opens it and searches it with its own queries."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from whoosh import index
from whoosh.qparser.default import QueryParser
from whoosh.query.terms import Term

from searcher.article import Article, Mention, Quote
from searcher.engines.whoosh import WhooshEngine
from searcher.engines.whoosh.format.manifest import SegmentRecord
from searcher.engines.whoosh.stock_whoosh import make_toc
from searcher.names.table import Identities

BODY = "Ada Quill left Norvane. “The dead end is behind us,” Quill said."
START = BODY.index("The dead")
END = BODY.index(",”")
ARTICLES = (
    Article(
        "1",
        "Quill leaves",
        BODY,
        source="The Daily",
        published="2025-03-04",  # type: ignore[arg-type]  # strings are converted
        mentions=(Mention("Ada Quill", "person", 0, 9), Mention("Norvane", "organisation", 15, 22)),
        quotes=(Quote(BODY[START:END], "Ada Quill", "direct", START, END, speaker_kind="person"),),
    ),
    Article("2", "Votes", "They voted; the voters had a dead good time at the end.", source="The Weekly"),
    Article("3", "Gone", "They voted."),
    Article("4", "Later", "Quill voted twice: vote, vote."),
)


@pytest.fixture
def stock(tmp_path: Path) -> Iterator[Any]:
    engine = WhooshEngine(tmp_path, identities=Identities(), create=True)
    for batch in (ARTICLES[:3], ARTICLES[3:]):
        with engine.writer() as writer:
            for article in batch:
                writer.add(article)
    with engine.writer() as writer:
        writer.delete("3")
    with index.open_dir(str(tmp_path)).searcher() as searcher:
        yield searcher


def found(stock: Any, asked: Any) -> list[str]:
    return sorted(hit.get("id", "quote of " + str(hit["article"])) for hit in stock.search(asked, limit=None))


def parsed(stock: Any, field: str, text: str) -> Any:
    return QueryParser(field, stock.schema).parse(text)


@pytest.mark.parametrize(
    ("field", "text", "expected"),
    [
        ("text", "voting", ["2", "4"]),
        ("text", "quill", ["1", "4"]),
        ("title", "quill", ["1"]),
        ("text", '"dead end"', ["1"]),
        ("quotes", '"dead end"', ["quote of 1"]),
        ("quotes", "speaker:zilch OR dead", ["quote of 1"]),
        ("text", "vote*", ["2", "4"]),
        ("text", "quill NOT twice", ["1"]),
    ],
)
def test_parsed_queries(stock: Any, field: str, text: str, expected: list[str]) -> None:
    assert expected == found(stock, parsed(stock, field, text))


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("people", "Ada Quill", ["1"]),
        ("organisations", "Norvane", ["1"]),
        ("source", "The Weekly", ["2"]),
        ("year", "2025", ["1"]),
        ("speaker", "Ada Quill", ["quote of 1"]),
        ("id", "3", []),
    ],
)
def test_values_are_whole(stock: Any, field: str, value: str, expected: list[str]) -> None:
    assert expected == found(stock, Term(field, value))


def test_every_living_document_comes_after_its_article(stock: Any) -> None:
    assert ["1", "quote of 1", "2", "4"] == [
        fields.get("id", "quote of " + str(fields["article"]))
        for fields in stock.reader().all_stored_fields()
    ]


def test_stored_articles_are_whole(stock: Any) -> None:
    hit = stock.search(Term("id", "1"))[0]

    assert ARTICLES[0] == Article.from_dict(hit["article"])


def test_terms_and_their_frequencies_with_deleted_ones_as_in_any_whoosh_index(stock: Any) -> None:
    reader = stock.reader()

    assert (3.0, 1) == (reader.frequency("text", "voted"), reader.doc_frequency("people", "Ada Quill"))


def test_fields_have_the_lengths_of_their_texts_deleted_ones_included(stock: Any) -> None:
    words = {field: stock.reader().field_length(field) for field in ("text", "title", "quotes")}
    of_first = {field: stock.reader().doc_field_length(0, field) for field in ("text", "title")}

    assert ({"text": 36, "title": 5, "quotes": 6}, {"text": 14, "title": 2}) == (words, of_first)
    assert 6 == stock.reader().doc_field_length(1, "quotes")


def test_the_schema_shows_what_is_there(stock: Any) -> None:
    names = set(stock.schema.names())

    assert names >= {"title", "text", "people", "organisations", "quotes", "speaker", "article"}


def test_the_table_of_contents_is_written_without_a_look_at_the_segments(tmp_path: Path) -> None:
    records = [SegmentRecord("1x1", articles=100_000, quotes=3, files=())]

    assert make_toc(tmp_path / "nowhere", 7, records)
