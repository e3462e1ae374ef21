"""Where the leaves of a query match in texts, as offsets: what :mod:`searcher.matching` defines, found fast.

One :class:`Finder` serves all texts that one answer shows. Words, and the first words of phrases, are looked
up among the chunks of the text; only what stands around those is looked at. ``Near`` is left to
``matching.spans``, over all positions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple, assert_never

from searcher import words
from searcher.matching import spans
from searcher.query import Fuzzy, Near, Or, Phrase, Positional, Term, Wildcard
from searcher.words.analysis import Piece
from searcher.words.known import INITIALS, Cut, Known, initial, known

__all__ = ["Finder", "Mark"]

#: Start, end times -1, number of the leaf: sorted, the longer one of two that begin together comes first.
Mark = tuple[int, int, int]

#: Where white space may stand inside a chunk, so that chunks are more than what stands between spaces.
_JOINED = re.compile(r"[A-Z]\.[ \xa0][A-Z]\.|[A-Z] & [A-Z]")


#: Characters of a text that are looked at, and for Near: a book or a log is one article too, and common words
#: make pairs without number. An article of 7.6 million characters took 26 s to show, and minutes with Near.
_MOST, _MOST_NEAR = 1_000_000, 200_000


class _Sequence(NamedTuple):
    """Positions in a row, each with the forms that will do. A word is a row of one."""

    leaf: int
    slots: tuple[frozenset[str], ...]


class _Pattern(NamedTuple):
    """A leaf that tests words as written."""

    leaf: int
    initials: frozenset[str]  # of the words that may pass
    accepts: Callable[[str], bool]

    def fits(self, forms: Iterable[str]) -> bool:
        return any(words.is_surface(form) and self.accepts(form) for form in forms)


#: What a chunk holds: whole matches, by their places in it; and at which piece which sequence begins.
_Inside = tuple[list[tuple[int, int, int]], list[tuple[int, _Sequence]]]


class Finder:
    """Finds the leaves of one query in one text after another. For one thread."""

    def __init__(self, leaves: Sequence[Positional]) -> None:
        self._sequences: list[_Sequence] = []
        self._patterns: list[_Pattern] = []
        self._others: list[tuple[int, Near]] = []
        for number, leaf in enumerate(leaves):
            self._sort_in(number, leaf)
        self._forms = frozenset[str]().union(*(sequence.slots[0] for sequence in self._sequences))
        self._initials = frozenset(map(initial, self._forms)).union(*(p.initials for p in self._patterns))
        self._inside: dict[str, _Inside] = {}
        self._tested: set[str] = set()
        self._fitting: set[str] = set()
        self._holding: set[str] = set()
        self._holding_as_of: tuple[Known | None, int] = (None, 0)

    def _sort_in(self, number: int, leaf: Positional) -> None:
        match leaf:
            case Term(text=word, exact=exact):
                self._add_sequence(number, words.sought(word, exact))
            case Phrase(text=phrase):
                self._add_sequence(number, words.sought(phrase))
            case Wildcard(pattern=pattern):
                folded = words.fold_pattern(pattern)
                accepts = partial(words.pattern_matches, folded)
                first = INITIALS if folded[:1] in ("", "*", "?") else frozenset(initial(folded))
                self._patterns.append(_Pattern(number, first, accepts))
            case Fuzzy(text=word, edits=edits):
                alike = partial(words.within_edits, words.fold_pattern(word), edits=edits)
                self._patterns.append(_Pattern(number, INITIALS, alike))
            case Or(parts=parts):
                for part in parts:
                    self._sort_in(number, part)  # type: ignore[arg-type]  # Positional holds an Or of Positionals
            case Near():
                self._others.append((number, leaf))
            case _:
                assert_never(leaf)

    def _add_sequence(self, number: int, slots: Sequence[Collection[str]]) -> None:
        if slots:
            self._sequences.append(_Sequence(number, tuple(map(frozenset, slots))))

    def marks(self, text: str) -> list[Mark]:
        """Every match of every leaf, each once, in order; in very long texts those at their beginning."""
        text = text[:_MOST]
        here = known()
        cut = here.cut(text, self._initials)
        if self._patterns:
            self._test(here, cut.chunks)
        found = self._chunks_with_words(here).intersection(cut.chunks)
        marks: list[Mark] = []
        if found and not here.joining.isdisjoint(found) and _JOINED.search(text):
            for at, chunk in here.placed(text):
                self._mark(here, text, chunk, (at,), marks)
        else:
            for chunk in found:
                self._mark(here, text, chunk, _places(text, cut, chunk), marks)
        if self._others:
            marks += self._other_marks(here, text[:_MOST_NEAR])
        return sorted(set(marks)) if len(marks) > 1 else marks

    def _test(self, here: Known, chunks: Sequence[str]) -> None:
        """Test the words of these chunks, if that was not done before."""
        for chunk in set(chunks) - self._tested:
            forms = [form for _, _, forms in here.pieces.get(chunk, ()) for form in forms]
            if any(pattern.fits(forms) for pattern in self._patterns):
                self._fitting.add(chunk)
                self._holding.add(chunk)
        self._tested.update(chunks)

    def _chunks_with_words(self, here: Known) -> set[str]:
        """The chunks analysed in which a word, phrase or pattern may match; with those that may be joined."""
        as_of = (here, len(here.pieces))
        if as_of != self._holding_as_of:
            holding = self._fitting | here.joining
            for form in self._forms:
                holding.update(here.having.get(form, ()))
            self._holding, self._holding_as_of = holding, as_of
        return self._holding

    def _mark(self, here: Known, text: str, chunk: str, places: Sequence[int], marks: list[Mark]) -> None:
        """Add the matches that begin in this chunk, which stands at these places."""
        inside = self._inside.get(chunk)
        if inside is None:
            inside = self._inside[chunk] = self._look_inside(here.pieces[chunk])
        whole, beginnings = inside
        for at in places:
            for start, end, leaf in whole:
                marks.append((at + start, -at - end, leaf))
            for first, sequence in beginnings:
                row_end = _end_of_row(sequence.slots, _row(here, text, chunk, at, first))
                if row_end:
                    marks.append((at + here.pieces[chunk][first][0], -row_end, sequence.leaf))

    def _look_inside(self, pieces: Sequence[Piece]) -> _Inside:
        whole, beginnings = [], []
        for number, (start, end, forms) in enumerate(pieces):
            for sequence in self._sequences:
                leaf, slots = sequence
                if slots[0].isdisjoint(forms):
                    continue
                if len(slots) == 1:
                    whole.append((start, end, leaf))
                else:
                    beginnings.append((number, sequence))
            if self._patterns:
                whole += [(start, end, p.leaf) for p in self._patterns if p.fits(forms)]
        return whole, beginnings

    def _other_marks(self, here: Known, text: str) -> list[Mark]:
        places = [
            (at + start, at + end, forms)
            for at, chunk in here.placed(text)
            for start, end, forms in here.pieces[chunk]
        ]
        forms = [place[2] for place in places]
        return [
            (places[first][0], -places[last][1], number)
            for number, leaf in self._others
            for first, last in spans(leaf, forms)
        ]


def _places(text: str, cut: Cut, chunk: str) -> list[int]:
    """Where the chunk stands between white space."""
    found = cut.places.get(chunk)
    if found is None:
        found = []
        size, last = len(chunk), len(text) - len(chunk)
        at = text.find(chunk)
        while at >= 0:
            if (at == 0 or text[at - 1].isspace()) and (at == last or text[at + size].isspace()):
                found.append(at)
            at = text.find(chunk, at + size)
        cut.places[chunk] = found
    return found


def _row(here: Known, text: str, chunk: str, at: int, first: int) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The positions from a piece of a chunk on: where each ends, and its forms."""
    for _, end, forms in here.pieces[chunk][first:]:
        yield at + end, forms
    for start, other in here.placed(text, at + len(chunk)):
        for _, end, forms in here.pieces[other]:
            yield start + end, forms


def _end_of_row(slots: Sequence[frozenset[str]], row: Iterable[tuple[int, tuple[str, ...]]]) -> int:
    """Where the row ends if its first positions fit the slots, otherwise 0."""
    for fitting, (end, forms) in enumerate(row, 1):
        if slots[fitting - 1].isdisjoint(forms):
            return 0
        if fitting == len(slots):
            return end
    return 0
