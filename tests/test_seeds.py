"""The main job on the sample articles, as a new user meets it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import searcher
from searcher.index import Index
from searcher.results import Hit, Results

FACETS = ("person", "organisation", "speaker", "source", "year")


@pytest.fixture(scope="module")
def index(seeds: Path) -> Iterator[Index]:
    with searcher.open_index(":memory:") as opened:
        report = opened.load([seeds], workers=1)
        assert () == tuple(report.failed)
        yield opened


@pytest.fixture(scope="module")
def found(index: Index) -> Results:
    return index.search("LeCun LLM", facets=FACETS)


def marked(hit: Hit) -> set[str]:
    return {s.text[start:end] for s in hit.snippets for start, end in s.marks}


def values(found: Results, facet: str) -> list[str]:
    return [value.value for value in found.facets[facet].values]


def test_there_are_articles_of_two_years_from_several_sources(index: Index) -> None:
    articles = list(index.articles)

    assert len(articles) >= 20
    assert {"2024", "2025", "2026"} == set(index.values("year"))
    assert len(index.values("source")) >= 5


def test_every_article_has_a_title_a_body_a_date_and_a_source(index: Index) -> None:
    lacking = [
        article.origin
        for article in index.articles
        if not (article.title and len(article.body) > 800 and article.published and article.source)
    ]

    assert [] == lacking


def test_every_article_is_credited(index: Index) -> None:
    uncredited = [Path(article.origin or "").name for article in index.articles if not article.authors]

    assert [] == uncredited


def test_no_menu_or_advertisement_is_left_in_a_body(index: Index) -> None:
    clutter = (
        "Accept all",
        "All rights reserved",
        "Read more",
        "Sign up",
        "Advertisement",
        "Unsubscribe",
        "Log in",
    )

    assert [] == [(a.origin, words) for a in index.articles for words in clutter if words in a.body]


def test_the_article_on_lecun_comes_first(found: Results) -> None:
    assert "lecun-after-meta.html" == Path(found.hits[0].article.origin or "").name


def test_snippets_show_lecun_and_llm_in_all_their_forms(found: Results) -> None:
    assert {"LeCun", "LLM", "LLMs"} <= marked(found.hits[0])


def test_the_word_llm_is_marked_inside_llm_pilled(found: Results) -> None:
    places = [(s, s.text.find("LLM-pilled")) for s in found.hits[0].snippets if "LLM-pilled" in s.text]

    assert places
    assert all(at in {start for start, _ in snippet.marks} for snippet, at in places)


def test_facets_name_each_person_once(found: Results) -> None:
    people = values(found, "person")

    assert {"Yann LeCun", "Alexandr Wang", "Mark Zuckerberg"} <= set(people)
    assert 3 == len([name for name in people if name.split()[-1] in {"LeCun", "Wang", "Zuckerberg"}])


def test_meta_is_among_the_organisations(found: Results) -> None:
    assert {"Meta", "Scale AI", "Financial Times"} <= set(values(found, "organisation"))


def test_the_few_words_he_is_on_record_with_are_his(index: Index) -> None:
    said = {hit.quote.text for hit in index.quotes(speaker="LeCun")}

    assert {"inexperienced", "fudged", "dead end"} <= said


def test_the_company_and_its_unit_are_two(index: Index) -> None:
    organisations = index.values("organisation")

    assert {"Norvane", "Norvane Labs"} <= set(organisations)


def test_two_reports_of_the_fire_are_both_found(index: Index) -> None:
    found = index.search("fire Norvane pallet", after="2024-09-04", before="2024-09-06")

    assert {"The Calder Courier", "Port Aurel Herald"} == {hit.article.source for hit in found}


def test_people_who_share_a_surname_stay_apart(index: Index) -> None:
    people = set(index.values("person"))

    assert {"Martin Ellery", "Denise Ellery", "Joan Ellery"} <= people
    assert {"Marguerite Lindqvist", "Marcus Lindqvist"} <= people
    assert {"Owen Whitlock", "Claire Whitlock"} <= people


def test_british_single_quotation_marks_enclose_quotations(index: Index) -> None:
    said = index.quotes("lucky wind", speaker="Marguerite Lindqvist").hits[0]

    assert "We were lucky with the wind and we were lucky with the tide," == said.quote.text


def test_every_paragraph_of_a_long_quotation_has_its_speaker(index: Index) -> None:
    paragraphs = ("Tallow Street washing docks", "air in ten years lease", "they signed it")
    speakers = [hit.speaker for words in paragraphs for hit in index.quotes(words, source="Meridian Daily")]

    assert ["Daniel Okafor"] * 3 == speakers


def test_a_split_quotation_is_one_utterance(index: Index) -> None:
    (article,) = {hit.article for hit in index.quotes("soup swimming pool", speaker="Priya Raman")}
    halves = [q for q in article.quotes if "looks like soup" in q.text or "ninety-four percent" in q.text]

    assert 2 == len(halves)
    assert 1 == len({half.utterance for half in halves})


def test_indirect_speech_is_credited(index: Index) -> None:
    found = index.quotes("circulates", speaker="Priya Raman", kinds=["indirect"])

    assert 1 == found.total


def test_an_unnamed_speaker_is_shown_as_described(index: Index) -> None:
    said = index.quotes("soon", speaker="a ministry spokesman", min_confidence=0.5).hits[0]

    assert "unnamed" == said.quote.speaker_kind
    assert "A ministry spokesman" == said.quote.speaker
