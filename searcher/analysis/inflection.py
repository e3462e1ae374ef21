"""The stemmers of languages other than English, each described by a language pack.

A stem is marked with its language (``~de:haus``), so that the stems of one language find nothing in another.
Snowball stems the word as it is spelt, accents included, and the stem is folded then: “eleição” and
“eleições” have one stem with their accents only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
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
#: Letters that a word has at least to be another's singular or infinitive (“Ofen” is not that of “oft”), and
#: one of the commonest words to be any: shorter ones are what stemmers make of nouns (alle, Allee).
MIN_SINGULAR, MIN_INFINITIVE, MIN_COMMON = 4, 5, 5
#: Letters of an ending that is listed, at most.
MAX_ENDING = 6
#: Consonants before which a vowel comes and goes in Slavic nouns (рынок, wtorek, otec).
_AFTER_FLEETING = frozenset("кцkc")
_FIGURE = re.compile(r"\d")
_VOWEL = re.compile("[aeiouyäöü]")
_ACRONYM_WITH_ENDING = re.compile(r"([A-ZÄÖÜ]{2,})s")  # Norwegian “EUs”, German “GPUs”


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802


@cache
def _stemmer(algorithm: str) -> _Stemmer:
    import Stemmer  # written in C

    stemmer: _Stemmer = Stemmer.Stemmer(algorithm, 0)  # no cache of its own: the analysis keeps one
    return stemmer


def stems(written: str, pack: Pack, *, sought: bool = False) -> tuple[str, ...]:
    """The folded stems of a word of letters, the likeliest first, and the words that it may be a form of, the
    word itself among them (“лаврову” has the stem “лавров”, a word whose stem is “лавр”).

    The commonest words have no stems: long ones are but what plurals are of (trabajo, trabajos). ``sought``:
    as a query has them. It may be all in small letters, so that no noun of it is taken for a verb.
    """
    acronym = _ACRONYM_WITH_ENDING.fullmatch(written)
    word = composed(acronym[1] if acronym else written)
    if _FIGURE.search(word):
        return ()
    named = pack.capitals == "names" and written[0].isupper()
    bases = [] if named or word in pack.invariant else [*_base(word, pack.plurals, MIN_SINGULAR)]
    if word in pack.common:
        long = pack.plurals and len(word) >= MIN_COMMON
        return tuple(dict.fromkeys(map(fold, (word, *bases)))) if long else ()
    if pack.verbs and not sought and written[0].islower():
        bases += _infinitive(word, pack)
    found = [fold(_stem(part, pack)) for part in _without_prefixes(word, pack)]
    more = [fold(base) for base in bases if base in pack.common or fold(_stem(base, pack)) not in found]
    return tuple(dict.fromkeys((*found, fold(word), *more)))


def _base(word: str, endings: Mapping[str, str], least: int) -> Iterator[str]:
    """The word that this one is a form of, by its longest listed ending, if it has so many letters."""
    for length in range(min(MAX_ENDING, len(word) - 1), 0, -1):
        base = endings.get(word[-length:])
        if base is not None:
            base = word[:-length] + base
            if len(base) >= least or not _VOWEL.search(base):  # “Lkw” has no vowels and is long enough
                yield base
            return


def _infinitive(word: str, pack: Pack) -> Iterable[str]:
    """The infinitive of what may be a verb; of a participle, a longer one (“Samen” is not of “gesamt”)."""
    if pack.participle and word.startswith(pack.participle):
        found = list(_base(word.removeprefix(pack.participle), pack.verbs, MIN_INFINITIVE + 1))
        if found:
            return found
    return _base(word, pack.verbs, MIN_INFINITIVE)


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
