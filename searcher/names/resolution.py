"""Who is who across articles: which names in the index are one person or body.

Extraction names everybody within one article. Across articles this is decided when searching, because it
changes as articles arrive: a lone surname joins a full name only while one bearer exists. A curation
(see :mod:`searcher.names.decisions`) overrules everything here.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from searcher.fields import field
from searcher.names.decisions import Curation
from searcher.names.normalise import PARTICLES, SHORT_FORMS, fold

__all__ = ["Identities", "fold"]

_LEGAL = re.compile(
    r" (?:inc|incorporated|corp|corporation|co|company|ltd|limited|llc|llp|plc|ag|se|sa|spa|nv|bv|gmbh|ab|"
    r"asa|pty|pte|bhd|s a|n v)$"
)
#: A bare surname is merged into a full name if that person accounts for at least this share of the articles
#: that give any full name with it. (Whoever writes of another bearer says which one. Of 1,700 articles, half
#: of them on politics, 185 name only “Obama”, 150 Barack, 10 Michelle. Eleven surnames that others share are
#: merged so, each into the right name: Trump, Sanders, Ryan …; Clinton, Bush and Johnson are not.)
_MIN_SHARE = 0.9
# The kinds of name that a field holds: who speaks may be a body.
_KINDS = {"person": ("person",), "organisation": ("organisation",), "speaker": ("person", "organisation")}


class Identities:
    """Resolves the values of named fields (person, organisation, speaker), and the case of the others.

    >>> Identities().resolve("person", {"Yann LeCun": 3, "LeCun": 1, "Lecun": 1})
    {'Yann LeCun': 'Yann LeCun', 'LeCun': 'Yann LeCun', 'Lecun': 'Yann LeCun'}
    """

    def __init__(self, curation: Curation | None = None) -> None:
        self.curation = curation or Curation()
        self._decided = {name: _Decided(self.curation, kinds) for name, kinds in _KINDS.items()}
        self._keys: dict[str, dict[str, str]] = {name: {} for name in _KINDS}

    def resolve(self, field_name: str, counts: Mapping[str, int]) -> dict[str, str]:
        """Map every value to its name across articles; ``counts`` are the articles of each value.

        Values that a curation ignores are left out.
        """
        asked = field(field_name)
        if not asked.named:
            return _in_one_case(counts) if asked.facet else {value: value for value in counts}
        decided = self._decided[field_name]
        if not decided:
            return _resolved(field_name, counts, decided)
        kept = {value: count for value, count in counts.items() if not decided.ignores(value)}
        named = {value: decided.name(name) for value, name in _resolved(field_name, kept, decided).items()}
        return {value: name for value, name in named.items() if not decided.ignores(name)}

    def matching_names(self, field_name: str, asked: str, names: Iterable[str]) -> frozenset[str]:
        """Return those of the resolved ``names`` that a name asks for.

        An exact name (folded, or one that a decision lets go by it) wins; otherwise, in named fields, every
        name that holds all its words. A single word asks for every person of that surname, even where some
        are known by nothing else. In other fields punctuation is ignored only if no value matches with it:
        "C++" is not "C#".
        """
        if not field(field_name).named:
            names = list(names)
            written, plain = asked.casefold(), fold(asked)
            exact = frozenset(name for name in names if name.casefold() == written)
            return exact or frozenset(name for name in names if fold(name) == plain)
        wanted = self._key(field_name, asked)
        folded = [(name, self._key(field_name, name)) for name in names]
        exact = frozenset(name for name, key in folded if key == wanted)
        surname = field_name != "organisation" and " " not in wanted
        if (exact and not surname) or not wanted:
            return exact
        words = wanted.split()
        near = [(name, key.split()) for name, key in folded if words[0] in key]
        return frozenset(name for name, held in near if all(word in held for word in words))

    def _key(self, field_name: str, name: str) -> str:
        """Return the folded name that a name goes by. It is cached: every query asks for all names."""
        kept = self._keys[field_name]
        key = kept.get(name)
        if key is None:
            decided = self._decided[field_name]
            key = kept[name] = fold(decided.name(name) if decided else name)
        return key


class _Decided:
    """The decisions about the names of one field, by folded name."""

    def __init__(self, curation: Curation, kinds: Iterable[str]) -> None:
        wanted = frozenset(kinds)
        self._renamed = {fold(name): to for (kind, name), to in curation.renamed.items() if kind in wanted}
        self._ignored = frozenset(fold(name) for kind, name in curation.ignored if kind in wanted)
        self.apart = frozenset(fold(name) for kind, name in curation.apart if kind in wanted)

    def __bool__(self) -> bool:
        return bool(self._renamed or self._ignored or self.apart)

    def name(self, value: str) -> str:
        """Return the name that a value goes by."""
        seen = set[str]()
        while (key := fold(value)) in self._renamed and key not in seen:
            seen.add(key)
            value = self._renamed[key]
        return value

    def key(self, key: str) -> str:
        """Return the folded name that a folded name goes by."""
        return fold(self.name(key)) if self._renamed else key

    def ignores(self, value: str) -> bool:
        return fold(value) in self._ignored


def _in_one_case(counts: Mapping[str, int]) -> dict[str, str]:
    """Map every value to its most frequent spelling: sites write "News" here and "news" there."""
    shown: dict[str, str] = {}
    for value, count in counts.items():
        key = value.casefold()
        other = shown.get(key)
        if other is None or (-count, value) < (-counts[other], other):
            shown[key] = value
    return {value: shown[value.casefold()] for value in counts}


def _resolved(field_name: str, counts: Mapping[str, int], decided: _Decided) -> dict[str, str]:
    """Map every value to the name that it shares with others; names that are kept apart share none."""
    keys = {value: fold(value) for value in counts}
    shown: dict[str, str] = {}
    for value, key in keys.items():
        other = shown.get(key)
        if other is None or (counts[value], value) > (counts[other], other):
            shown[key] = value
    weight: dict[str, int] = defaultdict(int)
    for value, key in keys.items():
        weight[key] += counts[value]
    if field_name == "organisation":
        joined = _same_bodies(list(shown), weight)
    else:
        joined = _same_people(list(shown), weight, decided)
    target = {key: to for key, to in joined.items() if key not in decided.apart and to not in decided.apart}
    return {value: shown[target.get(key, key)] for value, key in keys.items()}


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


def _same_bodies(keys: list[str], weight: Mapping[str, int]) -> dict[str, str]:
    """Map names to the name of the same body: without legal form and "the", and short forms to full ones."""
    groups: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        groups[_without_form(key)].append(key)
    for short, full in SHORT_FORMS.items():
        if short in groups and full in groups:
            groups[full] += groups.pop(short)
    joined: dict[str, str] = {}
    for plain, names in groups.items():
        if len(names) > 1:
            best = max(names, key=lambda name: (_without_form(name) == plain, weight[name], -len(name), name))
            joined |= {name: best for name in names if name != best}
    return joined


def _without_form(key: str) -> str:
    plain = key.removeprefix("the ")
    while (shorter := _LEGAL.sub("", plain)) != plain and shorter:
        plain = shorter
    return plain
