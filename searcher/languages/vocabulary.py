"""Words that ship as files of their own: lists of English ones, by which names and quotations are found, and
the pieces that the encoder reads text in, 114,000 of all its languages.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent


def vocabulary() -> bytes:
    """Return the lines of the pieces, in UTF-8: a piece, a tab and the logarithm of how likely it is."""
    return (_FOLDER / "pieces.tsv").read_bytes()


def english(name: str) -> frozenset[str]:
    """Return the words of a list. Raises KeyError where there is none of that name."""
    return _english_lists()[name]


@cache
def _english_lists() -> Mapping[str, frozenset[str]]:
    text = (_FOLDER / "english.txt").read_text("utf-8")
    return {name: frozenset(words.split()) for name, words in re.findall(r"^(\w+)((?:\n .+)+)", text, re.M)}
