"""The rules by which values of a collection are one name.

Values that may be one are a *group*: people who share the last word of their names, bodies that share their
word or initials, other values that differ in case only. A group is decided by itself, from the number of
articles of each value in it, so that a commit decides anew only the groups that it touches.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from searcher.names.decisions import Curation
from searcher.names.normalise import PARTICLES, SHORT_FORMS, fold, word_set

__all__ = ["NAMED", "VERSION", "Rules"]

#: The version of the rules, of :func:`.normalise.fold` and of its tables: names that an index keeps are
#: resolved anew where another version resolved them.
VERSION: Final = 1
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
            key = value.casefold().replace("\0", " ")
        return key or value.casefold().replace("\0", " ")

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
            decided = self._decided[kind] = _Decided(self._curation, _DECIDED_AS.get(kind, (kind,)))
        return decided


class _Decided:
    """The decisions about the names of one kind, by folded name."""

    def __init__(self, curation: Curation, kinds: Iterable[str]) -> None:
        wanted = frozenset(kinds)
        renamed = sorted((name, to) for (kind, name), to in curation.renamed.items() if kind in wanted)
        self._renamed = {fold(name): to for name, to in renamed}
        self._spelling = {fold(to): to for _, to in renamed}
        self._ignored = frozenset(fold(name) for kind, name in curation.ignored if kind in wanted)
        self.apart = frozenset(fold(name) for kind, name in curation.apart if kind in wanted)

    def __bool__(self) -> bool:
        return bool(self._renamed or self._ignored or self.apart)

    def name(self, value: str) -> str:
        """Return the name that a value goes by, in the spelling of the decision."""
        if not self._renamed:
            return value
        seen = set[str]()
        while (key := fold(value)) in self._renamed and key not in seen:
            seen.add(key)
            value = self._renamed[key]
        return self._spelling.get(key, value)

    def key(self, key: str) -> str:
        """Return the folded name that a folded name goes by."""
        return fold(self.name(key)) if self._renamed else key

    def ignores(self, value: str) -> bool:
        return bool(self._ignored) and fold(value) in self._ignored


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
    return (fold(value) if kind in NAMED else "") or value.casefold()


def _is_better(kind: str, value: str, other: str, counts: Mapping[str, int]) -> bool:
    """Tell whether a spelling is to be shown rather than another: the more frequent one. Of equal ones a name
    is shown with its accents and not in capitals, another value as a heading is written."""
    if counts[value] != counts[other]:
        return counts[value] > counts[other]
    return (value > other) if kind in NAMED else (value < other)


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
    for short in [plain for plain in groups if SHORT_FORMS.get(plain) in groups]:
        groups[SHORT_FORMS[short]] += groups.pop(short)
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
    full = SHORT_FORMS.get(plain, plain)
    return _initials(full) or full


def _without_form(key: str) -> str:
    """Return a folded name without “the” and legal form, and letters with full stops as one word."""
    words = key.split()
    if len(words) > 1 and all(len(word) == 1 for word in words):
        return "".join(words)
    plain = key.removeprefix("the ")
    while (shorter := _LEGAL.sub("", plain)) != plain and shorter:
        plain = shorter
    return plain
