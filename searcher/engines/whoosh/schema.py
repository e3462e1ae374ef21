"""The Whoosh schema of the index: what it holds, at a glance.

An article is one document; right after it stand its quotations, one document each.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from whoosh import fields
from whoosh.analysis import Token, Tokenizer

from searcher import words
from searcher.engines.whoosh.layout import QUOTES, SAID_BY

__all__ = ["FormsTokenizer", "NAMES", "make_schema"]

#: The names of our fields in the schema, where they differ.
NAMES = {"person": "people", "organisation": "organisations", "speaker": "speakers", "author": "authors",
         "tag": "tags", SAID_BY: "speaker"}  # fmt: skip


class FormsTokenizer(Tokenizer):  # type: ignore[misc]  # Whoosh has no types
    """Our own analysis for Whoosh: every form of every position when indexing, the stem of each when asking."""

    def __call__(self, value: str, mode: str = "", positions: bool = False, **_: Any) -> Iterator[Token]:
        token = Token(positions=positions, chars=False, removestops=True, mode=mode)
        found = words.sought(value) if mode == "query" else words.index_forms(value)
        for position, forms in enumerate(found):
            for form in forms[:1] if mode == "query" else forms:
                token.text = form
                token.pos = position
                token.boost = 1.0
                token.stopped = False
                yield token


def make_schema() -> fields.Schema:
    """The schema. Texts have no analyser of Whoosh's own, so that nothing depends on its defaults."""
    text = fields.TEXT(analyzer=FormsTokenizer(), phrase=True)
    value = fields.ID()
    return fields.Schema(
        id=fields.ID(unique=True, stored=True),
        title=text,  # the words of the title
        text=text,  # title and body joined: what bare words search
        people=value,  # each value whole, as the article has it
        organisations=value,
        speakers=value,
        source=value,
        authors=value,
        language=value,
        section=value,
        tags=value,
        story=value,
        year=value,
        article=fields.STORED,  # the article as a dict; for a quotation the id of its article
        quotes=text,  # the words of one quotation
        speaker=value,  # who speaks it
    )


assert QUOTES == "quotes"
