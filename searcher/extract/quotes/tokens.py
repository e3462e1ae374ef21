"""Tokens of a text with their paragraphs and sentences, and its names.

Names are the tagger's mentions and other capitalised words, mostly places ("Beijing said").
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from searcher.article import Mention
from searcher.extract.quotes import lexicon
from searcher.extract.quotes.lexicon import cue_weights, speaker_nouns_in_either_number
from searcher.extract.quotes.marks import Span
from searcher.names.people import first_name_gender

_TOKEN = re.compile(
    # A fast path for most words and all marks.
    r"[a-z]{2,}(?![\w’'\-&.])|[^\w\s]|[A-Z][a-z]+(?![\w’'\-&.])"
    r"|(?:[^\W\d_]\.){2,}"
    r"|(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Lt|Col|Sgt|Jr|Sr|St|Prof|Rev|Inc|Co|Corp|Ltd|Capt|Adm|Sens|Reps|Del|No|vs)\.(?=\s)"
    r"|[^\W\d_]\.(?=\s)"
    r"|\w+(?:[’'\-&]\w+)*"
    r"|\n+"
)
SENTENCE_END = frozenset(".!?…")
_CLOSING = frozenset("”\"»’'")
_OPENING = frozenset("“\"‘'«„(—–[")


class Tokens:
    """The tokens of a text, as parallel lists. Line breaks are tokens and end paragraphs.

    Attributes:
        starts, ends: Offsets in the text.
        words, low: The tokens as written, and in lower case with straight apostrophes.
        para, sent: Numbers of the paragraph and sentence.
        first: True for the first word of a sentence.
        span: Number of the quoted span, or -1.
        is_unquoted: True for words outside quotations.
        cue_weight: Probability that the word reports speech.
    """

    __slots__ = (
        "cue_weight",
        "ends",
        "first",
        "is_unquoted",
        "low",
        "para",
        "sent",
        "span",
        "starts",
        "text",
        "words",
    )

    def __init__(self, text: str, spans: list[Span]) -> None:
        self.text = text
        places = [match.span() for match in _TOKEN.finditer(text)]
        self.words = words = [text[start:end] for start, end in places]
        self.starts = [start for start, _ in places]
        self.ends = [end for _, end in places]
        low = text.lower().replace("’", "'")
        if len(low) == len(text):
            self.low = [low[start:end] for start, end in places]
        else:  # some letters become two in lower case, which shifts the offsets
            self.low = [word.lower().replace("’", "'") for word in words]
        known = cue_weights()
        self.cue_weight = [known.get(word, 0.0) for word in self.low]
        self._divide()
        self._place(spans)

    def token_at(self, offset: int) -> int:
        """Return the number of the first token at or after an offset."""
        return bisect_left(self.starts, offset)

    def _divide(self) -> None:
        words, count = self.words, len(self.words)
        para, sent, first = [0] * count, [0] * count, [False] * count
        paragraph = sentence = 0
        fresh = True
        for i, word in enumerate(words):
            if word[0] == "\n":
                paragraph, sentence, fresh = paragraph + 1, sentence + 1, True
            elif fresh and word[0].isalnum():
                first[i], fresh = True, False
            para[i], sent[i] = paragraph, sentence
            if word in SENTENCE_END or (word in _CLOSING and i and words[i - 1] in SENTENCE_END):
                after = words[i + 1] if i + 1 < count else "\n"
                if after[0].isupper() or after[0] in _OPENING or after[0] == "\n":
                    sentence, fresh = sentence + 1, True
        self.para, self.sent, self.first = para, sent, first

    def _place(self, spans: list[Span]) -> None:
        span = [-1] * len(self.words)
        for number, quoted in enumerate(spans):
            first, last = self.token_at(quoted.outer_start), self.token_at(quoted.outer_end)
            span[first:last] = [number] * (last - first)
        self.span = span
        self.is_unquoted = [number < 0 and word[0] != "\n" for number, word in zip(span, self.words)]


@dataclass(slots=True, eq=False)  # two entities may have the same name until they are merged
class Entity:
    """A named person or thing.

    Attributes:
        kind: "person", "organisation" or "other" (a place, or unknown).
        first: Token of the first mention.
        is_tagged: True if the tagger found it.
        count: Number of mentions.
        speech_count: Number of mentions that are the subject of a verb of speech.
    """

    name: str
    kind: str
    gender: str | None
    first: int
    is_tagged: bool
    count: int = 0
    speech_count: int = 0


@dataclass(slots=True, eq=False)
class Name:
    """A mention of an entity: tokens ``i`` to ``j`` (exclusive)."""

    i: int
    j: int
    entity: Entity
    possessive: bool


# Points for each person with a surname. The subject of a recent sentence outweighs the person named first.
_FIRST, _FULL, _RECENT_SUBJECT, _RECENT, _WRONG_SEX, _LATER = 1.0, 0.5, 2.0, 0.4, -5.0, -1.5
#: Maximum number of people per surname. Labelled articles have at most 8.
_MAX_BEARERS = 50


@dataclass(slots=True)
class _Bearer:
    """A person with a given surname, and properties of the text so far."""

    entity: Entity
    full: int = 0  # number of mentions by full name, so far
    latest: int = -9  # paragraph of the latest mention
    subject: bool = False  # True if the latest mention starts a sentence


def resolve_surnames(tokens: Tokens, names: list[Name]) -> list[Name]:
    """Assign each surname without a first name to its most likely bearer."""
    families: dict[str, dict[str, _Bearer]] = defaultdict(dict)
    for name in names:
        words = name.entity.name.split()
        if name.entity.kind == "person" and len(words) > 1:
            bearers = families[words[-1].lower()]
            if len(bearers) < _MAX_BEARERS:
                bearers.setdefault(name.entity.name, _Bearer(name.entity))
    if all(len(bearers) < 2 for bearers in families.values()):
        return names
    for name in names:
        if name.entity.kind == "person":
            _assign_surname(tokens, name, families)
    return names


def _assign_surname(tokens: Tokens, name: Name, families: dict[str, dict[str, _Bearer]]) -> None:
    surname = name.entity.name.split()[-1].lower()
    bearers = families.get(surname, {})
    if len(bearers) < 2:
        return
    paragraph = tokens.para[name.i]
    if name.j - name.i == 1 and tokens.low[name.i].startswith(surname):
        first = min(bearer.entity.first for bearer in bearers.values())
        best = max(bearers.values(), key=lambda bearer: _points(tokens, name, bearer, first, paragraph))
        name.entity.count -= 1
        name.entity = best.entity
        best.entity.count += 1
    bearer = bearers.get(name.entity.name)
    if bearer is not None:
        bearer.full += name.j - name.i > 1
        bearer.latest = paragraph
        bearer.subject = tokens.first[name.i] and not name.possessive


def _points(tokens: Tokens, name: Name, bearer: _Bearer, first: int, paragraph: int) -> float:
    points = _FULL * min(3, bearer.full)
    if bearer.entity.first == first:
        points += _FIRST
    if paragraph - bearer.latest <= 1:
        points += _RECENT_SUBJECT if bearer.subject else _RECENT
    if bearer.entity.first > name.i:
        points += _LATER
    sex = _sex_of_title(tokens.low[name.i - 1].rstrip(".")) if name.i else None
    if sex and bearer.entity.gender not in (None, sex):
        points += _WRONG_SEX
    return points


def _sex_of_title(word: str) -> str | None:
    return "f" if word in lexicon.FEMALE_WORDS else "m" if word in lexicon.MALE_WORDS else None


_POSSESSIVE = re.compile(r"(.+?)[’'][sS]?$")
#: Matches words in Latin script. In other scripts, capitals do not reveal a name at the start of a sentence.
_LATIN = re.compile(r"[a-z\u00df-\u024f\u1e00-\u1eff][\W\d_a-z\u00df-\u024f\u1e00-\u1eff]*")
# The model was trained with these values. Changing one requires retraining.
_MAX_WIDTH = 8  # maximum tokens of a name that the tagger missed
_MIN_SPEAKING_SHARE = 0.4  # minimum weight of a verb that makes the word before it a name ("Roe said")


class _Run(NamedTuple):
    """A run of capitalised tokens. ``first`` is True at the start of a sentence."""

    i: int
    j: int
    words: list[str]
    possessive: bool
    first: bool


def find_names(tokens: Tokens, mentions: Iterable[Mention], offset: int = 0) -> list[Name]:
    """Return every name in reading order. ``offset`` is where the text starts in the body."""
    tagged = resolve_surnames(tokens, _tagged_names(tokens, mentions, offset))
    covered = bytearray(len(tokens.words))
    for name in tagged:
        covered[name.i : name.j] = b"\1" * (name.j - name.i)
    common = {low for low, word in zip(tokens.low, tokens.words) if word[0].islower()}
    runs = _capitalised_runs(tokens, covered, common)
    untagged = _names_of_runs(tokens, runs, {name.entity.name: name.entity for name in tagged})
    return sorted([*tagged, *untagged], key=lambda name: (name.i, name.j))


def _tagged_names(tokens: Tokens, mentions: Iterable[Mention], offset: int) -> list[Name]:
    entities: dict[tuple[str, str], Entity] = {}
    names: list[Name] = []
    length = len(tokens.text)
    for mention in sorted(mentions, key=lambda m: (m.start, -m.end)):
        start, end = mention.start - offset, mention.end - offset
        if mention.part != "body" or start < 0 or end > length or start >= end:
            continue
        i, j = tokens.token_at(start), tokens.token_at(end)
        if i < len(tokens.words) and tokens.starts[i] > start and i:
            i -= 1
        if i >= j or (names and names[-1].j > i) or tokens.low[i] in lexicon.PRONOUNS:
            continue
        key = (mention.name, mention.kind)
        entity = entities.get(key)
        if entity is None:
            gender = _gender_of(mention.name.split()) if mention.kind == "person" else None
            entity = entities[key] = Entity(mention.name, mention.kind, gender, i, True)
        entity.count += 1
        last = tokens.words[j - 1]
        possessive = tokens.ends[j - 1] > end and bool(_POSSESSIVE.match(last))
        possessive = possessive or (j < len(tokens.words) and tokens.text[end : end + 2] in ("’s", "'s"))
        names.append(Name(i, j, entity, possessive))
    return names


def _gender_of(words: list[str]) -> str | None:
    for word in words:
        plain = word.lower().rstrip(".")
        if plain in lexicon.TITLES and (sex := _sex_of_title(plain)):
            return sex
        if plain in lexicon.TITLES or len(plain) < 2 or "." in plain:
            continue
        return first_name_gender(plain)
    return None


def _capitalised_runs(tokens: Tokens, covered: bytearray, common: set[str]) -> list[_Run]:
    """Return runs of capitalised words outside the tagged names."""
    runs: list[_Run] = []
    end = 0
    for i in [i for i, word in enumerate(tokens.words) if word[0].isupper() and not covered[i]]:
        low = tokens.low[i].rstrip(".")
        if i < end or len(low) < 2 or low in lexicon.NOT_NAMES or not _LATIN.fullmatch(low):
            continue
        end = _run_end(tokens, i, covered)
        run = _cleaned_run(tokens, i, end, common)
        if run:
            runs.append(run)
    return runs


def _run_end(tokens: Tokens, i: int, covered: bytearray) -> int:
    j = i + 1
    while j < min(len(tokens.words), i + _MAX_WIDTH):
        apart = tokens.starts[j] - tokens.ends[j - 1] > 1 or tokens.span[j] != tokens.span[i]
        if covered[j] or apart or tokens.words[j - 1].endswith(("’s", "'s")):
            break
        if not tokens.words[j][0].isupper() or tokens.low[j].rstrip(".") in lexicon.NOT_NAMES:
            break
        j += 1
    return j


def _cleaned_run(tokens: Tokens, i: int, j: int, common: set[str]) -> _Run | None:
    """Return a run without a first word that is written in lower case elsewhere."""
    words, first = tokens.words[i:j], tokens.first[i]
    if first and tokens.low[i] in common:
        words, i, first = words[1:], i + 1, False
    if not words:
        return None
    match = _POSSESSIVE.match(words[-1])
    if match and words[-1][-2:] in ("’s", "'s", "s’", "s'"):
        return _Run(i, j, [*words[:-1], match.group(1)], True, first)
    return _Run(i, j, words, False, first)


def _names_of_runs(tokens: Tokens, runs: Sequence[_Run], tagged: Mapping[str, Entity]) -> list[Name]:
    entities = dict(tagged)
    elsewhere = {run.words[0] for run in runs if not run.first and run.j - run.i == 1}
    names = []
    for run in runs:
        name = " ".join(run.words)
        if name not in entities and (_is_noun(run.words) or _is_sentence_start(tokens, run, elsewhere)):
            continue
        entity = entities.setdefault(name, Entity(name, "other", None, run.i, False))
        entity.count += 1
        names.append(Name(run.i, run.j, entity, run.possessive))
    return names


def _is_noun(words: list[str]) -> bool:
    """Return True for a role or a group ("President", "Analysts"), which is a noun phrase."""
    low = words[-1].lower()
    return low in speaker_nouns_in_either_number() or low in lexicon.TITLES  # "the First Lady"


def _is_sentence_start(tokens: Tokens, run: _Run, elsewhere: set[str]) -> bool:
    """Return True if a word is probably capitalised only as the first of a sentence ("Note that …")."""
    if not run.first or run.j - run.i > 1 or run.possessive or run.words[0] in elsewhere:
        return False
    speaks = run.j < len(tokens.words) and tokens.cue_weight[run.j] >= _MIN_SPEAKING_SHARE
    return not speaks or run.words[0].endswith("ly")
