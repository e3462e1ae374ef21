"""Who said each stretch, decided over all stretches of an article."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from searcher.article import SpeakerKind
from searcher.extract.quotes.multilingual.pointers import Named, Pointed, Table
from searcher.extract.quotes.multilingual.stretches import Stretch

__all__ = ["Shares", "Speaker", "shares_of", "speakers_of"]

#: What "nobody" counts beside a name: the pointer was taught by text in which half of the speakers are
#: unnamed.
NOBODY: Final = 0.5
#: Letters of a mention of one word that stands for a name of the article, whatever the language: "er",
#: "hun", "она".
MAX_PRONOUN: Final = 5
#: What the words that attribute count beside the pointer to names, where they hold a name.
MENTION: Final = 2.0
#: What it adds to a person's probability to be the one named last before a pronoun, and before other words.
LATELY: Final = 0.05
LATELY_OF_NOMINALS: Final = 0.02
#: How much of a speaker's confidence is left for what follows without any attribution.
CARRIED: Final = 0.5


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who it is, as shown, and the place of the words that say so; ``name`` is None where nobody is to be
    found."""

    name: str | None
    kind: SpeakerKind | None
    confidence: float
    mention: tuple[int, int] | None = None


def speakers_of(
    text: str,
    stretches: Sequence[Stretch],
    found: Sequence[Pointed],
    table: Table,
    offset: int,
    confidence: Callable[[float], float],
) -> list[Speaker]:
    """The speaker of each stretch; places are those of the text that was read.

    ``confidence`` says how often an answer of a probability is right: that of speech times the speaker's.
    """
    speakers: list[Speaker] = []
    for number, (stretch, one) in enumerate(zip(stretches, found)):
        speaker = _alone(text, one, table)
        if number and speaker.name is None and _adjoins(text, stretches[number - 1], stretch, offset):
            before = speakers[-1]
            speaker = replace(before, mention=None, confidence=CARRIED * before.confidence)
        speakers.append(speaker)
    return [
        replace(speaker, confidence=confidence(one.speech * speaker.confidence) if speaker.name else 0.0)
        for speaker, one in zip(speakers, found)
    ]


@dataclass(frozen=True, slots=True)
class Shares:
    """What speaks for each of the article's names, and for nobody of them.

    ``mention`` is the place of the words that attribute the stretch, if there are any; ``inside`` says
    whether they hold a name.
    """

    names: dict[Named, float]
    nobody: float
    mention: tuple[int, int] | None
    inside: bool


def shares_of(text: str, one: Pointed, table: Table) -> Shares:
    """Both pointers together, and who was named last where the words that attribute name nobody."""
    mention = one.mention if one.mention_share > one.nothing else None
    inside = table.within(*mention) if mention else []
    names = dict(one.names)
    for who in inside:
        names[who] = names.get(who, 0.0) + MENTION * one.mention_share
    nobody = NOBODY * one.nobody
    if mention and not inside:
        pronoun = _is_pronoun(text[mention[0] : mention[1]])
        nobody = 0.0 if pronoun else nobody
        for who, share in table.lately(mention[0]).items():
            names[who] = names.get(who, 0.0) + (LATELY if pronoun else LATELY_OF_NOMINALS) * share
    return Shares(names, nobody, mention, bool(inside))


def _alone(text: str, one: Pointed, table: Table) -> Speaker:
    """The likeliest name; else the words of the mention."""
    shares = shares_of(text, one, table)
    mention = shares.mention
    if shares.names:
        top = max(shares.names, key=shares.names.__getitem__)
        if shares.inside or shares.names[top] > shares.nobody:
            return _named(top, min(shares.names[top], 1.0), mention)
    if mention:
        return Speaker(text[mention[0] : mention[1]], "unnamed", one.mention_share, mention)
    return Speaker(None, None, 0.0)


def _is_pronoun(mention: str) -> bool:
    return len(mention) <= MAX_PRONOUN and mention.isalpha()


def _adjoins(text: str, before: Stretch, stretch: Stretch, offset: int) -> bool:
    """Whether a stretch stands in the paragraph of the one before it or in the next one."""
    return text.count("\n\n", before.end + offset, stretch.start + offset) <= 1


def _named(who: Named, share: float, mention: tuple[int, int] | None) -> Speaker:
    return Speaker(who.name, "person" if who.kind == "person" else "organisation", share, mention)
