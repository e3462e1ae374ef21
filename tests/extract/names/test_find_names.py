"""From an article to its people and organisations, with the model that ships."""

from __future__ import annotations

import pytest

from searcher.article import Article
from searcher.extract.names import NameSpan, find_names, mentions_of

TITLE = "Marlowe Robotics sues former chief Ada Quill over AI model"
BODY = """\
LONDON (Reuters) - Marlowe Robotics sued its former chief executive Ada Quill on Tuesday, saying that she \
took secret documents with her when she left for Google.

"None of this is true," Quill told the Financial Times. Ben O’Hara, her lawyer, said the company's lawyers \
at Deloitte had been told so in March.

"Ada never took a page," O'Hara said. A spokeswoman for Google declined to comment.

Marlowe's shares fell 4% in New York. President Joe Biden did not comment either."""


@pytest.fixture(scope="module")
def article() -> Article:
    return find_names(Article("1", TITLE, BODY))


def test_people_are_named_once_in_full(article: Article) -> None:
    assert {"Ada Quill", "Ben O’Hara", "Joe Biden"} == set(article.people)


def test_organisations_are_named_once_in_full(article: Article) -> None:
    assert {"Marlowe Robotics", "Reuters", "Google", "Financial Times", "Deloitte"} == set(
        article.organisations
    )


def test_mentions_are_where_the_article_has_them(article: Article) -> None:
    written = {(m.name, (TITLE if m.part == "title" else BODY)[m.start : m.end]) for m in article.mentions}

    assert {"Ada Quill", "Quill", "Ada"} == {part for name, part in written if name == "Ada Quill"}


def test_the_title_is_read_too(article: Article) -> None:
    assert ["Marlowe Robotics", "Ada Quill"] == [m.name for m in article.mentions if m.part == "title"]


def test_every_mention_has_a_confidence(article: Article) -> None:
    assert all(0 < mention.confidence <= 1 for mention in article.mentions)


def test_finding_again_changes_nothing(article: Article) -> None:
    assert article == find_names(article)


@pytest.mark.parametrize("body", ["", "\n\n", "nobody is named here.", "!?", "1 2 3", "a" * 5000, "Á" * 300])
def test_articles_that_name_nobody(body: str) -> None:
    assert () == find_names(Article("1", "", body)).mentions


def test_a_word_for_any_body_names_none() -> None:
    spans = [NameSpan(4, 14, "ORG", 0.9), NameSpan(23, 27, "ORG", 0.9)]

    assert ["Sea Museum"] == [
        m.name for m in mentions_of(Article("1", "", "The Sea Museum and the Bank"), spans)
    ]


def test_an_article_in_capitals_still_has_names() -> None:
    found = find_names(Article("1", "", "GOOGLE HIRES ADA QUILL AS CHIEF ECONOMIST"))

    assert ("Ada Quill",) == found.people


def test_a_name_ends_where_a_sentence_that_is_not_read_begins() -> None:
    body = "It cut the ratings of Dover City Electric Co. About 500 million dollars is due.\n\nS/P said so."
    found = find_names(Article("1", "", body))

    assert ("Dover City Electric Co.", "S/P") == found.organisations


def test_a_name_goes_on_in_the_next_line() -> None:
    body = (
        "The owners of the boats, who live in the town, told the Financial\nTimes that all of the boats "
        "were lost in the storm and\nthat no money is left in the firm, said the chief of the\ncompany."
    )
    article = find_names(Article("1", "", body))

    assert ("Financial Times",) == tuple(article.organisations)


def test_a_name_is_shown_without_the_soft_hyphens_of_the_page() -> None:
    body = "Auf der Kundgebung in Ahlbeck sprach die Bür\u00adger\u00admeis\u00adterin Anna Kess\u00adling."

    assert "Anna Kessling" in {
        mention.name for mention in find_names(Article("1", body=body, language="de")).mentions
    }


def test_places_are_found_in_english_each_once() -> None:
    text = "Ada Quill went from London to Berlin. BERLIN’s harbour was closed, so she took a train to Paris."

    assert ("London", "Berlin", "Paris") == find_names(Article("1", "", text, language="en")).places
    assert () == find_names(Article("1", "", "Ida fährt nach Berlin.", language="de")).places
