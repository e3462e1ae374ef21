"""Decide who said each stretch of speech, over the whole article."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from searcher.article import SpeakerKind
from searcher.extensions.languages.stretches import Stretch
from searcher.extract.quotes.named_units import WORD, ArticleName, ArticleNames, PointedAnswer, name_scores
from searcher.extract.quotes.reasons import Doubt, Reason, ranked_candidates

_STRAIGHT_MARK: Final = re.compile(r'\s*"')
#: Minimum letters of a descriptive word. Only this many of its first letters are compared.
MIN_LETTERS: Final = 6
#: Maximum characters between a name and the words that describe it.
MAX_DISTANCE: Final = 30
#: Maximum number of names next to a descriptive word that are considered.
MAX_PLACES: Final = 100
#: Weight of a description as evidence for a speaker.
WEIGHT_OF_DESCRIPTION: Final = 2.0
#: Descriptions count only if a smaller share of the mention is a name.
MAX_NAMED_SHARE: Final = 0.7
#: Slope and shift that turn the log odds of a speaker into a confidence. Fitted to labelled articles, where
#: 3 % of the people with a confidence of at least .7 are wrong.
CONFIDENCE_SLOPE: Final = 0.55
CONFIDENCE_SHIFT: Final = -0.5
#: Maximum probability of a speaker, which keeps the log odds finite.
MAX_SHARE: Final = 0.999
#: Number subtracted from the log odds for each doubt.
LOG_ODDS_LOST: Final[Mapping[Doubt, float]] = {"open": 2.0, "vague": 2.0, "far": 0.5}
MIN_VAGUE_WORDS: Final = 6  # an attribution of this many words is vague
MIN_FAR_CHARACTERS: Final = 150  # an attribution is far if it is this many characters away
#: A stretch without an attribution has the previous speaker, with the confidence multiplied by this factor.
CARRIED_SHARE: Final = 0.5


class Descriptions:
    """The words next to the names of people in a text ("Doe, the minister")."""

    def __init__(self, text: str, places: Iterable[tuple[int, int, ArticleName]]) -> None:
        self._text = text
        self._places = [place for place in places if place[2].kind == "person"]

    def of(self, mention: tuple[int, int]) -> Mapping[ArticleName, float]:
        """Return the people described elsewhere by the words of a mention, with the share of the words."""
        prefixes = _beginnings(self._text[slice(*mention)])
        shares: dict[ArticleName, float] = {}
        numbers = {number for word in prefixes for number in self._places_by_word.get(word, ())}
        for number in sorted(numbers):
            start, end, who = self._places[number]
            if start < mention[1] and mention[0] < end:
                continue
            shared = prefixes & _beginnings(self._line_around(start, end, mention))
            if shared:
                shares[who] = max(len(shared) / len(prefixes), shares.get(who, 0.0))
        return shares

    @cached_property
    def _places_by_word(self) -> Mapping[str, list[int]]:
        """The numbers of the places next to each word, by the start of the word."""
        places: dict[str, list[int]] = defaultdict(list)
        for number, (start, end, _) in enumerate(self._places):
            for word in _beginnings(self._line_around(start, end)):
                if len(places[word]) < MAX_PLACES:
                    places[word].append(number)
        return places

    def _line_around(self, start: int, end: int, mention: tuple[int, int] = (-1, -1)) -> str:
        """Return the text next to a name in its line, up to the mention."""
        before = self._text[max(0, start - MAX_DISTANCE, mention[1] if mention[1] <= start else 0) : start]
        stop = end + MAX_DISTANCE
        after = self._text[end : min(stop, mention[0]) if mention[0] >= end else stop]
        return " ".join((before.rpartition("\n")[2], after.partition("\n")[0]))


def _beginnings(words: str) -> set[str]:
    return {word[:MIN_LETTERS] for word in WORD.findall(words.lower()) if len(word) >= MIN_LETTERS}


@dataclass(frozen=True, slots=True)
class DisplayedSpeaker:
    """A speaker as displayed, or ``name=None``, and the place of the words that attribute."""

    name: str | None
    kind: SpeakerKind | None
    confidence: float
    mention: tuple[int, int] | None
    reason: Reason


def speakers_of(
    text: str,
    stretches: Sequence[Stretch],
    answers: Sequence[PointedAnswer],
    table: ArticleNames,
    offset: int,
) -> list[DisplayedSpeaker]:
    """Return the speaker of each stretch. The body starts at ``offset`` of the text that was read."""
    descriptions = Descriptions(text, table.places)
    speakers: list[DisplayedSpeaker] = []
    for number, (stretch, answer) in enumerate(zip(stretches, answers)):
        speaker = _most_likely_speaker(text, answer, table, descriptions)
        end = stretches[number - 1].end + offset if number else 0
        # True if the previous stretch is in the same paragraph or in the one before.
        is_adjacent = number and text.count("\n\n", end, stretch.start + offset) <= 1
        if is_adjacent and speaker.name is None:
            before = speakers[-1]
            reason = replace(before.reason, doubts=("carried",))
            confidence = CARRIED_SHARE * before.confidence
            speaker = replace(before, mention=None, confidence=confidence, reason=reason)
        speakers.append(speaker)
    return [
        _with_confidence(speaker, answer.speech, tuple(_doubts(text, speaker, stretch, offset)))
        for speaker, stretch, answer in zip(speakers, stretches, answers)
    ]


def _doubts(text: str, speaker: DisplayedSpeaker, stretch: Stretch, offset: int) -> Iterator[Doubt]:
    """Yield doubts that the encoder does not consider."""
    is_open = not stretch.closed and text[stretch.outer_start + offset] == '"'
    if is_open and not _STRAIGHT_MARK.match(text, stretch.outer_end + offset):
        yield "open"
    if speaker.mention:
        first, last = speaker.mention
        start, end = stretch.start + offset, stretch.end + offset
        if len(text[first:last].split()) >= MIN_VAGUE_WORDS:
            yield "vague"
        if max(first - end, start - last) >= MIN_FAR_CHARACTERS:
            yield "far"


def _with_confidence(speaker: DisplayedSpeaker, speech: float, doubts: tuple[Doubt, ...]) -> DisplayedSpeaker:
    """Set the confidence from the probabilities of speech and speaker, and the doubts."""
    share = min(max(speech * speaker.confidence, 1 - MAX_SHARE), MAX_SHARE)
    odds = CONFIDENCE_SLOPE * math.log(share / (1 - share)) + CONFIDENCE_SHIFT
    odds -= sum(LOG_ODDS_LOST[doubt] for doubt in doubts)
    confidence = 1 / (1 + math.exp(-odds)) if speaker.name else 0.0
    reason = replace(speaker.reason, speech=speech, doubts=(*speaker.reason.doubts, *doubts))
    return replace(speaker, confidence=confidence, reason=reason)


def _most_likely_speaker(
    text: str, answer: PointedAnswer, table: ArticleNames, descriptions: Descriptions
) -> DisplayedSpeaker:
    """Return the most likely name, or the words that attribute."""
    shares = name_scores(text, answer, table)
    names, mention = shares.names, shares.mention
    if mention and shares.named < MAX_NAMED_SHARE:
        for who, share in descriptions.of(mention).items():
            names[who] = names.get(who, 0.0) + WEIGHT_OF_DESCRIPTION * answer.mention_share * share
    ranked = sorted(names, key=names.__getitem__, reverse=True)
    candidates = [*((who.name, names[who]) for who in ranked), (None, shares.nobody)]
    reason = Reason(("network",), ranked_candidates(candidates))
    if ranked:
        share = names[ranked[0]]
        rival = max(shares.nobody, names[ranked[1]] if len(ranked) > 1 else 0.0)
        if share > shares.nobody:
            share = min(share, 1.0) * share / (share + rival)
            return DisplayedSpeaker(ranked[0].name, _kind_of(ranked[0]), share, mention, reason)
    if mention:
        return DisplayedSpeaker(text[slice(*mention)], "unnamed", answer.mention_share, mention, reason)
    return DisplayedSpeaker(None, None, 0.0, None, reason)


def _kind_of(who: ArticleName) -> SpeakerKind:
    return "person" if who.kind == "person" else "organisation"
