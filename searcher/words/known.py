"""The chunks met so far, and which of them hold a form: finding a word among texts already analysed.

Texts that are shown one after another share most of their words. What analysis says of each chunk is kept,
and with it the way back, from a form to the chunks; so the words of a query are found in a text by looking
its chunks up in a set, without going through its positions one by one.
"""

from __future__ import annotations

import re
import threading
from collections import defaultdict
from collections.abc import Iterable

from searcher.words.analysis import CHUNK, Piece, analysed

__all__ = ["Known", "known"]

#: Characters of the chunks that are kept.
_MOST = 1 << 19
#: Characters of the texts that are kept cut: those shown last may be shown again. No text may take all of it.
_TEXTS, _LONGEST_TEXT = 1 << 19, 1 << 16
#: What may be one chunk with what stands after the space: an initial, an ampersand.
_JOINING = re.compile(r"[(\[\"'“‘]?[A-Z]\.|&")
_LONGEST_JOINING = 3


class Known:
    """Chunks and the forms of their positions. It only grows; threads share it."""

    def __init__(self) -> None:
        self.all: set[str] = set()
        self.joining: set[str] = set()
        self.pieces: dict[str, tuple[Piece, ...]] = {}
        self.having: defaultdict[str, list[str]] = defaultdict(list)
        self.size = 0
        self._cut: dict[str, list[str]] = {}
        self._cut_size = 0
        self._lock = threading.Lock()

    def learn(self, chunks: Iterable[str]) -> None:
        """Know these. A chunk counts as known when everything else about it can be found."""
        with self._lock:
            for chunk in set(chunks) - self.all:
                pieces = tuple(analysed(chunk))
                forms = pieces[0][2] if len(pieces) == 1 else {f for _, _, forms in pieces for f in forms}
                for form in forms:
                    self.having[form].append(chunk)
                if len(chunk) <= _LONGEST_JOINING and _JOINING.fullmatch(chunk):
                    self.joining.add(chunk)
                self.pieces[chunk] = pieces
                self.size += len(chunk)
                self.all.add(chunk)

    def split(self, text: str) -> list[str]:
        """The text cut at white space, every piece known: its chunks, where none of them is ``joining``."""
        pieces = self._cut.get(text)
        if pieces is None:
            pieces = text.split()
            if not self.all.issuperset(pieces):
                self.learn(pieces)
            if len(text) <= _LONGEST_TEXT:
                self._keep(text, pieces)
        return pieces

    def _keep(self, text: str, pieces: list[str]) -> None:
        if self._cut_size > _TEXTS:
            self._cut, self._cut_size = {}, 0
        self._cut_size += len(text)
        self._cut[text] = pieces

    def placed(self, text: str, start: int = 0) -> Iterable[tuple[int, str]]:
        """The chunks from a place where one begins, each with its own place and known."""
        for match in CHUNK.finditer(text, start):
            chunk = match[0]
            if chunk not in self.all:
                self.learn((chunk,))
            yield match.start(), chunk


_known = Known()


def known() -> Known:
    """What is known, to be asked for anew with every text: when it is full, one begins from nothing."""
    global _known
    if _known.size > _MOST:
        _known = Known()
    return _known
