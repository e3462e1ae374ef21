"""Which names of a group are one person: middle names are left out, and a surname means its main bearer.

``first-names-us.txt`` are counts of the US Social Security (public domain, made by
``training/first_names.py``), ``first-names-more.txt`` a thousand names of other countries. Both have the sex
of nearly all bearers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from searcher.names.forms import PARTICLES
from searcher.names.nearness import (
    SUFFICIENT_ARTICLES,
    SUFFICIENT_OF_FIRST_NAMES,
    LongerName,
    Nearness,
    ShortName,
    most_frequent,
)


def first_name_gender(name: str) -> str | None:
    """Return the sex ("f" or "m") of nearly all people with this first name, in lower case, else None."""
    gender = _first_names().get(name)
    return gender if gender != "x" else None  # "x" means both


def is_first_name(name: str) -> bool:
    return name in _first_names()


@cache
def _first_names() -> dict[str, str]:
    # Import on first use, because most searches do not need the first names.
    from importlib import resources

    genders: dict[str, str] = {}
    for file in ("first-names-us.txt", "first-names-more.txt"):
        for line in resources.files(__package__).joinpath(file).read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                gender, _, names = line.partition(" ")
                genders.update(dict.fromkeys(names.split(), gender))
    return genders


#: A surname that is also a first name is resolved only if at least this many articles have the full name.
_MIN_ARTICLES: Final = 3


def same_people(
    keys: list[str],
    weight: Mapping[str, int],
    goes_by: Callable[[str], str] = str,
    near: Mapping[tuple[str, str], Nearness] = MappingProxyType({}),
) -> dict[str, str]:
    """Map names to the name of the same person.

    ``goes_by`` returns the name that a decision gives a name. ``near`` is how near a surname and a full
    name are.
    """
    surnames = surnames_of(keys, weight, goes_by, near)
    by_surname = {one.name: name for one in surnames if (name := one.certain_name) is not None}
    return _join_middle_names(keys, weight) | by_surname


def surnames_of(
    keys: list[str],
    weight: Mapping[str, int],
    goes_by: Callable[[str], str] = str,
    near: Mapping[tuple[str, str], Nearness] = MappingProxyType({}),
) -> list[ShortName]:
    """Return the surnames in a group that are also in full names. Arguments: see :func:`same_people`."""
    surnames = []
    for key, named in _bearers(keys, weight).items():
        known: dict[str, LongerName] = {}  # keyed by the name that decisions give the candidate
        for name, articles in named.items():
            longer = LongerName.of(
                key, weight[key], name, articles, near, sufficient=sufficient_articles(key)
            )
            other = known.get(goes_by(name))
            known[goes_by(name)] = longer.merge(other) if other else longer
        least = _MIN_ARTICLES if is_first_name(key) else 1
        surnames.append(ShortName.of(key, weight[key], known.values(), least))
    return surnames


def sufficient_articles(surname: str) -> int:
    """Return the number of articles with a full name from which a surname needs no further evidence."""
    return SUFFICIENT_OF_FIRST_NAMES if is_first_name(surname) else SUFFICIENT_ARTICLES


def forms_of_people(keys: list[str], weight: Mapping[str, int]) -> dict[str, list[str]]:
    """Return the keys of each name without its middle names."""
    joined = _join_middle_names(keys, weight)
    forms: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        forms[joined.get(key, key)].append(key)
    return forms


def _bearers(keys: list[str], weight: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """Return the bearers of each surname with their articles, the most frequent first."""
    joined = _join_middle_names(keys, weight)
    full = [key for key in keys if " " in key]
    surnames = {tail for key in full if key.count(" ") > 1 for tail in _tails(key)}
    # "van Houten" is a surname, not another person called "Houten".
    lone = {key for key in keys if " " not in key or key in surnames}
    named: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for key in full:
        for tail in _tails(key) if key not in lone else ():
            if tail in lone:
                named[tail][joined.get(key, key)] += weight[key]
    return {key: most_frequent(of) for key, of in named.items()}


def _tails(key: str) -> list[str]:
    """Return the surnames of a full name: its last word, alone and with preceding particles."""
    rest, _, tail = key.rpartition(" ")
    tails, words = [tail], rest.split()
    while len(words) > 1 and words[-1] in PARTICLES:
        tail = f"{words.pop()} {tail}"
        tails.append(tail)
    return tails


def _join_middle_names(keys: list[str], weight: Mapping[str, int]) -> dict[str, str]:
    """Map "Donald J. Trump" to "Donald Trump", unless there is also a Donald K. Trump."""
    middles: dict[str, list[list[str]]] = defaultdict(list)  # "donald trump" -> the words of each full form
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
        middle_names = [words[1] for words in same]
        longest = max(middle_names, key=len)
        are_one = all(middle in (longest, longest[0]) for middle in middle_names)
        has_short = short in plain or any(len(middle) == 1 for middle in middle_names)
        if len(names) < 2 or not are_one or not has_short:
            continue
        best = max(names, key=lambda name: (weight[name], -len(name), name))
        joined |= {name: best for name in names if name != best}
    return joined
