"""The words that are shown around a statement, and beside it."""

from __future__ import annotations

import pytest

from searcher import Article, Quote
from searcher.results.statements import Place
from searcher.web.marking import nearest

FAR = "The ice is far from here. " + "Nothing of it is told in this long line. " * 8
BODY = f"{FAR}\n“We sail,” she said on the ice.\nIce again <b>."


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (["ice", "Ice"], "“We sail,” she said on the <mark>ice</mark>."),
        (["Ice"], "<mark>Ice</mark> again &lt;b&gt;."),
        (["line"], f"… {'Nothing of it is told in this long line. ' * 2}Nothing of it"),
        (["far"], "The ice is <mark>far</mark> from here. "),
        (["sail", "ice"], None),
        (["boat"], None),
    ],
)
def test_what_stands_beside_a_statement(words: list[str], shown: str | None) -> None:
    start = BODY.index("We sail,")
    said = Quote("We sail,", "Ann Lee", "direct", start, start + 8, 0.9)
    places = [BODY.rindex(word) for word in words if word in BODY]
    marks = tuple((at, at + len(word)) for at, word in zip(places, words))
    found = nearest(Place(Article("a", "Ice", BODY, quotes=(said,)), (said,)), marks)

    assert (found is None) == (shown is None)
    assert str(found or "").startswith(shown or "")
