"""A list of names against an index: who is sure, who may be meant, and what stands in texts alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import searcher
from searcher import Article, Index, Mention, Quote, Search, UsageError
from searcher.results.names import NameMatch, match_table
from searcher.search.name_list import parse_names

TABLE = 'No.;Full name;Born\n1;"Reyl; Tomas";1960\n2;Mara  Lindqvist;\n3\n'


def article(id: str, body: str, day: str, *people: str, said: str = "") -> Article:
    mentions = tuple(Mention(name, "person", at := body.index(name), at + len(name)) for name in people)
    start = body.find(said)
    quotes = (Quote(said, people[0], "direct", start, start + len(said), 0.99, "person"),) if said else ()
    return Article(id, body=body, published=day, mentions=mentions, quotes=quotes)  # type: ignore[arg-type]


@pytest.fixture
def index() -> Iterator[Index]:
    with searcher.open_index(":memory:") as opened:
        opened.add(
            [
                article("1", "“We wait,” Tomas Reyl said to Mara Lindqvist.", "2024-05-06", "Tomas Reyl",
                        "Mara Lindqvist", said="We wait"),
                article("2", "Tomas Reyl left.", "2025-02-01", "Tomas Reyl"),
                article("3", "A letter was signed Tomas Reyl, another one Bo Carr.", "2025-03-01"),
                article("4", "Edwin J. Moss met Edwin K. Moss.", "2025-03-02", "Edwin J. Moss",
                        "Edwin K. Moss"),
            ],
            annotate=False,
        )  # fmt: skip
        yield opened


def test_what_there_is_of_somebody_in_some_articles(index: Index) -> None:
    (found,) = index.names.match(["Tomas Reyl"], Search(after="2025-01-01"))

    assert (1, 0, "2025-02-01", ()) == (found.articles, found.statements, found.first, found.people)


def test_people_beside_somebody_are_of_articles_that_a_filter_leaves(index: Index) -> None:
    (found,) = index.names.match(["Tomas Reyl"], Search(exclude={"person": "Mara Lindqvist"}))

    assert (1, ()) == (found.articles, found.people)


def test_what_there_is_of_somebody(index: Index) -> None:
    found = index.names.match(["Reyl, Tomas"])

    assert [
        NameMatch(
            "Reyl, Tomas", "sure", "Tomas Reyl", "person", 1.0, "same", 2, 1, "2024-05-06", "2025-02-01",
            ("Mara Lindqvist",), (), 0, 'person:"Tomas Reyl"',
        )
    ] == found  # fmt: skip


def test_texts_that_name_nobody_are_told_apart(index: Index) -> None:
    found = index.names.match(["Tomas Reyl", "Bo Carr", "Ada Quill", "letter"])

    assert [("sure", 1), ("text", 1), ("no", 0), ("no", 0)] == [(one.match, one.in_text) for one in found]


def test_who_may_be_meant_beside_another_one_is_not_sure(index: Index) -> None:
    found = index.names.match(["Edwin Moss"])

    assert [("near", "Edwin J. Moss", 0.46), ("near", "Edwin K. Moss", 0.46)] == [
        (one.match, one.name, one.share) for one in found
    ]


def test_a_name_that_is_reached_in_two_ways_counts_by_the_better_one(index: Index) -> None:
    assert [("same", 1.0)] == [(one.why, one.share) for one in index.names.match(["Tomas Reyl"])]


def test_a_decision_makes_sure(index: Index) -> None:
    index.names.decide(index.names.decisions.merge("person", "Tomas Reyl", ["Tom R."]))

    assert [("sure", "Tomas Reyl", "form")] == [
        (one.match, one.name, one.why) for one in index.names.match(["Tom R."])
    ]


def test_who_was_denied_is_not_offered_again(index: Index) -> None:
    index.names.decide(index.names.decisions.add_difference("person", "Edwin Moss", "Edwin J. Moss"))

    assert ["Edwin K. Moss"] == [one.name for one in index.names.match(["Edwin Moss"])]


def test_a_surname_alone_is_not_sure(index: Index) -> None:
    assert [("near", "Tomas Reyl")] == [(one.match, one.name) for one in index.names.match(["Reyl"])]


def test_the_articles_of_a_list(index: Index) -> None:
    found = index.names.scan(["Lindqvist, Mara", "Bo Carr", "Edwin Moss"])

    assert {"1", "3"} == {hit.article.id for hit in found}


def test_a_table_has_a_line_for_each_who_may_be_meant(index: Index) -> None:
    heading, *rows = match_table(index.names.match(["Edwin Moss", "Ada Quill"]))

    assert ["listed_name", "match", "name"] == heading[:3]
    assert ["Edwin J. Moss", "Edwin K. Moss", ""] == [row[2] for row in rows]


@pytest.mark.parametrize(
    ("text", "origin", "column", "names"),
    [
        ("Tomas Reyl\n\nMara Lindqvist\nTomas Reyl\n-\n", "", "", ["Tomas Reyl", "Mara Lindqvist"]),
        (TABLE, "board.csv", "full name", ["Reyl; Tomas", "Mara Lindqvist"]),
        (TABLE, "", "Full name", ["Reyl; Tomas", "Mara Lindqvist"]),
        ("id,Name\n1,Tomas Reyl\n", "board.csv", "", ["Tomas Reyl"]),
        ("Tomas Reyl\nMara Lindqvist\n", "names.csv", "", ["Tomas Reyl", "Mara Lindqvist"]),
        ("Name\nTomas Reyl\n", "names.csv", "", ["Tomas Reyl"]),
    ],
)
def test_names_of_a_list(text: str, origin: str, column: str, names: list[str]) -> None:
    assert names == parse_names(text.encode(), origin, column)


@pytest.mark.parametrize("column", ["", "Surname"])
def test_a_column_that_cannot_be_told_is_asked_for(column: str) -> None:
    with pytest.raises(UsageError, match=r"Columns: No\., Full name, Born"):
        parse_names(TABLE.encode(), "board.csv", column)


def test_a_list_that_is_too_long() -> None:
    with pytest.raises(UsageError, match="maximum 20,000"):
        parse_names("\n".join(map(str, range(20_001))).encode())


@pytest.mark.parametrize("lines", [1, 20_000])
def test_a_quotation_mark_that_is_not_closed_is_told_with_its_place(lines: int) -> None:
    table = "Name,x\nBo Carr,1\n" + '"Ada Quill\n' + "Mara Lindqvist\n" * lines

    with pytest.raises(UsageError, match="after row 2 is never closed"):
        parse_names(table.encode(), "list.csv", "Name")
