"""The stemmers of languages other than English, each described by a language pack.

A stem is marked with its language (``~de:haus``), so that the stems of one language find nothing in another.
Snowball stems the word as it is spelt, accents included, and the stem is folded then: “eleição” and
“eleições” have one stem with their accents only.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Protocol

from searcher.analysis.folding import composed, fold
from searcher.languages.pack import Pack

__all__ = ["stems"]

#: Letters that a word has at least to be stemmed, and that cutting by lists leaves of it.
MIN_LETTERS, MIN_LEFT = 3, 3
#: Letters that a word keeps in scripts that write vowels, so that “casas” has the stem of “casa”, not of
#: “caso”; three where the fourth is an ending that the pack names, or doubles the third (Dutch “mannen”).
MIN_STEM = 4
_LONG_WORDS = frozenset(("latin", "cyrillic", "greek"))
#: Consonants before which a vowel comes and goes in Slavic nouns (рынок, wtorek, otec).
_AFTER_FLEETING = frozenset("кцkc")
_FIGURE = re.compile(r"\d")
_ACRONYM_WITH_ENDING = re.compile(r"([A-ZÄÖÜ]{2,})s")  # Norwegian “EUs”, German “GPUs”


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802


@cache
def _stemmer(algorithm: str) -> _Stemmer:
    import Stemmer  # written in C

    stemmer: _Stemmer = Stemmer.Stemmer(algorithm, 0)  # no cache of its own: the analysis keeps one
    return stemmer


def stems(written: str, pack: Pack) -> tuple[str, ...]:
    """The folded stems of a word of letters, the likeliest first, and the word itself: it may be the stem of
    another (“лаврову” has the stem “лавров”, a word whose stem is “лавр”). None for the commonest words."""
    acronym = _ACRONYM_WITH_ENDING.fullmatch(written)
    word = composed(acronym[1] if acronym else written)
    if word in pack.common or _FIGURE.search(word):
        return ()
    found = dict.fromkeys(fold(_stem(part, pack)) for part in _without_prefixes(word, pack))
    return (*found, *(root for root in (fold(word),) if root not in found))


def _stem(word: str, pack: Pack) -> str:
    """The stem as it is spelt. Of short words too much would be left that is another word (mes, mesa)."""
    if len(word) < MIN_LETTERS:
        return word
    for ending, spelt in pack.respelt.items():  # the longest first
        if word.endswith(ending):
            word = word[: -len(ending)] + spelt
            break
    stem = _stemmer(pack.stemmer).stemWord(word) if pack.stemmer else _without_suffix(word, pack)
    if len(stem) < MIN_LEFT:
        return word
    if len(stem) < MIN_STEM and pack.script in _LONG_WORDS:
        least = word[:MIN_STEM]
        return stem if least[:-1] == stem and least[-1] in pack.short + stem[-1] else least
    if pack.fleeting and len(stem) > MIN_STEM and stem[-2] in pack.fleeting and stem[-1] in _AFTER_FLEETING:
        return stem[:-2] + stem[-1]
    return stem


def _without_prefixes(word: str, pack: Pack) -> list[str]:
    """The word, and what prefixes that are words of their own leave of it."""
    rests = [word[len(p) :] for p in pack.prefixes if word.startswith(p) and len(word) - len(p) >= MIN_LEFT]
    return [word, *rests]


def _without_suffix(word: str, pack: Pack) -> str:
    for suffix in pack.suffixes:
        if word.endswith(suffix) and len(word) - len(suffix) >= MIN_LEFT:
            return word[: -len(suffix)]
    return word
