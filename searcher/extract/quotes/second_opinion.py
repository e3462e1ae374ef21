"""What the encoder says about an English span that is doubtful: is it speech, and whose?

The linear models of :mod:`.attribution` know English cues and are fast. The encoder has read how quotations
are attributed in general, whoever published them; it costs some tens of milliseconds a window, so that it is
asked only where the models hesitate.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from searcher.article import Article
from searcher.extract.names.wrapping import body_offset
from searcher.extract.quotes.entities import Entity
from searcher.extract.quotes.scene import Ref, Scene, SpokenSpan
from searcher.extract.quotes.votes import Speaker, Votes, lies_in

if TYPE_CHECKING:
    from searcher.extract.encoder import Reading
    from searcher.extract.quotes.multilingual.pointers import Table

__all__ = ["Opinion", "SecondOpinion", "is_described", "with_opinion"]

#: What the encoder's shares count beside the models' (1). Chosen on news-dev, by encoders that had not read
#: its publishers: 1, 1.5 and 2 gave 84.6, 84.6 and 84.1.
OPINION_WEIGHT: Final = 1.0
#: How many times a name counts beside "nobody of these" where a description attributes ("the bank said"):
#: on news-dev (by weights that have read it) and 260 articles that no weights read 1, 2 and 3 gave 86.5,
#: 87.2, 87.0 and 80.8, 80.9, 80.9.
NAME_PULL: Final = 2.0


@dataclass(frozen=True, slots=True)
class Opinion:
    """Shares of belief, which add up to 1: by name of the article, and for nobody of these.

    ``speech`` are the log odds that it is speech at all, ``mention`` is the place in the body of the words
    that attribute it.
    """

    speech: float
    names: dict[str, float]
    nobody: float
    mention: tuple[int, int] | None


class SecondOpinion:
    """The encoder's view of one article, which is not read before it is asked for."""

    def __init__(self, article: Article) -> None:
        self._article = article
        self._offset = body_offset(article)
        self._read: tuple[Reading, Table] | None = None

    def expect(self, places: Sequence[tuple[int, int]]) -> None:
        """Places of the body about which it will most likely be asked: those close together cost less."""
        if places:
            reading, _ = self._reading()
            shifted = [(start + self._offset, end + self._offset) for start, end in places]
            reading.expect([place for place in shifted if place[1] <= reading.end])

    def ask(self, start: int, end: int, *, whose: bool = True) -> Opinion | None:
        """The opinion on ``body[start:end]``; None where the encoder finds nothing at all.

        Whom the words mean that attribute it is asked only where it matters ``whose`` it is.
        """
        from searcher.extract.quotes.multilingual.pointers import pointed, resolved
        from searcher.extract.quotes.multilingual.speakers import shares_of

        reading, table = self._reading()
        if end + self._offset > reading.end:
            return None
        question = reading.ask_near((start + self._offset, end + self._offset))
        one = pointed(question, reading, table)
        words = one.attribution
        if whose and words and not table.within(*words):  # "he", "the bank"
            one = resolved(one, pointed(reading.ask_far(words), reading, table))
        shares = shares_of(reading.text, one, table)
        names: dict[str, float] = {}
        for who, share in shares.names.items():
            names[who.name] = names.get(who.name, 0.0) + share
        total = sum(names.values()) + shares.nobody
        if not total:
            return None
        first, last = shares.mention or (-1, -1)
        mention = (first - self._offset, last - self._offset) if first >= self._offset else None
        shared = {name: share / total for name, share in names.items()}
        return Opinion(question.answer.speech, shared, shares.nobody / total, mention)

    def _reading(self) -> tuple[Reading, Table]:
        from searcher.extract.encoder import read_article
        from searcher.extract.quotes.multilingual.pointers import Table

        if self._read is None:
            reading = read_article(self._article)
            self._read = reading, Table(self._article.mentions, reading, self._offset)
        return self._read


def is_described(scene: Scene, speaker: Speaker, opinion: Opinion) -> bool:
    """Whether the speaker is somebody spoken of before ("the bank"), and the encoder reads the same words."""
    noun = speaker.who
    return isinstance(noun, Ref) and scene.marked(noun) and lies_in(scene, noun, opinion.mention)


def with_opinion(scene: Scene, quoted: SpokenSpan, votes: Votes, opinion: Opinion) -> Votes:
    """The mean of the models' shares and the encoder's. What it gives to nobody of the names goes to the noun
    in the words that attribute; where the models take that noun too, the encoder alone says who it is."""
    part = OPINION_WEIGHT / (1 + OPINION_WEIGHT)
    best = votes.best()
    noun = best.who if is_described(scene, best, opinion) else None
    if isinstance(noun, Ref):
        mixed, own = votes.without(noun)
        mixed = mixed.scaled(1 - part)
        part = own + part * (1 - own)
        total = opinion.nobody + NAME_PULL * (1 - opinion.nobody)
        pull, nobody = NAME_PULL / total, opinion.nobody / total
    else:
        mixed = votes.scaled(1 - part)
        noun = votes.noun_in(scene, opinion.mention) if opinion.mention else None
        pull, nobody = 1.0, opinion.nobody
    for who, ref, share in _people(scene, quoted, votes, opinion):
        mixed.add(who, ref, part * pull * share)
    if noun:
        mixed.add(noun, noun, part * nobody)
    return mixed


def _people(
    scene: Scene, quoted: SpokenSpan, votes: Votes, opinion: Opinion
) -> Iterator[tuple[Entity, Ref | None, float]]:
    """Whom the encoder names, each with a mention and a share."""
    for name, share in opinion.names.items():
        found = votes.named(name) or _closest(scene, quoted, name, opinion)
        if found:
            yield *found, share


def _closest(scene: Scene, quoted: SpokenSpan, name: str, opinion: Opinion) -> tuple[Entity, Ref] | None:
    """Whoever has a name, with the mention in the words that attribute, or the one closest to the
    quotation."""
    refs = [(ref.entity, ref) for ref in scene.refs if ref.entity is not None and ref.entity.name == name]
    if not refs:
        return None
    return min(
        refs, key=lambda pair: (not lies_in(scene, pair[1], opinion.mention), abs(pair[1].i - quoted.i))
    )
