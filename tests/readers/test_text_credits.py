"""The lines between a headline and the body of a plain text."""

from __future__ import annotations

import pytest

from searcher.readers.text import article_from_text

BODY = "PORT AUREL – The first thing he heard was popping.\n\nThen the roof lifted, he said."


@pytest.mark.parametrize(
    "credits",
    [
        "By Esther Vaszary\nPort Aurel Herald\nSeptember 5, 2024",
        "By Esther Vaszary\n\nPort Aurel Herald\n\nSeptember 5, 2024",
    ],
)
def test_byline_publication_and_date_are_told_apart(credits: str) -> None:
    article = article_from_text(f"Two hundred flee\n\n{credits}\n\n{BODY}")

    assert ("Two hundred flee", ("Esther Vaszary",), "Port Aurel Herald", "2024-09-05", BODY) == (
        article.title,
        article.authors,
        article.source,
        str(article.published)[:10],
        article.body,
    )


def test_a_heading_after_the_date_is_not_taken_for_a_publication() -> None:
    article = article_from_text(
        f"Two hundred flee\n\nBy Esther Vaszary\n\nMay 5, 2024\n\nBackground\n\n{BODY}"
    )

    assert None is article.source


def test_a_byline_above_the_headline_is_none_and_names_the_author() -> None:
    article = article_from_text(f"By Esther Vaszary\n\nTwo hundred flee\n\n{BODY}")

    assert ("Two hundred flee", ("Esther Vaszary",), BODY) == (article.title, article.authors, article.body)


def test_a_headline_that_may_be_a_byline_is_one_where_no_other_follows() -> None:
    article = article_from_text(f"By Esther Vaszary\n\n{BODY}")

    assert ("By Esther Vaszary", BODY) == (article.title, article.body)


def test_a_short_first_paragraph_is_not_taken_for_a_publication() -> None:
    article = article_from_text(f"Two hundred flee\n\nBy Esther Vaszary\n\nNobody Was Hurt\n\n{BODY}")

    assert None is article.source
    assert article.body.startswith("Nobody Was Hurt")
