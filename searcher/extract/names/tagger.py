"""The neural tagger: finds people, organisations, places and other names in a text.

``MODEL_CARD.md`` explains how the model was made. Words are split as by the uncased BERT, with offsets and
letter case. Sentences that may have a name are packed into passages for the network.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from searcher.extract.network import session
from searcher.languages import word_list
from searcher.models import models_folder
from searcher.sanitize import normal_form

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


LOWER, CAPITALISED, CAPITALS, MIXED_CASE, DIGITS = range(5)  # letter cases, numbered as in training

_ASCII_WORDS = re.compile(r"[^\W_]+|[^\s\w]|_")
_ANY_WORDS = re.compile(r"[^\W_]+|\S|_")
_MAX_WORD_CHARACTERS = 100  # longer words are unknown, as in BERT
_HAN = re.compile(
    "[\u4e00-\u9fff\u3400-\u4dbf\U00020000-\U0002a6df\U0002a700-\U0002ebef\uf900-\ufaff\U0002f800-\U0002fa1f]"
)
_DROPPED = frozenset(("Mn", "Cc", "Cf", "Co", "Cn", "Cs"))
# Text that the simple split handles correctly: letters, and the usual punctuation of news.
_PLAIN = re.compile(r"[\w\s\x20-\x7e“”‘’–—…•·«»]*")


def letter_case(word: str) -> int:
    """Return the letter case of a word, which the lower-case vocabulary does not have."""
    if word.islower() or not word.isalnum():
        return LOWER
    if word.isdigit():
        return DIGITS
    if word.isupper():
        return CAPITALS if len(word) > 1 else CAPITALISED
    if word[0].isupper() and word[1:].islower():
        return CAPITALISED
    return MIXED_CASE if any(c.isalpha() for c in word) else DIGITS


class Word(NamedTuple):
    """A word of the text: ``pieces`` are numbers of the vocabulary, ``case`` is its letter case."""

    start: int
    end: int
    pieces: tuple[int, ...]
    case: int


class WordPiece:
    """Splits text by a vocabulary (``piece -> number``). Pieces inside a word start with ``##``."""

    def __init__(self, vocabulary: Mapping[str, int], unknown: str = "[UNK]") -> None:
        self._vocabulary = dict(vocabulary)
        self._unknown = (self._vocabulary[unknown],)
        self._longest = max(map(len, self._vocabulary))
        # 50,000 entries take about 15 MB. In news, nine in ten words are repetitions.
        self._cached = functools.lru_cache(maxsize=50_000)(
            lambda word: (self._pieces(_folded_word(word)), letter_case(word))
        )

    def words(self, text: str, start: int = 0, end: int | None = None) -> Iterator[Word]:
        """Yield the words of ``text[start:end]``, with offsets in ``text``."""
        end = len(text) if end is None else end
        for first, last in _word_spans(text, start, end):
            pieces, case = self._cached(text[first:last])
            if pieces:
                yield Word(first, last, pieces, case)

    def _pieces(self, word: str) -> tuple[int, ...]:
        if len(word) > _MAX_WORD_CHARACTERS:
            return self._unknown
        pieces, start = [], 0
        while start < len(word):
            end = min(len(word), start + self._longest)
            prefix = "##" if start else ""
            while end > start:
                piece = self._vocabulary.get(prefix + word[start:end])
                if piece is not None:
                    break
                end -= 1
            else:
                return self._unknown
            pieces.append(piece)
            start = end
        return tuple(pieces)


def _folded_word(word: str) -> str:
    if word.isascii() and word.isprintable():
        return word.lower()
    plain = normal_form("NFD", word.lower())
    return "".join(c for c in plain if unicodedata.category(c) not in _DROPPED and c != "\ufffd")


def _word_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    if text.isascii():
        return (m.span() for m in _ASCII_WORDS.finditer(text, start, end))
    plain = _PLAIN.fullmatch(text, start, end) and not _HAN.search(text, start, end)
    spans = (m.span() for m in _ANY_WORDS.finditer(text, start, end))
    return spans if plain else _with_signs(text, spans)


def _with_signs(text: str, spans: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Join signs that are not punctuation (€, combining accents) to adjacent words, and separate Han
    characters."""
    open_start = open_end = -1
    for first, last in spans:
        char = text[first]
        sign = (char.isascii() and not char.isalnum()) or unicodedata.category(char).startswith("P")
        is_single = (sign and last - first == 1) or _HAN.search(text, first, last) is not None
        if open_start >= 0 and (is_single or open_end != first):
            yield open_start, open_end
            open_start = -1
        if is_single:
            yield from _around_han(text, first, last)
        else:
            open_start, open_end = first if open_start < 0 else open_start, last
    if open_start >= 0:
        yield open_start, open_end


def _around_han(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    rest = start
    for match in _HAN.finditer(text, start, end):
        if match.start() > rest:
            yield rest, match.start()
        yield match.span()
        rest = match.end()
    if rest < end:
        yield rest, end


Chunk = list[Word]

MAX_PIECES: Final = 126  # maximum word pieces per passage: 128 without the start and end marks
#: Maximum number of passages per text: a long novel, which takes about 15 seconds.
_MAX_PASSAGES: Final = 2000

_PARAGRAPH = re.compile(r"[^\n]+")
_STOPS = frozenset(".!?…")
_OPENING = frozenset("“‘\"'«([—–-:•*")
_CLOSING = frozenset("”’\"')]»")
_LATIN_CAPITAL = re.compile("[A-ZÀ-ÖØ-ÞĀ-ɏḀ-ỿ]")
_OPENERS = word_list("OPENERS")


def passages(wordpiece: WordPiece, text: str, length: int = MAX_PIECES) -> Iterator[Chunk]:
    """Yield passages of at most ``length`` word pieces, with the sentences that may have a name."""
    yield from islice(_packed_together(_promising_chunks(wordpiece, text, length), length), _MAX_PASSAGES)


def _promising_chunks(wordpiece: WordPiece, text: str, length: int) -> Iterator[Chunk]:
    for paragraph in _PARAGRAPH.finditer(text):
        for sentence in sentences(text, list(wordpiece.words(text, *paragraph.span()))):
            # The model knows English, so only names in Latin letters count.
            for part in _cut_to_fit(text, sentence, length) if may_have_name(text, sentence) else ():
                if _LATIN_CAPITAL.search(text, part[0].start, part[-1].end):
                    yield part


def sentences(text: str, words: Chunk) -> Iterator[Chunk]:
    """Split after a stop and its closing quotation marks, if the next word can start a sentence."""
    start, stopped = 0, False
    for number, word in enumerate(words):
        char = text[word.start]
        if stopped and char not in _CLOSING and char not in _STOPS:
            if word.case in (CAPITALISED, CAPITALS, MIXED_CASE) or char in _OPENING:
                yield words[start:number]
                start = number
            stopped = False
        if word.end - word.start == 1 and char in _STOPS:
            stopped = True
    if start < len(words):
        yield words[start:]


def may_have_name(text: str, sentence: Chunk) -> bool:
    """Return True if a word has a capital that is not due to its place in the sentence."""
    begins = True
    for word in sentence:
        if word.case in (CAPITALISED, CAPITALS, MIXED_CASE):
            written = text[word.start : word.end]
            if written != "I" and not (begins and written.lower() in _OPENERS):
                return True
        begins = (word.end - word.start == 1 and text[word.start] in _OPENING) or (begins and not word.case)
        begins = begins and not text[word.start].isalnum()
    return False


def _packed_together(parts: Iterable[Chunk], length: int) -> Iterator[Chunk]:
    open_chunk, size = Chunk(), 0
    for part in parts:
        pieces = sum(len(word.pieces) for word in part)
        if open_chunk and size + pieces > length:
            yield open_chunk
            open_chunk, size = [], 0
        open_chunk, size = open_chunk + part, size + pieces
    if open_chunk:
        yield open_chunk


def _cut_to_fit(text: str, words: Chunk, length: int) -> Iterator[Chunk]:
    """Yield parts that fit, each up to the last full stop in its second half, if there is one."""
    start = size = stop = 0
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


Kind = Literal["PER", "ORG", "LOC", "NORP", "Facility", "Product", "Misc"]

TYPES: Final[tuple[Kind, ...]] = ("PER", "ORG", "LOC", "NORP", "Facility", "Product", "Misc")
LABELS: Final = ("O", *(f"{prefix}-{kind}" for kind in TYPES for prefix in "BI"))


@dataclass(frozen=True, slots=True, order=True)
class NameSpan:
    """``text[start:end]`` is a name of this kind, with the mean probability over its words."""

    start: int
    end: int
    kind: Kind
    confidence: float = 1.0


class Tagger:
    """A loaded model. Safe to share between threads; each call runs on one core."""

    def __init__(self) -> None:
        folder = models_folder() / "tagger"
        lines = (folder / "vocabulary.txt").read_text(encoding="utf-8").splitlines()
        vocabulary = {piece: number for number, piece in enumerate(lines)}
        self._first, self._last = vocabulary["[CLS]"], vocabulary["[SEP]"]
        self._wordpiece = WordPiece(vocabulary)
        self._session = session(folder / "model.onnx")

    def tag(self, text: str) -> list[NameSpan]:
        """Return all spans of a text, in order and without overlap."""
        spans: list[NameSpan] = []
        # Run one passage at a time: batches need padding, and are not faster on one core.
        for chunk in passages(self._wordpiece, text):
            spans += _spans_of_runs(text, chunk, self._probabilities(chunk))
        return spans

    def _probabilities(self, chunk: Chunk) -> NDArray[np.float32]:
        import numpy as np

        ids, cases, firsts = [self._first], [0], []
        for word in chunk:
            firsts.append(len(ids))
            ids += word.pieces
            cases += [word.case] * len(word.pieces)
        read = {"ids": [*ids, self._last], "cases": [*cases, 0]}
        feed = {name: np.array([numbers], np.int32) for name, numbers in read.items()}
        feed["places.ids"] = np.arange(len(ids) + 1, dtype=np.int32)
        (probabilities,) = self._session.run(None, feed)
        words: NDArray[np.float32] = probabilities[0, firsts]
        return words


@functools.cache
def shared_tagger() -> Tagger:
    """Return the tagger of the package, loaded once (about 0.1 s)."""
    return Tagger()


def _spans_of_runs(text: str, chunk: Chunk, probabilities: NDArray[np.float32]) -> list[NameSpan]:
    best: Sequence[int] = probabilities.argmax(-1).tolist()
    runs: list[list[int]] = []
    for number, label in enumerate(best):
        goes_on = label and label % 2 == 0 and runs and runs[-1][-1] == number - 1
        if goes_on and not text[chunk[number - 1].end : chunk[number].start].strip():
            runs[-1].append(number)
        elif label:
            runs.append([number])
    return [_span_of_run(chunk, run, probabilities) for run in runs]


def _span_of_run(chunk: Chunk, run: Sequence[int], probabilities: NDArray[np.float32]) -> NameSpan:
    rows = probabilities[run]
    by_kind = (rows[:, 1::2] + rows[:, 2::2]).mean(axis=0)
    kind = int(by_kind.argmax())  # type: ignore[call-overload, unused-ignore]
    return NameSpan(chunk[run[0]].start, chunk[run[-1]].end, TYPES[kind], round(float(by_kind[kind]), 3))
