"""One segment, mapped for reading: postings, columns and articles. Needs no array library.

Articles and quotations are numbered from 0 within the segment, separately, in the order of adding and of
their text.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from searcher import analysis
from searcher.article import Article
from searcher.engines.whoosh.format.array_file import ArrayFile
from searcher.engines.whoosh.format.doc_store import ALTERED, unpack_article
from searcher.engines.whoosh.format.layout import ARRAYS, ARTICLES, encoded
from searcher.engines.whoosh.format.manifest import INDEX_NAME, SegmentRecord
from searcher.errors import IndexDamaged
from searcher.locations import remedy

__all__ = ["Lexicon", "Part", "Postings", "Segment", "Terms", "Values", "deleted_articles", "segment_path"]


def segment_path(folder: Path, segment_id: str, suffix: str) -> Path:
    return folder / f"{INDEX_NAME}_{segment_id}{suffix}"


#: Answers that a lexicon keeps: a word asked for alone is mostly asked for in a phrase too.
_KNOWN = 2000
#: So many ids are read one after another in the time that looking up one takes.
_AS_LOOKED_UP = 60
#: Terms that are read together.
_READ = 1024
#: What every word of a question is looked up in, and the bytes that are mapped at once.
_LOOKED_UP = (
    *(f"lexicon.{name}" for name in ("forms", "forms.ends", "form_starts", "form_tokens", "families")),
    *("lexicon.bucket_starts", "lexicon.buckets"),
    *(f"{field}.{name}" for field in ("text", "title") for name in ("starts", "position_starts", "bases")),
)
_PAGE = 4096


class Terms:
    """A sorted list of terms, numbered from 0 in the order of their UTF-8 bytes."""

    def __init__(self, file: ArrayFile, name: str) -> None:
        self._blob = file.array(name)
        self.ends = file.array(f"{name}.ends")

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
        return bisect_left(range(len(self)), term, key=self.term)

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


class Part(NamedTuple):
    """Of a family these members, ascending; None: all of them."""

    family: int
    members: tuple[int, ...] | None


class Lexicon(Terms):
    """The forms that words have, and the tokens that have each form (see :mod:`.layout`)."""

    def __init__(self, file: ArrayFile) -> None:
        super().__init__(file, "lexicon.forms")
        self.tokens = Terms(file, "lexicon.tokens")
        self.families = file.array("lexicon.families")
        self._starts = file.array("lexicon.form_starts")
        self._tokens = file.array("lexicon.form_tokens")
        self._bucket_starts = file.array("lexicon.bucket_starts")
        self._buckets = file.array("lexicon.buckets")
        self._last_bucket = len(self._bucket_starts) - 2
        self._known: dict[tuple[str, ...], list[Part]] = {}
        self._last_prefixed: tuple[bytes, tuple[int, int]] = b"", (0, len(self))

    def prefixed(self, prefix: bytes) -> tuple[int, int]:
        """See :meth:`Terms.prefixed`. Whether they are too many is asked first, and then which they are."""
        if self._last_prefixed[0] != prefix:
            self._last_prefixed = prefix, super().prefixed(prefix)
        return self._last_prefixed[1]

    def find(self, term: bytes) -> int:
        """The number of a form, -1 if no text has it. Every word of a question is looked up so, four times as
        fast as by halving."""
        bucket = crc32(term) & self._last_bucket
        size, ends = len(term), self.ends
        for number in self._buckets[self._bucket_starts[bucket] : self._bucket_starts[bucket + 1]]:
            end = ends[number]
            if self._blob[end - size : end] == term and (ends[number - 1] if number else 0) == end - size:
                return number
        return -1

    def having(self, form: int) -> memoryview:
        """The numbers of the tokens that have a form, ascending."""
        return self._tokens[self._starts[form] : self._starts[form + 1]]

    def parts(self, forms: tuple[str, ...]) -> list[Part]:
        """The tokens that have any of these forms, by family."""
        known = self._known.get(forms)
        if known is None:
            if len(self._known) >= _KNOWN:
                self._known = {}
            numbers = [number for form in forms if (number := self.find(encoded(form))) >= 0]
            tokens = set().union(*map(self.having, numbers))
            known = self._known[forms] = self._parts(sorted(tokens))
        return known

    def parts_prefixed(self, prefix: str) -> list[Part]:
        """The tokens that have any form beginning so, by family."""
        start, stop = self.prefixed(encoded(prefix))
        return self._parts(sorted(set(self._tokens[self._starts[start] : self._starts[stop]])))

    def parts_of(self, form: int) -> list[Part]:
        """The tokens that have a form, by family."""
        return self._parts(self.having(form).tolist())

    def _parts(self, tokens: Sequence[int]) -> list[Part]:
        """The tokens, ascending, by family."""
        families, found, at = self.families, [], 0
        while at < len(tokens):
            family = bisect_right(families, tokens[at]) - 1
            first, end = families[family], families[family + 1]
            stop = bisect_left(tokens, end, at)
            whole = stop - at == end - first
            found.append(Part(family, None if whole else tuple([token - first for token in tokens[at:stop]])))
            at = stop
        return found

    def surfaces(self, prefix: str = "") -> Iterator[tuple[str, int]]:
        """The forms that are words as written and begin with ``prefix``, each with its number."""
        start, stop = self.prefixed(encoded(prefix))
        for number, form in enumerate(self.terms(start, stop), start):
            text = form.decode("utf-8", "surrogatepass")
            if analysis.is_surface(text):
                yield text, number


class Postings:
    """The inverted lists of one field of words, by family."""

    def __init__(self, file: ArrayFile, field: str) -> None:
        self.starts = file.array(f"{field}.starts")
        self.docs = file.array(f"{field}.docs")
        self.tf = file.array(f"{field}.tf")
        self.position_starts = file.array(f"{field}.position_starts")
        self.positions = file.array(f"{field}.positions")
        self.members = file.array(f"{field}.members")
        self.bases = file.array(f"{field}.bases")
        self.held = file.array(f"{field}.held")
        if field == "title":
            self.title_places = file.array("title.places")

    def places(self, part: Part) -> Iterator[tuple[int, Sequence[int]]]:
        """The documents with a part of a family, each with the positions."""
        family, members = part
        held, end = frozenset(members or ()), self.position_starts[family]
        span = slice(self.starts[family], self.starts[family + 1])
        for doc, count in zip(self.docs[span], self.tf[span]):
            at, end = end, end + count
            own: Sequence[int] = self.positions[at:end]
            if members is not None:
                own = [place for place, one in zip(own, self.members[at:end]) if one in held]
            if own:
                yield doc, own


class Segment:
    """The arrays and articles of one segment."""

    def __init__(self, folder: Path, record: SegmentRecord) -> None:
        """Raises IndexDamaged or FileNotFoundError."""
        self.record = record
        self.file = ArrayFile(segment_path(folder, record.id, ARRAYS))
        self._articles = ArrayFile(segment_path(folder, record.id, ARTICLES))
        self._read_packed, self.packed_ends = self._articles.reader("articles"), self._articles.array("ends")
        self.lexicon = Lexicon(self.file)
        self._postings: dict[str, Postings] = {}
        self._values: dict[str, Values] = {}
        self.gap: int = self.file.about["gap"]
        self.quote_starts = self.column("quote_starts")
        self._touched = False

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

    def touch(self) -> None:
        """Have what words are looked up in mapped into memory, once: piece by piece, that took a tenth of the
        time of the first questions."""
        if not self._touched:
            self._touched = True
            for name in _LOOKED_UP:
                bytes(self.file.array(name).cast("B")[::_PAGE])

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

    def find_articles(self, ids: Collection[str]) -> Iterator[int]:
        """The numbers of the articles that have one of these ids."""
        if len(ids) * _AS_LOOKED_UP < self.size:
            yield from (number for id in ids if (number := self.find_article(id)) >= 0)
            return
        wanted, held = set(map(encoded, ids)), self.values("id")
        yield from (held.docs[held.starts[n + 1] - 1] for n, id in enumerate(held.terms()) if id in wanted)

    def packed(self, number: int) -> bytes:
        """The bytes of one stored article."""
        start = self.packed_ends[number - 1] if number else 0
        return self._read_packed(start, self.packed_ends[number])

    def packed_together(self, start: int, stop: int) -> bytes:
        """The bytes of the stored articles from ``start`` to before ``stop``, one after another."""
        begin = self.packed_ends[start - 1] if start else 0
        return self._read_packed(begin, self.packed_ends[stop - 1])

    def article(self, number: int) -> Article:
        """Raises IndexDamaged for an article that is not as it was written."""
        return self.unpacked(self.packed(number))

    def unpacked(self, packed: bytes) -> Article:
        """The article of these bytes. Raises IndexDamaged."""
        try:
            return unpack_article(packed)
        except ALTERED as error:
            raise IndexDamaged(
                f"The index is damaged: an article in {self._articles.path} cannot be read. "
                f"{remedy(self._articles.path.parent)}"
            ) from error


def deleted_articles(folder: Path, record: SegmentRecord) -> memoryview:
    """The numbers of a segment's deleted articles, ascending."""
    if record.deletions is None:
        return memoryview(b"")
    return ArrayFile(folder / record.deletions.name).array("deleted")
