from __future__ import annotations

from searcher.article import Article, Quote
from searcher.cli.output.terminal import Screen
from searcher.cli.output.text import heading, hit_lines, statement_lines, summary
from searcher.results import Hit
from searcher.results.statements import Place, Statement, Statements


def test_an_article_goes_by_its_title() -> None:
    assert "Harbour opens" == heading(Article("a", "Harbour opens", "The harbour opened."))


def test_one_without_a_title_goes_by_its_first_words() -> None:
    body = "SHR 34 CTS VS 1.19 DLRS\n" + "net 807,000 vs 2,858,000 and more of it " * 9

    assert (
        "(untitled) SHR 34 CTS VS 1.19 DLRS net 807,000 vs 2,858,000 and more of it net 807,000 vs…"
        == heading(Article("a", "", body))
    )


def test_one_of_one_long_word_goes_by_nothing() -> None:
    assert "(untitled) …" == heading(Article("a", "", "x" * 500))


def test_a_title_without_end_is_cut() -> None:
    hit = Hit(
        Article("id", "word " * 100_000, "body", source="s" * 100_000), 1.0, (), ((0, 4), (499_990, 499_994))
    )

    assert 1_500 > sum(map(len, hit_lines(hit, 1, Screen(brackets=True))))


def test_where_there_may_be_more_statements_and_places_that_is_said() -> None:
    said = (Quote("No", "Ada Moss", "direct", 0, 2),)
    places = tuple(Place(Article(id, "Vote", "No", source=id), said) for id in ("One", "Two"))
    statement = Statement(places, places[0], more=True)

    assert "   one of at least 2 articles; also Two" in statement_lines(statement, 1, Screen(width=200))
    assert "1 statement (2 places) and more" == summary(Statements((statement,), 1, 2, more=True), 0)
