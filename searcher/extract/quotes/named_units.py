"""Who is named by which units of an article, and what the encoder points at for one stretch of speech."""

from __future__ import annotations

import itertools
import math
import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from searcher.article import Mention

if TYPE_CHECKING:
    from searcher.extract.encoder.encoded_text import EncodedText, Question

WORD: Final = re.compile(r"[^\W\d_]+")
_COMPOUND: Final = re.compile(r"[-‐‑]\w")
_FADING_CHARACTERS: Final = 600.0  # characters behind which a name counts a third
#: Names that count: those before them stand far beyond where one counts anything.
_MAX_RECENT_NAMES: Final = 500
_MAX_MENTION_UNITS: Final = 20  # units of a mention
_MAX_START_PLACES: Final = 5  # places that are tried for its beginning
#: What "nobody" counts beside a name, and beside one in the words that attribute: swept on languages-dev.
WEIGHT_OF_NOBODY: Final = 1.0
WEIGHT_OF_NOBODY_OF_MENTIONS: Final = 0.7
#: Letters of a mention of one word that stands for a name of the article: "er", "hun", "она".
MAX_PRONOUN_LETTERS: Final = 5
#: What the words that attribute count beside the pointer to names, where they are a name and nothing else.
WEIGHT_OF_MENTION: Final = 1.0
#: What it adds to a person's probability to be the one named last before a pronoun.
WEIGHT_OF_LATEST: Final = 0.05


@dataclass(frozen=True, slots=True)
class NamedUnit:
    """A person or an organisation of the article."""

    name: str
    kind: str


class NamedUnits:
    """Who is named by which units of an article."""

    def __init__(self, mentions: Iterable[Mention], reading: EncodedText, offset: int) -> None:
        self.by_unit: dict[int, NamedUnit] = {}
        self.places: list[tuple[int, int, NamedUnit]] = []
        self._text = reading.text
        known: dict[tuple[str, str], NamedUnit] = {}
        for mention in mentions:
            shift = offset if mention.part == "body" else 0
            start, end = mention.start + shift, mention.end + shift
            who = known.setdefault((mention.name, mention.kind), NamedUnit(mention.name, mention.kind))
            self.places.append((start, end, who))
            for number in range(reading.unit_at(start), len(reading.units)):
                if reading.units[number].start >= end:
                    break
                self.by_unit[number] = who
        self._last_words = _last_words(known.values())
        self._order = sorted(range(len(self.places)), key=lambda number: self.places[number][0])
        self._firsts = [self.places[number][0] for number in self._order]
        ordered = map(self.places.__getitem__, self._order)
        self._people = [(first, who) for first, _, who in ordered if who.kind == "person"]
        self._longest = max((last - first for first, last, _ in self.places), default=0)

    def _between(self, start: int, end: int) -> Iterator[tuple[int, int, NamedUnit]]:
        """The places that begin from one place of the text to another."""
        low, high = bisect_left(self._firsts, start), bisect_right(self._firsts, end)
        return (self.places[number] for number in sorted(self._order[low:high]))

    def units_within(self, start: int, end: int) -> dict[NamedUnit, float]:
        """Those whose name lies in a part of the text, or around it, with the share of the part that the name
        is: of “an official of the White House” the house is half.

        What only begins a compound is no name (“HZB-Sprecherin”). Where no name was found, the last word of
        one that stands elsewhere is (“the cheerful Torgersen”, “Atim:”).
        """
        shares: dict[NamedUnit, float] = {}
        for first, last, who in self._between(start - self._longest, end):
            inside = start <= first and last <= end and not _COMPOUND.match(self._text, last, end)
            if inside or (first <= start and end <= last):
                share = (min(last, end) - max(first, start)) / (end - start)
                shares[who] = max(share, shares.get(who, 0.0))
        if not shares:
            for word in WORD.finditer(self._text, start, end):
                meant = self._last_words.get(word.group())
                if meant and not _COMPOUND.match(self._text, word.end(), end):
                    shares[meant] = len(word.group()) / (end - start)
        return shares

    def units_before(self, place: int) -> Mapping[NamedUnit, float]:
        """The people named before a place, with shares that fall by distance."""
        weights: dict[NamedUnit, float] = defaultdict(float)
        before = bisect_left(self._people, place, key=lambda one: one[0])
        for first, who in self._people[max(0, before - _MAX_RECENT_NAMES) : before]:
            weights[who] += math.exp((first - place) / _FADING_CHARACTERS)
        total = sum(weights.values())
        return {who: weight / total for who, weight in weights.items()} if total else {}


def _last_words(known: Iterable[NamedUnit]) -> Mapping[str, NamedUnit]:
    """The people of an article by the last word of their names, where only one has it."""
    found: dict[str, list[NamedUnit]] = defaultdict(list)
    for who in known:
        words = WORD.findall(who.name)
        if who.kind == "person" and len(words) > 1 and words[-1][0].isupper():
            found[words[-1]].append(who)
    return {word: people[0] for word, people in found.items() if len(people) == 1}


@dataclass(frozen=True, slots=True)
class PointedAnswer:
    """What one stretch points at: ``mention`` is the place of the words that attribute it, ``nothing`` the
    probability that there are none; ``names`` has that of each name, ``nobody`` that of no name."""

    speech: float
    mention: tuple[int, int] | None
    mention_share: float
    nothing: float
    names: Mapping[NamedUnit, float]
    nobody: float

    @property
    def attribution(self) -> tuple[int, int] | None:
        """The place of the words that attribute it, where there more likely are some than none."""
        return self.mention if self.mention_share > self.nothing else None


def pointed_answer(question: Question, reading: EncodedText, table: NamedUnits) -> PointedAnswer:
    """The answer of a stretch, in places of the text that was read."""
    answer = question.answer
    share, place = _likeliest_mention(question, reading)
    names: dict[NamedUnit, float] = defaultdict(float)
    for number, part in zip(question.unit.tolist(), answer.names.tolist()):
        who = table.by_unit.get(number)
        if who:
            names[who] += part
    nothing = float(answer.starts[0] * answer.ends[0])
    speech = 1 / (1 + math.exp(-answer.speech))
    return PointedAnswer(speech, place, share, nothing, names, float(answer.names[0]))


def resolved_answer(one: PointedAnswer, words: PointedAnswer) -> PointedAnswer:
    """The answer of a stretch with the mean of both pointers to names, where the mention was asked."""
    names: dict[NamedUnit, float] = defaultdict(float)
    for who, share in itertools.chain(one.names.items(), words.names.items()):
        names[who] += share / 2
    return replace(one, names=names, nobody=(one.nobody + words.nobody) / 2)


def _likeliest_mention(question: Question, reading: EncodedText) -> tuple[float, tuple[int, int] | None]:
    """The likeliest words of one line that attribute the stretch, with their probability."""
    starts, ends = question.answer.starts, question.answer.ends
    units: Sequence[int] = question.unit.tolist()
    best, place = 0.0, None
    for start in ((-starts[1:-1]).argsort()[:_MAX_START_PLACES] + 1).tolist():
        for end in range(start, len(units) - 1):
            gone = units[end] - units[start]
            if units[start] < 0 or units[end] < 0 or gone >= _MAX_MENTION_UNITS:
                break
            share = float(starts[start] * ends[end])
            if share > best:
                best, place = share, (units[start], units[end])
    if place is None:
        return 0.0, None
    return best, (reading.units[place[0]].start, reading.units[place[1]].end)


@dataclass(frozen=True, slots=True)
class Shares:
    """What speaks for each name, and for nobody; ``named`` is the largest share of ``mention`` that is a
    name."""

    names: dict[NamedUnit, float]
    nobody: float
    mention: tuple[int, int] | None
    named: float = 0.0


def shares_of(text: str, one: PointedAnswer, table: NamedUnits) -> Shares:
    """Both pointers together, and who was named last before a pronoun."""
    mention = one.attribution
    names = dict(one.names)
    if mention is None:
        return Shares(names, WEIGHT_OF_NOBODY * one.nobody, None)
    inside = table.units_within(*mention)
    for who, share in inside.items():
        add_share(names, who, WEIGHT_OF_MENTION * one.mention_share * share)
    if not inside and mention[1] - mention[0] <= MAX_PRONOUN_LETTERS and text[slice(*mention)].isalpha():
        for who, share in table.units_before(mention[0]).items():
            add_share(names, who, WEIGHT_OF_LATEST * share)
        return Shares(names, 0.0, mention)
    nobody = (WEIGHT_OF_NOBODY_OF_MENTIONS if inside else WEIGHT_OF_NOBODY) * one.nobody
    return Shares(names, nobody, mention, max(inside.values(), default=0.0))


def add_share(names: dict[NamedUnit, float], who: NamedUnit, share: float) -> None:
    names[who] = names.get(who, 0.0) + share
