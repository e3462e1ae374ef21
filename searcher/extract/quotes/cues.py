"""How a mention stands to a verb of speech: "Roe said", "said Roe", "according to Roe"."""

from __future__ import annotations

from typing import NamedTuple

from searcher.extract.quotes import lexicon
from searcher.extract.quotes.tokens import Tokens
from searcher.extract.quotes.weights import cues

__all__ = ["CUE", "Pattern", "find_pattern", "is_cue"]

#: From this share on a word is taken as reporting speech (swept on the training part; see the model card).
CUE = 0.4
_FIRM = 0.55
_SENTENCE_END = frozenset(".!?…")
_APPOSED = frozenset((",", "(", "—", "–", "of", "at", "with", "who", "from", "for", "in", "-", "and"))
_NOUN_CUES = frozenset(("statement", "interview", "report", "comments", "comment", "claims", "claim"))
_ADDRESSING = lexicon.words("told tells telling asked asks thanked tell ask reminded assured informed")
_AFTERWARD, _BETWEEN, _LONG = 4, 28, 22  # tokens looked at


class Pattern(NamedTuple):
    """``name`` of the pattern, the token of its verb, and how surely that verb reports speech."""

    name: str
    cue: int
    weight: float


def is_cue(word: str) -> bool:
    return cues().get(word, 0.0) >= CUE


def find_pattern(tokens: Tokens, i: int, j: int, possessive: bool = False) -> Pattern | None:
    """The closest reporting pattern around the mention at tokens ``i`` to ``j``."""
    if possessive:
        return _owned(tokens, j)
    return (
        _directly_after(tokens, j)
        or _after_apposition(tokens, j)
        or _before(tokens, i)
        or _later_in_sentence(tokens, i, j)
    )


def _owned(tokens: Tokens, j: int) -> Pattern | None:
    """As in "Roe's claim that": what is said belongs to the mention."""
    for k in range(j, j + 4):
        if not _usable(tokens, k) or not tokens.words[k][0].isalpha():
            return None
        if tokens.low[k] in lexicon.SPEECH_NOUNS:
            return Pattern("m's", k, 0.6)
    return None


def _usable(tokens: Tokens, k: int) -> bool:
    return 0 <= k < len(tokens.words) and tokens.span[k] < 0 and tokens.words[k][0] != "\n"


def _directly_after(tokens: Tokens, j: int) -> Pattern | None:
    low, known = tokens.low, cues()
    k, steps = j, 0
    while _usable(tokens, k) and steps < _AFTERWARD and (low[k] in lexicon.ADVERBS or low[k].endswith("ly")):
        k += 1
        steps += 1
    if not _usable(tokens, k):
        return None
    weight = known.get(low[k], 0.0)
    if weight >= CUE:
        return Pattern("mc", k, weight)
    if low[k] in ("put", "puts") and k + 1 < len(low) and low[k + 1] == "it":
        return Pattern("mc", k, 0.9)
    return Pattern("m:", k, 0.6) if low[k] == ":" and k == j else None


def _after_apposition(tokens: Tokens, j: int) -> Pattern | None:
    low = tokens.low
    if not (_usable(tokens, j) and low[j] in _APPOSED):
        return None
    joined = low[j] not in (",", "(", "—", "–", "-")
    for k in range(j + 1, j + 1 + _BETWEEN):
        if not _usable(tokens, k) or low[k] in _SENTENCE_END:
            return None
        if low[k] not in lexicon.STRONG_CUES:
            continue
        before = low[k - 1]
        if (
            joined
            or before in (",", ")", "—", "–", "-")
            or before.endswith("ly")
            or before in lexicon.ADVERBS
        ):
            return Pattern("m,c", k, cues().get(low[k], 0.7))
    return None


def _before(tokens: Tokens, i: int) -> Pattern | None:
    low, known = tokens.low, cues()
    k = i - 1
    for steps in range(6):
        if not _usable(tokens, k):
            return None
        word = low[k]
        if word == "to" and k and low[k - 1] == "according":
            return Pattern("acc", k - 1, 0.9)
        if word == "per" and steps <= 1:
            return Pattern("acc", k, 0.7)
        weight = known.get(word, 0.0)
        if weight >= CUE and word not in _NOUN_CUES:
            if word in _ADDRESSING and steps <= 2 and not _starts_clause(tokens, k):
                return Pattern("to", k, weight)
            return Pattern("cm" if steps == 0 else "c.m", k, weight)
        if (
            word in lexicon.PREPOSITIONS
            or word in _SENTENCE_END
            or word in (",", ";", ":", "that", "who", "and")
        ):
            return None
        k -= 1
    return None


def _starts_clause(tokens: Tokens, k: int) -> bool:
    """Whether the verb comes right after a quotation or at the start (“…?” asked Roe)."""
    return (
        k == 0 or tokens.span[k - 1] >= 0 or tokens.low[k - 1] in (",", "?", "!", "”", '"') or tokens.first[k]
    )


def _later_in_sentence(tokens: Tokens, i: int, j: int) -> Pattern | None:
    known, low = cues(), tokens.low
    sentence = tokens.sent[i]
    for k in range(j, min(j + _LONG, len(low))):
        if tokens.span[k] >= 0 or tokens.sent[k] != sentence:
            return None
        weight = known.get(low[k], 0.0)
        if weight >= _FIRM:
            return Pattern("m..c", k, weight)
    return None
