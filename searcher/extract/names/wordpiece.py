"""Text to word pieces: the uncased BERT tokenisation, with offsets and with the letter case of each word.

The same steps as the reference (`BertTokenizer`): split at white space, at punctuation and around every
Chinese character, fold case and accents, then match the longest piece of the vocabulary greedily. Written
here because the `tokenizers` package brings a network client along, and because words repeat: a cache makes
this faster than the compiled one on news (measured in tests/extract/names against real text).
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from searcher.sanitize import normal_form

__all__ = ["LOWER", "CAPITALISED", "CAPITALS", "MIXED", "DIGITS", "Word", "WordPiece", "letter_case"]

LOWER: Final = 0
CAPITALISED: Final = 1
CAPITALS: Final = 2
MIXED: Final = 3
DIGITS: Final = 4

_ASCII_WORDS = re.compile(r"[^\W_]+|[^\s\w]|_")
_ANY_WORDS = re.compile(r"[^\W_]+|\S|_")
_MAX_WORD = 100  # the reference gives up on longer ones
_HAN = re.compile(
    "[\u4e00-\u9fff\u3400-\u4dbf\U00020000-\U0002a6df\U0002a700-\U0002ebef\uf900-\ufaff\U0002f800-\U0002fa1f]"
)
_DROPPED = frozenset(("Mn", "Cc", "Cf", "Co", "Cn", "Cs"))
# Non-ASCII characters after which the fast path is still right: letters and the punctuation of news.
_PLAIN = re.compile(r"[\w\s\x20-\x7e“”‘’–—…•·«»]*")


def letter_case(word: str) -> int:
    """Which of the five cases a word is written in: the vocabulary is lower case, so this is kept beside."""
    if word.islower() or not word.isalnum():
        return LOWER
    if word.isdigit():
        return DIGITS
    if word.isupper():
        return CAPITALS if len(word) > 1 else CAPITALISED
    if word[0].isupper() and word[1:].islower():
        return CAPITALISED
    return MIXED if any(c.isalpha() for c in word) else DIGITS


class Word(NamedTuple):
    """One word of the text: ``pieces`` are row numbers of the vocabulary, ``case`` its letter case."""

    start: int
    end: int
    pieces: tuple[int, ...]
    case: int


class WordPiece:
    """Splits text by a vocabulary (``piece -> number``; pieces inside a word begin with ``##``)."""

    def __init__(self, vocabulary: Mapping[str, int], unknown: str = "[UNK]") -> None:
        self._vocabulary = dict(vocabulary)
        self._unknown = (self._vocabulary[unknown],)
        self._longest = max(map(len, self._vocabulary))
        # 50,000 entries are about 15 MB; news repeats nine words in ten.
        self._cached = functools.lru_cache(maxsize=50_000)(self._pieces_and_case)

    def words(self, text: str, start: int = 0, end: int | None = None) -> Iterator[Word]:
        """The words of ``text[start:end]``; offsets are those of ``text``."""
        end = len(text) if end is None else end
        for first, last in _spans(text, start, end):
            pieces, case = self._cached(text[first:last])
            if pieces:
                yield Word(first, last, pieces, case)

    def _pieces_and_case(self, word: str) -> tuple[tuple[int, ...], int]:
        return self._pieces(_folded(word)), letter_case(word)

    def _pieces(self, word: str) -> tuple[int, ...]:
        if len(word) > _MAX_WORD:
            return self._unknown
        found = []
        start = 0
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
            found.append(piece)
            start = end
        return tuple(found)


def _folded(word: str) -> str:
    """Lower case without accents and without control characters."""
    if word.isascii() and word.isprintable():
        return word.lower()
    plain = normal_form("NFD", word.lower())
    return "".join(c for c in plain if unicodedata.category(c) not in _DROPPED and c != "\ufffd")


def _spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    if text.isascii():
        return (m.span() for m in _ASCII_WORDS.finditer(text, start, end))
    plain = _PLAIN.fullmatch(text, start, end) and not _HAN.search(text, start, end)
    spans = (m.span() for m in _ANY_WORDS.finditer(text, start, end))
    return spans if plain else _joined(text, spans)


def _joined(text: str, spans: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Signs that are no punctuation (€, combining accents) belong to the word they touch; Han stand alone."""
    open_start = open_end = -1
    for first, last in spans:
        if last - first == 1 and _stands_alone(text[first]):
            if open_start >= 0:
                yield open_start, open_end
            yield first, last
            open_start = -1
        elif _HAN.search(text, first, last):
            if open_start >= 0:
                yield open_start, open_end
            open_start = -1
            yield from _around_han(text, first, last)
        elif open_start >= 0 and open_end == first:
            open_end = last
        else:
            if open_start >= 0:
                yield open_start, open_end
            open_start, open_end = first, last
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


def _stands_alone(char: str) -> bool:
    return (char.isascii() and not char.isalnum()) or unicodedata.category(char).startswith("P")
