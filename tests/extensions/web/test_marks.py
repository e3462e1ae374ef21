"""The words that are shown around a statement, and beside it."""

from __future__ import annotations

import pytest

from searcher import Article, Quote
from searcher.extensions.web.marks import context, isolated_days, nearest_match
from searcher.results.statements import Place

LINE = "Nothing of it is told in this long line. "
FAR_TEXT = "The ice is far from here. " + LINE * 8
BODY = f"{FAR_TEXT}\n“We sail,” she said on the ice.\nIce again <b>."
#: Words without spaces, with 200 characters before and behind the one that is found.
UNSPACED = f"{'港' * 200}経済{'船' * 200}\n“We sail,”"


def beside(body: str, words: list[str]) -> str | None:
    start = body.index("We sail,")
    said = Quote("We sail,", "Ann Lee", "direct", start, start + 8, 0.9)
    places = [body.rindex(word) for word in words if word in body]
    marks = tuple((at, at + len(word)) for at, word in zip(places, words))
    found = nearest_match(Place(Article("a", "Ice", body, quotes=(said,)), (said,)), marks)
    return None if found is None else str(found)


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (["ice", "Ice"], "“We sail,” she said on the <mark>ice</mark>."),
        (["Ice"], "<mark>Ice</mark> again &lt;b&gt;."),
        (["line"], f"… {LINE * 2}Nothing of it is told in this long <mark>line</mark>. "),
        (["far"], f"The ice is <mark>far</mark> from here. {LINE * 2}Nothing of it is told in …"),
        (["sail", "ice"], None),
        (["boat"], None),
    ],
)
def test_what_stands_beside_a_statement(words: list[str], shown: str | None) -> None:
    assert shown == beside(BODY, words)


def test_what_stands_beside_a_statement_where_words_have_no_spaces() -> None:
    assert f"… {'港' * 120}<mark>経済</mark>{'船' * 120} …" == beside(UNSPACED, ["経済"])


def test_the_context_of_a_statement_where_words_have_no_spaces() -> None:
    body = f"{'港' * 300}We sail,{'船' * 300}"
    said = Quote("We sail,", "Ann Lee", "direct", 300, 308, 0.9)

    assert f'… {"港" * 240}<span class="said">We sail,</span>{"船" * 240} …' == str(
        context(Place(Article("a", "Ice", body, quotes=(said,)), (said,)))
    )


def test_days_stand_apart_from_the_text_around_them() -> None:
    assert "a &lt;<bdi>2025-01-15</bdi>. 12025-01-15" == str(isolated_days("a <2025-01-15. 12025-01-15"))
