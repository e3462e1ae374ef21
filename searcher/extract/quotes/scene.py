"""The possible speakers of an article (names, pronouns and nouns), each with its verb of speech."""

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

# The model was trained with these values. Changing one requires retraining.
#: Minimum weight of a word that reports speech. Chosen on the training data (MODEL_CARD.md).
MIN_CUE = 0.4
#: Minimum weight of a reporting word that comes later in the sentence than its speaker.
_MIN_LATER_CUE = 0.55
_APPOSED = frozenset((",", "(", "—", "–", "of", "at", "with", "who", "from", "for", "in", "-", "and"))
_CLOSING_APPOSITION = frozenset((",", ")", "—", "–", "-"))
_NOUN_CUES = frozenset(("statement", "interview", "report", "comments", "comment", "claims", "claim"))
_ADDRESSING = word_set("told tells telling asked asks thanked tell ask reminded assured informed")
#: Words that cannot come between a verb of speech and its subject.
_BARS = lexicon.PREPOSITIONS | SENTENCE_END | {",", ";", ":", "that", "who", "and"}
_SUBJECTS = word_set("he she they it we i you who")
_TOKENS_AFTERWARD, _TOKENS_IN_APPOSITION, _TOKENS_LATER = 4, 28, 22  # maximum tokens to search


class Pattern(NamedTuple):
    """How a mention relates to a verb of speech: a code, the token of the verb, and the verb's weight."""

    name: str
    cue: int
    weight: float


def find_pattern(tokens: Tokens, i: int, j: int, possessive: bool = False) -> Pattern | None:
    """Return the closest reporting pattern around the mention at tokens ``i`` to ``j``."""
    if possessive:
        return _owned_pattern(tokens, j)
    return (
        _directly_after(tokens, j)
        or _after_apposition(tokens, j)
        or _verb_before(tokens, i)
        or _later_in_sentence(tokens, i, j)
    )


def _owned_pattern(tokens: Tokens, j: int) -> Pattern | None:
    """Return the pattern of "Roe's claim that"."""
    for k in range(j, min(j + 4, len(tokens.low))):
        if not tokens.is_unquoted[k] or not tokens.words[k][0].isalpha():
            return None
        if tokens.low[k] in lexicon.SPEECH_NOUNS:
            return Pattern("m's", k, 0.6)
    return None


def _directly_after(tokens: Tokens, j: int) -> Pattern | None:
    low, usable = tokens.low, tokens.is_unquoted
    k, count = j, len(low)
    last = min(j + _TOKENS_AFTERWARD, count)
    while k < last and usable[k] and (low[k] in lexicon.ADVERBS or low[k].endswith("ly")):
        k += 1
    if k >= count or not usable[k]:
        return None
    weight = tokens.cue_weight[k]
    if weight >= MIN_CUE:
        return Pattern("mc", k, weight)
    if low[k] in ("put", "puts") and k + 1 < count and low[k + 1] == "it":
        return Pattern("mc", k, 0.9)
    return Pattern("m:", k, 0.6) if low[k] == ":" and k == j else None


def _after_apposition(tokens: Tokens, j: int) -> Pattern | None:
    low, usable = tokens.low, tokens.is_unquoted
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
            return Pattern("m,c", k, tokens.cue_weight[k] or 0.7)
    return None


def _verb_before(tokens: Tokens, i: int) -> Pattern | None:
    low = tokens.low
    for steps, k in enumerate(range(i - 1, max(-1, i - 7), -1)):
        if not tokens.is_unquoted[k]:
            return None
        word = low[k]
        if word == "to" and k and low[k - 1] == "according":
            return Pattern("acc", k - 1, 0.9)
        if word == "per" and steps <= 1:
            return Pattern("acc", k, 0.7)
        weight = tokens.cue_weight[k]
        if weight >= MIN_CUE and word not in _NOUN_CUES:
            if k > 0 and tokens.is_unquoted[k - 1] and low[k - 1] in _SUBJECTS:
                return None  # the verb has another subject: “he said Roe had left”
            if word in _ADDRESSING and steps <= 2 and not _starts_clause(tokens, k):
                return Pattern("to", k, weight)
            return Pattern("cm" if steps == 0 else "c.m", k, weight)
        if word in _BARS:
            return None
    return None


def _starts_clause(tokens: Tokens, k: int) -> bool:
    """Return True for a verb at the start or right after a quotation (“…?” asked Roe)."""
    return (
        k == 0 or tokens.span[k - 1] >= 0 or tokens.low[k - 1] in (",", "?", "!", "”", '"') or tokens.first[k]
    )


def _later_in_sentence(tokens: Tokens, i: int, j: int) -> Pattern | None:
    last = min(j + _TOKENS_LATER, len(tokens.low))
    for k in range(j, last):
        if tokens.cue_weight[k] >= _MIN_LATER_CUE:
            sentence = tokens.sent[i]
            clear = all(tokens.span[n] < 0 and tokens.sent[n] == sentence for n in range(j, k + 1))
            return Pattern("m..c", k, tokens.cue_weight[k]) if clear else None
    return None


_MAX_WIDTH = 8  # maximum tokens of a noun phrase before its head; fixed in training
#: Determiners that can be speakers by themselves ("others said").
_LONE_DETERMINERS = word_set("one another others some")
#: Determiners of a noun already known to the reader ("the nurse", not "a new page" or "your own designer").
_DEFINITE = word_set("the his her its their both")
#: Prepositions before a place that describes the speaker ("the banker in Port Aurel said").
_PLACING = word_set("in near from at")
#: Prepositions before a name that describes the speaker ("a dealer at Quillby said").
_ATTACHING = word_set("at of for with from")
_ENDS = frozenset(".!?")
DASHES = frozenset(("—", "–", "―", "-", "~"))
_OPENING = frozenset(("the", "<", "("))
_NOT_IN_PHRASE = word_set(
    "that but and who which if when while or because so as than then is was are were be been being "
    "has have had"
    "will would could should did do does not said he she they it him them there here what how why where"
)
#: Words between a subject and its verb of speech ("you can always say").
_BEFORE_VERB = lexicon.ADVERBS | word_set("can should must")
_NO_SUBJECTS = (
    _NOT_IN_PHRASE | lexicon.PREPOSITIONS | lexicon.ADVERBS | lexicon.DETERMINERS | lexicon.TIME_NOUNS
)
_FIRST_AND_SECOND = word_set("i you we me us")
_BEFORE_PHRASE = _NOT_IN_PHRASE | _FIRST_AND_SECOND | word_set("though although since until whether")


@dataclass(slots=True, eq=False)
class Ref:
    """A mention of a possible speaker.

    Attributes:
        i, j: First token, and the token after the last.
        kind: "name", "pron" or "noun".
        entity: The entity of a name. None: a pronoun or noun.
        gender: m, f, p (they) or n (it).
        quoted: True inside a quotation.
        describes_speaker: True if it only describes a speaker ("a dealer at Quillby said").
        subject, traits: Caches of ``features``.
        pattern: The closest reporting pattern.
        is_signature: True if it signs the quotation right before it ("“…” — Ann Roe").
        kind_code: per, org or oth for names (in capitals if the tagger found them), pron or noun.
    """

    i: int
    j: int
    kind: str
    entity: Entity | None
    gender: str | None
    possessive: bool
    quoted: bool = False
    describes_speaker: bool = False
    para: int = 0
    sent: int = 0
    subject: tuple[bool, bool] | None = None
    traits: Any = None
    pattern: Pattern | None = None
    is_signature: bool = False
    kind_code: str = ""


@dataclass(slots=True, eq=False)
class SpokenSpan:
    """A quoted span and its tokens, marks included."""

    span: Span
    i: int
    j: int
    para: int


class Scene:
    """An article prepared for attribution, or a part of one that starts at ``offset`` in the body."""

    def __init__(self, text: str, spans: list[Span], mentions: Iterable[Mention], offset: int = 0) -> None:
        self.text = text
        self.offset = offset
        self.tokens = tokens = Tokens(text, spans)
        self.names = find_names(tokens, mentions, offset)
        self.spans = []
        last = max(0, len(tokens.words) - 1)
        for span in spans:
            i, j = tokens.token_at(span.outer_start), tokens.token_at(span.outer_end)
            self.spans.append(SpokenSpan(span, i, j, tokens.para[min(i, last)]))
        self._count()
        self.refs = self._refs()
        self._pronouns: dict[str | None, list[int]] = {}
        self.antecedents: dict[int, object] = {}  # antecedent of each pronoun, by the pronoun's token
        self._attach()
        self._count_talk()

    @cached_property
    def name_at(self) -> list[int]:
        """The number of the name that covers each token, or -1."""
        numbers = [-1] * len(self.tokens.words)
        for number, name in enumerate(self.names):
            numbers[name.i : name.j] = [number] * (name.j - name.i)
        return numbers

    @cached_property
    def tokens_by_word(self) -> dict[str, list[int]]:
        """The tokens of each word, in order. Keys are singular."""
        places: dict[str, list[int]] = defaultdict(list)
        for k, word in enumerate(self.tokens.low):
            places[singular(word)].append(k)
        return places

    @cached_property
    def mentions_by_entity(self) -> list[tuple[Entity, list[Name]]]:
        """Each named entity with all its mentions, except possible places."""
        mentions_of: dict[int, list[Name]] = defaultdict(list)
        for name in self.names:
            if name.entity.is_tagged or name.entity.kind != "other":
                mentions_of[id(name.entity)].append(name)
        return [(mentions[0].entity, mentions) for mentions in mentions_of.values()]

    @cached_property
    def refs_by_name(self) -> dict[str, list[tuple[Entity, Ref]]]:
        """The mentions of each name, in order."""
        refs: dict[str, list[tuple[Entity, Ref]]] = defaultdict(list)
        for ref in self.refs:
            if ref.entity is not None:
                refs[ref.entity.name].append((ref.entity, ref))
        return refs

    @cached_property
    def has_tagged_names(self) -> bool:
        """True if the tagger found any names."""
        return any(name.entity.is_tagged for name in self.names)

    @cached_property
    def starts(self) -> list[int]:
        """First tokens of the refs."""
        return [ref.i for ref in self.refs]

    def place_of(self, quoted: SpokenSpan) -> tuple[int, int]:
        """Return the place of a quotation in the body."""
        return quoted.span.start + self.offset, quoted.span.end + self.offset

    def is_known_noun(self, noun: Ref) -> bool:
        """Return True if an article, a name or a sentence start marks a noun as known ("the nurse")."""
        low = self.tokens.low
        if low[noun.j - 1] in _LONE_DETERMINERS:
            return False
        begins = low[noun.i] in _DEFINITE or self.tokens.first[noun.i]
        return begins or self.name_at[noun.i] >= 0

    def pronouns_before(self, gender: str | None) -> list[int]:
        """Return, for each ref, the number of pronouns of this gender before it."""
        if gender not in self._pronouns:
            flags = [ref.kind == "pron" and ref.gender == gender for ref in self.refs]
            self._pronouns[gender] = _running_counts(flags)
        return self._pronouns[gender]

    def _count(self) -> None:
        """Set running counts by token: sentence ends and words outside quotations, and quotation starts."""
        words, span = self.tokens.words, self.tokens.span
        self.sentence_marks = _running_counts([word in _ENDS and n < 0 for word, n in zip(words, span)])
        self.words_outside = _running_counts([n < 0 and word[0].isalnum() for word, n in zip(words, span)])
        self.spans_begun = _running_counts([n >= 0 and n != before for n, before in zip(span, [-1, *span])])

    def _refs(self) -> list[Ref]:
        tokens = self.tokens
        refs = [
            Ref(name.i, name.j, "name", name.entity, name.entity.gender, name.possessive)
            for name in self.names
        ]
        covered = self.name_at
        pronouns = lexicon.PRONOUNS
        refs += [
            Ref(i, i + 1, "pron", None, pronouns[low], False)
            for i, low in enumerate(tokens.low)
            if low in pronouns and tokens.span[i] < 0 and covered[i] < 0
        ]
        refs += self._nouns()
        refs.sort(key=lambda ref: (ref.i, ref.j))
        for ref in refs:
            ref.quoted = tokens.span[ref.i] >= 0
            ref.para, ref.sent = tokens.para[ref.i], tokens.sent[ref.i]
            ref.pattern = find_pattern(tokens, ref.i, ref.j, ref.possessive)
            ref.is_signature = is_signature(tokens, ref.i)
            ref.kind_code = _sort_of(ref)
        return refs

    def _nouns(self) -> list[Ref]:
        covered, known = self.name_at, speaker_nouns_in_either_number()
        phrases: dict[int, Ref] = {}
        low, span = self.tokens.low, self.tokens.span
        heads = [k for k, word in enumerate(low) if word in known]
        for head in sorted({*heads, *self._subjects()}):
            if span[head] < 0 and covered[head] < 0:
                ref = self._phrase(head)
                if ref:
                    phrases[ref.i] = ref
        return list(phrases.values())

    def _subjects(self) -> Iterator[int]:
        """Yield plain words before verbs of speech, skipping adverbs."""
        tokens, low = self.tokens, self.tokens.low
        for cue, word in enumerate(low):
            if word not in lexicon.STRONG_CUES or tokens.span[cue] >= 0:
                continue
            head = cue - 1
            while head > cue - 4 and head >= 0 and (low[head] in _BEFORE_VERB or low[head].endswith("ly")):
                head -= 1
            plain = head >= 0 and tokens.words[head][0].isalpha() and low[head] not in _NO_SUBJECTS
            plain = plain and tokens.cue_weight[head] < MIN_CUE
            if plain or (head >= 0 and low[head] in _LONE_DETERMINERS):
                yield head

    def _phrase(self, head: int) -> Ref | None:
        """Return the noun phrase that ends in ``head``, or None if nothing marks it as one."""
        tokens, low = self.tokens, self.tokens.low
        if low[head] in _NOT_IN_PHRASE or not tokens.words[head][0].isalpha():
            return None
        i = head
        determined = False
        # “You” is a phrase by itself in “projects you say yes to”.
        width = 0 if low[head] in _FIRST_AND_SECOND else _MAX_WIDTH
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
            adverb = word in lexicon.ADVERBS and tokens.words[k][0].islower()  # not in "the First Lady"
            if (
                word in lexicon.PREPOSITIONS
                or tokens.cue_weight[k] >= MIN_CUE
                or adverb
                or word.endswith("ly")
            ):
                break
            i = k
        plural = low[head] in lexicon.PLURAL_NOUNS or (low[head][-1] == "s" and not low[head].endswith("ss"))
        is_marked = determined or plural or low[head] in _LONE_DETERMINERS
        if not (is_marked or tokens.first[i] or tokens.words[i][0].isupper() or i < head):
            return None
        gender = "p" if plural else gender_of_noun(low[head])
        return Ref(i, head + 1, "noun", None, gender, False)

    def _attach(self) -> None:
        """Move a verb of speech from a name to the noun it describes: "a dealer at Quillby said"."""
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
                ref.describes_speaker = True  # "the banker in Port Aurel said"
                continue
            head = ends.get(k) if low[k] in _ATTACHING else None
            if head is None or head.sent != ref.sent:
                continue
            own, pattern = head.pattern, ref.pattern
            if pattern and pattern.name == "mc":
                head.pattern, ref.pattern = pattern, None
                ref.describes_speaker = True
            elif own and own.name in ("cm", "c.m"):
                ref.describes_speaker = True

    def _count_talk(self) -> None:
        """Count how often each entity is the subject of a verb of speech outside quotations."""
        for ref in self.refs:
            if ref.entity is not None and not ref.quoted:
                pattern = ref.pattern
                if pattern and pattern.name in ("mc", "cm", "acc", "m,c", "c.m", "m:"):
                    ref.entity.speech_count += 1


def singular(word: str) -> str:
    """Return a lower-case word without the "s" of a plural."""
    return word[:-1] if word.endswith("s") and len(word) > 3 and not word.endswith("ss") else word


def _running_counts(flags: Iterable[bool]) -> list[int]:
    """Return the number of flags set before each place."""
    return list(accumulate(flags, initial=0))


def is_signature(tokens: Tokens, i: int) -> bool:
    """Return True if a mention that starts there signs the quotation right before it."""
    return i > 1 and tokens.low[i - 1] in DASHES and tokens.span[i - 2] >= 0


def _sort_of(ref: Ref) -> str:
    entity = ref.entity
    if ref.kind != "name" or entity is None:
        return ref.kind
    kind = entity.kind[:3]
    return kind.upper() if entity.is_tagged else kind


def gender_of_noun(word: str) -> str | None:
    """Return m or f if a noun has a gender, n for texts and organisations, else None ("lawyer")."""
    if word in lexicon.FEMALE_WORDS:
        return "f"
    if word in lexicon.MALE_WORDS:
        return "m"
    return "n" if word in lexicon.TEXT_NOUNS or word in lexicon.BODY_WORDS else None


def total_weight(weights: dict[str, float], features: list[str]) -> float:
    """Return the sum of the features' weights."""
    return sum(filter(None, map(weights.get, features)))


def total_weights(weights: dict[str, float], rows: Iterable[list[str]]) -> list[float]:
    return [total_weight(weights, row) for row in rows]


def softmax(scores: Sequence[float]) -> list[float]:
    """Return the probabilities for scores in log space."""
    top = max(scores)
    powers = [math.exp(value - top) for value in scores]
    total = sum(powers)
    return [power / total for power in powers]


class Speaker(NamedTuple):
    """A named entity or noun phrase, the mention that attributes, and a confidence from 0 to 1."""

    who: Entity | Ref | None
    ref: Ref | None
    confidence: float


class Votes:
    """Probabilities of speakers."""

    def __init__(self) -> None:
        self._total: dict[int, float] = {}
        self._top: dict[int, tuple[float, Entity | Ref | None, Ref | None]] = {}

    def add(self, who: Entity | Ref | None, ref: Ref | None, share: float) -> None:
        key = id(who)
        self._total[key] = self._total.get(key, 0.0) + share
        if key not in self._top or share > self._top[key][0]:
            self._top[key] = (share, who, ref)

    def scaled(self, factor: float, *, without: Ref | None = None) -> Votes:
        """Return the votes with every share multiplied, except those for one noun."""
        other = Votes()
        keys = [key for key in self._total if without is None or key != id(without)]
        other._total = {key: factor * self._total[key] for key in keys}
        other._top = {key: (factor * self._top[key][0], *self._top[key][1:]) for key in keys}
        return other

    def share(self, who: Entity | Ref | None) -> float:
        return self._total.get(id(who), 0.0)

    def find_named(self, name: str) -> tuple[Entity, Ref | None] | None:
        """Return the speaker with this name and the mention with most of the share."""
        entities = ((who, ref) for _, who, ref in self._top.values() if isinstance(who, Entity))
        return next((pair for pair in entities if pair[0].name == name), None)

    def find_noun(self, scene: Scene, place: tuple[int, int]) -> Ref | None:
        """Return the noun in these votes that overlaps a place in the body."""
        nouns = (who for _, who, _ in self._top.values() if isinstance(who, Ref))
        return next((noun for noun in nouns if overlaps_place(scene, noun, place)), None)

    def by_name(self, scene: Scene) -> Iterator[tuple[str | None, float]]:
        """Yield the displayed name and share of each speaker. None: nobody."""
        for key, (_, who, _) in self._top.items():
            yield display_name(scene, who), self._total[key]

    def best(self) -> Speaker:
        if not self._total:
            return Speaker(None, None, 0.0)
        key = max(self._total, key=self._total.__getitem__)
        _, who, ref = self._top[key]
        return Speaker(who, ref, min(1.0, self._total[key]))


def display_name(scene: Scene, who: Entity | Ref | None) -> str | None:
    """Return the name of a speaker, or the words of a noun phrase."""
    if who is None:
        return None
    if isinstance(who, Entity):
        return who.name
    return scene.text[scene.tokens.starts[who.i] : scene.tokens.ends[who.j - 1]]


def overlaps_place(scene: Scene, ref: Ref, place: tuple[int, int] | None) -> bool:
    """Return True if a mention overlaps a place in the body."""
    if place is None:
        return False
    start, end = place[0] - scene.offset, place[1] - scene.offset
    return scene.tokens.starts[ref.i] < end and start < scene.tokens.ends[ref.j - 1]
