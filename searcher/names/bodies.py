"""Which names of a group are one body: without legal form and "the", and short forms by their full names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import Final

from searcher.analysis.british import american
from searcher.names.normalise import SHORT_FORMS, word_set
from searcher.names.people import MIN_SHARE

__all__ = ["initials", "same_bodies", "short_forms", "without_form", "word_or_initials"]

_LEGAL = re.compile(
    r" (?:inc|incorporated|corp|corporation|co|company|ltd|limited|llc|llp|plc|ag|se|sa|spa|nv|bv|gmbh|ab|"
    r"asa|pty|pte|bhd|s a|n v)$"
)
#: Words that count for no initial, in the languages that most bodies are named in.
_FILLING: Final = word_set(
    "the of and for on in at de la le les des du et en y del der die das und für di e do da"
)


def same_bodies(
    shown: Mapping[str, str],
    weight: Mapping[str, int],
    explained: Collection[tuple[tuple[str, str], int]] = (),
) -> dict[str, str]:
    """Map names to the name of the same body: without legal form and "the", and short forms to full ones.

    ``explained``: acronyms with the full names, without form, that articles use them for, and how many do.
    """
    groups: dict[str, list[str]] = defaultdict(list)
    for key in shown:
        groups[without_form(key)].append(key)
    acronyms = [plain for plain, keys in groups.items() if _is_acronym(plain, keys, shown)]
    for acronym in acronyms:
        if full := _explained(acronym, groups, explained):
            groups[full] += groups.pop(acronym)
    for short in [plain for plain in groups if short_forms().get(plain) in groups]:
        groups[short_forms()[short]] += groups.pop(short)
    for acronym in filter(groups.__contains__, acronyms):
        if full := _likely(acronym, groups, weight):
            groups[full] += groups.pop(acronym)
    joined: dict[str, str] = {}
    for plain, names in groups.items():
        if len(names) > 1:
            best = max(names, key=lambda name: (without_form(name) == plain, weight[name], -len(name), name))
            joined |= {name: best for name in names if name != best}
    return joined


def _explained(
    acronym: str, groups: Mapping[str, list[str]], explained: Iterable[tuple[tuple[str, str], int]]
) -> str | None:
    """Return the full name, without form, for which nearly all articles that use an acronym for any use it.
    (Decided so by one half of 2,761 articles of an agency, it was that name in 97 % of the articles of the
    other half that tell; decided by :func:`_likely` in 92 %, and for three in four as many.)"""
    articles: dict[str, int] = defaultdict(int)
    for (short, full), count in explained:
        if short == acronym:
            articles[full] += count
    most = max(articles, key=lambda plain: (articles[plain], plain), default="")
    return most if most in groups and articles[most] >= MIN_SHARE * sum(articles.values()) else None


def _likely(acronym: str, groups: Mapping[str, list[str]], weight: Mapping[str, int]) -> str | None:
    """Return the full name, without form, that has nearly all articles of those with these initials, and more
    of them than the acronym has alone. (Of 31 acronyms so joined in two collections 28 were right by sight;
    of 35 others, which as many articles gave or more than the full name, half, and not ISIS.)"""
    articles = {
        plain: sum(weight[key] for key in keys)
        for plain, keys in groups.items()
        if initials(plain) == acronym
    }
    if not articles:
        return None
    most = max(articles, key=lambda plain: (articles[plain], plain))
    alone = sum(weight[key] for key in groups[acronym])
    return most if articles[most] > alone and articles[most] >= MIN_SHARE * sum(articles.values()) else None


def _is_acronym(plain: str, keys: Iterable[str], shown: Mapping[str, str]) -> bool:
    """Tell whether a name is written as an acronym, and never as a company: WTO, W.T.O."""
    letters = len(plain) > 1 and plain.isalpha()
    return letters and all(key.replace(" ", "") == plain and shown[key].isupper() for key in keys)


def initials(plain: str) -> str:
    """Return the initials of a name of several words, without form."""
    words = plain.split()
    counted = [word for word in words if word not in _FILLING]
    return "".join(word[0] for word in counted) if len(counted) > 1 else ""


def word_or_initials(key: str) -> str:
    """Return the key of the group of a folded name."""
    plain = without_form(key)
    full = short_forms().get(plain, plain)
    return initials(full) or full


@lru_cache(maxsize=4096)
def without_form(key: str) -> str:
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
def short_forms() -> Mapping[str, str]:
    """Return the well-known short forms with the full names as they are compared."""
    return {short: without_form(full) for short, full in SHORT_FORMS.items()}
