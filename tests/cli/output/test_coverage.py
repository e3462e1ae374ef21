"""What is said of the languages of an index."""

from __future__ import annotations

from searcher import Article, open_index
from searcher.cli.output.coverage import Language, languages, not_served, table


def test_each_language_says_what_is_served_in_it() -> None:
    with open_index(":memory:") as index:
        index.add(
            [
                Article(str(number), body="Ein Wort", language=language)
                for number, language in enumerate(("de", "de", "vi", "sw", None))
            ],
            annotate=False,
        )
        found = languages(index)

    assert [
        Language("de", 2, words=True, names=True, quotations=True),
        Language("sw", 1, words=False, names=False, quotations=False),
        Language("vi", 1, words=True, names=False, quotations=False),
        Language(None, 1, words=True, names=True, quotations=True),
    ] == found


def test_people_read_them_as_a_table() -> None:
    rows = [Language("de", 1200, True, True, True), Language(None, 1, False, False, False)]

    assert [
        "language      articles  words       names  quotations",
        "de               1,200  yes         yes    yes",
        "unknown              1  as written  no     no",
    ] == list(table(rows))


def test_a_line_names_the_languages_without_names_and_quotations() -> None:
    articles = [Article(language or "-", language=language) for language in ("en-GB", "sw", None, "vi", "fr")]

    assert ["Names and quotations are not supported in: sw, vi."] == list(not_served(articles))
    assert [] == list(not_served(articles[:1]))
