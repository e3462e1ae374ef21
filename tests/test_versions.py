"""How two texts differ, word by word."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from searcher import Article
from searcher.results.versions import ArticleVersion, TextChange, changes_in_context, versions_among


def changes(before: str, after: str) -> tuple[TextChange, ...]:
    return ArticleVersion(Article("b", "T", after), Article("a", "T", before)).changes


def told(before: str, after: str) -> list[tuple[str, str]]:
    return [(kind, text.strip()) for kind, text in changes(before, after) if kind != "same"]


def test_the_words_that_differ() -> None:
    assert [("gone", "on Monday,"), ("new", "today,")] == told(
        "It sails on Monday, we hear", "It sails today, we hear"
    )


def test_where_paragraphs_end_makes_no_difference() -> None:
    assert [] == told("It sails.\n\nIt returns.", "It sails.  It returns.")


def test_words_of_a_language_without_spaces() -> None:
    assert [("gone", "月"), ("new", "火")] == told("渡し船は月曜日に出る。", "渡し船は火曜日に出る。")


def test_a_long_way_between_two_changes_is_left_out() -> None:
    words = " ".join(f"w{number}" for number in range(100))
    shown = [change.text for change in changes_in_context(changes(f"old {words} end", f"new {words} stop"))]

    assert [
        "T",
        "old",
        "new",
        "w0 w1 w2 w3 w4 w5 w6 w7 … w92 w93 w94 w95 w96 w97 w98 w99",
        "end",
        "stop",
    ] == shown


def test_the_same_words_are_no_change() -> None:
    assert [] == list(changes_in_context(changes("It sails.", "It sails.")))


def test_texts_that_take_too_long_differ_as_a_whole() -> None:
    """Each of 90 words comes 1,000 times in both, in another order."""
    words = [f"w{number % 90}" for number in range(90_000)]
    backwards = words[::-1]
    found = changes(" ".join(words), " ".join(backwards))

    assert " ".join(["T", *backwards]).split() == " ".join(c.text for c in found if c.kind != "gone").split()
    assert len(found) < 1_000


@given(st.text(alphabet="ab \n", max_size=80), st.text(alphabet="ab \n", max_size=80))
def test_what_is_not_gone_is_the_later_text(before: str, after: str) -> None:
    found = changes(before, after)

    assert f"T {after}".split() == "".join(c.text for c in found if c.kind != "gone").split()
    assert f"T {before}".split() == "".join(c.text for c in found if c.kind != "new").split()


def test_of_one_day_the_version_that_was_read_first_is_the_earliest() -> None:
    later, first = (
        Article(id, "", "The ferry sails again.", origin=origin)
        for id, origin in (("0a1b-123abc", "a/late.html"), ("0a1b", "z/early.html"))
    )

    assert [first, later] == versions_among(later, [first, later])
