"""What the encoder says about an English span that is doubtful: is it speech, and whose?

It costs some tens of milliseconds a window, so that it is asked only where the models hesitate. Where a noun
is the speaker ("the bank"), everybody whom the article names is judged by where he is named, by what stands
beside his name elsewhere ("Doe, the minister"), and by the share that the encoder gives him.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from searcher.article import Article
from searcher.extract.article_text import body_offset
from searcher.extract.quotes.lexicon import Weights
from searcher.extract.quotes.scene import (
    Ref,
    Scene,
    Speaker,
    SpokenSpan,
    Votes,
    lies_in,
    score,
    singular,
    softmax,
)
from searcher.extract.quotes.tokens import Entity, Name
from searcher.names.normalise import word_set

if TYPE_CHECKING:
    from searcher.extract.encoder.encoded_text import EncodedText
    from searcher.extract.quotes.named_units import NamedUnit, NamedUnits


# The model was trained with these numbers: whoever changes one has to train anew (training/quotes).
#: Shares of the encoder that a feature each says are exceeded.
_SHARES: Final = (0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98)
_MAX_TOKENS_BESIDE: Final = 8  # tokens beside a name in which the noun's other words are looked for
#: Tokens from a name to the noun's word, where it does not stand in the sentence.
_MAX_DISTANCE_TOKENS: Final = 99
_DISTANCES: Final = (0, 1, 3, 7, 15)  # tokens: bounds of the classes of that distance
_SENTENCES: Final = (0, 1, 3, 8)  # bounds of the classes of the distance from the latest mention
_MAX_LEAD_TOKENS: Final = 60  # tokens in which the article says whom it is about
_MAX_RANK, _MAX_MODIFIERS = 4, 2  # the last class of either feature
_MAX_CANDIDATES = 500  # who is judged, those named last before the noun first; of 306 articles none names 70
_MAX_MENTIONS = 50  # of one name on either side of the noun; an article of news has fewer
_MAX_HEADS_WITHIN = 10  # occurrences of the head that a noun may hold itself
#: What a noun's head stands before ("head of the bank").
_BEHIND_HEAD: Final = word_set("of who for with in from at that on to") | {","}
_WORD: Final = re.compile(r"[^\W\d_]+")

#: Somebody named, or nobody, with the features of that choice.
Referent = tuple[Entity | None, list[str]]


@dataclass(frozen=True, slots=True)
class _Noun:
    """Tokens ``i`` to ``j`` of a noun, its head and its other words, without a plural's "s"."""

    i: int
    j: int
    head: str
    others: frozenset[str]
    plural: bool

    def has(self, token: int) -> bool:
        return self.i <= token < self.j


def referents(scene: Scene, noun: Ref, names: Mapping[str, float], nobody: float) -> list[Referent]:
    """Everybody whom the noun may stand for, those named last before it first, and at the end nobody."""
    found = _noun_of(scene, noun)
    ranks: dict[str, int] = {}
    rows: list[Referent] = []
    for who, mentions, latest in named_before(scene, found.i):
        rank = ranks.get(who.kind, 0) if latest is not None else None
        if latest is not None:
            ranks[who.kind] = ranks.get(who.kind, 0) + 1
        kind = who.kind[0]
        features = [*_place_features(scene, found, mentions, latest, rank, kind)]
        features += _word_features(found, who.name, kind)
        rows.append((who, features + _exceeded_bounds(kind, names.get(who.name, 0.0))))
    rows.append((None, _of_nobody(scene, found) + _exceeded_bounds("n", nobody)))
    return rows


def _noun_of(scene: Scene, noun: Ref) -> _Noun:
    low = scene.tokens.low
    end = next((k for k in range(noun.i + 1, noun.j) if low[k] in _BEHIND_HEAD), noun.j)
    head = singular(low[end - 1])
    words = [*low[noun.i : end - 1], *low[end : noun.j]]
    others = frozenset(singular(word) for word in words if len(word) > 3 and word.isalpha())
    return _Noun(noun.i, noun.j, head, others, low[end - 1].endswith("s"))


def named_before(scene: Scene, before: int) -> list[tuple[Entity, list[Name], int | None]]:
    """Everybody named, with his mentions and the latest token of one before (None: later), latest first."""
    found = []
    for who, mentions in scene.named:
        place = bisect_left(mentions, before, key=lambda name: name.i)
        looked = mentions[max(0, place - _MAX_MENTIONS) : place + _MAX_MENTIONS]
        if looked[0] is not mentions[0]:
            looked = [mentions[0], *looked]
        found.append((who, looked, mentions[place - 1].i if place else None))
    return sorted(found, key=lambda one: -1 if one[2] is None else one[2], reverse=True)[:_MAX_CANDIDATES]


def _place_features(
    scene: Scene, noun: _Noun, mentions: Sequence[Name], latest: int | None, rank: int | None, kind: str
) -> Iterator[str]:
    tokens = scene.tokens
    distance = min(_distances(scene, noun, mentions), default=_MAX_DISTANCE_TOKENS)
    near = sum(distance > bound for bound in _DISTANCES)
    held = max((_share_beside(scene, noun, name) for name in mentions), default=0.0)
    gone = tokens.sent[noun.i] - tokens.sent[latest] if latest is not None else _MAX_DISTANCE_TOKENS
    yield f"k{kind}"
    yield f"beside{int(2 * held)}near{near}"
    yield f"sentences{sum(gone > bound for bound in _SENTENCES)}near{near}"
    yield f"rank{'' if rank is None else min(rank, _MAX_RANK)}{kind}"
    yield f"lead{int(mentions[0].i < _MAX_LEAD_TOKENS)}{kind}"


def _distances(scene: Scene, noun: _Noun, mentions: Sequence[Name]) -> Iterator[int]:
    """Tokens between a name and the noun's head nearest to it, where both stand in one sentence."""
    sentence, heads = scene.tokens.sent, scene.places.get(noun.head, [])
    for name in mentions:
        place = bisect_left(heads, name.j)
        nearest = reversed(heads[max(0, place - _MAX_HEADS_WITHIN) : place])
        before = next((k for k in nearest if not noun.has(k)), None)
        after = next((k for k in heads[place : place + _MAX_HEADS_WITHIN] if not noun.has(k)), None)
        if before is not None and sentence[before] == sentence[name.i]:
            yield max(0, name.i - before)
        if after is not None and sentence[after] == sentence[name.i]:
            yield after - name.j + 1


def _share_beside(scene: Scene, noun: _Noun, name: Name) -> float:
    """How many of the noun's other words stand beside the name in its paragraph, as a share of them."""
    if not noun.others:
        return 0.0
    low, paragraph = scene.tokens.low, scene.tokens.para
    places = range(max(0, name.i - _MAX_TOKENS_BESIDE), min(len(low), name.j + _MAX_TOKENS_BESIDE))
    beside = {singular(low[k]) for k in places if not noun.has(k) and paragraph[k] == paragraph[name.i]}
    return len(noun.others & beside) / len(noun.others)


def _word_features(noun: _Noun, name: str, kind: str) -> Iterator[str]:
    """What the noun's words have to do with the name and with its kind."""
    words = [singular(word.lower()) for word in _WORD.findall(name)]
    last, first = words[-1:] == [noun.head], words[:1] == [noun.head]
    yield f"in{int(noun.head in words)}{int(last)}{int(first)}{kind}"
    yield f"other{int(not noun.others.isdisjoint(words))}{kind}"
    yield f"h={noun.head}:{kind}"
    yield f"h3={noun.head[-3:]}:{kind}"
    yield f"plural{int(noun.plural)}{kind}"


def _of_nobody(scene: Scene, noun: _Noun) -> list[str]:
    first = scene.tokens.low[noun.i]
    return [
        "nobody",
        f"nh={noun.head}",
        f"nh3={noun.head[-3:]}",
        f"first={first}",
        f"first={first}{min(_MAX_MODIFIERS, len(noun.others))}",
        f"plural{int(noun.plural)}{first}",
    ]


def _exceeded_bounds(kind: str, share: float) -> list[str]:
    return [f"share{kind}{number}" for number, bound in enumerate(_SHARES) if share > bound]


#: What the encoder's shares count beside the models' (1): chosen on news-dev among 1, 1.5 and 2.
OPINION_WEIGHT: Final = 1.0
#: Added to the log odds that a noun which attributes means nobody who is named: chosen on 260 articles.
NOBODY_MEANT: Final = -1.0
#: Maximum number of questions about one article, up to 50 ms each; an article of news has 100 at most.
MAX_QUESTIONS: Final = 500
#: Mentions of one name on either side of a quotation among which that of its speaker is sought.
_MAX_PLACES: Final = 100
_ENCODER_PART: Final = OPINION_WEIGHT / (1 + OPINION_WEIGHT)


@dataclass(frozen=True, slots=True)
class Opinion:
    """Shares of belief, which add up to 1: by name of the article, and for nobody of these; ``speech`` are
    log odds, ``mention`` is the place of the words that attribute it, ``meant`` whom these mean."""

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
        self._read: tuple[EncodedText, NamedUnits] | None = None
        self._asked = 0

    def expect(self, places: Sequence[tuple[int, int]]) -> None:
        """Places of the body about which it will most likely be asked: those close together cost less."""
        if places:
            reading, _ = self._reading()
            shifted = [(start + self._offset, end + self._offset) for start, end in places]
            reading.expect([place for place in shifted[:MAX_QUESTIONS] if place[1] <= reading.end])

    def ask(self, start: int, end: int, *, whose: bool = True) -> Opinion | None:
        """The opinion on ``body[start:end]``; None for nothing. ``whose``: it matters who is meant."""
        from searcher.extract.quotes.named_units import pointed_answer, resolved_answer, shares_of

        reading, table = self._reading()
        if end + self._offset > reading.end or self._asked >= MAX_QUESTIONS:
            return None
        self._asked += 1
        question = reading.ask_near((start + self._offset, end + self._offset))
        one = pointed_answer(question, reading, table)
        words = one.attribution
        meant = None
        if whose and words and not table.units_within(*words):  # "he", "the bank"
            asked = pointed_answer(reading.ask_in(question.window, words), reading, table)
            one, meant = resolved_answer(one, asked), shares_by_name(asked.names, asked.nobody)
        shares = shares_of(reading.text, one, table)
        names = shares_by_name(shares.names, shares.nobody)
        if names is None:
            return None
        first, last = shares.mention or (-1, -1)
        mention = (first - self._offset, last - self._offset) if first >= self._offset else None
        return Opinion(question.answer.speech, names, 1 - sum(names.values()), mention, meant)

    def _reading(self) -> tuple[EncodedText, NamedUnits]:
        from searcher.extract.encoder.encoded_text import read_article
        from searcher.extract.quotes.named_units import NamedUnits

        if self._read is None:
            reading = read_article(self._article)
            self._read = reading, NamedUnits(self._article.mentions, reading, self._offset)
        return self._read


def shares_by_name(shares: Mapping[NamedUnit, float], nobody: float) -> dict[str, float] | None:
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
    """The mean of the models' shares and the encoder's, whose nobody goes to the noun that attributes."""
    best = votes.best()
    if isinstance(best.who, Ref) and is_described(scene, best, opinion):
        return _described_votes(scene, quoted, votes, opinion, best.who, weights)
    mixed = votes.scaled(1 - _ENCODER_PART)
    for name, share in opinion.names.items():
        found = votes.named(name) or _closest(scene, quoted, name, opinion)
        if found:
            mixed.add(*found, _ENCODER_PART * share)
    noun = votes.noun_in(scene, opinion.mention) if opinion.mention else None
    if noun:
        mixed.add(noun, noun, _ENCODER_PART * opinion.nobody)
    return mixed


def _described_votes(
    scene: Scene, quoted: SpokenSpan, votes: Votes, opinion: Opinion, noun: Ref, weights: Weights
) -> Votes:
    """What the models give to a noun goes to whom it most likely means, or to itself."""
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
    """Whoever has a name, with the mention that attributes, or the closest to the quotation."""
    refs = scene.refs_of.get(name)
    if not refs:
        return None
    place = bisect_left(refs, quoted.i, key=lambda pair: pair[1].i)
    near = refs[max(0, place - _MAX_PLACES) : place + _MAX_PLACES]
    meant = opinion.mention
    return min(near, key=lambda pair: (not lies_in(scene, pair[1], meant), abs(pair[1].i - quoted.i)))
