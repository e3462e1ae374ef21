"""Passages that the tagger reads at once: sentences packed together, but those that cannot hold a name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from searcher.extract.names.wordpiece import CAPITALISED, CAPITALS, MIXED, Word, WordPiece
from searcher.names.normalise import word_set

__all__ = ["LENGTH", "Chunk", "can_name", "chunks", "passages", "sentences"]

Chunk = list[Word]

LENGTH: Final = 126  # word pieces; with the two marks at the ends 128
#: Passages of one text: a long novel, some 15 seconds; what lies beyond names nobody.
_MAX_PASSAGES: Final = 2000

_PARAGRAPH = re.compile(r"[^\n]+")
_STOPS = frozenset(".!?…")
_OPENING = frozenset("“‘\"'«([—–-:•*")
_CLOSING = frozenset("”’\"')]»")
_LATIN_CAPITAL = re.compile("[A-ZÀ-ÖØ-ÞĀ-ɏḀ-ỿ]")
# Words that open sentences and name nobody. One that is missing costs a little time, nothing else.
_OPENERS = word_set(
    """
    a about above according after again against ago all almost along already also although always among an
    and another any anyone anything are around as asked at away back be because been before behind being
    below besides best better between beyond both but by can could despite did do does don down due during
    each earlier early either else even eventually ever every everybody everyone everything except far few
    fewer finally first five following for former four from further get given go had half has have having he
    hello hence her here hers him his how however i if in indeed initially instead into is isn it its itself
    just last lastly late later least less let like likewise little long look many may maybe me meanwhile
    might mine more moreover most much must my near nearly neither never nevertheless new next no nobody none
    nor not nothing now of off often oh okay on once one only or other others otherwise our out over own
    people perhaps please previously put rather recently right said same says second see several she should
    similarly since six so some someone something sometimes soon still such sure take ten than thank thanks
    that the their them then there therefore these they thing things think third this those though three
    through throughout thus to today together tomorrow tonight too two under unless unlike until up upon us
    very was wasn we well were what whatever when where whether which while who whoever whom whose why will
    with within without would yes yesterday yet you your yours
    """
)


def chunks(wordpiece: WordPiece, text: str, length: int = LENGTH) -> Iterator[Chunk]:
    """Cut ``text`` into passages of at most ``length`` word pieces: paragraphs packed together."""
    yield from _packed(
        (
            part
            for paragraph in _PARAGRAPH.finditer(text)
            for part in _cut(text, list(wordpiece.words(text, *paragraph.span())), length)
        ),
        length,
    )


def passages(wordpiece: WordPiece, text: str, length: int = LENGTH) -> Iterator[Chunk]:
    """The same of the sentences that can hold a name, all others left out."""
    yield from islice(_packed(_promising(wordpiece, text, length), length), _MAX_PASSAGES)


def _promising(wordpiece: WordPiece, text: str, length: int) -> Iterator[Chunk]:
    for paragraph in _PARAGRAPH.finditer(text):
        for sentence in sentences(text, list(wordpiece.words(text, *paragraph.span()))):
            if can_name(text, sentence):
                yield from (part for part in _cut(text, sentence, length) if _has_latin_capital(text, part))


def sentences(text: str, words: Chunk) -> Iterator[Chunk]:
    """Cut after a stop (and the quotation marks that close with it) when a new sentence can begin."""
    start = 0
    stopped = False
    for number, word in enumerate(words):
        char = text[word.start]
        if stopped and char not in _CLOSING and char not in _STOPS:
            if word.case in (CAPITALISED, CAPITALS, MIXED) or char in _OPENING:
                yield words[start:number]
                start = number
            stopped = False
        if word.end - word.start == 1 and char in _STOPS:
            stopped = True
    if start < len(words):
        yield words[start:]


def can_name(text: str, sentence: Chunk) -> bool:
    """Whether a word has a capital that its place in the sentence does not explain."""
    begins = True
    for word in sentence:
        if word.case in (CAPITALISED, CAPITALS, MIXED):
            written = text[word.start : word.end]
            if written != "I" and not (begins and written.lower() in _OPENERS):
                return True
        begins = (word.end - word.start == 1 and text[word.start] in _OPENING) or (begins and not word.case)
        if begins and text[word.start].isalnum():
            begins = False
    return False


def _has_latin_capital(text: str, part: Chunk) -> bool:
    """Whether to read it: the model knows English. In 1,169 Russian, Chinese, Japanese and Korean sentences
    of saved pages it found names in Latin letters (23) and no other."""
    return bool(_LATIN_CAPITAL.search(text, part[0].start, part[-1].end))


def _packed(parts: Iterable[Chunk], length: int) -> Iterator[Chunk]:
    """Join neighbours while they fit."""
    open_chunk: Chunk = []
    size = 0
    for part in parts:
        pieces = sum(len(word.pieces) for word in part)
        if open_chunk and size + pieces > length:
            yield open_chunk
            open_chunk, size = [], 0
        open_chunk = open_chunk + part
        size += pieces
    if open_chunk:
        yield open_chunk


def _cut(text: str, words: Chunk, length: int) -> Iterator[Chunk]:
    """Parts that fit, each ending at the last full stop in its second half where there is one."""
    start = size = 0
    stop = 0
    for number, word in enumerate(words):
        if size + len(word.pieces) > length and number > start:
            end = stop if stop > start else number
            yield words[start:end]
            start = end
            size = sum(len(w.pieces) for w in words[start:number])
        size += len(word.pieces)
        if size > length // 2 and text[word.start : word.end] in _STOPS:
            stop = number + 1
    if start < len(words):
        yield words[start:]
