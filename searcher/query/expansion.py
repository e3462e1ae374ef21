"""What a query is widened to: a wildcard or a fuzzy word to words of an index, a word to other spellings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from searcher import analysis
from searcher.errors import QueryTooBroad
from searcher.query.tree import And, Expr, HasAny, HasValue, InQuote, Not, Or, Phrase, Term, all_of, any_of

_ADDRESS = re.compile(r"https?://\w", re.I)
#: Signs after an address that belong to the sentence around it.
_AFTER_ADDRESS = ".,;:!?)”»"
_HYPHENS = re.compile("[-‐‑]")
#: Words that are also written as one: not those with figures, nor a whole chain of words.
_HYPHENATED = re.compile(r"[^\W\d_]+(?:[-‐‑][^\W\d_]+){1,2}")
_HUMPS = re.compile(r"[A-Z][a-z]+")

#: Words that one pattern may stand for at most.
MAX_EXPANSIONS = 2000

#: Surfaces that begin with a prefix, in any order; an engine's vocabulary.
Vocabulary = Callable[[str], Iterable[str]]


def expand_wildcard(pattern: str, words: Vocabulary, limit: int = MAX_EXPANSIONS) -> tuple[str, ...]:
    """Return the surface forms that a pattern with ``*`` and ``?`` stands for. Raises QueryTooBroad where
    there are more than ``limit``, or where the pattern holds no letter."""
    folded = analysis.fold_pattern(pattern)
    if not folded.strip("*?"):
        raise QueryTooBroad(f"“{pattern}” stands for every word; write at least one letter.", pattern)
    start = folded.replace("?", "*").split("*")[0]
    matching = (word for word in words(start) if analysis.pattern_matches(folded, word))
    return _first_words(matching, pattern, limit)


def plain_prefix(pattern: str) -> str | None:
    """Return the prefix of a pattern that is nothing but a prefix and ``*``; None for other patterns."""
    folded = analysis.fold_pattern(pattern)
    prefix = folded.rstrip("*")
    return prefix if prefix and prefix != folded and not set("*?") & set(prefix) else None


def expand_fuzzy(word: str, edits: int, words: Vocabulary, limit: int = MAX_EXPANSIONS) -> tuple[str, ...]:
    """Return the surface forms at most ``edits`` away from a word. Raises QueryTooBroad beyond ``limit``."""
    folded = analysis.fold_pattern(word)
    near = (c for c in similar(folded, words(""), edits) if analysis.within_edits(folded, c, edits))
    return _first_words(near, word + "~", limit)


def _first_words(found: Iterable[str], pattern: str, limit: int) -> tuple[str, ...]:
    chosen: list[str] = []
    for word in found:
        if len(chosen) == limit:
            raise QueryTooBroad(
                f"“{pattern}” stands for more than {limit:,} words; write more letters of it.", pattern
            )
        chosen.append(word)
    return tuple(chosen)


def similar(word: str, candidates: Iterable[str], edits: int) -> Iterator[str]:
    """Yield a superset of the candidates within ``edits`` of a word, fast. An edit takes at most one letter
    out of those that a word is made of, and puts at most one among them. Of the words of a large index that
    begin alike this leaves one in thirty."""
    shortest, longest = len(word) - edits, len(word) + edits
    letters = frozenset(word)
    for candidate in candidates:
        if (
            shortest <= len(candidate) <= longest
            and len(letters.difference(candidate)) <= edits
            and len(frozenset(candidate) - letters) <= edits
        ):
            yield candidate


def spellings(expr: Expr, *, addresses: bool = True) -> Expr:
    """Return the tree with other spellings beside hyphenated words and tags, and, for ``addresses``, with the
    article of an address that is searched for as a word, and the pages below one. So start-up finds startup,
    and #MeToo “Me Too”. (That startup finds start-up is the work of the analysis.)"""
    match expr:
        case HasValue("url", value):
            from searcher.urls import key  # loads urllib, which few searches need

            return Or((expr, HasAny("url", f"{address}/"))) if "/" in (address := key(value)) else expr
        case Term(text, "text", False) if addresses and _ADDRESS.match(text):
            return any_of(expr, spellings(HasValue("url", text.rstrip(_AFTER_ADDRESS)))) or expr
        case Term(text, field, False):
            return any_of(expr, *(_otherwise(text, field))) or expr
        case And(parts):
            return all_of(*(spellings(part, addresses=addresses) for part in parts))
        case Or(parts):
            return any_of(*(spellings(part, addresses=addresses) for part in parts)) or expr
        case Not(part):
            return Not(spellings(part, addresses=addresses))
        case InQuote(where, kind):
            return InQuote(spellings(where, addresses=False), kind)
        case _:
            return expr


def _otherwise(word: str, field: str) -> list[Expr]:
    if _HYPHENATED.fullmatch(word):
        return [Term(_HYPHENS.sub("", word), field)]
    humps = _HUMPS.findall(word)
    if len(humps) > 1 and "".join(humps) == word.removeprefix("#"):
        return [Phrase(" ".join(humps), field)]
    return []
