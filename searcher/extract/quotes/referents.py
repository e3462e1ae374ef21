"""Whom a noun stands for ("the bank"): features of everybody the article names, and of nobody.

Each is judged by where it is named, by what stands beside its name elsewhere ("Doe, the minister"), and by
the share that the encoder gives it when it is asked about the noun.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from searcher.extract.quotes.entities import Entity, Name
from searcher.extract.quotes.scene import Ref, Scene, singular
from searcher.names.normalise import word_set

__all__ = ["Referent", "named_before", "referents"]

# The model was trained with these numbers: whoever changes one has to train anew (training/quotes).
#: Shares of the encoder that a feature each says are exceeded.
_SHARES: Final = (0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98)
_AROUND: Final = 8  # tokens beside a name in which the noun's other words are looked for
_FAR: Final = 99  # tokens from a name to the noun's word, where it does not stand in the sentence
_NEAR: Final = (0, 1, 3, 7, 15)  # tokens: bounds of the classes of that distance
_SENTENCES: Final = (0, 1, 3, 8)  # bounds of the classes of the distance from the latest mention
_LEAD: Final = 60  # tokens in which the article says whom it is about
_MAX_RANK, _MAX_MODIFIERS = 4, 2
_MAX_NAMED = 500  # who is judged, those named last before the noun first; of 306 articles none names 70
_MAX_MENTIONS = 50  # of one name on either side of the noun; an article of news has fewer
_MAX_HEADS_WITHIN = 10  # occurrences of the head that a noun may hold itself
#: What a noun's head stands before ("head of the bank").
_BEHIND_HEAD: Final = word_set("of who for with in from at that on to") | {","}
_WORD: Final = re.compile(r"[^\W\d_]+")

#: Somebody named, or nobody, with the features of that choice.
Referent = tuple[Entity | None, list[str]]


@dataclass(frozen=True, slots=True)
class _Noun:
    """Tokens ``i`` to ``j`` of a noun, its head and its other words, without a plural's "s"."""

    i: int
    j: int
    head: str
    others: frozenset[str]
    plural: bool

    def has(self, token: int) -> bool:
        return self.i <= token < self.j


def referents(scene: Scene, noun: Ref, names: Mapping[str, float], nobody: float) -> list[Referent]:
    """Everybody whom the noun may stand for, those named last before it first, and at the end nobody.

    ``names`` and ``nobody`` are the shares that the encoder gives when it is asked about the noun.
    """
    found = _noun(scene, noun)
    ranks: dict[str, int] = {}
    rows: list[Referent] = []
    for who, mentions, latest in named_before(scene, found.i):
        rank = ranks.get(who.kind, 0) if latest is not None else None
        if latest is not None:
            ranks[who.kind] = ranks.get(who.kind, 0) + 1
        kind = who.kind[0]
        features = [*_place(scene, found, mentions, latest, rank, kind), *_words(found, who.name, kind)]
        rows.append((who, features + _exceeded(kind, names.get(who.name, 0.0))))
    rows.append((None, _of_nobody(scene, found) + _exceeded("n", nobody)))
    return rows


def _noun(scene: Scene, noun: Ref) -> _Noun:
    low = scene.tokens.low
    end = next((k for k in range(noun.i + 1, noun.j) if low[k] in _BEHIND_HEAD), noun.j)
    head = singular(low[end - 1])
    others = {singular(low[k]) for k in range(noun.i, noun.j) if k != end - 1 and _tells(low[k])}
    return _Noun(noun.i, noun.j, head, frozenset(others), low[end - 1].endswith("s"))


def _tells(word: str) -> bool:
    return len(word) > 3 and word.isalpha()


def named_before(scene: Scene, before: int) -> list[tuple[Entity, list[Name], int | None]]:
    """Everybody named, with those of the mentions that are looked at and the first token of the latest one
    before a token (None: named later only), the latest first."""
    found = []
    for who, mentions in scene.named:
        place = bisect_left(mentions, before, key=lambda name: name.i)
        looked = mentions[max(0, place - _MAX_MENTIONS) : place + _MAX_MENTIONS]
        if looked[0] is not mentions[0]:
            looked = [mentions[0], *looked]
        found.append((who, looked, mentions[place - 1].i if place else None))
    return sorted(found, key=lambda one: -1 if one[2] is None else one[2], reverse=True)[:_MAX_NAMED]


def _place(
    scene: Scene, noun: _Noun, mentions: Sequence[Name], latest: int | None, rank: int | None, kind: str
) -> Iterator[str]:
    tokens = scene.tokens
    distance = min(_distances(scene, noun, mentions), default=_FAR)
    near = sum(distance > bound for bound in _NEAR)
    held = max((_share_beside(scene, noun, name) for name in mentions), default=0.0)
    gone = tokens.sent[noun.i] - tokens.sent[latest] if latest is not None else _FAR
    yield f"k{kind}"
    yield f"beside{int(2 * held)}near{near}"
    yield f"sentences{sum(gone > bound for bound in _SENTENCES)}near{near}"
    yield f"rank{'' if rank is None else min(rank, _MAX_RANK)}{kind}"
    yield f"lead{int(mentions[0].i < _LEAD)}{kind}"


def _distances(scene: Scene, noun: _Noun, mentions: Sequence[Name]) -> Iterator[int]:
    """Tokens between a name and the noun's head nearest to it, where both stand in one sentence."""
    sentence, heads = scene.tokens.sent, scene.places.get(noun.head, [])
    for name in mentions:
        place = bisect_left(heads, name.j)
        before = next(
            (k for k in reversed(heads[max(0, place - _MAX_HEADS_WITHIN) : place]) if not noun.has(k)), None
        )
        after = next((k for k in heads[place : place + _MAX_HEADS_WITHIN] if not noun.has(k)), None)
        if before is not None and sentence[before] == sentence[name.i]:
            yield max(0, name.i - before)
        if after is not None and sentence[after] == sentence[name.i]:
            yield after - name.j + 1


def _share_beside(scene: Scene, noun: _Noun, name: Name) -> float:
    """How many of the noun's other words stand beside the name in its paragraph, as a share of them."""
    if not noun.others:
        return 0.0
    low, paragraph = scene.tokens.low, scene.tokens.para
    places = range(max(0, name.i - _AROUND), min(len(low), name.j + _AROUND))
    beside = {singular(low[k]) for k in places if not noun.has(k) and paragraph[k] == paragraph[name.i]}
    return len(noun.others & beside) / len(noun.others)


def _words(noun: _Noun, name: str, kind: str) -> Iterator[str]:
    """What the noun's words have to do with the name and with its kind."""
    words = [singular(word.lower()) for word in _WORD.findall(name)]
    last, first = words[-1:] == [noun.head], words[:1] == [noun.head]
    yield f"in{int(noun.head in words)}{int(last)}{int(first)}{kind}"
    yield f"other{int(not noun.others.isdisjoint(words))}{kind}"
    yield f"h={noun.head}:{kind}"
    yield f"h3={noun.head[-3:]}:{kind}"
    yield f"plural{int(noun.plural)}{kind}"


def _of_nobody(scene: Scene, noun: _Noun) -> list[str]:
    first = scene.tokens.low[noun.i]
    return [
        "nobody",
        f"nh={noun.head}",
        f"nh3={noun.head[-3:]}",
        f"first={first}",
        f"first={first}{min(_MAX_MODIFIERS, len(noun.others))}",
        f"plural{int(noun.plural)}{first}",
    ]


def _exceeded(kind: str, share: float) -> list[str]:
    return [f"share{kind}{number}" for number, bound in enumerate(_SHARES) if share > bound]
