"""The rules that decide which values of a collection are one name.

Values that may be one name form a *group*: people with the same last word, organisations with the same word
or initials, and other values that differ in case only. Each group is decided by itself, so a commit decides
only the groups that it changes.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import lru_cache, partial
from typing import Final

from searcher.names import VERSION
from searcher.names.decisions import NAME_KINDS, Curation
from searcher.names.forms import PARTICLES
from searcher.names.nearness import (
    MAX_ARTICLES_ALONE,
    SUFFICIENT_ARTICLES,
    ContextLookup,
    NameQuestion,
    Nearness,
    ShortName,
    add_nearness,
    read_nearness,
    without_nearness,
)
from searcher.names.normalise import fold, without_mark
from searcher.names.organisations import (
    Explanation,
    acronyms_of,
    comparable_name,
    forms_of_organisations,
    initials,
    organisation_number,
    read_explanations,
    same_organisations,
    short_forms,
    word_or_initials,
)
from searcher.names.people import forms_of_people, same_people, sufficient_articles, surnames_of

__all__ = ["Rules", "VERSION", "publication"]

#: A web address given as a source.
_ADDRESS = re.compile(r"(?:https?://)?[\w-]+(?:\.[\w-]+)+/?")
#: Everything in an address except the name of the site.
_AROUND_HOST = re.compile(r"^(?:https?://)?(?:www\.)?|(?:\.(?:co|com|org|net|gov|ac))?\.[a-z]{2,}/?$")
#: “© 2024 …”, “… Copyright 2024 …”, “… All rights reserved”.
_COPYRIGHT = re.compile(
    r"^(?:copyright|©|\(c\))[\s:]*(?:©|\(c\))?\s*(?:\d{4})?[\s,]*|\s+(?:copyright\b|©|\(c\)).*$|"
    r"[\s,.]*all rights reserved\W*$"
)
#: “… (Final Edition)”, “… - Online”, “… Print Edition”.
_EDITION = re.compile(
    r"[\s,;:|(\[–—-]+(?:[\w']+\s+){0,2}edition[)\]]?$|\s*[,;:|(\[–—-]\s*(?:online|print|web|digital|e-?paper)[)\]]?$"
)


#: Longer sources keep edition and copyright, because the patterns take quadratic time on runs of dashes.
_MAX_LETTERS: Final = 300


def publication(value: str) -> str:
    """Return the name of a source without edition, copyright and address, to compare sources."""
    plain = value.strip().rstrip(".").lower()
    if len(plain) > _MAX_LETTERS:
        return fold(plain).replace(" ", "")
    if _ADDRESS.fullmatch(plain):
        plain = _AROUND_HOST.sub("", plain)
    while (shorter := _EDITION.sub("", _COPYRIGHT.sub("", plain)).strip()) != plain and shorter:
        plain = shorter
    return fold(plain).replace(" ", "").removeprefix("the")


#: Alternative names of countries that are unambiguous, without full stops.
_COUNTRY_NAMES: Final = {
    "us": "united states", "usa": "united states", "united states of america": "united states",
    "uk": "united kingdom", "uae": "united arab emirates", "ussr": "soviet union",
}  # fmt: skip


#: A person counts as an organisation only if at least this many articles say so.
_MIN_ARTICLES: Final = 3
#: For each article that names the person, there must be at least this many such articles.
_MIN_RATIO: Final = 2


#: Kinds whose short names are resolved by evidence in the articles.
_RESOLVED_KINDS: Final = ("person", "organisation")
#: The kinds of decisions that apply to each kind of values.
_DECISION_KINDS: Final = {"speaker": ("person", "organisation")}


class Rules:
    """Decides which values of a group are one name. Decisions by hand overrule the rules."""

    def __init__(self, curation: Curation) -> None:
        self.curation = curation
        self.ignored = frozenset(name for _, name in curation.ignored)
        self._decided: dict[str, _Decided] = {}

    @staticmethod
    def group(kind: str, value: str) -> str:
        """Return the key of the group of a value. It contains no null character."""
        key = fold(value := without_mark(without_nearness(value)))
        if kind == "person":
            key = key.rpartition(" ")[2]
        elif kind == "organisation":
            explained = read_explanations((value,))
            key = explained[value].acronym if explained else key
            key = word_or_initials(key) if key else key
        elif kind not in NAME_KINDS:
            key = _key_of_value(kind, value)
        return (key or value.casefold()).replace("\0", " ")

    @staticmethod
    def subgroup(kind: str, value: str) -> int:
        """Return the number, below 256, of the part of its group that a value is decided with.

        0 if the value may affect the whole group.
        """
        value = without_mark(value)
        return organisation_number(_key_of_value(kind, value), value) if kind == "organisation" else 0

    @staticmethod
    def spellings(kind: str, query: str) -> tuple[str, ...]:
        """Return the spellings of a query that may mean different names: an acronym also in capitals."""
        upper = query.upper()
        may_be_acronym = kind == "organisation" and " " not in comparable_name(fold(query))
        return (query, upper) if may_be_acronym and upper != query else (query,)

    def names(self, kind: str, weights: Mapping[str, int]) -> dict[str, str | None]:
        """Map every value of one group to its name, None if it is hidden. ``weights``: articles of
        each value."""
        decided, names = self._decisions(kind), _names_of(kind, weights)
        if len(weights) == len(names) == 1 and not decided:
            return {value: value for value in weights}
        remaining = {value: count for value, count in names.items() if not decided.ignores(value)}
        near = dict(read_nearness(weights).values())
        shared = _shared_names(kind, remaining, decided, _explanations_of(kind, weights), near)
        named = {value: decided.name(name) for value, name in shared.items()} if decided else shared
        shown_names = {value: None if decided.ignores(name) else name for value, name in named.items()}
        return dict.fromkeys(weights) | shown_names

    def short_names(self, kind: str, group: Mapping[str, int]) -> list[ShortName]:
        nearness = read_nearness(group)
        near = dict(nearness.values())
        spellings, weight, _ = _keys(kind, _names_of(kind, group))
        if kind == "person":
            return surnames_of(_people(spellings), weight, self._decisions(kind).key, near)
        return (
            acronyms_of(spellings, weight, _explanations_of(kind, group), near)
            if kind == "organisation"
            else []
        )

    def explained_organisations(
        self, query: str, members: Callable[[str, str], Mapping[str, int]]
    ) -> list[str]:
        """Return the organisations that an acronym stands for in most articles.

        ``members`` returns the values of a group, by kind and key.
        """
        short = comparable_name(fold(query))
        if not short.isalpha():  # not an acronym, as with most names
            return []
        group = members("organisation", self.group("organisation", query))
        full = {one.main_name for one in self.short_names("organisation", group) if one.name == short}
        return [value for value in group if full and comparable_name(fold(value)) in full]

    @staticmethod
    def add_evidence(kind: str, groups: Iterable[dict[str, int]], look: ContextLookup) -> None:
        """Replace the evidence in groups by what the articles of their values say now."""
        if kind in _RESOLVED_KINDS:
            add_nearness(kind, groups, partial(_questions, kind), look)

    def is_decided(self, kind: str, value: str) -> bool:
        return self._decisions(kind).holds(value)

    def is_organisation(self, person: str, group: Mapping[str, int], marked: int, organisation: int) -> bool:
        """Return True if a person of one word is an organisation.

        Args:
            person: The value, a member of the ``group``.
            marked: Number of articles whose person may be an organisation
                (:func:`.organisations.marked_people`).
            organisation: Number of articles that call it an organisation.
        """
        enough = max(_MIN_ARTICLES, _MIN_RATIO * group[person])
        evident = marked >= group[person] and organisation >= enough
        return evident and not any(" " in value for value in group) and not self.is_decided("person", person)

    def is_denied(self, kind: str, value: str, name: str) -> bool:
        return (_key_of_value(kind, value), _key_of_value(kind, name)) in self._decisions(kind).unlike

    def reason(self, kind: str, value: str, name: str, group: Mapping[str, int]) -> str:
        """Return the rule by which a value of a group has a name."""
        if (joined := self._decisions(kind).joins(value)) is not None and value != name:
            return "articles of one host bear both names" if joined else "decided by hand"
        if without_mark(value) != value:
            return "named as a person, by fewer articles"
        if value == name:
            return "as it is shown"
        if _key_of_value(kind, value) == _key_of_value(kind, name):
            return "another spelling"
        if kind == "person":
            same = fold(value).split()[:1] == fold(name).split()[:1]
            return "middle name or initial" if same else "surname of this person mostly"
        if kind == "organisation":
            short, full = comparable_name(fold(value)), comparable_name(fold(name))
            if short == full:
                return "legal form, “the”, spelling or order of words"
            if full == initials(short) or short_forms().get(full) == short:
                return "in full, which fewer articles write"
            if short_forms().get(short) == full:
                return "known short form"
            if initials(full) == short:
                explained = (short, full) in read_explanations(group).values()
                return "acronym that articles explain" if explained else "acronym of this name mostly"
        return "joined with a name that was decided by hand"

    def decided_groups(self) -> set[tuple[str, str]]:
        return {
            (affected, self.group(affected, one))
            for kind, name, what in self.curation.decisions()
            for affected in (NAME_KINDS if kind in NAME_KINDS else (kind,))
            for one in (name, what.partition(" ")[2] or name)
        }

    def _decisions(self, kind: str) -> _Decided:
        if kind not in self._decided:
            self._decided[kind] = _Decided(self.curation, kind)
        return self._decided[kind]


class _Decided:
    def __init__(self, curation: Curation, kind: str) -> None:
        self._key = key = partial(_key_of_value, kind)
        kinds = _DECISION_KINDS.get(kind, (kind,))
        renamed = sorted((name, to) for (of, name), to in curation.renamed.items() if of in kinds)
        self._renamed = {key(name): to for name, to in renamed}
        self._spelling = {key(to): to for _, to in renamed}
        self._joined = {key(name) for of, name in curation.joined if of in kinds}
        self._ignored = {key(name) for of, name in curation.ignored if of in kinds}
        self.apart = {key(name) for of, name in curation.apart if of in kinds}
        pairs = [(key(one), key(other)) for of, one, other in curation.unlike if of in kinds]
        self.unlike = {*pairs, *((other, one) for one, other in pairs)}

    def __bool__(self) -> bool:
        return bool(self._renamed or self._ignored or self.apart or self.unlike)

    def name(self, value: str) -> str:
        """Return the name that decisions give a value, in the spelling of the decision."""
        if not self._renamed:
            return value
        seen = set[str]()
        while (key := self._key(value)) in self._renamed and key not in seen:
            seen.add(key)
            value = self._renamed[key]
        return self._spelling.get(key, value)

    def joins(self, value: str) -> bool | None:
        """Return True if the program gave a value another name, False if a person did, else None."""
        key = self._key(value)
        return key in self._joined if key in self._renamed else None

    def holds(self, value: str) -> bool:
        key = self._key(value)
        return key in self._renamed or key in self._ignored or key in self.apart

    def key(self, key: str) -> str:
        return self._key(self.name(key)) if self._renamed else key

    def ignores(self, value: str) -> bool:
        return bool(self._ignored) and self._key(value) in self._ignored


def _explanations_of(kind: str, values: Mapping[str, int]) -> list[tuple[Explanation, int]]:
    explanations = read_explanations(values).items() if kind == "organisation" else ()
    return [(explanation, values[value]) for value, explanation in explanations]


def _names_of(kind: str, group: Mapping[str, int]) -> dict[str, int]:
    evidence = {*read_nearness(group), *(read_explanations(group) if kind == "organisation" else ())}
    return {v: count for v, count in group.items() if v not in evidence and v == without_mark(v)}


def _questions(kind: str, group: Mapping[str, int]) -> Iterator[NameQuestion]:
    if kind == "organisation" and not any(map(str.isupper, group)):  # skip most groups, some of them large
        return
    spellings, weight, keys = _keys(kind, _names_of(kind, group))
    if kind == "person":
        short_names = surnames_of(_people(spellings), weight)
        forms = forms_of_people([*spellings], weight) if short_names else {}
    else:
        short_names = acronyms_of(spellings, weight, _explanations_of(kind, group))
        forms = forms_of_organisations(spellings) if short_names else {}
    values: dict[str, list[str]] = defaultdict(list)
    for value, key in keys.items() if short_names else ():
        values[key].append(value)
    for one in short_names:
        short_values = tuple(value for key in forms[one.name] for value in values[key])
        for full in () if one.certain_name and one.certain_name == one.main_name else one.candidates:
            in_full = tuple(value for key in forms.get(full.name, ()) for value in values[key])
            sufficient = sufficient_articles(one.name) if kind == "person" else SUFFICIENT_ARTICLES
            if 0 < one.articles <= MAX_ARTICLES_ALONE and 0 < sum(group[v] for v in in_full) < sufficient:
                yield NameQuestion(one.name, full.name, short_values, in_full)


def _people(spellings: Mapping[str, str]) -> list[str]:
    """Return the keys of people without double surnames: a “Biden-Harris” campaign is not Harris."""
    return [
        key
        for key, name in spellings.items()
        if "-" not in name or " " in name or key.partition(" ")[0] in PARTICLES  # but keep “al-Sisi”
    ]


def _keys(kind: str, counts: Mapping[str, int]) -> tuple[dict[str, str], dict[str, int], dict[str, str]]:
    """Return for each key the spelling to show and the number of articles, and the key of each value."""
    keys = {value: _key_of_value(kind, value) for value in counts}
    spellings: dict[str, str] = {}
    weight: dict[str, int] = defaultdict(int)
    for value, key in keys.items():
        weight[key] += counts[value]
        other = spellings.get(key)
        if other is None or _is_better(kind, value, other, counts):
            spellings[key] = value
    return spellings, weight, keys


def _shared_names(
    kind: str,
    counts: Mapping[str, int],
    decided: _Decided,
    evidence: Collection[tuple[Explanation, int]],
    near: Mapping[tuple[str, str], Nearness],
) -> dict[str, str]:
    spellings, weight, keys = _keys(kind, counts)
    if kind == "person":
        joined = same_people(_people(spellings), weight, decided.key, near)
    elif kind == "organisation":
        joined = same_organisations(spellings, weight, evidence, near)
    else:
        joined = {}
    likely = {key: to for key, to in joined.items() if (key, to) not in decided.unlike}
    target = {key: to for key, to in likely.items() if key not in decided.apart and to not in decided.apart}
    return {value: spellings[target.get(key, key)] for value, key in keys.items()}


@lru_cache(maxsize=4096)
def _key_of_value(kind: str, value: str) -> str:
    if kind in NAME_KINDS:
        key = fold(value)
    elif kind == "source":
        key = publication(value)
    elif kind == "author":
        key = fold(value).removeprefix("by ")
    elif kind == "place":
        key = _COUNTRY_NAMES.get(value.casefold().replace(".", ""), "")
    else:
        key = ""
    return key or value.casefold()


def _is_better(kind: str, value: str, other: str, counts: Mapping[str, int]) -> bool:
    """Return True if a spelling should be shown instead of another.

    The more frequent one wins. Among equals, names prefer accents and small letters, other values
    capitals.
    """
    if counts[value] != counts[other]:
        return counts[value] > counts[other]
    return (value > other) if kind in NAME_KINDS or kind == "author" else (value < other)
