"""Everything in an article that may be a speaker: names, pronouns and nouns; and how each stands to a verb of
speech."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Any, NamedTuple

from searcher.article import Mention
from searcher.extract.quotes import lexicon
from searcher.extract.quotes.lexicon import speaker_nouns_in_either_number
from searcher.extract.quotes.marks import Span
from searcher.extract.quotes.tokens import SENTENCE_END, Entity, Name, Tokens, find_names
from searcher.names.normalise import word_set

#: From this share on a word is taken as reporting speech (swept on the training part; see the model card).
MIN_CUE = 0.4
#: … and from this one on where the word stands later in the sentence. The models were trained with both.
_MIN_LATER_CUE = 0.55
_APPOSED = frozenset((",", "(", "—", "–", "of", "at", "with", "who", "from", "for", "in", "-", "and"))
_CLOSING_APPOSITION = frozenset((",", ")", "—", "–", "-"))
_NOUN_CUES = frozenset(("statement", "interview", "report", "comments", "comment", "claims", "claim"))
_ADDRESSING = word_set("told tells telling asked asks thanked tell ask reminded assured informed")
#: What ends the stretch between a verb of speech and its subject.
_BARS = lexicon.PREPOSITIONS | SENTENCE_END | {",", ";", ":", "that", "who", "and"}
_SUBJECTS = word_set("he she they it we i you who")
_TOKENS_AFTERWARD, _TOKENS_IN_APPOSITION, _TOKENS_OF_LONG = 4, 28, 22  # tokens looked at


class Pattern(NamedTuple):
    """``name`` of the pattern, the token of its verb, and how surely that verb reports speech."""

    name: str
    cue: int
    weight: float


def find_pattern(tokens: Tokens, i: int, j: int, possessive: bool = False) -> Pattern | None:
    """The closest reporting pattern around the mention at tokens ``i`` to ``j``."""
    if possessive:
        return _owned_pattern(tokens, j)
    return (
        _directly_after(tokens, j)
        or _after_apposition(tokens, j)
        or _verb_before(tokens, i)
        or _later_in_sentence(tokens, i, j)
    )


def _owned_pattern(tokens: Tokens, j: int) -> Pattern | None:
    """As in "Roe's claim that": what is said belongs to the mention."""
    for k in range(j, min(j + 4, len(tokens.low))):
        if not tokens.open[k] or not tokens.words[k][0].isalpha():
            return None
        if tokens.low[k] in lexicon.SPEECH_NOUNS:
            return Pattern("m's", k, 0.6)
    return None


def _directly_after(tokens: Tokens, j: int) -> Pattern | None:
    low, usable = tokens.low, tokens.open
    k, count = j, len(low)
    last = min(j + _TOKENS_AFTERWARD, count)
    while k < last and usable[k] and (low[k] in lexicon.ADVERBS or low[k].endswith("ly")):
        k += 1
    if k >= count or not usable[k]:
        return None
    weight = tokens.cue[k]
    if weight >= MIN_CUE:
        return Pattern("mc", k, weight)
    if low[k] in ("put", "puts") and k + 1 < count and low[k + 1] == "it":
        return Pattern("mc", k, 0.9)
    return Pattern("m:", k, 0.6) if low[k] == ":" and k == j else None


def _after_apposition(tokens: Tokens, j: int) -> Pattern | None:
    low, usable = tokens.low, tokens.open
    if j >= len(low) or low[j] not in _APPOSED or not usable[j]:
        return None
    joined = low[j] not in (",", "(", "—", "–", "-")
    for k in range(j + 1, min(j + 1 + _TOKENS_IN_APPOSITION, len(low))):
        word = low[k]
        if not usable[k] or word in SENTENCE_END:
            return None
        if word not in lexicon.STRONG_CUES:
            continue
        before = low[k - 1]
        if joined or before in _CLOSING_APPOSITION or before.endswith("ly") or before in lexicon.ADVERBS:
            return Pattern("m,c", k, tokens.cue[k] or 0.7)
    return None


def _verb_before(tokens: Tokens, i: int) -> Pattern | None:
    low = tokens.low
    for steps, k in enumerate(range(i - 1, max(-1, i - 7), -1)):
        if not tokens.open[k]:
            return None
        word = low[k]
        if word == "to" and k and low[k - 1] == "according":
            return Pattern("acc", k - 1, 0.9)
        if word == "per" and steps <= 1:
            return Pattern("acc", k, 0.7)
        weight = tokens.cue[k]
        if weight >= MIN_CUE and word not in _NOUN_CUES:
            if k > 0 and tokens.open[k - 1] and low[k - 1] in _SUBJECTS:
                return None  # “he said Roe had left”
            if word in _ADDRESSING and steps <= 2 and not _starts_clause(tokens, k):
                return Pattern("to", k, weight)
            return Pattern("cm" if steps == 0 else "c.m", k, weight)
        if word in _BARS:
            return None
    return None


def _starts_clause(tokens: Tokens, k: int) -> bool:
    """Whether the verb comes right after a quotation or at the start (“…?” asked Roe)."""
    return (
        k == 0 or tokens.span[k - 1] >= 0 or tokens.low[k - 1] in (",", "?", "!", "”", '"') or tokens.first[k]
    )


def _later_in_sentence(tokens: Tokens, i: int, j: int) -> Pattern | None:
    last = min(j + _TOKENS_OF_LONG, len(tokens.low))
    for k in range(j, last):
        if tokens.cue[k] >= _MIN_LATER_CUE:
            sentence = tokens.sent[i]
            clear = all(tokens.span[n] < 0 and tokens.sent[n] == sentence for n in range(j, k + 1))
            return Pattern("m..c", k, tokens.cue[k]) if clear else None
    return None


_MAX_WIDTH = 8  # tokens of a noun phrase before its head; the models were trained with it
#: Determiners that speak by themselves ("others said").
_LONE_DETERMINERS = word_set("one another others some")
_INDEFINITE = _LONE_DETERMINERS | {"a", "an"}
#: Determiners of what was spoken of before ("the nurse", not "a new page" or "your own designer").
_DEFINITE = word_set("the his her its their both")
#: What attaches a name to the one who speaks ("a dealer at Quillby said").
_PLACING = word_set("in near from at")
_ATTACHING = word_set("at of for with from")
_ENDS = frozenset(".!?")
DASHES = frozenset(("—", "–", "―", "-", "~"))
_OPENING = frozenset(("the", "<", "("))
_NOT_IN_PHRASE = word_set(
    "that but and who which if when while or because so as than then is was are were be been being "
    "has have had"
    "will would could should did do does not said he she they it him them there here what how why where"
)
#: May stand between a subject and its verb of speech ("you can always say").
_BEFORE_VERB = lexicon.ADVERBS | word_set("can should must")
_NO_SUBJECTS = (
    _NOT_IN_PHRASE | lexicon.PREPOSITIONS | lexicon.ADVERBS | lexicon.DETERMINERS | lexicon.TIME_NOUNS
)
_FIRST_AND_SECOND = word_set("i you we me us")
_BEFORE_PHRASE = _NOT_IN_PHRASE | _FIRST_AND_SECOND | word_set("though although since until whether")


@dataclass(slots=True, eq=False)
class Ref:
    """One place that may name the speaker: tokens ``i`` to ``j``.

    ``entity`` is set for names, and nouns that stand for one; ``gender`` is m, f, p (they) or n (it).
    """

    i: int
    j: int
    kind: str
    entity: Entity | None
    gender: str | None
    possessive: bool
    quoted: bool = False
    completes: bool = False  # it only tells more about a speaker ("a dealer at Quillby said")
    para: int = 0
    sent: int = 0
    subject: tuple[bool, bool] | None = None  # kept by the pronouns
    traits: Any = None  # kept by the features
    pattern: Pattern | None = None  # the closest one around it
    signs: bool = False  # it signs the quotation right before it ("“…” — Ann Roe")
    sort: str = ""  # per, org or oth for names (in capitals where the names stage tagged it), pron or noun


@dataclass(slots=True, eq=False)
class SpokenSpan:
    """A quoted span with the tokens it covers (its marks included)."""

    span: Span
    i: int
    j: int
    para: int
    edges: tuple[str, str] | None = None  # kept by the features


class Scene:
    """One article ready for attribution, or the stretch of a very long one that begins at ``offset``."""

    def __init__(self, text: str, spans: list[Span], mentions: Iterable[Mention], offset: int = 0) -> None:
        self.text = text
        self.offset = offset
        self.tokens = tokens = Tokens(text, spans)
        self.names = find_names(tokens, mentions, offset)
        self.spans = []
        last = max(0, len(tokens.words) - 1)
        for span in spans:
            i, j = tokens.at(span.outer_start), tokens.at(span.outer_end)
            self.spans.append(SpokenSpan(span, i, j, tokens.para[min(i, last)]))
        self._count()
        self.refs = self._refs()
        self._pronouns: dict[str | None, list[int]] = {}
        self.resolved: dict[int, object] = {}  # by first token of a pronoun: whom it was taken to mean
        self._attach()
        self._count_talk()

    @cached_property
    def name_at(self) -> list[int]:
        """By token: the number of the name that covers it, or -1."""
        covered = [-1] * len(self.tokens.words)
        for number, name in enumerate(self.names):
            covered[name.i : name.j] = [number] * (name.j - name.i)
        return covered

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """The tokens that are a word, in order, by the word without a plural's "s"."""
        found: dict[str, list[int]] = defaultdict(list)
        for k, word in enumerate(self.tokens.low):
            found[singular(word)].append(k)
        return found

    @cached_property
    def named(self) -> list[tuple[Entity, list[Name]]]:
        """Everybody named, each with all mentions; what may be a place is left out."""
        found: dict[int, list[Name]] = defaultdict(list)
        for name in self.names:
            if name.entity.tagged or name.entity.kind != "other":
                found[id(name.entity)].append(name)
        return [(mentions[0].entity, mentions) for mentions in found.values()]

    @cached_property
    def refs_of(self) -> dict[str, list[tuple[Entity, Ref]]]:
        """By name the places of whoever has it, in order."""
        found: dict[str, list[tuple[Entity, Ref]]] = defaultdict(list)
        for ref in self.refs:
            if ref.entity is not None:
                found[ref.entity.name].append((ref.entity, ref))
        return found

    @cached_property
    def annotated(self) -> bool:
        """Whether the names stage found anybody."""
        return any(name.entity.tagged for name in self.names)

    @cached_property
    def starts(self) -> list[int]:
        """First tokens of the refs, for bisection."""
        return [ref.i for ref in self.refs]

    def marked(self, noun: Ref) -> bool:
        """Whether an article, a name or the start of a sentence tells that a noun is meant ("the nurse")."""
        low = self.tokens.low
        if low[noun.j - 1] in _LONE_DETERMINERS:
            return False
        begins = low[noun.i] in _DEFINITE or self.tokens.first[noun.i]
        return begins or self.name_at[noun.i] >= 0

    def pronouns_before(self, gender: str | None) -> list[int]:
        """By number of a ref: how many of the refs before it are pronouns of this gender."""
        if gender not in self._pronouns:
            flags = [ref.kind == "pron" and ref.gender == gender for ref in self.refs]
            self._pronouns[gender] = _running_counts(flags)
        return self._pronouns[gender]

    def _count(self) -> None:
        """Running counts by token: sentences ended and words outside quotations, quotations begun."""
        words, span = self.tokens.words, self.tokens.span
        self.sentence_marks = _running_counts([word in _ENDS and n < 0 for word, n in zip(words, span)])
        self.words_outside = _running_counts([n < 0 and word[0].isalnum() for word, n in zip(words, span)])
        self.spans_begun = _running_counts([n >= 0 and n != before for n, before in zip(span, [-1, *span])])

    def _refs(self) -> list[Ref]:
        tokens = self.tokens
        nouns = self._nouns()
        within = {k: noun for noun in nouns for k in range(noun.i, noun.j)}
        refs = [
            Ref(name.i, name.j, "name", name.entity, name.entity.gender, name.possessive)
            for name in self.names
            if not self._describes(name, within.get(name.i))
        ]
        covered = self.name_at
        pronouns = lexicon.PRONOUNS
        refs += [
            Ref(i, i + 1, "pron", None, pronouns[low], False)
            for i, low in enumerate(tokens.low)
            if low in pronouns and tokens.span[i] < 0 and covered[i] < 0
        ]
        refs += nouns
        refs.sort(key=lambda ref: (ref.i, ref.j))
        for ref in refs:
            ref.quoted = tokens.span[ref.i] >= 0
            ref.para, ref.sent = tokens.para[ref.i], tokens.sent[ref.i]
            ref.pattern = find_pattern(tokens, ref.i, ref.j, ref.possessive)
            ref.signs = signs(tokens, ref.i)
            ref.sort = _sort_of(ref)
        return refs

    def _describes(self, name: Name, noun: Ref | None) -> bool:
        """Whether a name only tells which noun is meant ("a Roe supporter", "the Florida senator")."""
        if noun is None or name.possessive:
            return False
        entity = name.entity
        if entity.kind == "person":
            return self.tokens.low[noun.i] in _INDEFINITE
        return entity.kind == "other" and not entity.tagged

    def _nouns(self) -> list[Ref]:
        covered, known = self.name_at, speaker_nouns_in_either_number()
        found: dict[int, Ref] = {}
        low, span = self.tokens.low, self.tokens.span
        heads = [k for k, word in enumerate(low) if word in known]
        for head in sorted({*heads, *self._subjects()}):
            if span[head] < 0 and covered[head] < 0:
                ref = self._phrase(head)
                if ref:
                    found[ref.i] = ref
        return list(found.values())

    def _subjects(self) -> Iterator[int]:
        """Plain words right before a verb of speech (adverbs between do not count)."""
        tokens, low = self.tokens, self.tokens.low
        for cue, word in enumerate(low):
            if word not in lexicon.STRONG_CUES or tokens.span[cue] >= 0:
                continue
            head = cue - 1
            while head > cue - 4 and head >= 0 and (low[head] in _BEFORE_VERB or low[head].endswith("ly")):
                head -= 1
            plain = head >= 0 and tokens.words[head][0].isalpha() and low[head] not in _NO_SUBJECTS
            plain = plain and tokens.cue[head] < MIN_CUE
            if plain or (head >= 0 and low[head] in _LONE_DETERMINERS):
                yield head

    def _phrase(self, head: int) -> Ref | None:
        """The noun phrase that ends in ``head``; None where nothing marks it as one."""
        tokens, low = self.tokens, self.tokens.low
        if low[head] in _NOT_IN_PHRASE or not tokens.words[head][0].isalpha():
            return None
        i = head
        determined = False
        width = 0 if low[head] in _FIRST_AND_SECOND else _MAX_WIDTH  # “projects you say yes to”
        while i > 0 and head - i < width:
            k = i - 1
            word = low[k]
            if tokens.span[k] >= 0 or not tokens.words[k][0].isalnum() or word in _BEFORE_PHRASE:
                break
            if word in lexicon.DETERMINERS:
                i, determined = k, True
                break
            number = self.name_at[k]
            if number >= 0:
                i, determined = self.names[number].i, determined or self.names[number].possessive
                if self.names[number].possessive:
                    break
                continue
            adverb = word in lexicon.ADVERBS and tokens.words[k][0].islower()  # not "the First Lady"
            if word in lexicon.PREPOSITIONS or tokens.cue[k] >= MIN_CUE or adverb or word.endswith("ly"):
                break
            i = k
        plural = low[head] in lexicon.PLURAL_NOUNS or (low[head][-1] == "s" and not low[head].endswith("ss"))
        told = determined or plural or low[head] in _LONE_DETERMINERS
        if not (told or tokens.first[i] or tokens.words[i][0].isupper() or i < head):
            return None
        gender = "p" if plural else gender_of_noun(low[head])
        return Ref(i, head + 1, "noun", None, gender, False)

    def _attach(self) -> None:
        """Leave the verb of speech to whom a name only completes: "a dealer at Quillby said"."""
        low = self.tokens.low
        ends = {ref.j: ref for ref in self.refs if ref.kind != "pron" and not ref.possessive}
        for ref in reversed(self.refs):
            if ref.kind != "name" or ref.quoted or not ref.i:
                continue
            k = ref.i - 1
            while k > max(0, ref.i - _MAX_WIDTH) and low[k] in _OPENING:
                k -= 1
            if low[k] in _PLACING and ref.entity is not None and ref.entity.kind == "other":
                ref.pattern = None
                ref.completes = True  # a place: "the banker in Port Aurel said"
                continue
            head = ends.get(k) if low[k] in _ATTACHING else None
            if head is None or head.sent != ref.sent:
                continue
            own, pattern = head.pattern, ref.pattern
            if pattern and pattern.name == "mc":
                head.pattern, ref.pattern = pattern, None
                ref.completes = True
            elif own and own.name in ("cm", "c.m"):
                ref.completes = True

    def _count_talk(self) -> None:
        """How often each entity governs a verb of speech outside quotations."""
        for ref in self.refs:
            if ref.entity is not None and not ref.quoted:
                pattern = ref.pattern
                if pattern and pattern.name in ("mc", "cm", "acc", "m,c", "c.m", "m:"):
                    ref.entity.talks += 1


def singular(word: str) -> str:
    """A word in lower case without a plural's "s"."""
    return word[:-1] if word.endswith("s") and len(word) > 3 and not word.endswith("ss") else word


def _running_counts(flags: Iterable[bool]) -> list[int]:
    """How many of the flags before each place are set."""
    return list(accumulate(flags, initial=0))


def signs(tokens: Tokens, i: int) -> bool:
    """Whether a mention that begins there signs the quotation right before it."""
    return i > 1 and tokens.low[i - 1] in DASHES and tokens.span[i - 2] >= 0


def _sort_of(ref: Ref) -> str:
    entity = ref.entity
    if ref.kind != "name" or entity is None:
        return ref.kind
    kind = entity.kind[:3]
    return kind.upper() if entity.tagged else kind


def gender_of_noun(word: str) -> str | None:
    """The gender m or f where the noun tells, n for texts and bodies, None for the rest ("lawyer")."""
    if word in lexicon.FEMALE_WORDS:
        return "f"
    if word in lexicon.MALE_WORDS:
        return "m"
    return "n" if word in lexicon.TEXT_NOUNS or word in lexicon.BODY_WORDS else None


def score(weights: dict[str, float], features: list[str]) -> float:
    """The sum of the weights of the features that are present."""
    return sum(filter(None, map(weights.get, features)))


def scores(weights: dict[str, float], rows: Iterable[list[str]]) -> list[float]:
    return [score(weights, row) for row in rows]


def softmax(scores: Sequence[float]) -> list[float]:
    """The shares of belief, which add up to 1, that scores stand for."""
    top = max(scores)
    powers = [math.exp(value - top) for value in scores]
    total = sum(powers)
    return [power / total for power in powers]


class Speaker(NamedTuple):
    """``who`` speaks: a named entity or a noun phrase; ``ref`` is the place that says so; 0..1 how surely."""

    who: Entity | Ref | None
    ref: Ref | None
    confidence: float


class Votes:
    """Shares of belief by speaker."""

    def __init__(self) -> None:
        self._total: dict[int, float] = {}
        self._top: dict[int, tuple[float, Entity | Ref | None, Ref | None]] = {}

    def add(self, who: Entity | Ref | None, ref: Ref | None, share: float) -> None:
        key = id(who)
        self._total[key] = self._total.get(key, 0.0) + share
        if key not in self._top or share > self._top[key][0]:
            self._top[key] = (share, who, ref)

    def scaled(self, factor: float) -> Votes:
        """The same with every share multiplied."""
        other = Votes()
        other._total = {key: factor * share for key, share in self._total.items()}
        other._top = {key: (factor * share, who, ref) for key, (share, who, ref) in self._top.items()}
        return other

    def without(self, who: Entity | Ref) -> tuple[Votes, float]:
        """The shares of all others, and that of this one."""
        other = Votes()
        other._total = {key: share for key, share in self._total.items() if key != id(who)}
        other._top = {key: top for key, top in self._top.items() if key != id(who)}
        return other, self.share(who)

    def share(self, who: Entity | Ref | None) -> float:
        return self._total.get(id(who), 0.0)

    def named(self, name: str) -> tuple[Entity, Ref | None] | None:
        """Whoever of this name has a share, with the mention that gave most of it."""
        named = ((who, ref) for _, who, ref in self._top.values() if isinstance(who, Entity))
        return next((found for found in named if found[0].name == name), None)

    def noun_in(self, scene: Scene, place: tuple[int, int]) -> Ref | None:
        """The noun with a share that lies in a place of the body."""
        nouns = (who for _, who, _ in self._top.values() if isinstance(who, Ref))
        return next((noun for noun in nouns if lies_in(scene, noun, place)), None)

    def by_name(self, scene: Scene) -> Iterator[tuple[str | None, float]]:
        """Everybody as shown, with the share; None is nobody."""
        for key, (_, who, _) in self._top.items():
            yield shown_name(scene, who), self._total[key]

    def best(self) -> Speaker:
        if not self._total:
            return Speaker(None, None, 0.0)
        key = max(self._total, key=self._total.__getitem__)
        _, who, ref = self._top[key]
        return Speaker(who, ref, min(1.0, self._total[key]))


def shown_name(scene: Scene, who: Entity | Ref | None) -> str | None:
    """The name of a speaker, or the words of the noun."""
    if who is None:
        return None
    if isinstance(who, Entity):
        return who.name
    return scene.text[scene.tokens.starts[who.i] : scene.tokens.ends[who.j - 1]]


def lies_in(scene: Scene, ref: Ref, place: tuple[int, int] | None) -> bool:
    """Whether a mention shares letters with a place of the body."""
    if place is None:
        return False
    start, end = place[0] - scene.offset, place[1] - scene.offset
    return scene.tokens.starts[ref.i] < end and start < scene.tokens.ends[ref.j - 1]
