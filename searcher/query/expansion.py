"""Expand patterns and fuzzy words to words of an index, and words to other spellings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from searcher import analysis
from searcher.errors import QueryTooBroad
from searcher.query.tree import And, Expr, HasAny, HasValue, InQuote, Not, Or, Phrase, Term, all_of, any_of

_ADDRESS = re.compile(r"https?://\w", re.I)
#: Punctuation at the end of an address that belongs to the sentence, not to the address.
_AFTER_ADDRESS = ".,;:!?)”»"
_HYPHENS = re.compile("[-‐‑]")
#: Words that may also be written without their hyphens. They have no digits and at most two hyphens.
_HYPHENATED = re.compile(r"[^\W\d_]+(?:[-‐‑][^\W\d_]+){1,2}")
_HUMPS = re.compile(r"[A-Z][a-z]+")

#: Maximum number of words that a pattern matches.
MAX_EXPANSIONS = 2000

#: Returns the words of an index that begin with a prefix, in any order.
Vocabulary = Callable[[str], Iterable[str]]


def expand_wildcard(pattern: str, words: Vocabulary, limit: int = MAX_EXPANSIONS) -> tuple[str, ...]:
    """Return the surface forms that match a pattern with ``*`` and ``?``. Raises QueryTooBroad for more than
    ``limit`` of them, and for a pattern without letters."""
    folded = analysis.fold_pattern(pattern)
    if not folded.strip("*?"):
        raise QueryTooBroad(f"“{pattern}” matches every word. Write at least one letter.", pattern)
    start = folded.replace("?", "*").split("*")[0]
    matching = (word for word in words(start) if analysis.pattern_matches(folded, word))
    return _collect_words(matching, pattern, limit)


def plain_prefix(pattern: str) -> str | None:
    """Return the prefix of a pattern that consists of a prefix and ``*``, or None."""
    folded = analysis.fold_pattern(pattern)
    prefix = folded.rstrip("*")
    return prefix if prefix and prefix != folded and not set("*?") & set(prefix) else None


def expand_fuzzy(word: str, edits: int, words: Vocabulary, limit: int = MAX_EXPANSIONS) -> tuple[str, ...]:
    """Return the surface forms within ``edits`` of a word. Raises QueryTooBroad for more than ``limit`` of
    them."""
    folded = analysis.fold_pattern(word)
    near = (c for c in similar(folded, words(""), edits) if analysis.within_edits(folded, c, edits))
    return _collect_words(near, word + "~", limit)


def _collect_words(words: Iterable[str], pattern: str, limit: int) -> tuple[str, ...]:
    accepted: list[str] = []
    for word in words:
        if len(accepted) == limit:
            raise QueryTooBroad(
                f"“{pattern}” matches more than {limit:,} words. Write more letters.", pattern
            )
        accepted.append(word)
    return tuple(accepted)


def similar(word: str, candidates: Iterable[str], edits: int) -> Iterator[str]:
    """Yield a superset of the candidates within ``edits`` of a word. A fast filter: one edit changes at most
    one letter of the set of letters. It leaves one in thirty words with the same beginning."""
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
    """Return the tree with alternative spellings of hyphenated words and hashtags. For ``addresses``, the
    articles of a web address, and the pages below it, are alternatives to its words. So start-up finds
    startup, and #MeToo “Me Too”. (The analysis lets startup find start-up.)"""
    match expr:
        case HasValue("url", value):
            from searcher.urls import search_key  # This loads urllib, which few searches need.

            return Or((expr, HasAny("url", f"{address}/"))) if "/" in (address := search_key(value)) else expr
        case Term(text, "text", False) if addresses and _ADDRESS.match(text):
            return any_of(expr, spellings(HasValue("url", text.rstrip(_AFTER_ADDRESS))))
        case Term(text, field, False):
            return any_of(expr, *(_other_spellings(text, field)))
        case And(parts):
            return all_of(*(spellings(part, addresses=addresses) for part in parts))
        case Or(parts):
            return any_of(*(spellings(part, addresses=addresses) for part in parts))
        case Not(part):
            return Not(spellings(part, addresses=addresses))
        case InQuote(where, kind):
            return InQuote(spellings(where, addresses=False), kind)
        case _:
            return expr


def _other_spellings(word: str, field: str) -> list[Expr]:
    if _HYPHENATED.fullmatch(word):
        return [Term(_HYPHENS.sub("", word), field)]
    humps = _HUMPS.findall(word)
    if len(humps) > 1 and "".join(humps) == word.removeprefix("#"):
        return [Phrase(" ".join(humps), field)]
    return []
