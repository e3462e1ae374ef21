from __future__ import annotations

from searcher.article import Article
from searcher.cli.output.terminal import Screen
from searcher.cli.output.text import heading, hit_lines
from searcher.results import Hit


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
