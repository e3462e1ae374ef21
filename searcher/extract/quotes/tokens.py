"""A text as words with their paragraphs and sentences: what the rest of the package counts in."""

from __future__ import annotations

import re
from bisect import bisect_left

from searcher.extract.quotes.marks import Span
from searcher.extract.quotes.weights import cues

__all__ = ["Tokens"]

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
        words = self.words
        count = len(words)
        para, sent, first = [0] * count, [0] * count, [False] * count
        paragraph = sentence = 0
        fresh = True
        for i, word in enumerate(words):
            if word[0] == "\n":
                paragraph += 1
                sentence += 1
                fresh = True
            elif fresh and word[0].isalnum():
                first[i] = True
                fresh = False
            para[i], sent[i] = paragraph, sentence
            if word in _SENTENCE_END or (word in _CLOSING and i and words[i - 1] in _SENTENCE_END):
                after = words[i + 1] if i + 1 < count else "\n"
                if after[0].isupper() or after[0] in _OPENING or after[0] == "\n":
                    sentence += 1
                    fresh = True
        self.para, self.sent, self.first = para, sent, first

    def _place(self, spans: list[Span]) -> None:
        span = [-1] * len(self.words)
        for number, one in enumerate(spans):
            first, last = self.at(one.outer_start), self.at(one.outer_end)
            span[first:last] = [number] * (last - first)
        self.span = span
        self.open = [number < 0 and word[0] != "\n" for number, word in zip(span, self.words)]
