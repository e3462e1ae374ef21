"""The lists of English words by which names and quotations are found; ``english.txt`` has them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path


def english(name: str) -> frozenset[str]:
    """Return the words of a list. Raises KeyError where there is none of that name."""
    return _lists()[name]


@cache
def _lists() -> Mapping[str, frozenset[str]]:
    text = Path(__file__).with_suffix(".txt").read_text("utf-8")
    return {name: frozenset(words.split()) for name, words in re.findall(r"^(\w+)((?:\n .+)+)", text, re.M)}
