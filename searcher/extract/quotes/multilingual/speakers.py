"""Who said each stretch: what the encoder answers about it, and what the whole article tells.

“The coach” is who is called so beside his name elsewhere: words are compared by their beginnings, short ones
left out, so that no language needs a list of articles. All stretches are decided over together.
"""

from __future__ import annotations

import itertools
import math
import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from searcher.article import Mention, SpeakerKind
from searcher.extract.quotes.multilingual.stretches import Stretch
from searcher.extract.quotes.reasons import Doubt, Reason, ranked_candidates

if TYPE_CHECKING:
    from searcher.extract.encoder.encoded_text import EncodedText, Question


_WORD: Final = re.compile(r"[^\W\d_]+")
_STRAIGHT_MARK: Final = re.compile(r'\s*"')
_COMPOUND: Final = re.compile(r"[-‐‑]\w")
_FADING_CHARACTERS: Final = 600.0  # characters behind which a name counts a third
#: Names that count: those before them stand far beyond where one counts anything.
_MAX_RECENT_NAMES: Final = 500
#: Verbs without a subject that attribute the quotation before them to a text or an institution, and the rest
#: of their clause, which may name a person.
_IMPERSONAL: Final = re.compile(
    r"[^\w\n.]*(?:podano|dodano|napisano|przekazano|poinformowano|zaznaczono|podkreślono|wyjaśniono|zapewniono"
    r"|stwierdzono|ogłoszono|oświadczono|podsumowano|(?:heißt|hieß) es|heter det|hedder det|står det"
    r"|зазначено|повідомлено|наголошено|повідомляється|сообщается|отмечается|говорится)\b([^.!?…\n]*)",
    re.IGNORECASE,
)
_MAX_MENTION_UNITS: Final = 20  # units of a mention
_MAX_START_PLACES: Final = 5  # places that are tried for its beginning


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
            for word in _WORD.finditer(self._text, start, end):
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
        words = _WORD.findall(who.name)
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


#: Letters of a word that may describe somebody, those compared, and characters beside a name that describe.
MIN_LETTERS: Final = 6
MAX_DISTANCE: Final = 30
#: Places with one word beside them that are looked at, the first: an article of news has fewer than 20.
MAX_PLACES: Final = 100


class Descriptions:
    """The words beside the names of people in a text."""

    def __init__(self, text: str, places: Iterable[tuple[int, int, NamedUnit]]) -> None:
        self._text = text
        self._places = [place for place in places if place[2].kind == "person"]

    def of(self, mention: tuple[int, int]) -> Mapping[NamedUnit, float]:
        """Return the people beside whose name, elsewhere, words of a mention stand, with the share."""
        wanted = _beginnings(self._text[slice(*mention)])
        found: dict[NamedUnit, float] = {}
        numbers = {number for word in wanted for number in self._places_by_word.get(word, ())}
        for number in sorted(numbers):
            start, end, who = self._places[number]
            if start < mention[1] and mention[0] < end:
                continue
            shared = wanted & _beginnings(self._line_around(start, end, mention))
            if shared:
                found[who] = max(len(shared) / len(wanted), found.get(who, 0.0))
        return found

    @cached_property
    def _places_by_word(self) -> Mapping[str, list[int]]:
        """By the beginning of a word: the numbers of the places that it stands beside."""
        found: dict[str, list[int]] = defaultdict(list)
        for number, (start, end, _) in enumerate(self._places):
            for word in _beginnings(self._line_around(start, end)):
                if len(found[word]) < MAX_PLACES:
                    found[word].append(number)
        return found

    def _line_around(self, start: int, end: int, mention: tuple[int, int] = (-1, -1)) -> str:
        """What stands on either side of a name in its line, as far as no mention stands between."""
        before = self._text[max(0, start - MAX_DISTANCE, mention[1] if mention[1] <= start else 0) : start]
        stop = end + MAX_DISTANCE
        after = self._text[end : min(stop, mention[0]) if mention[0] >= end else stop]
        return " ".join((before.rpartition("\n")[2], after.partition("\n")[0]))


def _beginnings(words: str) -> set[str]:
    return {word[:MIN_LETTERS] for word in _WORD.findall(words.lower()) if len(word) >= MIN_LETTERS}


#: What "nobody" counts beside a name, and beside one in the words that attribute: swept on languages-dev.
WEIGHT_OF_NOBODY: Final = 1.0
WEIGHT_OF_NOBODY_OF_MENTIONS: Final = 0.7
#: Letters of a mention of one word that stands for a name of the article: "er", "hun", "она".
MAX_PRONOUN_LETTERS: Final = 5
#: What the words that attribute count beside the pointer to names, where they are a name and nothing else.
WEIGHT_OF_MENTION: Final = 1.0
#: What they count where they describe somebody, and the share of them that is a name at most.
WEIGHT_OF_DESCRIPTION: Final = 2.0
MAX_NAMED_SHARE: Final = 0.7
#: What it adds to a person's probability to be the one named last before a pronoun.
WEIGHT_OF_LATEST: Final = 0.05
#: What becomes of the log odds of an answer, and the share beyond which one is as good as another: of people
#: named with .7 or more on languages-dev, left_out and unread but for English 3 % are wrong.
CONFIDENCE_SLOPE: Final = 0.55
CONFIDENCE_SHIFT: Final = -0.5
MAX_SHARE: Final = 0.999
#: What a doubt takes from these log odds: there 10 of 15 open or vague ones were wrong, from .7 on 6 of 39
#: far ones; of a person after an impersonal verb less than the default threshold of a question is left.
#: Then the minimum words of a vague mention, and the minimum characters to a far one.
LOG_ODDS_LOST: Final[Mapping[Doubt, float]] = {"open": 2.0, "vague": 2.0, "far": 0.5, "impersonal": 3.5}
MIN_VAGUE_WORDS: Final = 6
MIN_FAR_CHARACTERS: Final = 150
#: How much of a speaker's confidence is left for what follows without any attribution.
CARRIED_SHARE: Final = 0.5


@dataclass(frozen=True, slots=True)
class ShownSpeaker:
    """Who it is, as shown, and the place of the words that say so; ``name`` is None for nobody."""

    name: str | None
    kind: SpeakerKind | None
    confidence: float
    mention: tuple[int, int] | None
    reason: Reason


def speakers_of(
    text: str, stretches: Sequence[Stretch], found: Sequence[PointedAnswer], table: NamedUnits, offset: int
) -> list[ShownSpeaker]:
    """The speaker of each stretch; places are those of the text that was read."""
    descriptions = Descriptions(text, table.places)
    speakers: list[ShownSpeaker] = []
    for number, (stretch, one) in enumerate(zip(stretches, found)):
        speaker = _speaker_alone(text, one, table, descriptions)
        end = stretches[number - 1].end + offset if number else 0
        # In the paragraph of the one before it, or in the next one.
        adjoins = number and text.count("\n\n", end, stretch.start + offset) <= 1
        if adjoins and speaker.name is None:
            before = speakers[-1]
            reason = replace(before.reason, doubts=("carried",))
            speaker = replace(
                before, mention=None, confidence=CARRIED_SHARE * before.confidence, reason=reason
            )
        speakers.append(speaker)
    return [
        _weighed_speaker(speaker, one.speech, tuple(_doubts(text, speaker, stretch, offset, table)))
        for speaker, stretch, one in zip(speakers, stretches, found)
    ]


def _doubts(
    text: str, speaker: ShownSpeaker, stretch: Stretch, offset: int, table: NamedUnits
) -> Iterator[Doubt]:
    """What speaks against a speaker that the encoder does not see."""
    straight = not stretch.closed and text[stretch.outer_start + offset] == '"'
    if straight and not _STRAIGHT_MARK.match(text, stretch.outer_end + offset):
        yield "open"
    after = _IMPERSONAL.match(text, stretch.outer_end + offset) if speaker.kind == "person" else None
    if after and not table.units_within(*after.span(1)):
        yield "impersonal"
    if speaker.mention:
        first, last = speaker.mention
        start, end = stretch.start + offset, stretch.end + offset
        if len(text[first:last].split()) >= MIN_VAGUE_WORDS:
            yield "vague"
        if max(first - end, start - last) >= MIN_FAR_CHARACTERS:
            yield "far"


def _weighed_speaker(speaker: ShownSpeaker, speech: float, doubts: tuple[Doubt, ...]) -> ShownSpeaker:
    """The speaker with a confidence, of the probability of speech times the speaker's, and of the doubts."""
    share = min(max(speech * speaker.confidence, 1 - MAX_SHARE), MAX_SHARE)
    odds = CONFIDENCE_SLOPE * math.log(share / (1 - share)) + CONFIDENCE_SHIFT
    odds -= sum(LOG_ODDS_LOST[doubt] for doubt in doubts)
    confidence = 1 / (1 + math.exp(-odds)) if speaker.name else 0.0
    reason = replace(speaker.reason, speech=speech, doubts=(*speaker.reason.doubts, *doubts))
    return replace(speaker, confidence=confidence, reason=reason)


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
        _add(names, who, WEIGHT_OF_MENTION * one.mention_share * share)
    if not inside and mention[1] - mention[0] <= MAX_PRONOUN_LETTERS and text[slice(*mention)].isalpha():
        for who, share in table.units_before(mention[0]).items():
            _add(names, who, WEIGHT_OF_LATEST * share)
        return Shares(names, 0.0, mention)
    nobody = (WEIGHT_OF_NOBODY_OF_MENTIONS if inside else WEIGHT_OF_NOBODY) * one.nobody
    return Shares(names, nobody, mention, max(inside.values(), default=0.0))


def _add(names: dict[NamedUnit, float], who: NamedUnit, share: float) -> None:
    names[who] = names.get(who, 0.0) + share


def _speaker_alone(
    text: str, one: PointedAnswer, table: NamedUnits, descriptions: Descriptions
) -> ShownSpeaker:
    """The likeliest name; else the words of the mention."""
    shares = shares_of(text, one, table)
    names, mention = shares.names, shares.mention
    if mention and shares.named < MAX_NAMED_SHARE:
        for who, share in descriptions.of(mention).items():
            _add(names, who, WEIGHT_OF_DESCRIPTION * one.mention_share * share)
    likeliest = sorted(names, key=names.__getitem__, reverse=True)
    candidates = [*((who.name, names[who]) for who in likeliest), (None, shares.nobody)]
    reason = Reason(("network",), ranked_candidates(candidates))
    if likeliest:
        share = names[likeliest[0]]
        rival = max(shares.nobody, names[likeliest[1]] if len(likeliest) > 1 else 0.0)
        if share > shares.nobody:
            share = min(share, 1.0) * share / (share + rival)
            return ShownSpeaker(likeliest[0].name, _kind_of(likeliest[0]), share, mention, reason)
    if mention:
        return ShownSpeaker(text[slice(*mention)], "unnamed", one.mention_share, mention, reason)
    return ShownSpeaker(None, None, 0.0, None, reason)


def _kind_of(who: NamedUnit) -> SpeakerKind:
    return "person" if who.kind == "person" else "organisation"
