"""Finds where the leaves of a query match in texts: what :mod:`searcher.query.spans` defines, fast.

One :class:`MatchFinder` serves all texts that one answer shows. It looks up words, and the first words of
phrases, among the chunks of a text, and analyses only what stands around them. ``Near`` is left to
``query.spans``, over all positions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple, assert_never

from searcher import analysis
from searcher.analysis.analyzer import CHUNK, chunk_positions
from searcher.analysis.prefilter import beginnings, chunks_with
from searcher.analysis.text_cache import TextCache
from searcher.analysis.tokenizer import Position
from searcher.languages import ENGLISH
from searcher.query.spans import spans
from searcher.query.tree import Fuzzy, Near, Phrase, SpanExpr, SpanOr, Term, Wildcard

#: Start, end times -1, number of the leaf: sorted, the longer one of two that begin together comes first.
Mark = tuple[int, int, int]
#: The leaves last looked for in each text, and their matches: an answer that is narrowed or paged back shows
#: again what it showed.
_last: TextCache[tuple[tuple[str | SpanExpr, ...], Sequence[Mark]]] = TextCache()

#: Characters of a text that are looked at, and for Near: a book or a log is one article too, and common words
#: make pairs without number. An article of 7.6 million characters took 26 s to show, and minutes with Near.
_MAX_TEXT, _MAX_TEXT_NEAR = 1_000_000, 200_000
_WILD = re.compile("[*?]")


class _Sequence(NamedTuple):
    """Positions in a row, each with the forms that will do. A word is a row of one."""

    leaf: int
    slots: tuple[frozenset[str], ...]


class _Pattern(NamedTuple):
    """A leaf that tests words as written."""

    leaf: int
    accepts: Callable[[str], bool]

    def fits(self, forms: Iterable[str]) -> bool:
        return any(analysis.is_surface(form) and self.accepts(form) for form in forms)


#: What a chunk holds: whole matches, by their places in it; and at which piece which sequence begins.
_Inside = tuple[list[tuple[int, int, int]], list[tuple[int, _Sequence]]]


class MatchFinder:
    """Finds the leaves of one query in one text of a language after another. For one thread."""

    def __init__(self, leaves: Sequence[SpanExpr], language: str = ENGLISH) -> None:
        """``language``: that of the texts."""
        self._language = language
        self._languages = (ENGLISH,) if language in ("", ENGLISH) else (ENGLISH, language)
        self._key = (language, *leaves)
        self._sequences: list[_Sequence] = []
        self._patterns: list[_Pattern] = []
        self._prefixes: list[str] = []  # of what patterns stand for
        self._others: list[tuple[int, Near]] = []
        for number, leaf in enumerate(leaves):
            self._sort_in(number, leaf)
        forms = [form for sequence in self._sequences for form in sequence.slots[0]]
        self._beginnings = beginnings([*forms, *filter(None, self._prefixes)])
        self._anywhere = "" in self._prefixes
        self._inside: dict[str, _Inside] = {}

    def _sort_in(self, number: int, leaf: SpanExpr) -> None:
        match leaf:
            case Term(text=word, exact=exact):
                self._add_sequence(number, analysis.query_terms(word, exact, self._languages))
            case Phrase(text=phrase):
                self._add_sequence(number, analysis.query_terms(phrase, languages=self._languages))
            case Wildcard(pattern=pattern):
                folded = analysis.fold_pattern(pattern)
                self._prefixes.append(_WILD.split(folded)[0])
                self._patterns.append(_Pattern(number, partial(analysis.pattern_matches, folded)))
            case Fuzzy(text=word, edits=edits):
                alike = partial(analysis.within_edits, analysis.fold_pattern(word), edits=edits)
                self._prefixes.append("")
                self._patterns.append(_Pattern(number, alike))
            case SpanOr(parts):
                for part in parts:
                    self._sort_in(number, part)
            case Near():
                self._others.append((number, leaf))
            case _:
                assert_never(leaf)

    def _add_sequence(self, number: int, slots: Sequence[Collection[str]]) -> None:
        if slots:
            self._sequences.append(_Sequence(number, tuple(map(frozenset, slots))))

    def marks(self, text: str) -> Sequence[Mark]:
        """Every match of every leaf, each once, in order; in very long texts those at their beginning."""
        last = _last.get(text)
        if last is None or last[0] != self._key:
            last = _last.keep(text, (self._key, self._find(text[:_MAX_TEXT])))
        return last[1]

    def _find(self, text: str) -> Sequence[Mark]:
        marks: list[Mark] = []
        for begin, end in self._chunks(text):
            chunk = text[begin:end]
            inside = self._inside.get(chunk)
            if inside is None:
                inside = self._inside[chunk] = self._look_inside(chunk_positions(chunk, self._language))
            whole, beginnings = inside
            for start, stop, leaf in whole:
                marks.append((begin + start, -begin - stop, leaf))
            for first, sequence in beginnings:
                row_end = _end_of_row(sequence.slots, _rest(text, begin, chunk, first, self._language))
                if row_end:
                    marks.append(
                        (begin + chunk_positions(chunk, self._language)[first][0], -row_end, sequence.leaf)
                    )
        if self._others:
            marks += self._other_marks(text[:_MAX_TEXT_NEAR])
        return sorted(set(marks)) if len(marks) > 1 else marks

    def _chunks(self, text: str) -> Iterable[tuple[int, int]]:
        """Where chunks that may hold a match begin and end."""
        if self._anywhere:
            return (match.span() for match in CHUNK.finditer(text))
        return chunks_with(text, self._beginnings) if self._beginnings else ()

    def _look_inside(self, pieces: Sequence[Position]) -> _Inside:
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

    def _other_marks(self, text: str) -> list[Mark]:
        places = list(_pieces(text, 0, self._language))
        forms = [place[2] for place in places]
        return [
            (places[first][0], -places[last][1], number)
            for number, leaf in self._others
            for first, last in spans(leaf, forms)
        ]


def _pieces(text: str, start: int, language: str) -> Iterator[Position]:
    """The positions of a text from a place on where a chunk begins."""
    for match in CHUNK.finditer(text, start):
        at = match.start()
        for begin, end, forms in chunk_positions(match[0], language):
            yield at + begin, at + end, forms


def _rest(text: str, at: int, chunk: str, first: int, language: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The positions from a piece of a chunk on: where each ends, and its forms."""
    for _, end, forms in chunk_positions(chunk, language)[first:]:
        yield at + end, forms
    for _, end, forms in _pieces(text, at + len(chunk), language):
        yield end, forms


def _end_of_row(slots: Sequence[frozenset[str]], row: Iterable[tuple[int, tuple[str, ...]]]) -> int:
    """Where the row ends if its first positions fit the slots, otherwise 0."""
    for fitting, (end, forms) in enumerate(row, 1):
        if slots[fitting - 1].isdisjoint(forms):
            return 0
        if fitting == len(slots):
            return end
    return 0
