"""Who said each stretch, decided over all stretches of an article."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from searcher.article import SpeakerKind
from searcher.extract.quotes.multilingual.descriptions import Descriptions
from searcher.extract.quotes.multilingual.pointers import Named, Pointed, Table
from searcher.extract.quotes.multilingual.stretches import Stretch

__all__ = ["Shares", "Speaker", "shares_of", "speakers_of"]

#: What "nobody" counts beside a name, and beside one that the words that attribute hold. These weights were
#: swept on labelled articles of 15 languages (languages-dev), by encoders that had not read the language:
#: what each fold would choose by the other folds alone is within .2 F1 of them.
NOBODY: Final = 1.0
NOBODY_OF_MENTIONS: Final = 0.7
#: Letters of a mention of one word that stands for a name of the article, whatever the language: "er",
#: "hun", "она".
MAX_PRONOUN: Final = 5
#: What the words that attribute count beside the pointer to names, where they are a name and nothing else.
MENTION: Final = 1.0
#: What they count where they describe somebody, and the share of them that is a name at most. (English asks
#: the encoder without that: it has nouns of its own, and lost half a point.)
DESCRIPTION: Final = 2.0
MAX_NAMED: Final = 0.7
#: What it adds to a person's probability to be the one named last before a pronoun.
LATELY: Final = 0.05
#: What becomes of the log odds of an answer, and the share beyond which one is as good as another. Likeliest
#: on the same articles were .5 and .6; less is claimed, so that of the people named with a confidence of .7
#: or more 5.6 % are wrong there and not 10. (German Wikinews, by which nothing was chosen: 6.2 % of 65.)
SLOPE: Final = 0.55
SHIFT: Final = -0.25
MAX_SHARE: Final = 0.999
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
) -> list[Speaker]:
    """The speaker of each stretch; places are those of the text that was read."""
    descriptions = Descriptions(text, table.places)
    speakers: list[Speaker] = []
    for number, (stretch, one) in enumerate(zip(stretches, found)):
        speaker = _alone(text, one, table, descriptions)
        if number and speaker.name is None and _adjoins(text, stretches[number - 1], stretch, offset):
            before = speakers[-1]
            speaker = replace(before, mention=None, confidence=CARRIED * before.confidence)
        speakers.append(speaker)
    return [
        replace(speaker, confidence=_confidence(one.speech * speaker.confidence) if speaker.name else 0.0)
        for speaker, one in zip(speakers, found)
    ]


def _confidence(share: float) -> float:
    """How sure an answer is, of the probability of speech times the speaker's."""
    share = min(max(share, 1 - MAX_SHARE), MAX_SHARE)
    return 1 / (1 + math.exp(-(SLOPE * math.log(share / (1 - share)) + SHIFT)))


@dataclass(frozen=True, slots=True)
class Shares:
    """What speaks for each of the article's names, and for nobody of them.

    ``mention`` is the place of the words that attribute the stretch, if there are any, and ``named`` the
    largest share of them that is a name.
    """

    names: dict[Named, float]
    nobody: float
    mention: tuple[int, int] | None
    named: float = 0.0


def shares_of(text: str, one: Pointed, table: Table) -> Shares:
    """Both pointers together, and who was named last before a pronoun."""
    mention = one.attribution
    names = dict(one.names)
    if mention is None:
        return Shares(names, NOBODY * one.nobody, None)
    inside = table.within(*mention)
    for who, share in inside.items():
        _add(names, who, MENTION * one.mention_share * share)
    if not inside and _is_pronoun(text[slice(*mention)]):
        for who, share in table.lately(mention[0]).items():
            _add(names, who, LATELY * share)
        return Shares(names, 0.0, mention)
    nobody = (NOBODY_OF_MENTIONS if inside else NOBODY) * one.nobody
    return Shares(names, nobody, mention, max(inside.values(), default=0.0))


def _add(names: dict[Named, float], who: Named, share: float) -> None:
    names[who] = names.get(who, 0.0) + share


def _alone(text: str, one: Pointed, table: Table, descriptions: Descriptions) -> Speaker:
    """The likeliest name; else the words of the mention."""
    shares = shares_of(text, one, table)
    names, mention = shares.names, shares.mention
    if mention and shares.named < MAX_NAMED:
        for who, share in descriptions.of(mention).items():
            _add(names, who, DESCRIPTION * one.mention_share * share)
    ranked = sorted(names, key=names.__getitem__, reverse=True)
    if ranked:
        share = names[ranked[0]]
        rival = max(shares.nobody, names[ranked[1]] if len(ranked) > 1 else 0.0)
        if share > shares.nobody:
            return _named(ranked[0], min(share, 1.0) * share / (share + rival), mention)
    if mention:
        return Speaker(text[slice(*mention)], "unnamed", one.mention_share, mention)
    return Speaker(None, None, 0.0)


def _is_pronoun(mention: str) -> bool:
    return len(mention) <= MAX_PRONOUN and mention.isalpha()


def _adjoins(text: str, before: Stretch, stretch: Stretch, offset: int) -> bool:
    """Whether a stretch stands in the paragraph of the one before it or in the next one."""
    return text.count("\n\n", before.end + offset, stretch.start + offset) <= 1


def _named(who: Named, share: float, mention: tuple[int, int] | None) -> Speaker:
    return Speaker(who.name, "person" if who.kind == "person" else "organisation", share, mention)
