"""Counts of one name agree, by whatever form it is asked for."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.agreement import compare
from searcher import open_index
from searcher.article import Article, Mention, Quote


def article(id: str, person: str, body: str) -> Article:
    mentions = (Mention(person, "person", 4, 9), Mention(body, "organisation", 0, 3))
    quote = Quote("went", person, "direct", 11, 15, speaker_kind="person")
    return Article(id, "", "SRA went, went.", mentions=mentions, quotes=(quote,))


def test_facets_filters_exports_and_json_count_alike() -> None:
    index = open_index(":memory:")
    index.add(
        [article("1", "Ada Quill", "Skerry Rowing Association"), article("2", "Quill", "SRA")], annotate=False
    )

    assert [] == list(compare(index, 20))
    assert 2 == index.count(person="Quill", organisation="SRA")


def test_whom_an_article_leaves_unnamed_is_nobody_who_is_named_in_another() -> None:
    index = open_index(":memory:")
    index.add([article("1", "Ada Quill", "SRA"), article("2", "Ben Moss", "SRA")], annotate=False)
    quote = Quote("went", "Ada Quill", "direct", 11, 15, speaker_kind="unnamed")
    index.add([replace(article("3", "Bo Poe", "SRA"), quotes=(quote,))], annotate=False)

    assert [] == list(compare(index, 20))
    assert ["1"] == [hit.article.id for hit in index.scan_quotes(speaker="Ada Quill")]
    facet = index.statements(min_confidence=0, facets=("speaker",)).facets["speaker"]
    assert {"Ada Quill": 1, "Ben Moss": 1} == facet.values.counts


def test_whom_no_article_names_is_found_by_what_he_is_called() -> None:
    index = open_index(":memory:")
    quote = Quote("went", "a nurse", "direct", 11, 15, speaker_kind="unnamed")
    index.add([replace(article("1", "Bo Poe", "SRA"), quotes=(quote,))], annotate=False)

    assert ["1"] == [hit.article.id for hit in index.scan_quotes(speaker="a nurse", min_confidence=0)]
