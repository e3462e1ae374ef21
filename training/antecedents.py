"""Whom the words mean that attribute a quotation of PolNeAR without a name: ``antecedents.jsonl``.

PolNeAR leaves descriptions unnamed ("the campaign", "the candidate"), and its pronouns were resolved by a
machine, one in seven of them wrongly. Both were read again, in its training and development parts: every
pronoun and noun that attributes direct or mixed speech, and the definite nouns of indirect speech. The file
holds places, names and a digest of each text, never its words; a line is an article, its ``who`` are
``[start, end, names]`` of the words that attribute: no names where the article names nobody, null where it
cannot be told.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

__all__ = ["DIGITS", "with_antecedents"]

FILE: Final = Path(__file__).parent / "antecedents.jsonl"
DIGITS: Final = 12  # of a digest (SHA-256)

Row = dict[str, Any]
Place = tuple[int, int]


def with_antecedents(rows: Iterable[Row], file: Path = FILE) -> list[Row]:
    """The labelled articles with these speakers: ``resolved_by`` is "hand" where a pronoun's name was found,
    "described" where a noun's was, "nominal" where there is none, "unknown" where it cannot be told. Articles
    whose text is another stay as they are."""
    read = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    known = {one["digest"]: {(start, end): names for start, end, names in one["who"]} for one in read}
    return [_resolved(row, known.get(_digest(row["text"]))) for row in rows]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:DIGITS]


def _resolved(row: Row, known: dict[Place, list[str] | None] | None) -> Row:
    if known is None:
        return row
    return row | {"quotes": [_with_speaker(quote, known) for quote in row["quotes"]]}


def _with_speaker(quote: Row, known: dict[Place, list[str] | None]) -> Row:
    place = (quote["speaker_start"], quote["speaker_end"])
    if place not in known or quote["resolved_by"] not in ("nominal", "coref", "pron"):
        return quote
    names = known[place]
    found = "described" if quote["resolved_by"] == "nominal" else "hand"
    how = "unknown" if names is None else found if names else "nominal"
    first, others = (names[0], names[1:]) if names else (None, [])
    return quote | {"speaker_canonical": first, "aliases": others, "resolved_by": how}
