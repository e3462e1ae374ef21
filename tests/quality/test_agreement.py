"""Counts of one name agree, by whatever form it is asked for."""

from __future__ import annotations

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
