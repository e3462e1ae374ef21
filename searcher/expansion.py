"""From a pattern or a misspelt word to words that the index holds."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

from searcher import words as analysis
from searcher.errors import QueryTooBroad

__all__ = ["LIMIT", "Vocabulary", "expand_fuzzy", "expand_wildcard", "suggest"]

#: The most words that one pattern may stand for.
LIMIT = 2000

#: Surfaces that begin with a prefix, in any order; an engine's vocabulary.
Vocabulary = Callable[[str], Iterable[str]]


def expand_wildcard(pattern: str, words: Vocabulary, limit: int = LIMIT) -> tuple[str, ...]:
    """The surfaces that a pattern with ``*`` and ``?`` stands for.

    Raises QueryTooBroad where there are more than ``limit``, or where the pattern holds no letter.
    """
    folded = analysis.fold_pattern(pattern)
    if not folded.strip("*?"):
        raise QueryTooBroad(f"“{pattern}” stands for every word; write at least one letter.", pattern)
    start = folded.replace("?", "*").split("*")[0]
    matching = (word for word in words(start) if analysis.pattern_matches(folded, word))
    return _bounded(matching, pattern, limit)


def expand_fuzzy(word: str, edits: int, words: Vocabulary, limit: int = LIMIT) -> tuple[str, ...]:
    """The surfaces at most ``edits`` away from a word. Raises QueryTooBroad beyond ``limit``."""
    folded = analysis.fold_pattern(word)
    near = (c for c in similar(folded, words(""), edits) if analysis.within_edits(folded, c, edits))
    return _bounded(near, word + "~", limit)


def _bounded(found: Iterable[str], pattern: str, limit: int) -> tuple[str, ...]:
    chosen: list[str] = []
    for word in found:
        if len(chosen) == limit:
            raise QueryTooBroad(
                f"“{pattern}” stands for more than {limit:,} words; write more letters of it.", pattern
            )
        chosen.append(word)
    return tuple(chosen)


def similar(word: str, candidates: Iterable[str], edits: int) -> Iterator[str]:
    """Those of the candidates that may be within so many edits of a word: a superset, found fast.

    An edit touches at most two neighbouring pieces of the word (a swap across their border), so that of
    2 · edits + 1 pieces one at least remains whole.
    """
    shortest, longest = len(word) - edits, len(word) + edits
    pieces = _pieces(word, 2 * edits + 1)
    if pieces is None:
        yield from (c for c in candidates if shortest <= len(c) <= longest)
        return
    first, *middle, last = pieces
    for candidate in candidates:
        if shortest <= len(candidate) <= longest and (
            candidate.startswith(first)
            or candidate.endswith(last)
            or any(piece in candidate for piece in middle)
        ):
            yield candidate


def _pieces(word: str, count: int) -> list[str] | None:
    """The word in so many pieces of nearly the same length, None if it is too short for that."""
    if len(word) < count:
        return None
    bounds = [round(i * len(word) / count) for i in range(count + 1)]
    return [word[a:b] for a, b in pairwise(bounds)]


def suggest(word: str, words: Callable[[str], Iterable[tuple[str, int]]]) -> str | None:
    """The likeliest word of the index that was meant by one that it does not hold, None if there is none.

    ``words`` gives surfaces with the number of their articles.
    """
    folded = analysis.fold_pattern(word)
    edits = _edits_allowed(folded)
    if not edits or len(analysis.sought(word)) != 1:
        return None
    counts = {
        candidate: count for candidate, count in words("") if abs(len(candidate) - len(folded)) <= edits
    }
    best: tuple[float, str] | None = None
    for candidate in similar(folded, counts, edits):
        distance = next((n for n in range(1, edits + 1) if analysis.within_edits(folded, candidate, n)), 0)
        if not distance or not candidate.isalpha():
            continue
        value = _likelihood(folded, candidate, distance, counts[candidate])
        best = max(best or (value, candidate), (value, candidate))
    return best[1] if best else None


def _edits_allowed(word: str) -> int:
    """None for short words and numbers, which are as likely to be right; two for long ones."""
    if not word.isalpha() or len(word) < 4:
        return 0
    return 1 if len(word) < 7 else 2


def _likelihood(typed: str, candidate: str, distance: int, count: int) -> float:
    """How likely ``candidate`` was meant: the commoner, the nearer and the more alike at its beginning."""
    return math.log(count + 1) - 5.0 * distance - (1.5 if typed[0] != candidate[0] else 0.0)
