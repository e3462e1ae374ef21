"""One segment, mapped for reading: postings, columns and articles. Needs no array library.

Articles and quotations are numbered from 0 within the segment, separately, in the order of adding and of
their text.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from searcher import words
from searcher.engines.whoosh.container import ArrayFile
from searcher.engines.whoosh.layout import ARRAYS, ARTICLES, encoded
from searcher.engines.whoosh.manifest import INDEX_NAME, SegmentRecord
from searcher.engines.whoosh.stored import ALTERED, unpack_article
from searcher.errors import IndexDamaged
from searcher.model import Article

__all__ = ["Lexicon", "Postings", "Segment", "Terms", "Values", "deleted_articles", "segment_path"]


def segment_path(folder: Path, segment_id: str, suffix: str) -> Path:
    return folder / f"{INDEX_NAME}_{segment_id}{suffix}"


#: Answers that a lexicon keeps: a word asked for alone is mostly asked for in a phrase too.
_KNOWN = 2000
#: Every so many terms one is kept in memory, once a list was asked so often: a mere command asks less.
_STEP, _OFTEN = 32, 100
#: Terms that are read together.
_READ = 1024


class Terms:
    """A sorted list of terms, numbered from 0 in the order of their UTF-8 bytes."""

    def __init__(self, file: ArrayFile, name: str) -> None:
        self._blob = file.array(name)
        self.ends = file.array(f"{name}.ends")
        self._asked = 0
        self._steps: list[bytes] = []

    def __len__(self) -> int:
        """The number of terms."""
        return len(self.ends)

    def term(self, number: int) -> bytes:
        start = self.ends[number - 1] if number else 0
        return bytes(self._blob[start : self.ends[number]])

    def terms(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """The terms from ``start`` to before ``stop``, in order. Read as they are asked for: whoever wants
        only the first few does not pay for all."""
        stop = len(self) if stop is None else stop
        for begin in range(start, stop, _READ):
            end = min(begin + _READ, stop)
            first = self.ends[begin - 1] if begin else 0
            blob = bytes(self._blob[first : self.ends[end - 1]])
            edges = [0, *(edge - first for edge in self.ends[begin:end])]
            yield from (blob[a:b] for a, b in pairwise(edges))

    def place(self, term: bytes) -> int:
        """The number of the first term that is not below ``term``."""
        low, high = self._between(term)
        while low < high:
            middle = (low + high) // 2
            if self.term(middle) < term:
                low = middle + 1
            else:
                high = middle
        return low

    def _between(self, term: bytes) -> tuple[int, int]:
        """What :meth:`place` is at least and at most."""
        self._asked += 1
        if not self._steps:
            if self._asked < _OFTEN:
                return 0, len(self)
            self._steps = [self.term(number) for number in range(0, len(self), _STEP)]
        step = bisect_left(self._steps, term)
        return max(0, (step - 1) * _STEP + 1), min(step * _STEP, len(self))

    def find(self, term: bytes) -> int:
        """The number of the term, -1 if no document holds it."""
        number = self.place(term)
        return number if number < len(self) and self.term(number) == term else -1

    def prefixed(self, prefix: bytes) -> tuple[int, int]:
        """The range of terms that begin with ``prefix``."""
        stop = prefix
        while stop and stop[-1] == 0xFF:
            stop = stop[:-1]
        end = self.place(stop[:-1] + bytes([stop[-1] + 1])) if stop else len(self)
        return self.place(prefix), end


class Values(Terms):
    """A value field: its values, the documents of each value and the values of each document."""

    def __init__(self, file: ArrayFile, field: str) -> None:
        super().__init__(file, f"{field}.terms")
        self.starts = file.array(f"{field}.starts")
        self.docs = file.array(f"{field}.docs")
        self.value_starts = file.array(f"{field}.value_starts")
        self.values = file.array(f"{field}.values")


class Lexicon(Terms):
    """The forms that words have, and the tokens that have each form (see :mod:`.layout`)."""

    def __init__(self, file: ArrayFile) -> None:
        super().__init__(file, "lexicon.forms")
        self.tokens = Terms(file, "lexicon.tokens")
        self._starts = file.array("lexicon.form_starts")
        self._tokens = file.array("lexicon.form_tokens")
        self._known: dict[tuple[str, ...], list[int]] = {}

    def having(self, form: int) -> memoryview:
        """The numbers of the tokens that have a form, ascending."""
        return self._tokens[self._starts[form] : self._starts[form + 1]]

    def tokens_of(self, forms: tuple[str, ...]) -> list[int]:
        """The numbers of the tokens that have any of these forms, ascending."""
        known = self._known.get(forms)
        if known is None:
            if len(self._known) >= _KNOWN:
                self._known = {}
            known = self._known[forms] = self._find_tokens(forms)
        return known

    def _find_tokens(self, forms: tuple[str, ...]) -> list[int]:
        found: set[int] = set()
        for form in forms:
            number = self.find(encoded(form))
            if number >= 0:
                found.update(self.having(number))
        return sorted(found)

    def surfaces(self, prefix: str = "") -> Iterator[tuple[str, int]]:
        """The forms that are words as written and begin with ``prefix``, each with its number."""
        start, stop = self.prefixed(encoded(prefix))
        for number, form in enumerate(self.terms(start, stop), start):
            text = form.decode("utf-8", "surrogatepass")
            if words.is_surface(text):
                yield text, number


class Postings:
    """The inverted lists of one field of words, by token."""

    def __init__(self, file: ArrayFile, field: str) -> None:
        self.starts = file.array(f"{field}.starts")
        self.docs = file.array(f"{field}.docs")
        self.tf = file.array(f"{field}.tf")
        self.position_starts = file.array(f"{field}.position_starts")
        self.positions = file.array(f"{field}.positions")


class Segment:
    """The arrays and articles of one segment."""

    def __init__(self, folder: Path, record: SegmentRecord) -> None:
        """Raises IndexDamaged or FileNotFoundError."""
        self.record = record
        self.file = ArrayFile(segment_path(folder, record.id, ARRAYS))
        self._articles = ArrayFile(segment_path(folder, record.id, ARTICLES))
        self._packed, self._packed_ends = self._articles.array("articles"), self._articles.array("ends")
        self.lexicon = Lexicon(self.file)
        self._postings: dict[str, Postings] = {}
        self._values: dict[str, Values] = {}
        self.gap: int = self.file.about["gap"]
        self.quote_starts = self.column("quote_starts")

    @property
    def size(self) -> int:
        """The number of articles, deleted ones included."""
        return self.record.articles

    @property
    def words(self) -> int:
        """The number of words of all articles, deleted ones included."""
        return int(self.file.about["words"]) if "words" in self.file.about else sum(self.column("length"))

    @property
    def quotes(self) -> int:
        """The number of quotations, those of deleted articles included."""
        return self.record.quotes

    def postings(self, field: str) -> Postings:
        found = self._postings.get(field)
        if found is None:
            found = self._postings[field] = Postings(self.file, field)
        return found

    def values(self, field: str) -> Values:
        found = self._values.get(field)
        if found is None:
            found = self._values[field] = Values(self.file, field)
        return found

    def column(self, name: str) -> memoryview:
        return self.file.array(name)

    def find_article(self, id: str) -> int:
        """The number of the article of that id (the last one added, should there be several), or -1."""
        ids = self.values("id")
        number = ids.find(encoded(id))
        return ids.docs[ids.starts[number + 1] - 1] if number >= 0 else -1

    def packed(self, number: int) -> memoryview:
        """The bytes of one stored article."""
        start = self._packed_ends[number - 1] if number else 0
        return self._packed[start : self._packed_ends[number]]

    def article(self, number: int) -> Article:
        """Raises IndexDamaged for an article that is not as it was written."""
        try:
            return unpack_article(self.packed(number))
        except ALTERED as error:
            raise IndexDamaged(
                f"{self._articles.path} is altered: an article in it cannot be read. "
                "Make the index anew with: searcher rebuild"
            ) from error


def deleted_articles(folder: Path, record: SegmentRecord) -> memoryview:
    """The numbers of a segment's deleted articles, ascending."""
    if record.deletions is None:
        return memoryview(b"")
    return ArrayFile(folder / record.deletions.name).array("deleted")
