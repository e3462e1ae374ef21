"""Surnames that one article spells in two ways: "Volcker" and once "Vocker", "Zelenskyy" and "Zelensky"."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

__all__ = ["as_spelt"]

Name = tuple[str, ...]

_LEAST: Final = 6  # letters; two shorter surnames that are alike are rather two people's
_MOST: Final = 2  # places of a misprint …
_TIMES: Final = 2  # … and as often has the other spelling to stand
# Endings that are written down in several ways from other alphabets.
_ENDINGS = re.compile(r"(?<=[sz]k)(?:iy|yy|yi|ii|ij|y)$|(?<=[^aeiou])(?:iy|yy|ij)$")


def as_spelt(names: Sequence[Name]) -> list[Name]:
    """The names, with each surname as full names of the same article spell it most."""
    counts = Counter(name[-1] for name in names if name)
    known = defaultdict(list)
    for surname in {name[-1] for name in names if len(name) > 1 and len(name[-1]) >= _LEAST - 1}:
        known[surname[0]].append(surname)
    meant = {word: other for word in counts if (other := _meant(word, known, counts))}
    return [(*name[:-1], meant[name[-1]]) if name and name[-1] in meant else name for name in names]


def _meant(word: str, known: Mapping[str, Sequence[str]], counts: Mapping[str, int]) -> str | None:
    if len(word) < _LEAST:
        return None
    plain = _ENDINGS.sub("i", word)
    surnames = known.get(word[0], ())
    like = [
        other
        for other in surnames
        if other != word
        and (
            (_ENDINGS.sub("i", other) == plain and (word not in surnames or counts[other] > counts[word]))
            or (_TIMES * counts[word] <= counts[other] and counts[word] <= _MOST and _one_off(word, other))
        )
    ]
    return like[0] if len(like) == 1 else None


def _one_off(word: str, other: str) -> bool:
    """Whether a letter is missing, too many, wrong or in another's place; "s" at the end makes a family."""
    if word in (f"{other}s", other.removesuffix("s")):
        return False
    start = next((n for n, (a, b) in enumerate(zip(word, other)) if a != b), min(len(word), len(other)))
    rest, others = word[start:], other[start:]
    swapped = rest[:2] == others[1::-1] and len(rest) > 1
    return (
        rest[1:] == others[1:]
        or rest[1:] == others
        or rest == others[1:]
        or (swapped and rest[2:] == others[2:])
    )
