"""The Whoosh schema of an index.

An article is one document; its quotations follow it, one document each.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from whoosh import fields
from whoosh.analysis.acore import Token
from whoosh.analysis.tokenizers import Tokenizer

from searcher import analysis
from searcher.engines.whoosh.format.layout import SAID_BY

__all__ = ["FormsTokenizer", "NAMES", "make_schema"]

#: The names of fields in the schema, where they differ from those of Searcher.
NAMES = {"person": "people", "organisation": "organisations", "speaker": "speakers", "author": "authors",
         "tag": "tags", SAID_BY: "speaker"}  # fmt: skip


class FormsTokenizer(Tokenizer):
    """Searcher's analysis for Whoosh: all forms of each position of a text, one form of each position of a
    query."""

    def __call__(self, value: str, mode: str = "", **_: Any) -> Iterator[Token]:
        token = Token(removestops=True, mode=mode, boost=1.0, stopped=False)
        for position, (start, end, forms) in enumerate(analysis.tokens(value)):
            token.pos, token.startchar, token.endchar = position, start, end
            stem = next((form for form in forms if not analysis.is_surface(form)), forms[0])
            for form in (stem,) if mode == "query" else forms:
                token.text = form
                yield token


def make_schema() -> fields.Schema:
    """Return the schema. Texts have Searcher's analysis, so that nothing depends on Whoosh's defaults."""
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
