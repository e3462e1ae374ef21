"""The people and organisations of an article in another language than English, each once, under a base form
(``declension``). A surname means the full name that bears it, letters in brackets the name before."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from searcher.extensions.languages.declension import (
    CHANGED_TOGETHER,
    LAST_CHANGED,
    MAX_DICTIONARY_WORDS,
    base_forms,
    declensions,
    declined_together,
    dictionary_of,
    in_nominative,
    stems_of,
)
from searcher.extract.names.consolidation import Cluster, group_people
from searcher.extract.names.tagger import NameSpan
from searcher.languages import is_unspaced
from searcher.names.normalise import fold
from searcher.sanitize import normal_form
from searcher.statements import Joined

_WORD: Final = re.compile(r"[^\s・·‧]+")
#: What follows an apostrophe is an ending in Turkish; elsewhere a genitive at most ("Obama's", "Brecht’").
_ENDING: Final = {"tr": re.compile(r"['’][^\W\d_]+$"), "az": re.compile(r"['’][^\W\d_]+$")}
#: A French title that looks like an initial: "M. Corrier".
_TITLE: Final = re.compile(r"MM?\.\s+(?=\S)")
_GENITIVE: Final = re.compile(r"['’]s?$")
#: Letters of a surname where names have no spaces.
_MAX_SURNAME: Final = {"zh": 1, "ko": 1, "ja": 3}
#: Written as one word with the name that follows: "and", "for", "in", "like".
_PREFIXES: Final = {"ar": "وفبلك", "he": "ושבלמהכ"}
#: What a body is called behind what it is: "ТОВ «Великі ключі»".
_QUOTED: Final = re.compile('[«„“"](.+)[»”“"]$')
_BRACKETED: Final = re.compile(r"\s?[(（]\s?[„“«\"]?")
_MIN_ACRONYM_LETTERS: Final = 3  # letters of a body's acronym
#: Words of a full name; of a person's the usual one is shown: “Kate Moss”, and not “Katherine Ann Moss”.
_MAX_BODY_WORDS, _MAX_PERSON_WORDS = 4, 2
#: Words of a body's name that is shown in a base form, at most. Longer ones came out half declined, in forms
#: that nobody writes ("Высшей квалификационная комиссия"): six of 36 Russian names read by eye.
_MAX_DECLINED_WORDS: Final = 2
#: Letters of an ending that only adjectives have: “Europejskiej”.
_ADJECTIVE_LETTERS: Final = 3
#: What may cling to a name where two stand side by side ("CDU/CSU").
_CLINGING: Final = "/|-–—,;: "


def clusters_of(text: str, spans: Sequence[NameSpan], language: str) -> list[Cluster]:
    """Who the spans of a text mean, people first, each cluster with the name to show."""
    spans = [_alone(text, span, language) for span in sorted(spans)]
    people = [span for span in spans if span.kind == "PER"]
    # No body has a name of one letter; in Japanese, Chinese and Korean such labels are pieces of other words.
    bodies = [span for span in spans if span.kind == "ORG" and span.end - span.start > 1]
    return [*_clusters_of_people(text, people, language), *_clusters_of_bodies(text, bodies, language)]


def _alone(text: str, span: NameSpan, language: str) -> NameSpan:
    """A name without the ending behind an apostrophe and a title."""
    ending = _ENDING.get(language, _GENITIVE).search(text, span.start, span.end)
    end = ending.start() if ending and ending.start() > span.start else span.end
    title = _TITLE.match(text, span.start, end) if language == "fr" else None
    return replace(span, start=title.end() if title else span.start, end=end)


class _WrittenNames:
    """The names of one kind as they are written, and their words in base form."""

    def __init__(self, text: str, spans: Sequence[NameSpan], language: str, *, people: bool) -> None:
        self._people, self._language = people, language
        self._most_words = _MAX_PERSON_WORDS if people else _MAX_BODY_WORDS
        written = (" ".join(text[span.start : span.end].split()) for span in spans)
        self.written = [name.strip(_CLINGING) or name for name in written]
        words = [_WORD.findall(name) for name in self.written]
        known = {word for name in words for word in name}
        self._words = [[_without_prefix(word, known, language) for word in name] for name in words]
        # Of last words apart from the words before them: endings of given names are others.
        self._last = base_forms(language, (name[-1] for name in self._words if name))
        others = (word for name in self._words for word in name[:-1])
        self._others = {} if language in LAST_CHANGED else base_forms(language, others)
        several = dict.fromkeys(tuple(name) for name in self._words if people and len(name) > 1)
        told = {name: declined_together(name, self._last, language) for name in several}
        self._together = {name: found for name, found in told.items() if found}
        surnames = {name[-1]: found[-1] for name, found in self._together.items()}
        self._last = surnames | {word: surnames.get(base, base) for word, base in self._last.items()}
        # Surnames that stand alone have the base form that the full names of the article have.
        full = {name: self._in_dictionary(name) for name in several}
        self._bases = {found[-1].lower(): found[-1] for found in full.values() if found}
        self._in_base_form = {name[-1] for name, found in full.items() if not found}

    def words(self, number: int) -> tuple[str, ...]:
        """The words of a name in base form."""
        name = self._words[number]
        if not name:
            return (self.written[number],)
        last = self._last.get(name[-1], name[-1])
        rest = [self._others.get(word, word) for word in name[:-1]]
        if last != name[-1]:
            rest = [_declined_alike(word, name[-1], last) for word in rest]
        base = (*rest, last)
        if not self._people and base[0] != name[0] and self._language in CHANGED_TOGETHER:
            changed = zip(name[1:], base[1:])
            base = (base[0], *(new if new != old else self._adjective(old) for old, new in changed))
        return self._in_dictionary(name) or self._together.get(tuple(name)) or base

    def _adjective(self, word: str) -> str:
        """The base form of a word with an ending that only adjectives have (“Unii Europejskiej”), or it."""
        classes = declensions(self._language)
        stems = [one for one in stems_of(word, classes) if len(word) - len(one.letters) >= _ADJECTIVE_LETTERS]
        stem = min(stems, key=lambda one: len(one.letters), default=None)
        return stem.letters + classes[stem.number].base if stem else word

    def _in_dictionary(self, name: Sequence[str]) -> tuple[str, ...] | None:
        """A name in base form by the dictionary; None where the article itself shows that of its words."""
        if len(name) == 1 and self._people and self._bases and name[0] not in self._in_base_form:
            readings = dictionary_of(self._language).parse(name[0])
            listed = (one.normal_form.replace("ё", "е") for one in readings)
            known = self._bases.keys() & set(listed)
            if known:
                return (self._bases[min(known)],)
        if not self._people and len(name) > MAX_DICTIONARY_WORDS:
            return None
        found = in_nominative(tuple(name), self._language, person=self._people)
        if found is None or (self._people and len(name) > 1 and not {*found} & {*name}):
            return found
        # The article may show another base form of a word, in a body's name a written one, or that it is one.
        told = {**self._others, **self._last}
        if not self._people:
            written = {word for one in self._words for word in one}
            told = {word: base for word, base in told.items() if base in written}
        pairs = [(word, form) for word, form in zip(name, found or ()) if word != form]
        same = all(told.get(word, form) == form and word not in told.values() for word, form in pairs)
        return found if same else None

    def shown(self, members: Sequence[int]) -> str:
        """The fullest name of one group, of people the usual full one; in base form where one is made."""
        counts = Counter(self._shown_of(number) for number in members)  # in the order of their first places

        def rank(name: str) -> tuple[bool, int, int]:
            letters = sum(map(str.isalpha, name))
            words = [word for word in _WORD.findall(name) if len(word.strip(".")) > 1]
            size = letters if is_unspaced(name[0]) else min(len(words), self._most_words)
            return not (name.isupper() and letters > 4), size, counts[name]

        # “Le Pen” is the end of “Marine Le Pen”.
        ends = {name[at + 1 :] for name in counts for at, char in enumerate(name) if char == " "}
        return max((name for name in counts if not (self._people and name in ends)), key=rank)

    def _shown_of(self, number: int) -> str:
        name, base = self._words[number], self.words(number)
        if tuple(name) == base or not name or self._is_half_declined(name, base):
            return self.written[number] if name == _WORD.findall(self.written[number]) else " ".join(name)
        return " ".join(base)

    def _is_half_declined(self, name: Sequence[str], base: Sequence[str]) -> bool:
        """Whether words of a name that nobody writes stay behind others: “Rada Europejskiej”."""
        if self._people:
            return (name[0], name[-1]) == (base[0], base[-1])  # “Jana Paweł II”
        if self._in_dictionary(name) or " ".join(base) in self.written:
            return False
        if len(name) > _MAX_DECLINED_WORDS or len(name) == 1 or self._language not in CHANGED_TOGETHER:
            return len(name) > _MAX_DECLINED_WORDS
        classes = declensions(self._language)
        read = {classes[number].base: letters for letters, number in stems_of(name[1], classes)}
        stays = name[1] == base[1] and any(letters + end != name[1] for end, letters in read.items())
        woman = base[0][-1] in "aá" and any(end and letters + end == name[1] for end, letters in read.items())
        return name[0] == base[0] or (stays and not woman)


def _without_prefix(word: str, known: set[str], language: str) -> str:
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


def _clusters_of_people(text: str, spans: Sequence[NameSpan], language: str) -> list[Cluster]:
    names = _WrittenNames(text, spans, language, people=True)
    groups = group_people([tuple(map(_folded_word, names.words(n))) for n in range(len(spans))])
    _join_unspaced(groups, names.written, language)
    return [_cluster(names, spans, members) for members in groups.all()]


def _folded_word(word: str) -> str:
    """A word without case and accents; letters of Hangul stay whole."""
    return normal_form("NFC", fold(word)) or word


def _join_unspaced(groups: Joined, written: Sequence[str], language: str) -> None:
    """The surname before a given name in a script without spaces, which is of one letter: 石破 and 石破茂."""
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


def _clusters_of_bodies(text: str, spans: Sequence[NameSpan], language: str) -> list[Cluster]:
    names = _WrittenNames(text, spans, language, people=False)
    groups = Joined(len(spans))
    seen: dict[tuple[str, ...], int] = {}
    initials: dict[str, int] = {}
    for number, span in enumerate(spans):
        words = tuple(map(_folded_word, names.words(number)))
        groups.join(number, seen.setdefault(words, number))
        inner = _QUOTED.search(names.written[number])
        if inner:  # short forms have the letters of this name, without those of the legal form before it
            words = tuple(map(_folded_word, _WORD.findall(inner[1])))
            groups.join(number, seen.setdefault(words, number))
        between = text[spans[number - 1].end : span.start] if number else ""
        if _BRACKETED.fullmatch(between) and " " not in names.written[number]:
            groups.join(number, seen.setdefault(words, number - 1))
            groups.join(number, number - 1)
        letters = "".join(word[0] for word in words if word)
        if len(letters) >= _MIN_ACRONYM_LETTERS:
            initials.setdefault(letters, number)
    for words, number in seen.items():
        longer = initials.get(words[0]) if len(words) == 1 and names.written[number].isupper() else None
        if longer is not None:
            groups.join(number, longer)
    return [_cluster(names, spans, members) for members in groups.all()]


def _cluster(names: _WrittenNames, spans: Sequence[NameSpan], members: Sequence[int]) -> Cluster:
    return Cluster(names.shown(members), tuple(spans[member] for member in members))
