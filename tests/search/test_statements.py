"""What a statement of an index looks like; every engine answers the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from searcher.article import Article, Quote
from searcher.errors import UsageError
from searcher.index import Index
from searcher.query.request import Search
from searcher.results.statements import Statement

SAID = "The wall will not hold another winter, and nobody in the town has the money to mend it"


def carried(
    id: str, day: str | None, *said: str, speaker: str | None = "Ada Moss", sure: float = 0.9
) -> Article:
    """An article of a source of its own that has somebody say one utterance, in so many parts."""
    body, quotes = "", []
    for part in said:
        body += "“"
        quotes.append(Quote(part, speaker, "direct", len(body), len(body) + len(part), sure, "person"))
        body += f"{part}” said somebody. "
    return Article(id, "Wall", body, source=f"The {id.title()}", published=day, quotes=tuple(quotes))  # type: ignore[arg-type]


ARTICLES = (
    carried("copy", "2024-05-03", SAID.upper()),
    carried("whole", "2024-05-02", "The wall will not hold another winter,", SAID[39:]),
    carried("short", "2024-05-01", "nobody in the town has the money to mend it"),
    carried("wrong", None, SAID, speaker="Bo Quill", sure=0.8),
    carried("other", "2024-05-04", "The wall is as good as it was when my father built it"),
)


@pytest.fixture
def index(empty_index: Index) -> Index:
    empty_index.add(ARTICLES, annotate=False)
    return empty_index


def test_each_turn_is_a_statement_of_its_own(index: Index) -> None:
    body = "Has the harbour wall been mended yet?\n\nNo, and it will not be before the spring."
    turns = tuple(Quote(body[a:b], None, "speech", a, b) for a, b in ((0, 37), (39, len(body))))
    index.add([Article("sitting", "Wall", body, quotes=turns)], annotate=False)

    assert {turn.text for turn in turns} == {s.text for s in index.statements("", kinds=["speech"]).hits}


def places(statement: Statement) -> list[str]:
    return [place.article.id for place in statement.places]


def test_a_statement_is_found_once_with_everyone_who_carried_it(index: Index) -> None:
    found = index.statements("winter", speaker="Ada Moss")

    assert [["short", "whole", "copy", "wrong"]] == list(map(places, found))
    assert (1, 2) == (found.total, found.places)


def test_it_is_shown_whole_where_most_of_it_stands(index: Index) -> None:
    statement = index.statements("winter").hits[0]

    assert ("whole", "The wall will not hold another winter, […] " + SAID[39:]) == (
        statement.whole.article.id,
        statement.text,
    )
    assert "winter" == statement.text[slice(*statement.marks[0])]


def test_every_part_is_a_slice_of_its_article(index: Index) -> None:
    parts = [
        (part.text, place.article.body[part.start : part.end])
        for statement in index.statements("wall")
        for place in statement.places
        for part in place.parts
    ]

    assert [text for text, _ in parts] == [printed for _, printed in parts]


def test_places_vote_and_who_differs_is_kept(index: Index) -> None:
    statement = index.statements("winter", speaker="Bo Quill").hits[0]

    assert ["Ada Moss", "Bo Quill"] == [vote.speaker for vote in statement.votes]
    assert [3, 1] == [vote.stories for vote in statement.votes]
    assert ("Ada Moss", round(0.9 * 2.7 / 3.5, 3)) == (statement.speaker, round(statement.confidence, 3))


def test_whom_a_copy_of_the_story_names_is_kept_beside_whom_it_votes_for(index: Index) -> None:
    said = "Nobody rang me that night and I rang nobody"
    corrected = replace(carried("corrected", "2024-05-06", said, speaker="Bo Quill"), story="printed")
    index.add([replace(carried("printed", "2024-05-05", said), story="printed"), corrected], annotate=False)
    [statement] = index.statements("rang")

    assert ("Bo Quill", ("Ada Moss",)) == (statement.speaker, statement.other_speakers)


def test_different_statements_are_told_apart(index: Index) -> None:
    found = index.statements("wall", sort="newest")

    assert [["other"], ["short", "whole", "copy", "wrong"]] == list(map(places, found))


def test_pages_and_counts_are_of_statements(index: Index) -> None:
    asked = Search("wall", quotes=True).collapsed().sorted_by("newest")

    assert (2, 4) == (index.count(asked), index.count(asked.replace(collapse=False)))
    assert [["short", "whole", "copy", "wrong"]] == list(map(places, index.statements(asked.page(1, 1))))


def test_a_search_for_statements_is_not_one_for_quotations(index: Index) -> None:
    with pytest.raises(UsageError, match=r"Index\.statements"):
        index.quotes(Search("wall", quotes=True, collapse=True))


def test_facets_count_statements(index: Index) -> None:
    found = index.statements("wall", facets=["source", "speaker", "month"])

    assert 2 == found.total
    assert {"source": 4, "speaker": 2, "month": 1} == {
        name: len(one.values) for name, one in found.facets.items()
    }
    assert [("2024-05", 2)] == [(one.value, one.count) for one in found.facets["month"].values]
    assert {("Ada Moss", 2), ("Bo Quill", 1)} == {
        (one.value, one.count) for one in found.facets["speaker"].values
    }


def test_a_facet_leaves_out_what_is_selected_from_it(index: Index) -> None:
    found = index.statements("wall", speaker="Bo Quill", source="The Wrong", facets=["speaker", "source"])

    assert 1 == found.total
    assert [("Bo Quill", 1, True)] == [
        (one.value, one.count, one.selected) for one in found.facets["speaker"].values
    ]
    assert [("The Wrong", 1, True)] == [
        (one.value, one.count, one.selected) for one in found.facets["source"].values
    ]


def test_speakers_are_counted_as_they_are_found(index: Index) -> None:
    index.add(
        [carried("unsure", "2024-05-05", "A boat went out", speaker="Cy Doubt", sure=0.5)], annotate=False
    )
    counted = {one.value: one.count for one in index.statements(facets=["speaker"]).facets["speaker"].values}

    assert {name: index.statements(speaker=name).total for name in counted} == counted
    assert "Cy Doubt" not in counted


def test_facets_of_what_has_any_of_the_words(index: Index) -> None:
    found = index.statements("winter zeppelin", facets=["speaker"])

    assert found.relaxed
    assert {"Ada Moss": 1, "Bo Quill": 1} == {one.value: one.count for one in found.facets["speaker"].values}


def test_fields_of_ones_own_are_counted(index: Index) -> None:
    index.tags.update(["whole"], add=["lead"])
    found = index.statements("wall", facets=["tag"])

    assert [("lead", 1)] == [(one.value, one.count) for one in found.facets["tag"].values]
    assert {"lead": 1} == {one["value"]: one["count"] for one in found.to_dict()["facets"]["tag"]}


def test_single_quotations_have_no_facets(index: Index) -> None:
    with pytest.raises(UsageError):
        index.quotes(Search("wall", quotes=True, facets=["source"]))
