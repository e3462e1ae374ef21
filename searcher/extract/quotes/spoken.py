"""Speech or not: what tells quotations from titles, slogans and scare quotes, and clauses from fragments."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from searcher.extract.quotes import lexicon
from searcher.extract.quotes.cues import is_cue
from searcher.extract.quotes.features import bucket
from searcher.extract.quotes.scene import Scene, SpokenSpan
from searcher.names.normalise import word_set

__all__ = ["clause_features", "look_at", "no_speech", "speech_shares", "spoken_features"]

_USUAL = 0.9  # share of the spans that are speech where the model was learned
_DOUBT = 3  # spans of the usual sort that an article is thought to have beside its own
_PULL = 0.5  # how much the other spans count (swept on the training part and on pages: 0 to 1)
_SURE = 30.0  # log odds: as good as certain, and far from where exp overflows
_PULLED = 20  # characters from which a sentence that comes twice is no chance
_MOST_PULLED = 1000  # spans alone in their paragraph that are looked for: an article has a handful

_KNOWN_BEFORE = word_set(
    "a an the of as for called and to in or that : , . ( his her their its with by was is were on "
    "is's so-called"
    "titled entitled dubbed book song film movie album show series headline named word words term phrase from"
)
_FINITE = word_set(
    "is are was were be am has have had do does did will would can could should may might must i'm "
    "we're it's that's"
    "don't there's he's she's they're let's i've we've you're i'll we'll can't won't isn't didn't doesn't"
)


def no_speech(scene: Scene, quoted: SpokenSpan) -> bool:
    """Whether it is the article's own sentence set apart between marks (a pull quote)."""
    text, span = scene.text, quoted.span
    begins = span.outer_start <= 0 or "\n" in text[span.outer_start - 1 : span.start]
    ends = span.outer_end >= len(text) or "\n" in text[span.end : span.outer_end + 1]
    if not (begins and ends) or span.end - span.start < _PULLED or scene.sought >= _MOST_PULLED:
        return False
    scene.sought += 1
    inside = text[span.start : span.end]
    other = text.find(inside)
    if other == span.start:
        other = text.find(inside, span.end)
    return other >= 0 and scene.tokens.span[min(scene.tokens.at(other), len(scene.tokens) - 1)] < 0


class Look(NamedTuple):
    """What both models see of a span: its text and words, their number as a class, the word before it."""

    inside: str
    words: list[str]
    size: str
    before: str


def look_at(scene: Scene, quoted: SpokenSpan) -> Look:
    inside = scene.text[quoted.span.start : quoted.span.end]
    words = inside.split(None, 60)
    size = "s" if len(words) < 4 else "m" if len(words) < 8 else "l"
    return Look(inside, words, size, _before(scene, quoted))


def spoken_features(scene: Scene, quoted: SpokenSpan, best: float, look: Look | None = None) -> list[str]:
    """Features of "this span is speech that the text attributes"; ``best`` is its best speaker's score."""
    text, span = scene.text, quoted.span
    inside, words, size, before = look or look_at(scene, quoted)
    after = text[span.outer_end : span.outer_end + 1]
    ends = inside[-1] if inside[-1] in ",.!?…" else "x"
    follows = after if after and after in ",.;:" else "x"
    capitals = sum(word[0].isupper() for word in words) * 4 // len(words)
    cue_before, cue_after = _cues_around(scene, quoted)
    full = before == "^" and (quoted.j >= len(scene.tokens) or scene.tokens.words[quoted.j][0] == "\n")
    capital = int(inside[0].isupper())
    return [
        "bias",
        f"n{bucket(len(words))}",
        f"single{int(span.single)}{size}",
        f"ends{ends}{size}",
        f"follows{follows}",
        f"cap{capital}{size}",
        f"caps{capitals}{size}",
        f"before={before}",
        f"before={before}{size}",
        f"before={before}c{capital}{ends == 'x'}",
        f"closed{int(span.closed)}",
        f"cue{int(cue_before * 3)}{int(cue_after * 3)}{size}",
        f"cueb{int(cue_before * 5)}",
        f"cuea{int(cue_after * 5)}",
        f"lead{int(quoted.para == 0)}",
        f"full{int(full)}{size}{ends}",
        f"best{int(max(-6.0, min(10.0, best)))}",
        f"best{int(max(-6.0, min(10.0, best)) / 2)}{size}",
    ]


def speech_shares(odds: list[float]) -> Iterator[float]:
    """How likely each span is speech, from its own log odds and from what the other spans seem to be.

    The model knows political news, where nine in ten spans are speech. In a guide that sets off terms
    between marks a doubtful span is one more term.
    """
    alone = [_share(value) for value in odds]
    total, others = sum(alone), len(alone) - 1
    for value, share in zip(odds, alone):
        around = (total - share + _DOUBT * _USUAL) / (others + _DOUBT)
        yield _share(value + _PULL * (math.log(around / (1 - around)) - math.log(_USUAL / (1 - _USUAL))))


def _share(odds: float) -> float:
    return 1 / (1 + math.exp(-max(-_SURE, min(_SURE, odds))))


def clause_features(scene: Scene, quoted: SpokenSpan, look: Look | None = None) -> list[str]:
    """Features of "the author quotes whole clauses here", not a fragment built into his own sentence."""
    text, span = scene.text, quoted.span
    inside, words, size, before = look or look_at(scene, quoted)
    capital = int(inside[0].isupper())
    ends = inside[-1] if inside[-1] in ",.!?…" else "x"
    finite = int(any(word.lower().strip(".,!?’'").replace("’", "'") in _FINITE for word in words[:20]))
    after = text[span.outer_end : span.outer_end + 2].strip()[:1] or "^"
    after = after if after in ",.;:^" else "w"
    return [
        "bias",
        f"n{bucket(len(words))}",
        f"cap{capital}",
        f"before={before}",
        f"before={before}cap{capital}",
        f"ends{ends}cap{capital}",
        f"ends{ends}{size}",
        f"after{after}{ends}",
        f"finite{finite}{size}",
        f"finite{finite}cap{capital}",
    ]


def _before(scene: Scene, quoted: SpokenSpan) -> str:
    """The word before the span: itself where it is telling, else its class; "^" at a paragraph's start."""
    if not quoted.i:
        return "^"
    word = scene.tokens.low[quoted.i - 1]
    if word[0] == "\n":
        return "^"
    if word in _KNOWN_BEFORE:
        return word
    if is_cue(word):
        return "cue"
    return "prep" if word in lexicon.PREPOSITIONS else "w"


def _cues_around(scene: Scene, quoted: SpokenSpan) -> tuple[float, float]:
    """The surest reporting words of the same sentence before and after the span."""
    tokens = scene.tokens
    weight = tokens.cue
    before = after = 0.0
    for k in range(quoted.i - 1, max(-1, quoted.i - 25), -1):
        if tokens.words[k][0] == "\n" or (tokens.span[k] < 0 and tokens.low[k] in (".", "!", "?")):
            break
        if tokens.span[k] < 0:
            before = max(before, weight[k])
    for k in range(quoted.j, min(len(tokens), quoted.j + 15)):
        if tokens.words[k][0] == "\n" or tokens.low[k] in (".", "!", "?"):
            break
        if tokens.span[k] < 0:
            after = max(after, weight[k])
    return before, after
