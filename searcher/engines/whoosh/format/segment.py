"""One segment mapped for reading: term dictionary, postings, values, columns and articles.

Works without NumPy. Articles and quotations are numbered separately, from 0 within the segment: articles in
the order of adding, quotations by article and position.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from searcher import analysis
from searcher.engines.whoosh.format.array_file import ARRAYS, ARTICLES, ENCODING, ArrayFile, TermList
from searcher.engines.whoosh.format.articles import (
    DECODE_ERRORS,
    Head,
    StoredArticle,
    article_of,
    lazy_article,
    unpack_head,
)
from searcher.engines.whoosh.format.manifest import INDEX_NAME, SegmentRecord
from searcher.errors import IndexDamaged
from searcher.languages import ENGLISH, word_language
from searcher.locations import rebuild_advice


def segment_path(folder: Path, segment_id: str, suffix: str) -> Path:
    return folder / f"{INDEX_NAME}_{segment_id}{suffix}"


#: Looking up one id takes as long as reading this many ids sequentially.
_LOOKUP_COST = 60


class ValueField(TermList):
    """The values of a field, the documents of each value and the values of each document."""

    def __init__(self, file: ArrayFile, field: str) -> None:
        super().__init__(file, f"{field}.terms")
        self.starts, self.docs = file.array(f"{field}.starts"), file.array(f"{field}.docs")
        self.value_starts = file.array(f"{field}.value_starts")
        self.values = file.array(f"{field}.values")

    def values_of(self, document: int) -> Iterator[str]:
        for value in self.values[self.value_starts[document] : self.value_starts[document + 1]]:
            yield self.text(value)

    def first_of(self, document: int) -> str | None:
        """Return the first value of a document, or None."""
        first = self.value_starts[document]
        if first == self.value_starts[document + 1]:
            return None
        return self.text(self.values[first])


class TermGroup(NamedTuple):
    """Tokens of one stem group: these variants, ascending, or, without ``variants``, all of them."""

    group: int
    variants: tuple[int, ...] | None


class TermDictionary(TermList):
    """The forms of words and the tokens of each form (see :mod:`.array_file`)."""

    def __init__(self, file: ArrayFile) -> None:
        super().__init__(file, "lexicon.forms")
        self.tokens = TermList(file, "lexicon.tokens")
        self.group_starts = file.array("lexicon.families")
        self._starts = file.array("lexicon.form_starts")
        self._tokens = file.array("lexicon.form_tokens")
        self._bucket_starts = file.array("lexicon.bucket_starts")
        self._buckets = file.array("lexicon.buckets")
        self._bucket_mask = len(self._bucket_starts) - 2

    def find(self, text: str) -> int:
        """Return the number of a form, or -1. The hash table is four times as fast as a binary search."""
        term = text.encode(*ENCODING)
        bucket = crc32(term) & self._bucket_mask
        size, ends = len(term), self.ends
        for number in self._buckets[self._bucket_starts[bucket] : self._bucket_starts[bucket + 1]]:
            end = ends[number]
            if self._blob[end - size : end] == term and (ends[number - 1] if number else 0) == end - size:
                return number
        return -1

    def tokens_of(self, form: int) -> memoryview:
        """Return the numbers of the tokens that have a form, ascending."""
        return self._tokens[self._starts[form] : self._starts[form + 1]]

    def groups(self, forms: tuple[str, ...]) -> list[TermGroup]:
        """Return the tokens that have any of these forms, by stem group."""
        numbers = [number for form in forms if (number := self.find(form)) >= 0]
        return self._term_groups(sorted(set().union(*map(self.tokens_of, numbers))))

    def groups_prefixed(self, prefix: str) -> list[TermGroup]:
        """Return the tokens that have any form with this prefix, by stem group."""
        start, stop = self.prefix_range(prefix)
        return self._term_groups(sorted(set(self._tokens[self._starts[start] : self._starts[stop]])))

    def groups_of(self, form: int) -> list[TermGroup]:
        """Return the tokens that have a form, by stem group."""
        return self._term_groups(self.tokens_of(form).tolist())

    def _term_groups(self, tokens: Sequence[int]) -> list[TermGroup]:
        """Return ascending tokens by stem group."""
        starts, groups, at = self.group_starts, [], 0
        while at < len(tokens):
            group = bisect_right(starts, tokens[at]) - 1
            first, end = starts[group], starts[group + 1]
            stop = bisect_left(tokens, end, at)
            whole = stop - at == end - first
            variants = None if whole else tuple([token - first for token in tokens[at:stop]])
            groups.append(TermGroup(group, variants))
            at = stop
        return groups

    def surfaces(self, prefix: str = "") -> Iterator[tuple[str, int]]:
        """Yield the surface forms with this prefix, each with its number."""
        start, stop = self.prefix_range(prefix)
        for number, form in enumerate(self.texts(start, stop), start):
            if analysis.is_surface(form):
                yield form, number


def languages_of(segments: Iterable[Segment]) -> tuple[str, ...]:
    """Return the languages whose stems are indexed in any of the segments, English first."""
    declared = {text for segment in segments for text in segment.values("language").texts()}
    return (ENGLISH, *sorted({word_language(text) for text in declared} - {ENGLISH, ""}))


class FieldPostings:
    """The postings of one text field, by stem group. See :mod:`.array_file` for the arrays."""

    def __init__(self, file: ArrayFile, field: str) -> None:
        self.starts, self.docs = file.array(f"{field}.starts"), file.array(f"{field}.docs")
        self.tf = file.array(f"{field}.tf")
        self.position_starts = file.array(f"{field}.position_starts")
        self.positions = file.array(f"{field}.positions")
        self.variants = file.array(f"{field}.members")
        self.doc_offsets = file.array(f"{field}.bases")
        self.present = file.array(f"{field}.held")
        if field == "title":
            self.title_index = file.array("title.places")

    def positions_of(self, term_group: TermGroup) -> Iterator[tuple[int, Sequence[int]]]:
        """Yield the documents that have any of these tokens, with the positions of the tokens."""
        group, variants = term_group
        accepted, end = frozenset(variants or ()), self.position_starts[group]
        postings = slice(self.starts[group], self.starts[group + 1])
        for doc, count in zip(self.docs[postings], self.tf[postings]):
            at, end = end, end + count
            positions: Sequence[int] = self.positions[at:end]
            if variants is not None:
                positions = [p for p, variant in zip(positions, self.variants[at:end]) if variant in accepted]
            if positions:
                yield doc, positions


class Segment:
    """The arrays and articles of one segment."""

    def __init__(self, folder: Path, record: SegmentRecord) -> None:
        """Raises IndexDamaged or FileNotFoundError."""
        self.record = record
        self.file = ArrayFile(segment_path(folder, record.id, ARRAYS))
        self._articles = ArrayFile(segment_path(folder, record.id, ARTICLES))
        self._read_packed, self.packed_ends = self._articles.reader("articles"), self._articles.array("ends")
        self.dictionary = TermDictionary(self.file)
        self._postings: dict[str, FieldPostings] = {}
        self._values: dict[str, ValueField] = {}
        self._columns: dict[str, memoryview] = {}
        self.body_offset: int = self.file.about["gap"]
        self.quote_starts = self.column("quote_starts")

    @property
    def size(self) -> int:
        """The number of articles, including deleted ones."""
        return self.record.articles

    @property
    def words(self) -> int:
        """The number of words of all articles, including deleted ones."""
        return int(self.file.about["words"]) if "words" in self.file.about else sum(self.column("length"))

    @property
    def quotes(self) -> int:
        """The number of quotations, including those of deleted articles."""
        return self.record.quotes

    def postings(self, field: str) -> FieldPostings:
        if field not in self._postings:
            self._postings[field] = FieldPostings(self.file, field)
        return self._postings[field]

    def values(self, field: str) -> ValueField:
        if field not in self._values:
            self._values[field] = ValueField(self.file, field)
        return self._values[field]

    def column(self, name: str) -> memoryview:
        """Return a column, with one entry for each article or quotation."""
        if name not in self._columns:
            self._columns[name] = self.file.array(name)
        return self._columns[name]

    def find_article(self, id: str) -> int:
        """Return the number of the last article added with this id, or -1."""
        ids = self.values("id")
        number = ids.find(id)
        return ids.docs[ids.starts[number + 1] - 1] if number >= 0 else -1

    def find_articles(self, ids: Collection[str]) -> Iterator[int]:
        """Yield the numbers of the articles with these ids."""
        if len(ids) * _LOOKUP_COST < self.size:
            yield from (number for id in ids if (number := self.find_article(id)) >= 0)
            return
        encoded_ids, known = {id.encode(*ENCODING) for id in ids}, self.values("id")
        yield from (
            known.docs[known.starts[n + 1] - 1] for n, id in enumerate(known.terms()) if id in encoded_ids
        )

    def packed(self, number: int) -> bytes:
        ends = self.packed_ends
        return self._read_packed(ends[number - 1] if number else 0, ends[number])

    def packed_size(self, number: int) -> int:
        ends = self.packed_ends
        return int(ends[number] - (ends[number - 1] if number else 0))

    def packed_range(self, start: int, stop: int) -> bytes:
        """Return the bytes of the stored articles from ``start`` to before ``stop``, joined."""
        begin = self.packed_ends[start - 1] if start else 0
        return self._read_packed(begin, self.packed_ends[stop - 1])

    def article(self, number: int) -> StoredArticle:
        """Return an article. Raises IndexDamaged if it was altered."""
        return article_of(self.head(number))

    def head(self, number: int) -> Head:
        """Return the head of an article. Raises IndexDamaged if it was altered."""
        try:
            return unpack_head(self.packed(number))
        except DECODE_ERRORS as error:
            raise IndexDamaged(
                f"The index is damaged: an article in {self._articles.path} cannot be read. "
                f"{rebuild_advice(self._articles.path.parent)}"
            ) from error

    def lazy_article(self, number: int) -> StoredArticle:
        """Return an article that is read when any field but its id is first accessed. This access raises
        IndexDamaged if the article was altered."""
        return lazy_article(self.values("id").first_of(number) or "", self, number)


def open_segment(folder: Path, record: SegmentRecord, opened: Mapping[str, Segment]) -> Segment:
    """Return the segment of a record, reusing it if it is among those already ``opened``, by id."""
    same_id = opened.get(record.id)
    return (
        same_id if same_id is not None and same_id.record.files == record.files else Segment(folder, record)
    )


def deleted_articles(folder: Path, record: SegmentRecord) -> memoryview:
    """Return the numbers of a segment's deleted articles, ascending."""
    if record.deletions is None:
        return memoryview(b"")
    return ArrayFile(folder / record.deletions.name).array("deleted")
