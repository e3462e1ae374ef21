"""Find people and organisations in languages other than English, and group their names.

Each group is shown in a base form (``declension``). A surname means the person with that last name, an
acronym in brackets the organisation before it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from searcher.article import Article
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
from searcher.extensions.languages.name_labels import name_spans
from searcher.extract.encoder.encoded_text import read_article
from searcher.extract.names.consolidation import Cluster, people_groups
from searcher.extract.names.repair import drop_accounts
from searcher.extract.names.tagger import NameSpan
from searcher.languages import is_unspaced
from searcher.names.normalise import fold
from searcher.sanitize import normal_form
from searcher.statements import UnionFind

_WORD: Final = re.compile(r"[^\s・·‧]+")
#: Languages with many endings after an apostrophe. Others have only the genitive ("Obama's", "Brecht’").
_ENDING: Final = {"tr": re.compile(r"['’][^\W\d_]+$"), "az": re.compile(r"['’][^\W\d_]+$")}
#: French titles, which look like initials: "M. Corrier".
_TITLE: Final = re.compile(r"MM?\.\s+(?=\S)")
_GENITIVE: Final = re.compile(r"['’]s?$")
#: Maximum letters of a surname in scripts without spaces.
_MAX_SURNAME: Final = {"zh": 1, "ko": 1, "ja": 3}
#: Prefixes that are joined to a name and mean "and", "for", "in" or "like".
_PREFIXES: Final = {"ar": "وفبلك", "he": "ושבלמהכ"}
#: An organisation's name after its legal form: "ТОВ «Великі ключі»".
_QUOTED: Final = re.compile('[«„“"](.+)[»”“"]$')
_BRACKETED: Final = re.compile(r"\s?[(（]\s?[„“«\"]?")
_MIN_ACRONYM_LETTERS: Final = 3
#: Names with more words are not preferred for display: “Kate Moss” is shown, not “Katherine Ann Moss”.
_MAX_BODY_WORDS, _MAX_PERSON_WORDS = 4, 2
#: Maximum words of an organisation shown in base form. Longer names would often end up half declined.
_MAX_DECLINED_WORDS: Final = 2
#: Minimum letters of an ending that only adjectives have: “Europejskiej”.
_ADJECTIVE_LETTERS: Final = 3
#: Separators between adjacent names ("CDU/CSU"), which are stripped.
_CLINGING: Final = "/|-–—,;: "


def named_clusters(article: Article, language: str) -> Iterable[Cluster]:
    """Return the people and organisations of an article, each with its places in title and body."""
    reading = read_article(article)
    spans = drop_accounts(reading.text, name_spans(reading))
    return group_names(reading.text, spans, language)


def group_names(text: str, spans: Sequence[NameSpan], language: str) -> list[Cluster]:
    """Return the people, then the organisations, each with its spans and the name to show."""
    spans = [_without_affixes(text, span, language) for span in sorted(spans)]
    people = [span for span in spans if span.kind == "PER"]
    # In Japanese, Chinese and Korean, an organisation of one letter is usually part of another word.
    bodies = [span for span in spans if span.kind == "ORG" and span.end - span.start > 1]
    return [*_clusters_of_people(text, people, language), *_clusters_of_bodies(text, bodies, language)]


def _without_affixes(text: str, span: NameSpan, language: str) -> NameSpan:
    ending = _ENDING.get(language, _GENITIVE).search(text, span.start, span.end)
    end = ending.start() if ending and ending.start() > span.start else span.end
    title = _TITLE.match(text, span.start, end) if language == "fr" else None
    return replace(span, start=title.end() if title else span.start, end=end)


class _WrittenNames:
    """The people, or the organisations, of an article: names as written, and their words in base form."""

    def __init__(self, text: str, spans: Sequence[NameSpan], language: str, *, people: bool) -> None:
        self._people, self._language = people, language
        self._most_words = _MAX_PERSON_WORDS if people else _MAX_BODY_WORDS
        written = (" ".join(text[span.start : span.end].split()) for span in spans)
        self.written = [name.strip(_CLINGING) or name for name in written]
        words = [_WORD.findall(name) for name in self.written]
        known = {word for name in words for word in name}
        self._words = [[_without_prefix(word, known, language) for word in name] for name in words]
        # Last words are handled separately, because given names have other endings.
        self._last = base_forms(language, (name[-1] for name in self._words if name))
        first_names = (word for name in self._words for word in name[:-1])
        self._base_forms = {} if language in LAST_CHANGED else base_forms(language, first_names)
        several = dict.fromkeys(tuple(name) for name in self._words if people and len(name) > 1)
        declined = {name: declined_together(name, self._last, language) for name in several}
        self._together = {name: base for name, base in declined.items() if base}
        surnames = {name[-1]: base[-1] for name, base in self._together.items()}
        self._last = surnames | {word: surnames.get(base, base) for word, base in self._last.items()}
        # A surname without a given name takes its base form from the full names in the article.
        full = {name: self._in_dictionary(name) for name in several}
        self._bases = {base[-1].lower(): base[-1] for base in full.values() if base}
        self._in_base_form = {name[-1] for name, base in full.items() if not base}

    def words(self, number: int) -> tuple[str, ...]:
        """Return the words of a name in base form."""
        name = self._words[number]
        if not name:
            return (self.written[number],)
        last = self._last.get(name[-1], name[-1])
        rest = [self._base_forms.get(word, word) for word in name[:-1]]
        if last != name[-1]:
            rest = [_declined_alike(word, name[-1], last) for word in rest]
        base = (*rest, last)
        if not self._people and base[0] != name[0] and self._language in CHANGED_TOGETHER:
            changed = zip(name[1:], base[1:])
            base = (base[0], *(new if new != old else self._adjective(old) for old, new in changed))
        return self._in_dictionary(name) or self._together.get(tuple(name)) or base

    def _adjective(self, word: str) -> str:
        """Return the base form of an adjective (“Unii Europejskiej”), or the word."""
        classes = declensions(self._language)
        stems = [one for one in stems_of(word, classes) if len(word) - len(one.letters) >= _ADJECTIVE_LETTERS]
        stem = min(stems, key=lambda one: len(one.letters), default=None)
        return stem.letters + classes[stem.number].base if stem else word

    def _in_dictionary(self, name: Sequence[str]) -> tuple[str, ...] | None:
        """Return a name in base form by the dictionary, or None if the article shows another one."""
        if len(name) == 1 and self._people and self._bases and name[0] not in self._in_base_form:
            readings = dictionary_of(self._language).parse(name[0])
            listed = (one.normal_form.replace("ё", "е") for one in readings)
            known = self._bases.keys() & set(listed)
            if known:
                return (self._bases[min(known)],)
        if not self._people and len(name) > MAX_DICTIONARY_WORDS:
            return None
        nominative = in_nominative(tuple(name), self._language, person=self._people)
        if nominative is None or (self._people and len(name) > 1 and not {*nominative} & {*name}):
            return nominative
        # Reject the form if the article shows another base form, or that the word is already a base form.
        forms = {**self._base_forms, **self._last}
        if not self._people:
            written = {word for one in self._words for word in one}
            forms = {word: base for word, base in forms.items() if base in written}
        pairs = [(word, form) for word, form in zip(name, nominative or ()) if word != form]
        same = all(forms.get(word, form) == form and word not in forms.values() for word, form in pairs)
        return nominative if same else None

    def display_name(self, members: Sequence[int]) -> str:
        """Return the fullest name of a group (of people the usual one), in base form if there is one."""
        counts = Counter(self._shown_of(number) for number in members)  # in order of first occurrence

        def rank(name: str) -> tuple[bool, int, int]:
            letters = sum(map(str.isalpha, name))
            words = [word for word in _WORD.findall(name) if len(word.strip(".")) > 1]
            size = letters if is_unspaced(name[0]) else min(len(words), self._most_words)
            return not (name.isupper() and letters > 4), size, counts[name]

        # “Le Pen” is the end of “Marine Le Pen”, so it does not count as a full name.
        ends = {name[at + 1 :] for name in counts for at, char in enumerate(name) if char == " "}
        return max((name for name in counts if not (self._people and name in ends)), key=rank)

    def _shown_of(self, number: int) -> str:
        name, base = self._words[number], self.words(number)
        if tuple(name) == base or not name or self._is_half_declined(name, base):
            return self.written[number] if name == _WORD.findall(self.written[number]) else " ".join(name)
        return " ".join(base)

    def _is_half_declined(self, name: Sequence[str], base: Sequence[str]) -> bool:
        """Return True if only some words are in base form: “Rada Europejskiej”."""
        if self._people:
            return (name[0], name[-1]) == (base[0], base[-1])  # as in “Jana Paweł II”
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
    """Remove the ending that the surname lost: "Donalda" before "Trumpa", which is "Trump"."""
    stem = 0
    while stem < min(len(surname), len(base)) and surname[stem] == base[stem]:
        stem += 1
    lost, gained = surname[stem:], base[stem:]
    if lost and word.endswith(lost) and len(word) - len(lost) > 1:
        return word[: len(word) - len(lost)] + gained
    return word


def _clusters_of_people(text: str, spans: Sequence[NameSpan], language: str) -> list[Cluster]:
    names = _WrittenNames(text, spans, language, people=True)
    groups = people_groups([tuple(map(_folded_word, names.words(n))) for n in range(len(spans))])
    _join_unspaced(groups, names.written, language)
    return [_cluster(names, spans, members) for members in groups.all()]


def _folded_word(word: str) -> str:
    """Return a word without case and accents. Letters of Hangul are not decomposed."""
    return normal_form("NFC", fold(word)) or word


def _join_unspaced(groups: UnionFind, written: Sequence[str], language: str) -> None:
    """Join surnames with full names in scripts without spaces: 石破 and 石破茂."""
    first: dict[str, int] = {}
    for number, name in enumerate(written):
        if name and is_unspaced(name[0]) and " " not in name:
            first.setdefault(name, number)
    most = _MAX_SURNAME.get(language, 1)
    longest: dict[str, str] = {}  # longest name by its first letters
    for name in sorted((name for name in first if len(name) > 1), key=len, reverse=True):
        for size in range(1, min(most, len(name) - 1) + 1):
            longest.setdefault(name[:size], name)
    for name, number in first.items():
        if name in longest:
            groups.join(number, first[longest[name]])


def _clusters_of_bodies(text: str, spans: Sequence[NameSpan], language: str) -> list[Cluster]:
    names = _WrittenNames(text, spans, language, people=False)
    groups = UnionFind(len(spans))
    seen: dict[tuple[str, ...], int] = {}
    initials: dict[str, int] = {}
    for number, span in enumerate(spans):
        words = tuple(map(_folded_word, names.words(number)))
        groups.join(number, seen.setdefault(words, number))
        inner = _QUOTED.search(names.written[number])
        if inner:  # acronyms omit the legal form
            words = tuple(map(_folded_word, _WORD.findall(inner[1])))
            groups.join(number, seen.setdefault(words, number))
        gap = text[spans[number - 1].end : span.start] if number else ""
        if _BRACKETED.fullmatch(gap) and " " not in names.written[number]:
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
    return Cluster(names.display_name(members), tuple(spans[member] for member in members))
