"""The speaker that the encoder points at: among the names of an article, and by the words that attribute."""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from searcher.article import Mention

if TYPE_CHECKING:
    from searcher.extract.encoder.encoded_text import EncodedText, Question

WORD: Final = re.compile(r"[^\W\d_]+")
_COMPOUND: Final = re.compile(r"[-‐‑]\w")
_MAX_MENTION_UNITS: Final = 20  # maximum length, in units, of the words that attribute
_MAX_START_PLACES: Final = 5  # maximum candidates for the first unit of these words
#: Maximum letters of a pronoun: "er", "hun", "она".
MAX_PRONOUN_LETTERS: Final = 5


@dataclass(frozen=True, slots=True)
class ArticleName:
    """A person or an organisation of the article."""

    name: str
    kind: str


class ArticleNames:
    """The names of an article, by unit and by place of the text."""

    def __init__(self, mentions: Iterable[Mention], reading: EncodedText, offset: int) -> None:
        """``offset`` is where the body starts in the text that was read."""
        self.name_by_unit: dict[int, ArticleName] = {}
        self.places: list[tuple[int, int, ArticleName]] = []
        self._text = reading.text
        known: dict[tuple[str, str], ArticleName] = {}
        for mention in mentions:
            shift = offset if mention.part == "body" else 0
            start, end = mention.start + shift, mention.end + shift
            who = known.setdefault((mention.name, mention.kind), ArticleName(mention.name, mention.kind))
            self.places.append((start, end, who))
            for number in range(reading.unit_at(start), len(reading.units)):
                if reading.units[number].start >= end:
                    break
                self.name_by_unit[number] = who
        self._order = sorted(range(len(self.places)), key=lambda number: self.places[number][0])
        self._starts = [self.places[number][0] for number in self._order]
        self._longest = max((end - start for start, end, _ in self.places), default=0)

    def _names_starting_between(self, start: int, end: int) -> Iterator[tuple[int, int, ArticleName]]:
        low, high = bisect_left(self._starts, start), bisect_right(self._starts, end)
        return (self.places[number] for number in sorted(self._order[low:high]))

    def names_within(self, start: int, end: int) -> dict[ArticleName, float]:
        """Return the names that overlap a part of the text, with the share of the part that each covers.

        Of “an official of the White House”, the name is half. The first half of a compound does not count
        (“HZB-Sprecherin”).
        """
        shares: dict[ArticleName, float] = {}
        for first, last, who in self._names_starting_between(start - self._longest, end):
            inside = start <= first and last <= end and not _COMPOUND.match(self._text, last, end)
            if inside or (first <= start and end <= last):
                share = (min(last, end) - max(first, start)) / (end - start)
                shares[who] = max(share, shares.get(who, 0.0))
        return shares


@dataclass(frozen=True, slots=True)
class PointedAnswer:
    """The encoder's answer about a span, in places of the text.

    Attributes:
        speech: Probability that it is speech.
        mention: Most likely place of the words that attribute it, with the probability ``mention_share``.
        unattributed: Probability that no words attribute it.
        names: Probability of each name. That of no name is ``nobody``.
    """

    speech: float
    mention: tuple[int, int] | None
    mention_share: float
    unattributed: float
    names: Mapping[ArticleName, float]
    nobody: float

    @property
    def attribution(self) -> tuple[int, int] | None:
        """The place of the words that attribute it, if probably there are any."""
        return self.mention if self.mention_share > self.unattributed else None


def pointed_answer(question: Question, reading: EncodedText, table: ArticleNames) -> PointedAnswer:
    """Translate an answer from pieces of a window to names and places of the text."""
    answer = question.answer
    share, place = _likeliest_mention(question, reading)
    names: dict[ArticleName, float] = defaultdict(float)
    for number, part in zip(question.unit.tolist(), answer.names.tolist()):
        who = table.name_by_unit.get(number)
        if who:
            names[who] += part
    nothing = float(answer.starts[0] * answer.ends[0])
    speech = 1 / (1 + math.exp(-answer.speech))
    return PointedAnswer(speech, place, share, nothing, names, float(answer.names[0]))


def _likeliest_mention(question: Question, reading: EncodedText) -> tuple[float, tuple[int, int] | None]:
    """Return the most likely words of one line that attribute a span: their probability and place."""
    starts, ends = question.answer.starts, question.answer.ends
    units: Sequence[int] = question.unit.tolist()
    best, place = 0.0, None
    for start in ((-starts[1:-1]).argsort()[:_MAX_START_PLACES] + 1).tolist():
        for end in range(start, len(units) - 1):
            length = units[end] - units[start]
            if units[start] < 0 or units[end] < 0 or length >= _MAX_MENTION_UNITS:
                break
            share = float(starts[start] * ends[end])
            if share > best:
                best, place = share, (units[start], units[end])
    if place is None:
        return 0.0, None
    return best, (reading.units[place[0]].start, reading.units[place[1]].end)


@dataclass(frozen=True, slots=True)
class NameScores:
    """Scores of the names and of nobody. ``named`` is the largest share of ``mention`` that is a name."""

    names: dict[ArticleName, float]
    nobody: float
    mention: tuple[int, int] | None
    named: float = 0.0


def name_scores(text: str, answer: PointedAnswer, table: ArticleNames) -> NameScores:
    """Add the names in the words that attribute to the names that the encoder points at."""
    mention = answer.attribution
    names = dict(answer.names)
    if mention is None:
        return NameScores(names, answer.nobody, None)
    inside = table.names_within(*mention)
    for who, share in inside.items():
        names[who] = names.get(who, 0.0) + answer.mention_share * share
    is_pronoun = mention[1] - mention[0] <= MAX_PRONOUN_LETTERS and text[slice(*mention)].isalpha()
    nobody = 0.0 if is_pronoun and not inside else answer.nobody
    return NameScores(names, nobody, mention, max(inside.values(), default=0.0))
