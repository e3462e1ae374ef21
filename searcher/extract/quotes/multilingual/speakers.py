"""Who said each stretch, decided over all stretches of an article."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from searcher.article import SpeakerKind
from searcher.extract.quotes.multilingual.pointers import Named, Pointed, Table
from searcher.extract.quotes.multilingual.stretches import Stretch

__all__ = ["Speaker", "speakers_of"]

#: Probability of a mention in its own paragraph below which a quotation goes on with the speaker before it.
MIN_OWN_MENTION: Final = 0.5


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
        before = number - 1
        if before >= 0 and _goes_on(stretches[before], stretch, one, offset):
            speaker = replace(speakers[before], mention=None)
        speakers.append(speaker)
    return [
        replace(speaker, confidence=confidence(one.speech * speaker.confidence) if speaker.name else 0.0)
        for speaker, one in zip(speakers, found)
    ]


def _alone(text: str, one: Pointed, table: Table) -> Speaker:
    """A name in the mention, else the likeliest name, else the words of the mention."""
    top, share = max(one.names.items(), key=lambda item: item[1], default=(None, 0.0))
    mention = one.mention if one.mention_share > one.nothing else None
    if mention:
        inside = table.within(*mention)
        if inside:
            return _named(inside[-1], one.mention_share, mention)
    if top is not None and share > one.nobody:
        return _named(top, share, mention)
    if mention:
        return Speaker(text[mention[0] : mention[1]], "unnamed", one.mention_share, mention)
    return Speaker(None, None, 0.0)


def _named(who: Named, share: float, mention: tuple[int, int] | None) -> Speaker:
    return Speaker(who.name, "person" if who.kind == "person" else "organisation", share, mention)


def _goes_on(before: Stretch, stretch: Stretch, one: Pointed, offset: int) -> bool:
    """Whether a stretch has no attribution of its own and the one before it stands in the same paragraph,
    or left its paragraph open."""
    if before.paragraph != stretch.paragraph and before.closed:
        return False
    if one.mention is None or one.nothing >= one.mention_share:
        return True
    return one.mention[0] < stretch.paragraph + offset and one.mention_share < MIN_OWN_MENTION
