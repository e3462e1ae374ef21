"""The documents of an article, without a cluster."""

from __future__ import annotations

from searcher.article import Article, Quote
from searcher.extensions.opensearch.documents import documents_of


def test_only_who_has_no_name_speaks_unnamed() -> None:
    nobody = Quote("No", None, "direct", 0, 2)
    unnamed = Quote("Yes", "an official", "direct", 3, 6, speaker_kind="unnamed")
    _, *quotations = documents_of(Article("1", body="No Yes", quotes=(nobody, unnamed)), 1, 0)

    assert [["direct"], ["direct", "unnamed"]] == [document["said_as"] for _, document in quotations]
