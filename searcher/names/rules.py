"""The rules by which values of a collection are one name.

Values that may be one are a *group*: people who share the last word of their names, bodies that share their
word or initials, other values that differ in case only. A group is decided by itself, from the number of
articles of each value in it, so that a commit decides anew only the groups that it touches.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from searcher.analysis.british import american
from searcher.names.decisions import Curation
from searcher.names.normalise import PARTICLES, SHORT_FORMS, fold, word_set

__all__ = ["NAMED", "VERSION", "Rules"]

#: The version of the rules, of :func:`.normalise.fold` and of its tables: names that an index keeps are
#: resolved anew where another version resolved them.
VERSION: Final = 2
#: Kinds of values that are names. A speaker is a person or a body; of the kind “speaker” are those that no
#: article names, as “a nurse”.
NAMED: Final = ("person", "organisation", "speaker")

_LEGAL = re.compile(
    r" (?:inc|incorporated|corp|corporation|co|company|ltd|limited|llc|llp|plc|ag|se|sa|spa|nv|bv|gmbh|ab|"
    r"asa|pty|pte|bhd|s a|n v)$"
)
#: Words that count for no initial, in the languages that most bodies are named in.
_FILLING: Final = word_set(
    "the of and for on in at de la le les des du et en y del der die das und für di e do da"
)
#: The host of an address, and what is around the name in it.
_ADDRESS = re.compile(r"(?:https?://)?[\w-]+(?:\.[\w-]+)+/?")
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
#: A bare surname is merged into a full name if that person accounts for at least this share of the articles
#: that give any full name with it. (Whoever writes of another bearer says which one. Of 1,700 articles, half
#: of them on politics, 185 name only “Obama”, 150 Barack, 10 Michelle. Eleven surnames that others share are
#: merged so, each into the right name: Trump, Sanders, Ryan …; Clinton, Bush and Johnson are not.) The same
#: holds of an acronym and the full names with these initials.
_MIN_SHARE = 0.9
#: The kinds whose decisions hold for a kind of values.
_DECIDED_AS: Final = {"speaker": ("person", "organisation")}


class Rules:
    """Decides which values of one group are one name; decisions by hand overrule what is written here."""

    def __init__(self, curation: Curation) -> None:
        self._curation = curation
        self._decided: dict[str, _Decided] = {}

    @staticmethod
    def group(kind: str, value: str) -> str:
        """Return the key of the group that a value belongs to, without any null character."""
        key = fold(value)
        if kind == "person":
            key = key.rpartition(" ")[2]
        elif kind == "organisation":
            key = _body_group(key) if key else key
        elif kind not in NAMED:
            key = _key(kind, value)
        return (key or value.casefold()).replace("\0", " ")

    def names(self, kind: str, weights: Mapping[str, int]) -> dict[str, str | None]:
        """Map every value of one group to its name; None where it is nobody by a decision.

        ``weights`` are the articles of each value.
        """
        decided = self._decisions(kind)
        if len(weights) == 1 and not decided:
            return {value: value for value in weights}
        kept = {value: count for value, count in weights.items() if not decided.ignores(value)}
        found: dict[str, str | None] = dict.fromkeys(weights)
        for value, name in _resolved(kind, kept, decided).items():
            name = decided.name(name)
            found[value] = None if decided.ignores(name) else name
        return found

    def name(self, kind: str, value: str) -> str:
        """Return the name that a decision lets a value go by, or else the value."""
        return self._decisions(kind).name(value)

    def is_decided(self, kind: str, value: str) -> bool:
        """Tell whether a decision says what a value goes by."""
        return self._decisions(kind).holds(value)

    def why(self, kind: str, value: str, name: str) -> str:
        """Return the rule by which a value goes by a name."""
        if self._decisions(kind).name(value) != value and value != name:
            return "decided by hand"
        if value == name:
            return "as it is shown"
        if _key(kind, value) == _key(kind, name):
            return "another spelling"
        if kind == "person":
            return (
                "middle name or initial" if _first(value) == _first(name) else "surname of this person mostly"
            )
        if kind == "organisation":
            short, full = _without_form(fold(value)), _without_form(fold(name))
            if short == full:
                return "legal form, “the” or spelling"
            if _short_forms().get(short) == full:
                return "known short form"
            if _initials(full) == short:
                return "acronym of this name mostly"
        return "joined with a name that was decided by hand"

    def groups_decided(self) -> set[tuple[str, str]]:
        """Return the kind and key of every group that holds a name of a decision."""
        groups = set()
        for kind, name, what in self._curation.decisions():
            for affected in (kind, "speaker") if kind in ("person", "organisation") else (kind,):
                groups |= {(affected, self.group(affected, one)) for one in (name, what.removeprefix("-> "))}
        return groups

    def _decisions(self, kind: str) -> _Decided:
        decided = self._decided.get(kind)
        if decided is None:
            decided = self._decided[kind] = _Decided(self._curation, kind)
        return decided


class _Decided:
    """The decisions about the names of one kind, by what two spellings of a name have in common."""

    def __init__(self, curation: Curation, kind: str) -> None:
        self._kind = kind
        wanted = _DECIDED_AS.get(kind, (kind,))
        renamed = sorted((name, to) for (of, name), to in curation.renamed.items() if of in wanted)
        self._renamed = {_key(kind, name): to for name, to in renamed}
        self._spelling = {_key(kind, to): to for _, to in renamed}
        self._ignored = frozenset(_key(kind, name) for of, name in curation.ignored if of in wanted)
        self.apart = frozenset(_key(kind, name) for of, name in curation.apart if of in wanted)

    def __bool__(self) -> bool:
        return bool(self._renamed or self._ignored or self.apart)

    def name(self, value: str) -> str:
        """Return the name that a value goes by, in the spelling of the decision."""
        if not self._renamed:
            return value
        seen = set[str]()
        while (key := _key(self._kind, value)) in self._renamed and key not in seen:
            seen.add(key)
            value = self._renamed[key]
        return self._spelling.get(key, value)

    def holds(self, value: str) -> bool:
        """Tell whether there is a decision about a value."""
        key = _key(self._kind, value)
        return key in self._renamed or key in self._ignored or key in self.apart

    def key(self, key: str) -> str:
        """Return the key of the name that a key goes by."""
        return _key(self._kind, self.name(key)) if self._renamed else key

    def ignores(self, value: str) -> bool:
        return bool(self._ignored) and _key(self._kind, value) in self._ignored


def _resolved(kind: str, counts: Mapping[str, int], decided: _Decided) -> dict[str, str]:
    """Map every value to the name that it shares with others; names that are kept apart share none."""
    keys = {value: _key(kind, value) for value in counts}
    shown: dict[str, str] = {}
    weight: dict[str, int] = defaultdict(int)
    for value, key in keys.items():
        weight[key] += counts[value]
        other = shown.get(key)
        if other is None or _is_better(kind, value, other, counts):
            shown[key] = value
    if kind == "person":
        joined = _same_people(list(shown), weight, decided)
    elif kind == "organisation":
        joined = _same_bodies(shown, weight)
    else:
        joined = {}
    target = {key: to for key, to in joined.items() if key not in decided.apart and to not in decided.apart}
    return {value: shown[target.get(key, key)] for value, key in keys.items()}


def _key(kind: str, value: str) -> str:
    """Return what two spellings of one value have in common."""
    if kind in NAMED:
        key = fold(value)
    elif kind == "source":
        key = _publication(value)
    elif kind == "author":
        key = fold(value).removeprefix("by ")
    else:
        key = ""
    return key or value.casefold()


def _first(name: str) -> str:
    words = fold(name).split()
    return words[0] if len(words) > 1 else ""


def _publication(value: str) -> str:
    """Return the name of a source without “The”, edition, copyright, spaces and what makes it an address:
    “The Guardian (Final Edition)”, “© 2024 Guardian” and “www.theguardian.com” are all “guardian”."""
    plain = value.strip().lower()
    if _ADDRESS.fullmatch(plain):
        plain = _AROUND_HOST.sub("", plain)
    while (shorter := _EDITION.sub("", _COPYRIGHT.sub("", plain)).strip()) != plain and shorter:
        plain = shorter
    return fold(plain).replace(" ", "").removeprefix("the")


def _is_better(kind: str, value: str, other: str, counts: Mapping[str, int]) -> bool:
    """Tell whether a spelling is to be shown rather than another: the more frequent one. Of equal ones a name
    is shown with its accents and not in capitals, another value as a heading is written."""
    if counts[value] != counts[other]:
        return counts[value] > counts[other]
    return (value > other) if kind in NAMED or kind == "author" else (value < other)


def _same_people(keys: list[str], weight: Mapping[str, int], decided: _Decided) -> dict[str, str]:
    """Map names to the name of the same person: without middle names, and surnames by their main bearer."""
    joined = _middle_names_aside(keys, weight)
    full = [key for key in keys if " " in key]
    surnames = {tail for key in full if key.count(" ") > 1 for tail in _tails(key)}
    # "van Houten" is a surname, and no second bearer of "Houten".
    lone = {key for key in keys if " " not in key or key in surnames}
    bearers: dict[str, dict[str, str]] = {}  # surname -> decided name -> name
    named: dict[tuple[str, str], int] = defaultdict(int)  # surname, decided name -> articles
    for key in full:
        for tail in _tails(key) if key not in lone else ():
            if tail in lone:
                bearer = joined.get(key, key)
                known = decided.key(bearer)
                bearers.setdefault(tail, {}).setdefault(known, bearer)
                named[tail, known] += weight[key]
    for key, names in bearers.items():
        most = max(names, key=lambda known: (named[key, known], known))
        if named[key, most] >= _MIN_SHARE * sum(named[key, known] for known in names):
            joined[key] = names[most]
    return joined


def _tails(key: str) -> list[str]:
    """Return the surnames of a full name: its last word, and that with the particles before it."""
    rest, _, tail = key.rpartition(" ")
    tails = [tail]
    if " " not in rest:
        return tails
    words = rest.split()
    while len(words) > 1 and words[-1] in PARTICLES:
        tail = f"{words.pop()} {tail}"
        tails.append(tail)
    return tails


def _middle_names_aside(keys: list[str], weight: Mapping[str, int]) -> dict[str, str]:
    """Map "Donald J. Trump" to "Donald Trump", unless there is a Donald K. Trump as well."""
    middles: dict[str, list[list[str]]] = defaultdict(list)  # "donald trump" -> words with a middle name
    for key in keys:
        if key.count(" ") > 1:
            words = key.split()
            middles[f"{words[0]} {words[-1]}"].append(words)
    plain = middles.keys() & set(keys)
    joined: dict[str, str] = {}
    for short, same in middles.items():
        if len(short.split(" ", 1)[0]) < 2 or any(len(words) > 3 for words in same):
            continue
        names = [" ".join(words) for words in same] + [short] * (short in plain)
        if len(names) < 2 or not _one_middle([words[1] for words in same]):
            continue
        best = max(names, key=lambda name: (weight[name], -len(name), name))
        joined |= {name: best for name in names if name != best}
    return joined


def _one_middle(middles: list[str]) -> bool:
    """Return whether all are one middle name or its initial, and one of them is an initial."""
    longest = max(middles, key=len)
    return any(len(middle) == 1 for middle in middles) and all(m in (longest, longest[0]) for m in middles)


def _same_bodies(shown: Mapping[str, str], weight: Mapping[str, int]) -> dict[str, str]:
    """Map names to the name of the same body: without legal form and "the", and short forms to full ones."""
    groups: dict[str, list[str]] = defaultdict(list)
    for key in shown:
        groups[_without_form(key)].append(key)
    for short in [plain for plain in groups if _short_forms().get(plain) in groups]:
        groups[_short_forms()[short]] += groups.pop(short)
    for acronym in [plain for plain, keys in groups.items() if _is_acronym(plain, keys, shown)]:
        full = _explained(acronym, groups, weight)
        if full:
            groups[full] += groups.pop(acronym)
    joined: dict[str, str] = {}
    for plain, names in groups.items():
        if len(names) > 1:
            best = max(names, key=lambda name: (_without_form(name) == plain, weight[name], -len(name), name))
            joined |= {name: best for name in names if name != best}
    return joined


def _explained(acronym: str, groups: Mapping[str, list[str]], weight: Mapping[str, int]) -> str | None:
    """Return the full name, without form, that has nearly all articles of those with these initials, and more
    of them than the acronym has alone. (Of 31 acronyms so joined in two collections 28 were right by sight;
    of 35 others, which as many articles gave or more than the full name, half, and not ISIS.)"""
    articles = {
        plain: sum(weight[key] for key in keys)
        for plain, keys in groups.items()
        if _initials(plain) == acronym
    }
    if not articles:
        return None
    most = max(articles, key=lambda plain: (articles[plain], plain))
    alone = sum(weight[key] for key in groups[acronym])
    return most if articles[most] > alone and articles[most] >= _MIN_SHARE * sum(articles.values()) else None


def _is_acronym(plain: str, keys: Iterable[str], shown: Mapping[str, str]) -> bool:
    """Tell whether a name is written as an acronym, and never as a company: WTO, W.T.O."""
    letters = len(plain) > 1 and plain.isalpha()
    return letters and all(key.replace(" ", "") == plain and shown[key].isupper() for key in keys)


def _initials(plain: str) -> str:
    words = plain.split()
    counted = [word for word in words if word not in _FILLING]
    return "".join(word[0] for word in counted) if len(counted) > 1 else ""


def _body_group(key: str) -> str:
    plain = _without_form(key)
    full = _short_forms().get(plain, plain)
    return _initials(full) or full


@lru_cache(maxsize=4096)
def _without_form(key: str) -> str:
    """Return a folded name without “the” and legal form, in American spelling, with letters and full stops as
    one word, and without “of”, “for” and the like where three other words are left."""
    words = key.split()
    if len(words) > 1 and all(len(word) == 1 for word in words):
        return "".join(words)
    plain = key.removeprefix("the ")
    while (shorter := _LEGAL.sub("", plain)) != plain and shorter:
        plain = shorter
    if " " not in plain:
        return plain
    words = list(map(american, plain.split()))
    counted = [word for word in words if word not in _FILLING]
    return " ".join(counted if len(counted) > 2 else words)


@lru_cache(maxsize=1)
def _short_forms() -> Mapping[str, str]:
    """Return the well-known short forms with the full names as they are compared."""
    return {short: _without_form(full) for short, full in SHORT_FORMS.items()}
