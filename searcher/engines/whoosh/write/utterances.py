"""Writing of utterances: which quotations are one, their words, and which words are one statement."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence

import numpy as np

from searcher.article import Quote
from searcher.engines.whoosh.arrays import Array, as_array
from searcher.engines.whoosh.format.array_file import ArrayWriter
from searcher.engines.whoosh.format.layout import SPEAKER_KINDS
from searcher.engines.whoosh.statements.likeness import joined
from searcher.engines.whoosh.statements.wordings import Wordings, word_checksums
from searcher.engines.whoosh.write.ordinals import Ordinals
from searcher.engines.whoosh.write.term_dictionary import write_narrow
from searcher.results.statements import said, surest
from searcher.statements.utterances import first_parts
from searcher.statements.words import words_of

__all__ = ["COLUMNS", "BufferedUtterances", "write_utterances"]

#: The columns of quotations that tell of utterances.
COLUMNS = ("quote_back", "quote_surest", "quote_speaker_kind")


class BufferedUtterances:
    """The utterances of added articles, quotation by quotation."""

    def __init__(self) -> None:
        self._words = Ordinals()
        self._wordings = Ordinals()  # by the numbers of their words
        self._wording_of = array("I")
        self._columns = {name: array("I") for name in COLUMNS}

    def add(self, quotes: Sequence[Quote]) -> None:
        """Add the quotations of one article, in the order of the text."""
        firsts = first_parts(quotes)
        parts: dict[int, list[int]] = {}
        for number, first in enumerate(firsts):
            parts.setdefault(first, []).append(number)
        wordings = {first: self._wording([quotes[n] for n in numbers]) for first, numbers in parts.items()}
        surest_parts = {
            first: max(numbers, key=lambda n: surest(quotes[n])) for first, numbers in parts.items()
        }
        for number, (first, quote) in enumerate(zip(firsts, quotes)):
            self._wording_of.append(wordings[first])
            self._columns["quote_back"].append(number - first)
            self._columns["quote_surest"].append(surest_parts[first] - first if number == first else 0)
            self._columns["quote_speaker_kind"].append(SPEAKER_KINDS.index(quote.speaker_kind))

    def _wording(self, parts: Sequence[Quote]) -> int:
        words = array("I", [self._words[word] for word in words_of(said(parts))])
        return int(self._wordings[words.tobytes()])

    def write(self, writer: ArrayWriter) -> None:
        """Write all that was added."""
        checksums = word_checksums(self._words)[np.frombuffer(b"".join(self._wordings), np.uint32)]
        counts = np.array([len(words) // 4 for words in self._wordings], np.int64)
        wordings, numbers = Wordings.made(checksums, counts)
        columns = {name: as_array(column) for name, column in self._columns.items()}
        write_utterances(writer, wordings, numbers[as_array(self._wording_of)], columns)


def write_utterances(
    writer: ArrayWriter, wordings: Wordings, wording_of: Array, columns: Mapping[str, Array]
) -> None:
    """Write wordings with the links among them, and the columns of quotations, given the wording of each
    quotation's utterance."""
    firsts = np.flatnonzero(columns["quote_back"] == 0)
    owners = wording_of[firsts]
    writer.add("wording.vocabulary", "I", wordings.vocabulary)
    write_narrow(writer, "wording.words", [wordings.words], "H")
    write_narrow(writer, "wording.lengths", [wordings.lengths], "B")
    writer.add("wording.quotes", "I", firsts[np.argsort(owners, kind="stable")].astype(np.uint32))
    write_narrow(writer, "wording.counts", [np.bincount(owners, minlength=wordings.size)], "B")
    _write_links(writer, wordings)
    for name in COLUMNS:
        write_narrow(writer, name, [columns[name]], "B")


def _write_links(writer: ArrayWriter, wordings: Wordings) -> None:
    """Write each link in both directions, sorted by where it comes from."""
    left, right, by_any = joined(wordings)
    one, other = np.concatenate([left, right]), np.concatenate([right, left])
    order = np.lexsort((other, one))
    writer.add("wording.linked", "I", one[order].astype(np.uint32))
    writer.add("wording.linked_to", "I", other[order].astype(np.uint32))
    writer.add("wording.linked_by_any", "B", np.concatenate([by_any, by_any])[order].astype(np.uint8))
