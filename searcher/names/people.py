"""Which names of a group are one person: without middle names, and surnames by their main bearer.

``first-names-us.txt`` are US Social Security counts (public domain; ``training/first_names.py``) with the sex
of nearly all who bear them, ``first-names-more.txt`` a thousand of other countries, by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from searcher.names.forms import PARTICLES
from searcher.names.nearness import MANY, MANY_OF_FIRST_NAMES, Longer, Nearness, ShortName, most

#: What the tables say of a name that women and men have.
_BOTH: Final = "x"


def first_name_gender(name: str) -> str | None:
    """Return the sex ("f" or "m") that nearly all bearers of a first name (in lower case) have, else None."""
    gender = _first_names().get(name)
    return None if gender == _BOTH else gender


def is_first_name(name: str) -> bool:
    """Tell whether people have a name (in lower case) as a first name."""
    return name in _first_names()


@cache
def _first_names() -> dict[str, str]:
    # A search whose names are decided starts without it.
    from importlib import resources

    genders: dict[str, str] = {}
    for file in ("first-names-us.txt", "first-names-more.txt"):
        for line in resources.files(__package__).joinpath(file).read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                gender, _, names = line.partition(" ")
                genders.update(dict.fromkeys(names.split(), gender))
    return genders


#: Articles that must give the full name where the surname is a first name too: "David" is no Larry David.
_MIN_ARTICLES: Final = 3


def same_people(
    keys: list[str],
    weight: Mapping[str, int],
    goes_by: Callable[[str], str] = str,
    near: Mapping[tuple[str, str], Nearness] = MappingProxyType({}),
) -> dict[str, str]:
    """Map names to the name of the same person: without middle names, and surnames by their main bearer.

    ``goes_by`` says which name a decision lets a name go by, ``near`` how near a surname and a full name are.
    """
    surnames = surnames_of(keys, weight, goes_by, near)
    meant = {one.name: name for one in surnames if (name := one.meant) is not None}
    return _middle_names_aside(keys, weight) | meant


def surnames_of(
    keys: list[str],
    weight: Mapping[str, int],
    goes_by: Callable[[str], str] = str,
    near: Mapping[tuple[str, str], Nearness] = MappingProxyType({}),
) -> list[ShortName]:
    """Return the surnames that articles give alone and in full names. Arguments as of :func:`same_people`."""
    found = []
    for key, named in _bearers(keys, weight).items():
        known: dict[str, Longer] = {}  # by the name that a decision lets them go by
        for name, articles in named.items():
            one = Longer.of(key, weight[key], name, articles, near, many=many_of(key))
            other = known.get(goes_by(name))
            known[goes_by(name)] = one.together(other) if other else one
        least = _MIN_ARTICLES if is_first_name(key) else 1
        found.append(ShortName.of(key, weight[key], known.values(), least))
    return found


def many_of(surname: str) -> int:
    """Return the articles with a full name from which on nobody asks how near those with the surname are."""
    return MANY_OF_FIRST_NAMES if is_first_name(surname) else MANY


def forms_of_people(keys: list[str], weight: Mapping[str, int]) -> dict[str, list[str]]:
    """Return the names of people without middle names, each with its keys."""
    joined = _middle_names_aside(keys, weight)
    forms: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        forms[joined.get(key, key)].append(key)
    return forms


def _bearers(keys: list[str], weight: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """Return for each surname that is given alone those who bear it with the articles of each, most first."""
    joined = _middle_names_aside(keys, weight)
    full = [key for key in keys if " " in key]
    surnames = {tail for key in full if key.count(" ") > 1 for tail in _tails(key)}
    # "van Houten" is a surname, and no second bearer of "Houten".
    lone = {key for key in keys if " " not in key or key in surnames}
    named: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for key in full:
        for tail in _tails(key) if key not in lone else ():
            if tail in lone:
                named[tail][joined.get(key, key)] += weight[key]
    return {key: most(of) for key, of in named.items()}


def _tails(key: str) -> list[str]:
    """Return the surnames of a full name: its last word, and that with the particles before it."""
    rest, _, tail = key.rpartition(" ")
    tails, words = [tail], rest.split()
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
        if len(names) < 2 or not _one_middle([words[1] for words in same], short in plain):
            continue
        best = max(names, key=lambda name: (weight[name], -len(name), name))
        joined |= {name: best for name in names if name != best}
    return joined


def _one_middle(middles: list[str], plain: bool) -> bool:
    """Tell whether all are one middle name or its initial, an initial or the ``plain`` name among them."""
    longest = max(middles, key=len)
    one = all(middle in (longest, longest[0]) for middle in middles)
    return one and (plain or any(len(middle) == 1 for middle in middles))
