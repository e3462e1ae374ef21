"""The base forms of names that an article writes in several cases: "Путина", "Путиным" are "Путин".

A language has some regular classes of endings (``languages/declensions.tsv``). Words of one article that
have one stem, and endings of one class, are one word; the class that explains most of them gives the base
form. A word that stands alone stays as it is written: "Иванова" may be a woman's name.
"""

from __future__ import annotations

import functools
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import Final, NamedTuple

__all__ = ["base_forms", "declensions"]

_MIN_STEM: Final = 3  # letters; of Hangul, whose letters are syllables, two
_NONE: Final = "0"


class Declension(NamedTuple):
    """A class of endings: that of the base form, and those that stand for it."""

    base: str
    endings: tuple[str, ...]


@functools.cache
def declensions(language: str) -> tuple[Declension, ...]:
    """The classes of a language in order; none for one whose names do not change."""
    found = []
    for line in (files("searcher.languages") / "declensions.tsv").read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        languages, base, endings = line.split("\t")
        if language in languages.split():
            every = [base, *endings.split()]
            plain = tuple("" if ending == _NONE else ending for ending in every)
            found.append(Declension(plain[0], plain))
    return tuple(found)


class _Stem(NamedTuple):
    """A stem with a class of endings, by its number in the language."""

    letters: str
    number: int


def base_forms(language: str, words: Iterable[str]) -> Mapping[str, str]:
    """The base form of every word that has one beside itself; ``words`` are those of one article, with
    repeats."""
    classes = declensions(language)
    counts = Counter(words)
    if not classes or len(counts) < 2:
        return {}
    forms: dict[_Stem, set[str]] = defaultdict(set)
    for word in counts:
        for stem in _stems(word, classes):
            forms[stem].add(word)
    found = {}
    for word in counts:
        stems = [stem for stem in _stems(word, classes) if len(forms[stem]) > 1]
        if stems:
            best = max(stems, key=lambda stem: _evidence(stem, forms[stem], classes, counts))
            base = best.letters + classes[best.number].base
            if base != word:
                found[word] = base
    return found


def _stems(word: str, classes: tuple[Declension, ...]) -> Iterable[_Stem]:
    least = 2 if "\uac00" <= word[:1] <= "\ud7af" else _MIN_STEM
    for number, declension in enumerate(classes):
        for ending in declension.endings:
            if word.endswith(ending) and len(word) - len(ending) >= least:
                yield _Stem(word[: len(word) - len(ending)], number)


def _evidence(
    stem: _Stem, forms: set[str], classes: tuple[Declension, ...], counts: Counter[str]
) -> tuple[int, int, int]:
    """How many forms it explains, how often the base form is written, and how early the class comes."""
    return len(forms), counts[stem.letters + classes[stem.number].base], -stem.number
