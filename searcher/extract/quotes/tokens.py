"""A text as words with their paragraphs and sentences, and how a mention among them stands to a verb of
speech: "Roe said", "said Roe", "according to Roe".
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import NamedTuple

from searcher.extract.quotes import lexicon
from searcher.extract.quotes.marks import Span
from searcher.extract.quotes.weights import cues
from searcher.names.normalise import word_set

_TOKEN = re.compile(
    # Most words and all marks, found faster than by what follows.
    r"[a-z]{2,}(?![\w’'\-&.])|[^\w\s]|[A-Z][a-z]+(?![\w’'\-&.])"
    r"|(?:[^\W\d_]\.){2,}"
    r"|(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Lt|Col|Sgt|Jr|Sr|St|Prof|Rev|Inc|Co|Corp|Ltd|Capt|Adm|Sens|Reps|Del|No|vs)\.(?=\s)"
    r"|[^\W\d_]\.(?=\s)"
    r"|\w+(?:[’'\-&]\w+)*"
    r"|\n+"
)
_SENTENCE_END = frozenset(".!?…")
_CLOSING = frozenset("”\"»’'")
_OPENING = frozenset("“\"‘'«„(—–[")


class Tokens:
    """Parallel lists, one entry a token; line breaks are tokens too and end paragraphs.

    ``span`` is the number of the quoted span that the token lies in, or -1 outside quotations.
    ``first`` marks the first word of a sentence, ``open`` what is outside quotations and no line break;
    ``cue`` is how likely the word reports speech (0..1).
    """

    __slots__ = ("cue", "ends", "first", "low", "open", "para", "sent", "span", "starts", "text", "words")

    def __init__(self, text: str, spans: list[Span]) -> None:
        self.text = text
        places = [match.span() for match in _TOKEN.finditer(text)]
        self.words = words = [text[start:end] for start, end in places]
        self.starts = [start for start, _ in places]
        self.ends = [end for _, end in places]
        low = text.lower().replace("’", "'")
        if len(low) == len(text):
            self.low = [low[start:end] for start, end in places]
        else:  # some letter is longer in lower case
            self.low = [word.lower().replace("’", "'") for word in words]
        known = cues()
        self.cue = [known.get(word, 0.0) for word in self.low]
        self._divide()
        self._place(spans)

    def __len__(self) -> int:
        return len(self.words)

    def at(self, offset: int) -> int:
        """The number of the first token that starts at the offset or after it."""
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
            if word in _SENTENCE_END or (word in _CLOSING and i and words[i - 1] in _SENTENCE_END):
                after = words[i + 1] if i + 1 < count else "\n"
                if after[0].isupper() or after[0] in _OPENING or after[0] == "\n":
                    sentence, fresh = sentence + 1, True
        self.para, self.sent, self.first = para, sent, first

    def _place(self, spans: list[Span]) -> None:
        span = [-1] * len(self.words)
        for number, one in enumerate(spans):
            first, last = self.at(one.outer_start), self.at(one.outer_end)
            span[first:last] = [number] * (last - first)
        self.span = span
        self.open = [number < 0 and word[0] != "\n" for number, word in zip(span, self.words)]


#: From this share on a word is taken as reporting speech (swept on the training part; see the model card).
MIN_CUE = 0.4
#: … and from this one on where the word stands later in the sentence. The models were trained with both.
_MIN_LATER_CUE = 0.55
_APPOSED = frozenset((",", "(", "—", "–", "of", "at", "with", "who", "from", "for", "in", "-", "and"))
_CLOSING_APPOSITION = frozenset((",", ")", "—", "–", "-"))
_NOUN_CUES = frozenset(("statement", "interview", "report", "comments", "comment", "claims", "claim"))
_ADDRESSING = word_set("told tells telling asked asks thanked tell ask reminded assured informed")
#: What ends the stretch between a verb of speech and its subject.
_BARS = lexicon.PREPOSITIONS | _SENTENCE_END | {",", ";", ":", "that", "who", "and"}
_SUBJECTS = word_set("he she they it we i you who")
_MAX_AFTERWARD, _MAX_IN_APPOSITION, _MAX_LONG = 4, 28, 22  # tokens looked at


class Pattern(NamedTuple):
    """``name`` of the pattern, the token of its verb, and how surely that verb reports speech."""

    name: str
    cue: int
    weight: float


def is_cue(word: str) -> bool:
    return cues().get(word, 0.0) >= MIN_CUE


def find_pattern(tokens: Tokens, i: int, j: int, possessive: bool = False) -> Pattern | None:
    """The closest reporting pattern around the mention at tokens ``i`` to ``j``."""
    if possessive:
        return _owned(tokens, j)
    return (
        _directly_after(tokens, j)
        or _after_apposition(tokens, j)
        or _verb_before(tokens, i)
        or _later_in_sentence(tokens, i, j)
    )


def _owned(tokens: Tokens, j: int) -> Pattern | None:
    """As in "Roe's claim that": what is said belongs to the mention."""
    for k in range(j, min(j + 4, len(tokens))):
        if not tokens.open[k] or not tokens.words[k][0].isalpha():
            return None
        if tokens.low[k] in lexicon.SPEECH_NOUNS:
            return Pattern("m's", k, 0.6)
    return None


def _directly_after(tokens: Tokens, j: int) -> Pattern | None:
    low, usable = tokens.low, tokens.open
    k, count = j, len(low)
    last = min(j + _MAX_AFTERWARD, count)
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
    for k in range(j + 1, min(j + 1 + _MAX_IN_APPOSITION, len(low))):
        word = low[k]
        if not usable[k] or word in _SENTENCE_END:
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
            if _has_subject(tokens, k):
                return None
            if word in _ADDRESSING and steps <= 2 and not _starts_clause(tokens, k):
                return Pattern("to", k, weight)
            return Pattern("cm" if steps == 0 else "c.m", k, weight)
        if word in _BARS:
            return None
    return None


def _has_subject(tokens: Tokens, k: int) -> bool:
    """Whether a pronoun right before the verb already says who speaks ("he said Roe had left")."""
    return k > 0 and tokens.open[k - 1] and tokens.low[k - 1] in _SUBJECTS


def _starts_clause(tokens: Tokens, k: int) -> bool:
    """Whether the verb comes right after a quotation or at the start (“…?” asked Roe)."""
    return (
        k == 0 or tokens.span[k - 1] >= 0 or tokens.low[k - 1] in (",", "?", "!", "”", '"') or tokens.first[k]
    )


def _later_in_sentence(tokens: Tokens, i: int, j: int) -> Pattern | None:
    last = min(j + _MAX_LONG, len(tokens))
    for k in range(j, last):
        if tokens.cue[k] >= _MIN_LATER_CUE:
            sentence = tokens.sent[i]
            clear = all(tokens.span[n] < 0 and tokens.sent[n] == sentence for n in range(j, k + 1))
            return Pattern("m..c", k, tokens.cue[k]) if clear else None
    return None
