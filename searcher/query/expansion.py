"""From a pattern or a misspelt word to words that the index holds."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import islice
from string import ascii_lowercase
from typing import Protocol

from searcher import analysis
from searcher.errors import QueryTooBroad
from searcher.query.tree import And, Expr, InQuote, Not, Or, Phrase, Term, all_of, any_of

__all__ = [
    "LIMIT",
    "Lexicon",
    "Vocabulary",
    "expand_fuzzy",
    "expand_wildcard",
    "neighbours",
    "plain_prefix",
    "similar",
    "spellings",
    "suggest",
]

_HYPHENS = re.compile("[-‐‑]")
#: Words that are also written as one: not those with figures, nor a whole chain of words.
_HYPHENATED = re.compile(r"[^\W\d_]+(?:[-‐‑][^\W\d_]+){1,2}")
_HUMPS = re.compile(r"[A-Z][a-z]+")

#: The most words that one pattern may stand for.
LIMIT = 2000

#: An index of fewer words is so small that a word's absence says nothing about how it is written.
FEWEST = 200

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


def plain_prefix(pattern: str) -> str | None:
    """What the words begin with, of a pattern that says nothing else: an index need not look at each."""
    folded = analysis.fold_pattern(pattern)
    prefix = folded.rstrip("*")
    return prefix if prefix and prefix != folded and not set("*?") & set(prefix) else None


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

    An edit takes at most one letter out of those that a word is made of, and puts at most one among them. Of
    the words of a large index that begin alike this leaves one in thirty.
    """
    shortest, longest = len(word) - edits, len(word) + edits
    letters = frozenset(word)
    for candidate in candidates:
        if (
            shortest <= len(candidate) <= longest
            and len(letters.difference(candidate)) <= edits
            and len(frozenset(candidate) - letters) <= edits
        ):
            yield candidate


def spellings(expr: Expr) -> Expr:
    """The tree with each hyphenated or tagged word also as it is otherwise written: start-up as startup,
    #MeToo as “Me Too”. (That the solid word finds the hyphenated one, the index sees to.)"""
    match expr:
        case Term(text, field, False):
            return any_of(expr, *(_otherwise(text, field))) or expr
        case And(parts):
            return all_of(*(spellings(part) for part in parts))
        case Or(parts):
            return any_of(*(spellings(part) for part in parts)) or expr
        case Not(part):
            return Not(spellings(part))
        case InQuote(where):
            return InQuote(spellings(where))
        case _:
            return expr


def _otherwise(word: str, field: str) -> list[Expr]:
    if _HYPHENATED.fullmatch(word):
        return [Term(_HYPHENS.sub("", word), field)]
    humps = _HUMPS.findall(word)
    if len(humps) > 1 and "".join(humps) == word.removeprefix("#"):
        return [Phrase(" ".join(humps), field)]
    return []


class Lexicon(Protocol):
    """The words of an index; an engine is one (see :class:`searcher.engines.base.Engine`)."""

    def words(self, prefix: str = "") -> Iterator[str]: ...
    def frequencies(self, words: Collection[str]) -> Mapping[str, int]: ...


def suggest(word: str, lexicon: Lexicon) -> str | None:
    """The likeliest word of the index that was meant by one that it does not hold, None if there is none.

    A word one edit away is preferred to any two edits away, among those the one that more articles hold and
    that begins with the same letter.
    """
    folded = analysis.fold_pattern(word)
    most = _edits_allowed(folded)
    acronym = len(word) == 3 and word.isupper()
    if not most or acronym or len(analysis.query_terms(word)) != 1:
        return None
    if len(list(islice(lexicon.words(), FEWEST))) < FEWEST:
        return None
    for edits in range(1, most + 1):
        near = [c for c in _near(folded, lexicon, edits) if _may_be_meant(folded, c)]
        counts = lexicon.frequencies(near)
        if counts:
            return max(counts, key=lambda c: (_likelihood(folded, c, counts[c]), c))
    return None


def _near(word: str, lexicon: Lexicon, edits: int) -> Collection[str]:
    """Words that may be meant, whether or not the index holds them. Two slips are not looked for in the first
    letter, where few make one: a look at the whole vocabulary makes long queries slow."""
    if edits == 1 and word.isascii():
        return neighbours(word)  # some 50 a letter to look up, however many words the index holds
    among = lexicon.words(word[0] if edits > 1 else "")
    return [c for c in similar(word, among, edits) if analysis.within_edits(word, c, edits)]


def neighbours(word: str) -> frozenset[str]:
    """Everything in plain small letters that is one edit away from a word."""
    cuts = [(word[:n], word[n:]) for n in range(len(word) + 1)]
    without = {a + b[1:] for a, b in cuts if b}
    swapped = {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    changed = {a + letter + b[1:] for a, b in cuts if b for letter in ascii_lowercase}
    added = {a + letter + b for a, b in cuts for letter in ascii_lowercase}
    return frozenset((without | swapped | changed | added) - {word})


def _edits_allowed(word: str) -> int:
    """None for the shortest words and numbers, which are as likely to be right; two for long ones."""
    if not word.isalpha() or len(word) < 3:
        return 0
    return 1 if len(word) < 7 else 2


def _may_be_meant(typed: str, candidate: str) -> bool:
    """Short words are not; nor is one that only ends in another vowel, which makes another word (policy,
    police)."""
    if len(candidate) < 4 or not candidate.isalpha():
        return False
    return not (typed[:-1] == candidate[:-1] and {typed[-1], candidate[-1]} <= set("aeiouy"))


def _likelihood(typed: str, candidate: str, count: int) -> float:
    """The commoner the likelier, most of all with the same first letter; to leave a letter out or to swap
    two is commoner than to write another, for which there are many more candidates."""
    same_start = typed[0] == candidate[0]
    left_out = len(candidate) > len(typed)
    swapped = len(typed) == len(candidate) and sorted(typed) == sorted(candidate)
    return math.log(count + 1) + 1.5 * same_start + (left_out or swapped)
