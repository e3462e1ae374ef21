"""The chunks met so far, and which of them hold a form: finding a word among texts already analysed.

Texts that are shown one after another share most of their words. What analysis says of a chunk is kept, and
with it the way back, from a form to the chunks; so the words of a query are found in a text by looking its
chunks up in a set, without going through its positions one by one. And of what was never met before, nothing
is analysed that begins with another letter than the words sought.
"""

from __future__ import annotations

import re
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator
from string import ascii_lowercase
from typing import NamedTuple

from searcher.words.analysis import CHUNK, Piece, analysed
from searcher.words.stems import begins_alike
from searcher.words.texts import Texts

__all__ = ["INITIALS", "Cut", "Known", "initial", "known"]

#: Characters of the chunks that are kept: those of 3,100 newswire articles, in 21 MB if all are analysed.
#: Twice as many took 15 MB more and marked no faster, first time or again.
_MOST = 1 << 18
#: One word of plain letters or figures, punctuation around it aside: its forms begin as it does.
_PLAIN = re.compile(r"[\"'(]?(?:([A-Za-z]+)|[0-9][0-9.,]*)[.,;:!?\"')]*")
_FIGURE = "0"
#: What such words may begin with.
INITIALS = frozenset(ascii_lowercase + _FIGURE)
#: What may be one chunk with what stands after the space: an initial, an ampersand.
_JOINING = re.compile(r"[(\[\"'“‘]?[A-Z]\.|&")
_LONGEST_JOINING = 3
#: So many letters are no longer looked for one by one.
_MANY = 6


class Cut(NamedTuple):
    """A text cut at white space: its chunks, where none of them is ``joining``.

    It holds no chunk with an initial of ``done`` that waits for analysis. ``places`` are of those chunks that
    were looked for.
    """

    chunks: list[str]
    done: set[str]
    places: dict[str, list[int]]


class Known:
    """Chunks and the forms of their positions. Threads share one.

    ``pieces`` are those of the chunks analysed, ``having`` says in which of these each form is, and
    ``joining`` are the chunks of :data:`_JOINING`. Whatever a chunk is counted as, all else about it is
    there already.
    """

    def __init__(self) -> None:
        self.pieces: dict[str, tuple[Piece, ...]] = {}
        self.having: defaultdict[str, list[str]] = defaultdict(list)
        self.joining: set[str] = set()
        self.size = 0
        self._met: dict[str, str] = {}
        self._waiting: defaultdict[str, set[str]] = defaultdict(set)  # by initial
        self._cuts: Texts[Cut] = Texts()
        self._lock = threading.Lock()

    def cut(self, text: str, initials: frozenset[str]) -> Cut:
        """The text cut; each chunk that may have a form of one of these initials is analysed."""
        cut = self._cuts.get(text) or self._cuts.keep(text, self._new(text))
        missing = initials - cut.done
        if missing:
            if len(missing) > _MANY:
                self.analyse(set(cut.chunks).difference(self.pieces))
            else:
                for one in missing & self._waiting.keys():
                    found = self._waiting[one].intersection(cut.chunks)
                    self.analyse(found)
                    self._waiting[one] -= found
            cut.done.update(missing)
        return cut

    def placed(self, text: str, start: int = 0) -> Iterator[tuple[int, str]]:
        """The chunks from a place where one begins, each with its own place and analysed."""
        for match in CHUNK.finditer(text, start):
            chunk = match[0]
            if chunk not in self.pieces:
                self.analyse((chunk,))
            yield match.start(), chunk

    def analyse(self, chunks: Iterable[str]) -> None:
        with self._lock:
            for chunk in chunks:
                if chunk not in self.pieces:
                    self._analyse(chunk)

    def _new(self, text: str) -> Cut:
        chunks = text.split()
        met = self._met
        if new := set(chunks).difference(met):
            with self._lock:
                for chunk in new.difference(met):
                    self._meet(chunk)
        # One string for each chunk, however many texts hold it.
        return Cut([met[chunk] for chunk in chunks], set(), {})

    def _meet(self, chunk: str) -> None:
        if len(chunk) <= _LONGEST_JOINING and _JOINING.fullmatch(chunk):
            self._analyse(chunk)
            self.joining.add(chunk)
        elif shared := _shared_initial(chunk):
            self._waiting[shared].add(chunk)
        else:
            self._analyse(chunk)
        self.size += len(chunk)
        self._met[chunk] = chunk

    def _analyse(self, chunk: str) -> None:
        pieces = tuple(analysed(chunk))
        forms = pieces[0][2] if len(pieces) == 1 else {form for _, _, forms in pieces for form in forms}
        for form in forms:
            self.having[form].append(chunk)
        self.pieces[chunk] = pieces


def initial(form: str) -> str:
    """The first letter of a form, small and without the sign of its kind; all figures are one."""
    first = form.lstrip("~^")[:1].lower()
    return _FIGURE if first.isdigit() else first


def _shared_initial(chunk: str) -> str:
    """The initial of all forms of a chunk, "" if only its analysis can tell."""
    plain = _PLAIN.fullmatch(chunk)
    if not plain:
        return ""
    word = plain[1]
    if word is None:
        return _FIGURE
    return word[0].lower() if begins_alike(word.lower()) else ""


_known = Known()


def known() -> Known:
    """What is known, to be asked for anew with every text: when it is full, one begins from nothing."""
    global _known
    if _known.size > _MOST:
        _known = Known()
    return _known
