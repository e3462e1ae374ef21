"""What an index has of a person."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import searcher
from searcher.article import Article, Mention
from searcher.index import Index
from searcher.results import FacetValue
from tests.search.test_statements import ARTICLES, carried


def naming(article: Article, *people: str) -> Article:
    return replace(article, mentions=tuple(Mention(name, "person", 0, 1) for name in people))


SPOKEN = (
    *(naming(article, "Ada Moss") for article in ARTICLES[:3]),
    naming(carried("later", "2025-01-01", "A wall is what a wall is, and no more"), "Ada Moss", "Bo Quill"),
    naming(carried("about", "2025-01-02", "She was a good engineer to us", speaker="Bo Quill"), "Ada Moss"),
    carried("else", "2025-01-03", "It rained in the morning and at noon too", speaker="Jean Müller"),
    carried("more", "2025-01-04", "It snowed in the evening and at night", speaker="Jean Müller"),
)


@pytest.fixture
def index(empty_index: Index) -> Index:
    empty_index.add(SPOKEN, annotate=False)
    return empty_index


def test_statements_are_counted_once_by_the_year_of_the_first_place(index: Index) -> None:
    record = index.names.record("Ada Moss")

    assert (2, 4) == (record.statements, record.places)
    assert (FacetValue("2024", 1), FacetValue("2025", 1)) == record.years


@pytest.mark.parametrize("place", ["memory", "folder"])
def test_a_statement_has_the_year_of_its_first_place_and_no_doubtful_ones(tmp_path: Path, place: str) -> None:
    said = "The harbour will not freeze again while I am its master"
    articles = (
        carried("again", "2024-01-02", said),
        carried("first", "2023-12-31", said),
        carried("unsure", "2024-01-03", said, sure=0.5),
    )
    with searcher.open_index(":memory:" if place == "memory" else tmp_path) as index:
        index.add(articles, annotate=False)

        record = index.names.record("Ada Moss")

    assert ((FacetValue("2023", 1),), 2) == (record.years, record.places)


def test_spoken_of_against_speaking(index: Index) -> None:
    record = index.names.record("Ada Moss")

    assert (5, 4) == (record.articles, record.speaking)


def test_who_is_quoted_surely_and_perhaps_is_who_a_facet_counts(index: Index) -> None:
    index.add([carried("unsure", "2024-01-03", "The harbour froze", sure=0.5)], annotate=False)
    record = index.names.record("Ada Moss")

    assert (4, 1, 5) == (record.speaking, record.perhaps, index.values("speaker")["Ada Moss"])


def test_topics_are_words_that_others_use_less(index: Index) -> None:
    assert ["wall"] == [topic.value for topic in index.names.record("Ada Moss").topics]


@pytest.mark.parametrize("place", ["memory", "folder"])
@pytest.mark.parametrize(
    ("language", "topics"), [("fr", ["mur"]), ("fr-CA", ["mur"]), (None, ["les", "mur", "que"])]
)
def test_stop_words_of_the_language_of_an_article_are_no_topics(
    tmp_path: Path, place: str, language: str | None, topics: list[str]
) -> None:
    articles = (
        carried("one", "2024-05-01", "Je crois que les pierres du mur ne tiendront plus"),
        carried("two", "2024-05-02", "Il faut que nous gardions les portes ouvertes dans ce mur"),
        *SPOKEN[-2:],
    )
    with searcher.open_index(":memory:" if place == "memory" else tmp_path) as index:
        index.add([replace(article, language=language) for article in articles], annotate=False)

        assert topics == sorted(topic.value for topic in index.names.record("Ada Moss").topics)


def test_the_words_of_a_name_are_no_topic_of_whoever_has_it() -> None:
    articles = (
        carried("one", "2024-05-01", "Nobody asked Moss about the wall in winter"),
        carried("two", "2024-05-02", "What Moss built is still a wall to us"),
        *SPOKEN[-2:],
    )
    with searcher.open_index(":memory:") as index:
        index.add(articles, annotate=False)

        assert ["wall"] == [topic.value for topic in index.names.record("Ada Moss").topics]


def test_what_everybody_says_now_and_then_is_no_topic() -> None:
    articles = (
        carried("one", "2024-05-01", "Really the wall will hold until winter comes"),
        carried("two", "2024-05-02", "Nobody has really seen what that wall can do"),
        *(
            carried(f"{n}", "2024-06-01", f"We {word} met {n} ships on day {n}", speaker="Bo Quill")
            for n, word in enumerate(["really"] * 2 + ["never"] * 18, 10)
        ),
    )
    with searcher.open_index(":memory:") as index:
        index.add([replace(article, title="") for article in articles], annotate=False)

        assert ["wall"] == [topic.value for topic in index.names.record("Ada Moss").topics]


def test_verbs_of_speech_and_numbers_are_no_topic() -> None:
    articles = (
        carried("one", "2024-05-01", "They said the two of us told him to mend the wall"),
        carried("two", "2024-05-02", "Say that the wall has two gates, as I told you"),
        *SPOKEN[-2:],
    )
    with searcher.open_index(":memory:") as index:
        index.add(articles, annotate=False)

        assert ["wall"] == [topic.value for topic in index.names.record("Ada Moss").topics]


def test_what_most_articles_of_a_language_have_is_no_topic() -> None:
    everywhere = [
        Article(f"{n}", "Hafen", f"Das Schiff {n} legte gestern an, sagte Herr Krug.", language="de")
        for n in range(20)
    ]
    articles = (
        carried("one", "2024-05-01", "Er sagte, die Mauer wird halten"),
        carried("two", "2024-05-02", "Was sie sagte, stimmt: die Mauer bricht"),
    )
    with searcher.open_index(":memory:") as index:
        index.add([*everywhere, *SPOKEN[-2:]], annotate=False)
        index.add([replace(one, language="de") for one in articles], annotate=False)

        assert ["Mauer"] == [topic.value for topic in index.names.record("Ada Moss").topics]


def test_who_is_named_beside_them(index: Index) -> None:
    assert (FacetValue("Bo Quill", 1),) == index.names.record("Ada Moss").people


def test_what_most_outlets_carried(index: Index) -> None:
    record = index.names.record("Ada Moss")

    assert [("The Short", "The Whole", "The Copy")] == [statement.sources for statement in record.carried]
    assert FacetValue("The Later", 1) in record.outlets


def test_any_form_of_a_name_will_do(index: Index) -> None:
    assert index.names.record("Ada Moss") == index.names.record("moss")


def test_a_name_that_several_people_have_is_ambiguous(index: Index) -> None:
    index.add([naming(ARTICLES[0], "Ada Quill", "Bo Quill")], annotate=False)

    with pytest.raises(searcher.AmbiguousName) as error:
        index.names.record("Quill")
    assert ("Ada Quill", "Bo Quill") == error.value.names


def test_one_of_them_has_a_record_of_their_own(index: Index) -> None:
    index.add([naming(ARTICLES[0], "Ada Quill", "Bo Quill")], annotate=False)

    assert "Ada Quill" == index.names.record("Ada Quill").name


def test_nobody_has_no_record(index: Index) -> None:
    record = index.names.record("Nobody Known")

    assert ("", 0, 0, ()) == (record.name, record.articles, record.statements, record.topics)
