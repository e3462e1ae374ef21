"""Who said each stretch: what the encoder answers about it, and what the whole article tells.

“The coach” is who is called so beside his name elsewhere: words are compared by their beginnings, short ones
left out, so that no language needs a list of articles. All stretches are decided over together.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from searcher.article import SpeakerKind
from searcher.extensions.languages.stretches import Stretch
from searcher.extract.quotes.named_units import (
    WORD,
    NamedUnit,
    NamedUnits,
    PointedAnswer,
    add_share,
    shares_of,
)
from searcher.extract.quotes.reasons import Doubt, Reason, ranked_candidates

if TYPE_CHECKING:
    pass


_STRAIGHT_MARK: Final = re.compile(r'\s*"')
#: Verbs without a subject that attribute the quotation before them to a text or an institution, and the rest
#: of their clause, which may name a person.
_IMPERSONAL: Final = re.compile(
    r"[^\w\n.]*(?:podano|dodano|napisano|przekazano|poinformowano|zaznaczono|podkreślono|wyjaśniono|zapewniono"
    r"|stwierdzono|ogłoszono|oświadczono|podsumowano|(?:heißt|hieß) es|heter det|hedder det|står det"
    r"|зазначено|повідомлено|наголошено|повідомляється|сообщается|отмечается|говорится)\b([^.!?…\n]*)",
    re.IGNORECASE,
)
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
    return {word[:MIN_LETTERS] for word in WORD.findall(words.lower()) if len(word) >= MIN_LETTERS}


#: What they count where they describe somebody, and the share of them that is a name at most.
WEIGHT_OF_DESCRIPTION: Final = 2.0
MAX_NAMED_SHARE: Final = 0.7
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


def _speaker_alone(
    text: str, one: PointedAnswer, table: NamedUnits, descriptions: Descriptions
) -> ShownSpeaker:
    """The likeliest name; else the words of the mention."""
    shares = shares_of(text, one, table)
    names, mention = shares.names, shares.mention
    if mention and shares.named < MAX_NAMED_SHARE:
        for who, share in descriptions.of(mention).items():
            add_share(names, who, WEIGHT_OF_DESCRIPTION * one.mention_share * share)
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
