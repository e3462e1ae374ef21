"""What names, quotations and words are found by takes time in proportion to a text, whatever is in it.

Each line of ``repeated.jsonl`` is repeated to a text; ``{}`` in it is another word each time, ``{^}`` a
capitalised one, ``{^^}`` one in capitals.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from searcher.analysis import fold_pattern, index_terms, query_terms, tokens
from searcher.analysis.highlight_prefilter import chunks_with
from searcher.article import Article, Mention, Quote
from searcher.extract.article_text import unwrapped_text
from searcher.extract.contacts import contacts_in
from searcher.extract.encoder.model import shared_encoder
from searcher.extract.names import mentions_of
from searcher.extract.names.tagger import Kind, NameSpan, passages, shared_tagger
from searcher.extract.quotes import quotes_in_part
from searcher.extract.quotes.marks import find_spans
from searcher.extract.quotes.second_opinion import SecondOpinion
from searcher.languages.detection import detect
from searcher.names.normalise import fold
from searcher.names.organisations import comparable_name, explanations
from searcher.names.rules import publication
from searcher.statements import (
    ComparedUtterance,
    compare_words,
    folded_words,
    group_utterances,
    located_words,
)
from tests.growth import grows
from tests.names import resolve

REPEATED = [
    json.loads(line) for line in (Path(__file__).parent / "repeated.jsonl").read_text("utf-8").splitlines()
]
#: Letters of the shorter text; the longer one has four times as many.
LETTERS = 4_000

_NAME = re.compile(r"\b[A-Z][\w’'-]*(?: [A-Z][\w’'-]*){0,2}")


class NoOpinion(SecondOpinion):
    """Answers nothing: a network takes time in proportion, and a lot of it."""

    def ask(self, start: int, end: int, *, is_noun: bool = False) -> None:
        return None

    def expect(self, places: Sequence[tuple[int, int]]) -> None:
        pass


def _word(number: int) -> str:
    word = ""
    number += 26
    while number:
        word, number = chr(ord("a") + number % 26) + word, number // 26
    return word


def text_of(pattern: str, length: int) -> str:
    parts: list[str] = []
    size, numbers = 0, count()
    while size < length:
        word = _word(next(numbers))
        part = pattern.replace("{^^}", word.upper()).replace("{^}", word.capitalize()).replace("{}", word)
        parts.append(part)
        size += len(part)
    return "".join(parts)


def spans_of(text: str) -> list[NameSpan]:
    return [
        NameSpan(found.start(), found.end(), "ORG" if len(found.group()) % 2 else "PER", 0.9)
        for found in _NAME.finditer(text)
    ]


def _mentions(text: str) -> list[Mention]:
    kinds = {"PER": "person", "ORG": "organisation"}
    return [
        Mention(text[one.start : one.end], kinds[one.kind], one.start, one.end, 0.9)  # type: ignore[arg-type]
        for one in spans_of(text)
    ]


def _named(text: str, kind: Kind) -> tuple[Mention, ...]:
    return mentions_of(Article("1", "", text), [replace(one, kind=kind) for one in spans_of(text)])


def _quotes(text: str) -> list[Quote]:
    found = quotes_in_part(text, _mentions(text), 0, 0, NoOpinion(Article("1", "", text)))
    return [one.quote for one in found]


def _sayings(text: str) -> list[list[int]]:
    return group_utterances(
        [ComparedUtterance(tuple(text[at : at + 60].split()), "Lee") for at in range(0, len(text), 60)]
    )


def _resolved(field: str, text: str) -> dict[str, str]:
    return resolve(field, dict.fromkeys(_NAME.findall(text) or [text], 1))


FUNCTIONS: dict[str, Callable[[str], Any]] = {
    "lines": unwrapped_text,
    "passages": lambda text: list(passages(shared_tagger()._wordpiece, text)),
    "people": lambda text: _named(text, "PER"),
    "bodies": lambda text: _named(text, "ORG"),
    "pieces": lambda text: list(shared_encoder().pieces.units(text)),
    "marks": find_spans,
    "quotations": _quotes,
    "language": detect,
    "terms": index_terms,
    "tokens in another language": lambda text: tokens(text, "de"),
    "terms of a query": lambda text: query_terms.__wrapped__(text),
    "chunks": lambda text: list(chunks_with(text, {"le": "", "a": "", "-": "", ".": ""})),
    "pattern": fold_pattern,
    "words": folded_words,
    "places of words": located_words,
    "comparison": lambda text: compare_words(text[:200], text),
    "statements": _sayings,
    "folded name": fold,
    "body without form": comparable_name,
    "publication": publication,
    "people across articles": lambda text: _resolved("person", text),
    "bodies across articles": lambda text: _resolved("organisation", text),
    "contacts": lambda text: list(contacts_in(text)),
    "acronyms": lambda text: list(explanations(Article("1", "", text, mentions=tuple(_mentions(text))))),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", FUNCTIONS)
def test_time_grows_as_the_text_does(name: str) -> None:
    FUNCTIONS[name]("Ann Lee said “no”.")  # loads what it needs

    grown = [pattern for pattern in REPEATED if grows(FUNCTIONS[name], partial(text_of, pattern), LETTERS)]

    assert [] == grown
