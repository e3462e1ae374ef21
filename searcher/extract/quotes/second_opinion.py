"""What the encoder says about an English span that is doubtful: is it speech, and whose?

The linear models of :mod:`.attribution` know English cues and are fast. The encoder has read how quotations
are attributed in general, whoever published them; it costs some tens of milliseconds a window, so that it is
asked only where the models hesitate.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from searcher.article import Article
from searcher.extract.names.wrapping import body_offset
from searcher.extract.quotes.entities import Entity
from searcher.extract.quotes.referents import referents
from searcher.extract.quotes.scene import Ref, Scene, SpokenSpan
from searcher.extract.quotes.votes import Speaker, Votes, lies_in
from searcher.extract.quotes.weights import Weights, score, softmax

if TYPE_CHECKING:
    from searcher.extract.encoder import Reading
    from searcher.extract.quotes.multilingual.pointers import Named, Table

__all__ = ["Opinion", "SecondOpinion", "shares_by_name", "is_described", "with_opinion"]

#: What the encoder's shares count beside the models' (1). Chosen on news-dev, by encoders that had not read
#: its publishers: 1, 1.5 and 2 gave 84.6, 84.6 and 84.1.
OPINION_WEIGHT: Final = 1.0
#: Added to the log odds that a noun which attributes a quotation means nobody whom the article names. Of the
#: nouns that the model learned from 69 % mean nobody, of PolNeAR's 36 %; as many as here lie between. Chosen
#: on 260 articles that no weights read: 0, -1 and -2 gave 82.5, 82.9 and 82.6, without the model 81.8.
NOBODY_MEANT: Final = -1.0
#: Questions of one article that are answered; each takes some 3 ms, and an article of news has 100 at most.
MAX_QUESTIONS: Final = 5000
#: Mentions of one name on either side of a quotation among which that of its speaker is sought; the words
#: that attribute it stand in a window of the encoder (382 pieces) with it.
_MAX_PLACES: Final = 100
_ENCODER_PART: Final = OPINION_WEIGHT / (1 + OPINION_WEIGHT)


@dataclass(frozen=True, slots=True)
class Opinion:
    """Shares of belief, which add up to 1: by name of the article, and for nobody of these.

    ``speech`` are the log odds that it is speech at all, ``mention`` is the place in the body of the words
    that attribute it; ``meant`` are the shares of whom these words mean, by name, where that was asked.
    """

    speech: float
    names: dict[str, float]
    nobody: float
    mention: tuple[int, int] | None
    meant: dict[str, float] | None = None


class SecondOpinion:
    """The encoder's view of one article, which is not read before it is asked for."""

    def __init__(self, article: Article) -> None:
        self._article = article
        self._offset = body_offset(article)
        self._read: tuple[Reading, Table] | None = None
        self._asked = 0

    def expect(self, places: Sequence[tuple[int, int]]) -> None:
        """Places of the body about which it will most likely be asked: those close together cost less."""
        if places:
            reading, _ = self._reading()
            shifted = [(start + self._offset, end + self._offset) for start, end in places]
            reading.expect([place for place in shifted[:MAX_QUESTIONS] if place[1] <= reading.end])

    def ask(self, start: int, end: int, *, whose: bool = True) -> Opinion | None:
        """The opinion on ``body[start:end]``; None where the encoder finds nothing at all.

        Whom the words mean that attribute it is asked only where it matters ``whose`` it is.
        """
        from searcher.extract.quotes.multilingual.pointers import pointed, resolved
        from searcher.extract.quotes.multilingual.speakers import shares_of

        reading, table = self._reading()
        if end + self._offset > reading.end or self._asked >= MAX_QUESTIONS:
            return None
        self._asked += 1
        question = reading.ask_near((start + self._offset, end + self._offset))
        one = pointed(question, reading, table)
        words = one.attribution
        meant = None
        if whose and words and not table.within(*words):  # "he", "the bank"
            asked = pointed(reading.ask_far(words), reading, table)
            one, meant = resolved(one, asked), shares_by_name(asked.names, asked.nobody)
        shares = shares_of(reading.text, one, table)
        names = shares_by_name(shares.names, shares.nobody)
        if names is None:
            return None
        first, last = shares.mention or (-1, -1)
        mention = (first - self._offset, last - self._offset) if first >= self._offset else None
        return Opinion(question.answer.speech, names, 1 - sum(names.values()), mention, meant)

    def _reading(self) -> tuple[Reading, Table]:
        from searcher.extract.encoder import read_article
        from searcher.extract.quotes.multilingual.pointers import Table

        if self._read is None:
            reading = read_article(self._article)
            self._read = reading, Table(self._article.mentions, reading, self._offset)
        return self._read


def shares_by_name(shares: Mapping[Named, float], nobody: float) -> dict[str, float] | None:
    """The shares by name, of a sum of 1 with that of nobody; None where there are none at all."""
    total = sum(shares.values()) + nobody
    names: dict[str, float] = {}
    for who, share in shares.items():
        names[who.name] = names.get(who.name, 0.0) + share / total if total else 0.0
    return names if total else None


def is_described(scene: Scene, speaker: Speaker, opinion: Opinion) -> bool:
    """Whether the speaker is somebody spoken of before ("the bank"), and the encoder reads the same words."""
    noun = speaker.who
    return isinstance(noun, Ref) and scene.marked(noun) and lies_in(scene, noun, opinion.mention)


def with_opinion(scene: Scene, quoted: SpokenSpan, votes: Votes, opinion: Opinion, weights: Weights) -> Votes:
    """The mean of the models' shares and the encoder's. What it gives to nobody of the names goes to the noun
    in the words that attribute; where the models take that noun too, it is asked who that is."""
    best = votes.best()
    if isinstance(best.who, Ref) and is_described(scene, best, opinion):
        return _described(scene, quoted, votes, opinion, best.who, weights)
    mixed = votes.scaled(1 - _ENCODER_PART)
    for name, share in opinion.names.items():
        found = votes.named(name) or _closest(scene, quoted, name, opinion)
        if found:
            mixed.add(*found, _ENCODER_PART * share)
    noun = votes.noun_in(scene, opinion.mention) if opinion.mention else None
    if noun:
        mixed.add(noun, noun, _ENCODER_PART * opinion.nobody)
    return mixed


def _described(
    scene: Scene, quoted: SpokenSpan, votes: Votes, opinion: Opinion, noun: Ref, weights: Weights
) -> Votes:
    """What the models give to a noun goes to whom it most likely means, or to itself; so does the encoder's
    half of the rest."""
    others, own = votes.without(noun)
    mixed, part = others.scaled(1 - _ENCODER_PART), own + _ENCODER_PART * (1 - own)
    names = opinion.names if opinion.meant is None else opinion.meant
    found = referents(scene, noun, names, 1 - sum(names.values()))
    scores = [score(weights.referents, features) + (0 if who else NOBODY_MEANT) for who, features in found]
    for (who, _), share in zip(found, softmax(scores)):
        if who is None:
            mixed.add(noun, noun, part * share)
            continue
        place = votes.named(who.name) or _closest(scene, quoted, who.name, opinion)
        if place:
            mixed.add(*place, part * share)
    return mixed


def _closest(scene: Scene, quoted: SpokenSpan, name: str, opinion: Opinion) -> tuple[Entity, Ref] | None:
    """Whoever has a name, with the mention in the words that attribute, or the one closest to the
    quotation."""
    refs = scene.refs_of.get(name)
    if not refs:
        return None
    place = bisect_left(refs, quoted.i, key=lambda pair: pair[1].i)
    near = refs[max(0, place - _MAX_PLACES) : place + _MAX_PLACES]
    return min(
        near, key=lambda pair: (not lies_in(scene, pair[1], opinion.mention), abs(pair[1].i - quoted.i))
    )
