"""Every query has an end: a length beyond which it is refused, and a time that is short for the longest."""

from __future__ import annotations

import itertools

import pytest

from searcher.errors import QueryError, QueryTooBroad
from searcher.query.expansion import spellings
from searcher.query.language import parse, plain, render
from searcher.query.language.parser import MAX_LENGTH
from searcher.query.stop_words import relax
from searcher.query.tree import Or
from tests.growth import grows

#: What queries are made of, each to be written many times in a row.
SIGNS = [
    *("- ", "-a ", ". ", ", ", "... ", "O’Neil-", "a.b.", "A. ", "A & ", "AT&T ", "US$1 ", "1,", "é", "你"),
    *("(", "( ", "()", '"', '"" ', '"a" ', "“a” ", "NEAR ", "NEAR/5 ", "w/5 ", "a w/5 ", "not w/5 ", "NOT "),
    *(
        "a OR ",
        "title:",
        "title:a ",
        "said:(",
        "date:",
        "date aft ",
        ":",
        "a::",
        "!",
        "! ",
        "a* ",
        "*a",
        "a? ",
    ),
    *("a~ ", "~", "#", "a^1", "|", "hd=", "/n5 ", "atleast3 ", "atleast3(a) ", "[", "<", "*:* ", "J. D. "),
]
PAIRS = [
    "".join(pair) for pair in itertools.permutations(("- ", "O’Neil-", "w/5 ", "“a” ", "US$1 ", "A. "), 2)
]


@pytest.mark.parametrize("sign", ["a", "- ", "(", '"a" ', "NOT ", "é"])
def test_a_text_that_is_too_long_is_refused(sign: str) -> None:
    with pytest.raises(QueryTooBroad, match="Shorten it"):
        parse(sign * (MAX_LENGTH + 1))


def test_the_longest_text_is_read() -> None:
    word = "a" * MAX_LENGTH

    assert word == render(parse(word))


def test_of_a_long_text_the_first_words_are_plain_ones() -> None:
    found = plain("ferry " * 1_000_000)

    assert isinstance(found, Or)
    assert 2_000 == len(found.parts)


@pytest.mark.parametrize("nested", ["(", "NOT ", "-(", "atleast2 ", "atleast2(", "said:(", "tag:("])
def test_what_is_nested_too_deeply_is_refused(nested: str) -> None:
    with pytest.raises(QueryError):
        parse(nested * 1_500 + "a")


@pytest.mark.slow
@pytest.mark.parametrize("sign", SIGNS + PAIRS)
def test_time_grows_as_the_text_does(sign: str) -> None:
    assert not grows(read, lambda length: sign * (length // len(sign)), MAX_LENGTH // 8)


def read(text: str) -> None:
    plain(text)
    tree = parse(text)
    for step in (relax, spellings, render):
        step(tree)
