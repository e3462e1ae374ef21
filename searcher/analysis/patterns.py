"""Wildcard patterns and edit distance between surface forms."""

from __future__ import annotations

import re
from functools import lru_cache

from searcher.analysis.folding import fold

__all__ = ["fold_pattern", "pattern_matches", "within_edits"]

_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼʻ`´′＇‛", "'"))
_BETWEEN = re.compile(r"([*?]+)")
_NO_LETTER = re.compile(r"[^\w.+#]|_")


def fold_pattern(pattern: str) -> str:
    """Fold a pattern as surface forms are folded. ``*`` and ``?`` stay; several ``*`` in a row become one."""
    parts = _BETWEEN.split(pattern.translate(_APOSTROPHES))
    folded = "".join(part if i % 2 else _NO_LETTER.sub("", fold(part)) for i, part in enumerate(parts))
    return re.sub(r"\*[*?]*\*", lambda run: "?" * run[0].count("?") + "*", folded)


def pattern_matches(folded_pattern: str, surface: str) -> bool:
    """Tell whether a whole surface form matches a folded pattern."""
    return _compiled(folded_pattern).fullmatch(surface) is not None


@lru_cache(maxsize=256)
def _compiled(folded_pattern: str) -> re.Pattern[str]:
    """Compile a folded pattern. Atomic groups keep matching linear: a part's first place always serves."""
    first, *rest = (re.escape(part).replace(r"\?", ".") for part in folded_pattern.split("*"))
    if not rest:
        return re.compile(first, re.DOTALL)
    middle = "".join(f"(?>.*?{part})" for part in rest[:-1])
    return re.compile(f"{first}{middle}.*{rest[-1]}", re.DOTALL)


def within_edits(a: str, b: str, edits: int) -> bool:
    """Tell whether the edit distance of two words is at most ``edits``.

    The distance is optimal string alignment: insertions, deletions, changes and swaps of neighbours, where no
    letter is edited twice.
    """
    if a == b:
        return True
    if abs(len(a) - len(b)) > edits:
        return False
    a, b = _differing(a, b)
    if min(len(a), len(b)) == 0:
        return max(len(a), len(b)) <= edits
    if edits == 1:
        return (len(a) == len(b) == 1) or (len(a) == len(b) == 2 and a == b[::-1])
    return _aligned(a, b, edits)


def _differing(a: str, b: str) -> tuple[str, str]:
    """Cut the common beginning and end off two words: an alignment never needs to edit them."""
    shorter = min(len(a), len(b))
    start = 0
    while start < shorter and a[start] == b[start]:
        start += 1
    end = 0
    while end < shorter - start and a[-1 - end] == b[-1 - end]:
        end += 1
    return a[start : len(a) - end], b[start : len(b) - end]


def _aligned(a: str, b: str, edits: int) -> bool:
    """Fill the usual table of distances row by row, and stop once every entry of a row is too large."""
    before: list[int] = []
    last = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        row = [i]
        for j, other in enumerate(b, 1):
            cost = min(last[j] + 1, row[-1] + 1, last[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > edits:
            return False
        before, last = last, row
    return last[-1] <= edits
