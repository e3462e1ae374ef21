"""The encoder's opinion on doubtful English quotations: is it speech, and whose?

Reading a window takes tens of milliseconds, so the encoder is asked only if the linear models are uncertain.
If the speaker is a noun phrase ("the bank"), a linear model chooses among the names, by the
position of the name, the words next to it elsewhere ("Doe, the minister") and the encoder's probability.
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
    overlaps_place,
    singular,
    softmax,
    total_weight,
)
from searcher.extract.quotes.tokens import Entity, Name
from searcher.names.normalise import word_set

if TYPE_CHECKING:
    from searcher.extract.encoder.encoded_text import EncodedText
    from searcher.extract.quotes.named_units import ArticleName, ArticleNames


# The model was trained with these values. Changing one requires retraining.
#: Lower bounds of the classes of the encoder's probability.
_SHARES: Final = (0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98)
_MAX_TOKENS_NEARBY: Final = 8  # maximum tokens between a name and a word that describes it
#: Distance assigned to a noun that is not in the same sentence as the name.
_MAX_DISTANCE_TOKENS: Final = 99
_DISTANCES: Final = (0, 1, 3, 7, 15)  # lower bounds of the classes of distance
_SENTENCES: Final = (0, 1, 3, 8)  # lower bounds of the classes of sentences since the latest mention
_MAX_LEAD_TOKENS: Final = 60  # number of tokens that count as the article's lead
_MAX_RANK, _MAX_MODIFIERS = 4, 2  # highest classes of these features
# These limits bound the run time on hostile texts. Real articles stay below them.
_MAX_CANDIDATES = 500  # maximum people and organisations, most recently named first
_MAX_MENTIONS = 50  # maximum mentions of a name on either side of the noun
_MAX_HEADS_WITHIN = 10  # maximum occurrences of the head within the noun phrase itself
#: Words that can follow the head of a noun phrase ("head of the bank").
_AFTER_HEAD: Final = word_set("of who for with in from at that on to") | {","}
_WORD: Final = re.compile(r"[^\W\d_]+")

#: A named entity, or None for nobody, with its features as the referent.
Referent = tuple[Entity | None, list[str]]


@dataclass(frozen=True, slots=True)
class _Noun:
    """A noun phrase: tokens ``i`` to ``j``, its head and its other words, in the singular."""

    i: int
    j: int
    head: str
    other_words: frozenset[str]
    plural: bool

    def has(self, token: int) -> bool:
        return self.i <= token < self.j


def possible_referents(scene: Scene, noun: Ref, names: Mapping[str, float], nobody: float) -> list[Referent]:
    """Return everyone the noun may mean, the latest named first, and nobody at the end.

    Args:
        names: The encoder's probability of each name.
        nobody: That of no name.
    """
    phrase = _noun_of(scene, noun)
    ranks: dict[str, int] = {}
    rows: list[Referent] = []
    for who, mentions, latest in entities_by_recency(scene, phrase.i):
        rank = ranks.get(who.kind, 0) if latest is not None else None
        if latest is not None:
            ranks[who.kind] = ranks.get(who.kind, 0) + 1
        kind = who.kind[0]
        features = [*_place_features(scene, phrase, mentions, latest, rank, kind)]
        features += _word_features(phrase, who.name, kind)
        rows.append((who, features + _exceeded_bounds(kind, names.get(who.name, 0.0))))
    rows.append((None, _nobody_features(scene, phrase) + _exceeded_bounds("n", nobody)))
    return rows


def _noun_of(scene: Scene, noun: Ref) -> _Noun:
    low = scene.tokens.low
    end = next((k for k in range(noun.i + 1, noun.j) if low[k] in _AFTER_HEAD), noun.j)
    head = singular(low[end - 1])
    words = [*low[noun.i : end - 1], *low[end : noun.j]]
    other_words = frozenset(singular(word) for word in words if len(word) > 3 and word.isalpha())
    return _Noun(noun.i, noun.j, head, other_words, low[end - 1].endswith("s"))


def entities_by_recency(scene: Scene, before: int) -> list[tuple[Entity, list[Name], int | None]]:
    """Return entities, latest first, with their mentions and the token of the latest one before."""
    entities = []
    for who, mentions in scene.mentions_by_entity:
        place = bisect_left(mentions, before, key=lambda name: name.i)
        near = mentions[max(0, place - _MAX_MENTIONS) : place + _MAX_MENTIONS]
        if near[0] is not mentions[0]:
            near = [mentions[0], *near]
        entities.append((who, near, mentions[place - 1].i if place else None))
    return sorted(entities, key=lambda one: -1 if one[2] is None else one[2], reverse=True)[:_MAX_CANDIDATES]


def _place_features(
    scene: Scene, noun: _Noun, mentions: Sequence[Name], latest: int | None, rank: int | None, kind: str
) -> Iterator[str]:
    tokens = scene.tokens
    distance = min(_distances(scene, noun, mentions), default=_MAX_DISTANCE_TOKENS)
    near = sum(distance > bound for bound in _DISTANCES)
    described = max((_described_share(scene, noun, name) for name in mentions), default=0.0)
    sentences = tokens.sent[noun.i] - tokens.sent[latest] if latest is not None else _MAX_DISTANCE_TOKENS
    yield f"k{kind}"
    yield f"beside{int(2 * described)}near{near}"
    yield f"sentences{sum(sentences > bound for bound in _SENTENCES)}near{near}"
    yield f"rank{'' if rank is None else min(rank, _MAX_RANK)}{kind}"
    yield f"lead{int(mentions[0].i < _MAX_LEAD_TOKENS)}{kind}"


def _distances(scene: Scene, noun: _Noun, mentions: Sequence[Name]) -> Iterator[int]:
    """Yield the tokens between each mention and the nearest heads in its sentence."""
    sentence, heads = scene.tokens.sent, scene.tokens_by_word.get(noun.head, [])
    for name in mentions:
        place = bisect_left(heads, name.j)
        heads_before = reversed(heads[max(0, place - _MAX_HEADS_WITHIN) : place])
        before = next((k for k in heads_before if not noun.has(k)), None)
        after = next((k for k in heads[place : place + _MAX_HEADS_WITHIN] if not noun.has(k)), None)
        if before is not None and sentence[before] == sentence[name.i]:
            yield max(0, name.i - before)
        if after is not None and sentence[after] == sentence[name.i]:
            yield after - name.j + 1


def _described_share(scene: Scene, noun: _Noun, name: Name) -> float:
    """Return the share of the noun's other words that are near the name, in its paragraph."""
    if not noun.other_words:
        return 0.0
    low, paragraph = scene.tokens.low, scene.tokens.para
    places = range(max(0, name.i - _MAX_TOKENS_NEARBY), min(len(low), name.j + _MAX_TOKENS_NEARBY))
    nearby = {singular(low[k]) for k in places if not noun.has(k) and paragraph[k] == paragraph[name.i]}
    return len(noun.other_words & nearby) / len(noun.other_words)


def _word_features(noun: _Noun, name: str, kind: str) -> Iterator[str]:
    words = [singular(word.lower()) for word in _WORD.findall(name)]
    last, first = words[-1:] == [noun.head], words[:1] == [noun.head]
    yield f"in{int(noun.head in words)}{int(last)}{int(first)}{kind}"
    yield f"other{int(not noun.other_words.isdisjoint(words))}{kind}"
    yield f"h={noun.head}:{kind}"
    yield f"h3={noun.head[-3:]}:{kind}"
    yield f"plural{int(noun.plural)}{kind}"


def _nobody_features(scene: Scene, noun: _Noun) -> list[str]:
    first = scene.tokens.low[noun.i]
    return [
        "nobody",
        f"nh={noun.head}",
        f"nh3={noun.head[-3:]}",
        f"first={first}",
        f"first={first}{min(_MAX_MODIFIERS, len(noun.other_words))}",
        f"plural{int(noun.plural)}{first}",
    ]


def _exceeded_bounds(kind: str, share: float) -> list[str]:
    return [f"share{kind}{number}" for number, bound in enumerate(_SHARES) if share > bound]


#: Weight of the encoder's probabilities; the models' have the rest. Chosen on news-dev.
_ENCODER_WEIGHT: Final = 0.5
#: Added to the log odds that a noun means nobody the article names. Chosen on 260 articles.
NOBODY_MEANT: Final = -1.0
#: Maximum questions to the encoder per article. Each takes up to 50 ms. News articles have at most 100.
MAX_QUESTIONS: Final = 500
#: Maximum mentions of a name searched on either side of a quotation.
_MAX_PLACES: Final = 100


@dataclass(frozen=True, slots=True)
class Opinion:
    """The encoder's opinion on a quotation.

    Attributes:
        speech: Log odds that it is speech.
        names: Probability of each name. Together with ``nobody`` they add up to 1.
        nobody: Probability of none of these names.
        mention: Place in the body of the words that attribute the quotation.
        noun_names: Probabilities of the names that these words mean, if they are a noun phrase.
    """

    speech: float
    names: dict[str, float]
    nobody: float
    mention: tuple[int, int] | None
    noun_names: dict[str, float] | None = None


class SecondOpinion:
    """The encoder's opinions on an article, which is read when first needed."""

    def __init__(self, article: Article) -> None:
        self._article = article
        self._offset = body_offset(article)
        self._read: tuple[EncodedText, ArticleNames] | None = None
        self._questions_asked = 0

    def expect(self, places: Sequence[tuple[int, int]]) -> None:
        """Places of the body about which it will most likely be asked: those close together cost less."""
        if places:
            reading, _ = self._reading()
            shifted = [(start + self._offset, end + self._offset) for start, end in places]
            reading.expect([place for place in shifted[:MAX_QUESTIONS] if place[1] <= reading.end])

    def ask(self, start: int, end: int, *, is_noun: bool = False) -> Opinion | None:
        """Return the opinion on ``body[start:end]``, or None if the encoder has none.

        ``is_noun`` also asks who is meant by the words that attribute it ("the bank").
        """
        from searcher.extract.quotes.named_units import name_scores, pointed_answer

        reading, table = self._reading()
        if end + self._offset > reading.end or self._questions_asked >= MAX_QUESTIONS:
            return None
        self._questions_asked += 1
        question = reading.ask_near((start + self._offset, end + self._offset))
        answer = pointed_answer(question, reading, table)
        intended = None
        words = answer.attribution
        if is_noun and words and not table.names_within(*words):
            of_words = pointed_answer(reading.ask_in(question.window, words), reading, table)
            intended = _shares_by_name(of_words.names, of_words.nobody)
        shares = name_scores(reading.text, answer, table)
        names = _shares_by_name(shares.names, shares.nobody)
        if names is None:
            return None
        first, last = shares.mention or (-1, -1)
        mention = (first - self._offset, last - self._offset) if first >= self._offset else None
        return Opinion(question.answer.speech, names, 1 - sum(names.values()), mention, intended)

    def _reading(self) -> tuple[EncodedText, ArticleNames]:
        from searcher.extract.encoder.encoded_text import read_article
        from searcher.extract.quotes.named_units import ArticleNames

        if self._read is None:
            reading = read_article(self._article)
            self._read = reading, ArticleNames(self._article.mentions, reading, self._offset)
        return self._read


def _shares_by_name(shares: Mapping[ArticleName, float], nobody: float) -> dict[str, float] | None:
    """Return the probability of each name, normalised with that of nobody. None: all are 0."""
    total = sum(shares.values()) + nobody
    names: dict[str, float] = {}
    for who, share in shares.items():
        names[who.name] = names.get(who.name, 0.0) + share / total if total else 0.0
    return names if total else None


def is_described(scene: Scene, speaker: Speaker, opinion: Opinion) -> bool:
    """Return True if the speaker is a known noun ("the bank") and the encoder points at the same words."""
    noun = speaker.who
    return (
        isinstance(noun, Ref) and scene.is_known_noun(noun) and overlaps_place(scene, noun, opinion.mention)
    )


def combine_votes(
    scene: Scene, quoted: SpokenSpan, votes: Votes, opinion: Opinion, weights: Weights
) -> Votes:
    """Return the mean of the models' and the encoder's probabilities. "Nobody" means the attributing noun."""
    best = votes.best()
    if isinstance(best.who, Ref) and is_described(scene, best, opinion):
        return _described_votes(scene, quoted, votes, opinion, best.who, weights)
    blended = votes.scaled(1 - _ENCODER_WEIGHT)
    for name, share in opinion.names.items():
        speaker = votes.find_named(name) or _closest(scene, quoted, name, opinion)
        if speaker:
            blended.add(*speaker, _ENCODER_WEIGHT * share)
    noun = votes.find_noun(scene, opinion.mention) if opinion.mention else None
    if noun:
        blended.add(noun, noun, _ENCODER_WEIGHT * opinion.nobody)
    return blended


def _described_votes(
    scene: Scene, quoted: SpokenSpan, votes: Votes, opinion: Opinion, noun: Ref, weights: Weights
) -> Votes:
    """Divide the share of a noun among the people and organisations it may mean, and itself."""
    own = votes.share(noun)
    blended, part = votes.scaled(1 - _ENCODER_WEIGHT, without=noun), own + _ENCODER_WEIGHT * (1 - own)
    names = opinion.names if opinion.noun_names is None else opinion.noun_names
    choices = possible_referents(scene, noun, names, 1 - sum(names.values()))
    scores = [
        total_weight(weights.referents, features) + (0 if who else NOBODY_MEANT) for who, features in choices
    ]
    for (who, _), share in zip(choices, softmax(scores)):
        if who is None:
            blended.add(noun, noun, part * share)
            continue
        place = votes.find_named(who.name) or _closest(scene, quoted, who.name, opinion)
        if place:
            blended.add(*place, part * share)
    return blended


def _closest(scene: Scene, quoted: SpokenSpan, name: str, opinion: Opinion) -> tuple[Entity, Ref] | None:
    """Return a named speaker with the mention that attributes, or the closest one to the quotation."""
    refs = scene.refs_by_name.get(name)
    if not refs:
        return None
    place = bisect_left(refs, quoted.i, key=lambda pair: pair[1].i)
    near = refs[max(0, place - _MAX_PLACES) : place + _MAX_PLACES]
    mention = opinion.mention
    return min(
        near, key=lambda pair: (not overlaps_place(scene, pair[1], mention), abs(pair[1].i - quoted.i))
    )
