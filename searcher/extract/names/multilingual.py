"""The people and organisations of an article in a language other than English, each once, under a base form.

The encoder labels the words; what follows knows no language but the endings of
``languages/declensions.tsv``: forms of one stem are one word, a surname means the full name that bears it,
letters in brackets mean the name before.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from searcher.extract.names.consolidate import Cluster
from searcher.extract.names.groups import Groups
from searcher.extract.names.inflection import base_forms
from searcher.extract.names.people import group_people
from searcher.extract.names.tagger import Span
from searcher.languages.scripts import is_unspaced
from searcher.names.normalise import fold
from searcher.sanitize import normal_form

__all__ = ["clusters_of"]

_WORD: Final = re.compile(r"[^\s・·‧]+")
#: What follows an apostrophe is an ending in Turkish; elsewhere a genitive at most ("Obama's", "Brecht’").
_ENDING: Final = {"tr": re.compile(r"['’][^\W\d_]+$"), "az": re.compile(r"['’][^\W\d_]+$")}
#: A title that looks like an initial: "M. Corrier".
_TITLE: Final = {"fr": re.compile(r"MM?\.\s+(?=\S)")}
_NO_TITLE: Final = re.compile(r"(?!)")
_GENITIVE: Final = re.compile(r"['’]s?$")
#: Letters of a surname where names have no spaces.
_MAX_SURNAME: Final = {"zh": 1, "ko": 1, "ja": 3}
#: Written as one word with the name that follows: "and", "for", "in", "like".
_PREFIXES: Final = {"ar": "وفبلك", "he": "ושבלמהכ"}
#: What a body is called behind what it is: "ТОВ «Великі ключі»".
_QUOTED: Final = re.compile('[«„“"](.+)[»”“"]$')
_BRACKETED: Final = re.compile(r"\s?[(（]\s?[„“«\"]?")
_MIN_INITIALS: Final = 3
#: Words of a full name; what has more is not fuller. Of a person's the article's usual one is shown: “Kate
#: Moss”, which others write too, and not “Katherine Ann Moss”, which it tells once.
_MAX_BODY_WORDS, _MAX_PERSON_WORDS = 4, 2
#: Words of a body's name that is shown in a base form, at most. Longer ones came out half declined, in forms
#: that nobody writes ("Высшей квалификационная комиссия"): six of 36 Russian names read by eye.
_MAX_DECLINED: Final = 2
#: What may cling to a name where two stand side by side ("CDU/CSU").
_CLINGING: Final = "/|-–—,;: "


def clusters_of(text: str, spans: Sequence[Span], language: str) -> list[Cluster]:
    """Who the spans of a text mean, people first, each cluster with the name to show."""
    spans = [_without_title(text, _without_ending(text, span, language), language) for span in sorted(spans)]
    people = [span for span in spans if span.kind == "PER"]
    # No body has a name of one letter; in Japanese, Chinese and Korean such labels are pieces of other words.
    bodies = [span for span in spans if span.kind == "ORG" and span.end - span.start > 1]
    return [*_people(text, people, language), *_bodies(text, bodies, language)]


def _without_ending(text: str, span: Span, language: str) -> Span:
    found = _ENDING.get(language, _GENITIVE).search(text, span.start, span.end)
    if found and found.start() > span.start:
        return Span(span.start, found.start(), span.kind, span.confidence)
    return span


def _without_title(text: str, span: Span, language: str) -> Span:
    found = _TITLE.get(language, _NO_TITLE).match(text, span.start, span.end)
    return Span(found.end(), span.end, span.kind, span.confidence) if found else span


class _Names:
    """The names of one kind as they are written, and their words in base form."""

    def __init__(self, text: str, spans: Sequence[Span], language: str, *, people: bool) -> None:
        self._people = people
        self._most = None if people else _MAX_DECLINED
        self._most_words = _MAX_PERSON_WORDS if people else _MAX_BODY_WORDS
        written = (" ".join(text[span.start : span.end].split()) for span in spans)
        self.written = [name.strip(_CLINGING) or name for name in written]
        words = [_WORD.findall(name) for name in self.written]
        known = {word for name in words for word in name}
        self._words = [[_unprefixed(word, known, language) for word in name] for name in words]
        self._base = self._bases(language)

    def _bases(self, language: str) -> Mapping[int, Mapping[str, str]]:
        """Base forms of last words, and of the words before them: endings of given names are others."""
        last = base_forms(language, (name[-1] for name in self._words if name))
        others = base_forms(language, (word for name in self._words for word in name[:-1]))
        return {0: last, 1: others}

    def words(self, number: int) -> tuple[str, ...]:
        """The words of a name in base form."""
        name = self._words[number]
        if not name:
            return (self.written[number],)
        last = self._base[0].get(name[-1], name[-1])
        rest = [self._base[1].get(word, word) for word in name[:-1]]
        if last != name[-1]:
            rest = [_declined_alike(word, name[-1], last) for word in rest]
        return (*rest, last)

    def shown(self, members: Sequence[int]) -> str:
        """The fullest of the names of one group, of people the usual one of their full names; in base form
        where one is written or made."""
        counts = Counter(self._shown_of(number) for number in members)
        first = {name: -place for place, name in enumerate(counts)}

        def rank(name: str) -> tuple[bool, int, int, int]:
            letters = sum(map(str.isalpha, name))
            words = [word for word in _WORD.findall(name) if len(word.strip(".")) > 1]
            size = letters if is_unspaced(name[0]) else min(len(words), self._most_words)
            return not (name.isupper() and letters > 4), size, counts[name], first[name]

        return max(_with_given_names(counts) if self._people else counts, key=rank)

    def _shown_of(self, number: int) -> str:
        name, base = self._words[number], self.words(number)
        as_written = self._most is not None and len(name) > self._most
        if tuple(name) == base or not name or as_written:
            return self.written[number] if name == _WORD.findall(self.written[number]) else " ".join(name)
        return " ".join(base)


def _with_given_names(names: Collection[str]) -> list[str]:
    """Without those that end another one: “Le Pen” of “Marine Le Pen”."""
    ends = {name[place + 1 :] for name in names for place, char in enumerate(name) if char == " "}
    return [name for name in names if name not in ends]


def _unprefixed(word: str, known: set[str], language: str) -> str:
    prefixes = _PREFIXES.get(language, "")
    return word[1:] if prefixes and word[0] in prefixes and word[1:] in known and len(word) > 3 else word


def _declined_alike(word: str, surname: str, base: str) -> str:
    """What the surname lost the given name loses too: "Donalda" beside "Trumpa" that is "Trump"."""
    stem = 0
    while stem < min(len(surname), len(base)) and surname[stem] == base[stem]:
        stem += 1
    lost, gained = surname[stem:], base[stem:]
    if lost and word.endswith(lost) and len(word) - len(lost) > 1:
        return word[: len(word) - len(lost)] + gained
    return word


def _people(text: str, spans: Sequence[Span], language: str) -> list[Cluster]:
    names = _Names(text, spans, language, people=True)
    groups = group_people([tuple(map(_folded, names.words(n))) for n in range(len(spans))])
    _join_unspaced(groups, names.written, language)
    return [_cluster(names, spans, members) for members in groups.members()]


def _folded(word: str) -> str:
    """A word without case and accents; letters of Hangul stay whole."""
    return normal_form("NFC", fold(word)) or word


def _join_unspaced(groups: Groups, written: Sequence[str], language: str) -> None:
    """The surname before a given name in a script without spaces: 石破 and 石破茂, 박 and 박소현.

    Chinese and Korean surnames are of one letter, nearly all; longer ones are full names of other people.
    """
    first: dict[str, int] = {}
    for number, name in enumerate(written):
        if name and is_unspaced(name[0]) and " " not in name:
            first.setdefault(name, number)
    most = _MAX_SURNAME.get(language, 1)
    longest: dict[str, str] = {}  # by what a name begins with
    for name in sorted((name for name in first if len(name) > 1), key=len, reverse=True):
        for size in range(1, min(most, len(name) - 1) + 1):
            longest.setdefault(name[:size], name)
    for name, number in first.items():
        if name in longest:
            groups.join(number, first[longest[name]])


def _bodies(text: str, spans: Sequence[Span], language: str) -> list[Cluster]:
    names = _Names(text, spans, language, people=False)
    groups = Groups(len(spans))
    seen: dict[tuple[str, ...], int] = {}
    initials: dict[str, int] = {}
    for number, span in enumerate(spans):
        words = tuple(map(_folded, names.words(number)))
        groups.join(number, seen.setdefault(words, number))
        inner = _QUOTED.search(names.written[number])
        if inner:  # short forms have the letters of this name, without those of the legal form before it
            words = tuple(map(_folded, _WORD.findall(inner[1])))
            groups.join(number, seen.setdefault(words, number))
        between = text[spans[number - 1].end : span.start] if number else ""
        if _BRACKETED.fullmatch(between) and " " not in names.written[number]:
            groups.join(number, seen.setdefault(words, number - 1))
            groups.join(number, number - 1)
        letters = "".join(word[0] for word in words if word)
        if len(letters) >= _MIN_INITIALS:
            initials.setdefault(letters, number)
    for words, number in seen.items():
        longer = initials.get(words[0]) if len(words) == 1 and names.written[number].isupper() else None
        if longer is not None:
            groups.join(number, longer)
    return [_cluster(names, spans, members) for members in groups.members()]


def _cluster(names: _Names, spans: Sequence[Span], members: Sequence[int]) -> Cluster:
    return Cluster(names.shown(members), tuple(spans[member] for member in members))
