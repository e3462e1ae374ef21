"""Merging of postings: those of several segments become those of one, a block of stem groups at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import compress
from typing import NamedTuple

import numpy as np

from searcher.engines.whoosh.arrays import (
    DTYPES,
    Array,
    Mask,
    as_array,
    blocks,
    offsets,
    sorted_unique,
    typecode,
)
from searcher.engines.whoosh.format.array_file import ArrayWriter, Region
from searcher.engines.whoosh.format.layout import QUOTES, WORDS
from searcher.engines.whoosh.format.segment import FieldPostings
from searcher.engines.whoosh.write.merge.sources import (
    MAX_BLOCK_ENTRIES,
    MergeSource,
    destinations,
    merged_column,
    release_pages,
)
from searcher.engines.whoosh.write.merge.terms import TermUnion, merge_sorted, windows
from searcher.engines.whoosh.write.segment_writer import write_doc_offsets, write_group_starts
from searcher.engines.whoosh.write.stem_groups import StemGroups, group_key
from searcher.engines.whoosh.write.term_dictionary import FormWindow, write_forms, write_tokens
from searcher.engines.whoosh.write.title_postings import write_title_index

__all__ = ["write_words"]


class _TokenMap(NamedTuple):
    """The merged numbers of one segment's tokens and stem groups: for each token its merged number and its
    variant there, for each group its merged number. (A stem group depends on its tokens alone, so that all
    tokens of one group come into one.)"""

    tokens: Array
    variants: Array
    groups: Array


class _GroupRange(NamedTuple):
    """Some stem groups of a segment from ``first`` on, or some documents of one: n + 1 edges of their n runs
    of postings and of positions."""

    first: int
    starts: Array
    position_starts: Array


class _LiveCounts(NamedTuple):
    """For each stem group the number of its live documents and of their positions; for each token whether any
    live document has it."""

    documents: Array
    positions: Array
    present: Mask


class _PostingsBlock(NamedTuple):
    """Postings of n stem groups of one segment: the groups, their numbers of documents and of positions (n
    each), then four columns: documents and term frequencies, positions and variants."""

    groups: Array
    documents: Array
    positions: Array
    columns: Sequence[Array]


def write_words(writer: ArrayWriter, sources: Sequence[MergeSource]) -> int:
    """Write the term dictionary and the postings of all fields of words. Returns the number of tokens."""
    used = [_used_tokens(source) for source in sources]
    union = TermUnion([source.segment.dictionary.tokens for source in sources], used, group_key)
    groups = write_tokens(writer, union.windows())
    write_forms(writer, _form_windows(sources, union.numbers, used))
    release_pages(sources)
    maps = [_token_map(source, tokens, groups) for source, tokens in zip(sources, union.numbers)]
    for field in WORDS:
        _write_field(writer, field, sources, maps, groups)
    write_title_index(writer, len(groups), sum(int(source.live_articles.sum()) for source in sources))
    return len(groups.of_token)


def _used_tokens(source: MergeSource) -> Mask:
    """Return which tokens any live document has in any field."""
    used: Mask = np.any([_live_counts(source, field).present for field in WORDS], axis=0)
    return used


def _live_counts(source: MergeSource, field: str) -> _LiveCounts:
    postings, live = source.segment.postings(field), source.live(field)
    if live.all():
        documents, positions = (
            np.diff(as_array(starts)) for starts in (postings.starts, postings.position_starts)
        )
        return _LiveCounts(documents, positions, as_array(postings.present) > 0)
    group_starts, size = source.column("lexicon.families"), len(postings.starts) - 1
    documents, positions = np.zeros(size, np.int64), np.zeros(size, np.int64)
    present = np.zeros(len(postings.present), np.bool_)
    for span in _group_ranges(postings, 0, size):
        docs, tf, _, variants = _read(postings, span)
        alive, count = live[docs], len(span.starts) - 1
        group = np.repeat(np.arange(count), np.diff(span.starts))[alive]
        groups = slice(span.first, span.first + count)
        documents[groups] += np.bincount(group, minlength=count)
        positions[groups] += np.bincount(group, tf[alive], count).astype(np.int64)
        first_tokens = group_starts[span.first + np.repeat(group, tf[alive])]
        present[first_tokens + variants[np.repeat(alive, tf)]] = True
        source.segment.file.release()
    return _LiveCounts(documents, positions, present)


def _group_ranges(postings: FieldPostings, first: int, last: int) -> Iterator[_GroupRange]:
    """Divide the groups from ``first`` to before ``last`` into ranges of MAX_BLOCK_ENTRIES positions."""
    starts, position_starts = as_array(postings.starts), as_array(postings.position_starts)
    for low, high in blocks(np.diff(position_starts[first : last + 1]), MAX_BLOCK_ENTRIES):
        edges = slice(first + low, first + high + 1)
        span = _GroupRange(
            edges.start, starts[edges].astype(np.int64), position_starts[edges].astype(np.int64)
        )
        yield from _document_ranges(postings, span) if high - low == 1 else [span]


def _document_ranges(postings: FieldPostings, group: _GroupRange) -> Iterator[_GroupRange]:
    """Divide one group, which may be long, into ranges of documents."""
    begin, end = group.starts
    tf = as_array(postings.tf)[begin:end]
    edges = group.position_starts[0] + offsets(tf)
    for low, high in blocks(tf, MAX_BLOCK_ENTRIES):
        yield _GroupRange(group.first, begin + np.array([low, high]), edges[[low, high]])


def _read(postings: FieldPostings, span: _GroupRange) -> list[Array]:
    """Return the documents and term frequencies of a range, and its positions and variants."""
    docs = slice(span.starts[0], span.starts[-1])
    positions = slice(span.position_starts[0], span.position_starts[-1])
    return [
        *(as_array(column)[docs] for column in (postings.docs, postings.tf)),
        *(as_array(column)[positions] for column in (postings.positions, postings.variants)),
    ]


def _form_windows(
    sources: Sequence[MergeSource], token_numbers: Sequence[Array], used: Sequence[Mask]
) -> Iterator[FormWindow]:
    """Yield the forms of the used tokens, sorted, some at a time, with the merged numbers of their tokens."""
    dictionaries = [source.segment.dictionary for source in sources]
    for spans in windows(dictionaries):
        read = [list(terms.terms(span.start, span.stop)) for terms, span in zip(dictionaries, spans)]
        forms = merge_sorted(read)
        number = {form: n for n, form in enumerate(forms)}
        pairs = []  # a form and a token that has it, as one number
        for own_forms, span, source, merged, in_use in zip(read, spans, sources, token_numbers, used):
            starts = source.column("lexicon.form_starts")[span.start : span.stop + 1].astype(np.int64)
            tokens = source.column("lexicon.form_tokens")[starts[0] : starts[-1]]
            form_of = np.repeat(np.array([number[form] for form in own_forms], np.int64), np.diff(starts))
            pairs.append((form_of << 32 | merged[tokens])[in_use[tokens]])
        distinct = sorted_unique(np.concatenate(pairs))
        counts = np.bincount(distinct >> 32, minlength=len(forms))
        used_forms = list(compress(forms, counts.tolist()))
        yield FormWindow(used_forms, counts[counts > 0], distinct & 0xFFFFFFFF)
        release_pages(sources)


def _token_map(source: MergeSource, tokens: Array, merged: StemGroups) -> _TokenMap:
    # An unused token has the number of the one before: the last token of a group is in it if any is used.
    last_tokens = source.column("lexicon.families")[1:].astype(np.int64) - 1
    if not len(merged):
        return _TokenMap(tokens, tokens, np.zeros(len(last_tokens), np.uint32))
    return _TokenMap(tokens, merged.variants[tokens], merged.of_token[tokens[last_tokens]])


class _Target(NamedTuple):
    """The merged field: the position offset of each document, where bodies begin after it, and the types of
    documents, term frequencies, positions and variants."""

    doc_offsets: Array
    body_offset: int
    types: tuple[str, str, str, str]


def _write_field(
    writer: ArrayWriter,
    field: str,
    sources: Sequence[MergeSource],
    maps: Sequence[_TokenMap],
    groups: StemGroups,
) -> None:
    counts = _merged_counts(field, sources, maps, groups)
    body_offset = max(source.segment.body_offset for source in sources) if field == "text" else 0
    doc_offsets, wide = write_doc_offsets(writer, field, _lengths(sources, field), body_offset)
    tf = max((one.segment.postings(field).tf.format for one in sources), key="BHI".index, default="B")
    docs = typecode(max(0, len(doc_offsets) - 1), "H")
    target = _Target(doc_offsets, body_offset, (docs, tf, wide, groups.variant_code))
    regions = _reserved(writer, field, counts, target)
    fields = [_FieldSource(source, field, tokens, target) for source, tokens in zip(sources, maps)]
    for low, high in blocks(counts.positions, MAX_BLOCK_ENTRIES):
        read: Iterable[_PostingsBlock] = (block for source in fields for block in source.read(low, high))
        if high - low > 1:  # the postings of a single group follow one another as they are read
            read = _by_group(list(read), counts.documents[low:high], counts.positions[low:high])
        for block in read:
            for region, column in zip(regions, block.columns):
                region.write(column)
        release_pages(sources)
    for region in regions:
        region.close()
    write_group_starts(writer, field, counts.documents, counts.positions, counts.present)


def _merged_counts(
    field: str, sources: Sequence[MergeSource], maps: Sequence[_TokenMap], groups: StemGroups
) -> _LiveCounts:
    """Return the counts of all segments together, by merged groups and tokens."""
    maximum = sum(len(source.segment.postings(field).positions) for source in sources)
    documents, positions = (np.zeros(len(groups), DTYPES[typecode(maximum, "I")]) for _ in range(2))
    present = np.zeros(len(groups.of_token), np.bool_)
    for source, merged in zip(sources, maps):
        own = _live_counts(source, field)
        used = own.documents > 0  # an unused group has no number of its own
        documents[merged.groups[used]] += own.documents[used].astype(documents.dtype)
        positions[merged.groups[used]] += own.positions[used].astype(positions.dtype)
        present[merged.tokens[own.present]] = True
    release_pages(sources)
    return _LiveCounts(documents, positions, present)


def _lengths(sources: Sequence[MergeSource], field: str) -> Array:
    """Return the number of words of each live document."""
    if field == QUOTES:
        return merged_column(sources, "quote_length", QUOTES)
    lengths = merged_column(sources, "length")
    return lengths if field == "text" else lengths - merged_column(sources, "body_length")


def _reserved(writer: ArrayWriter, field: str, counts: _LiveCounts, target: _Target) -> list[Region]:
    """Leave room for each column in the order of the file. Returns them in the order of a block's columns."""
    documents, positions = int(counts.documents.sum()), int(counts.positions.sum())
    docs, tf, wide, variant = target.types
    by_position = [
        writer.reserve(f"{field}.positions", wide, positions),
        writer.reserve(f"{field}.members", variant, positions),
    ]
    return [
        writer.reserve(f"{field}.docs", docs, documents),
        writer.reserve(f"{field}.tf", tf, documents),
        *by_position,
    ]


class _FieldSource:
    """The postings of one segment's field, read with merged numbers and without deleted documents."""

    def __init__(self, source: MergeSource, field: str, tokens: _TokenMap, target: _Target) -> None:
        self._postings = source.segment.postings(field)
        self._live = source.live(field)
        self._new_docs = source.new_numbers(field)
        self._tokens = tokens
        self._group_starts = source.column("lexicon.families")
        self._target = target
        self._body_offset = source.segment.body_offset if target.body_offset else 0
        self._none_deleted = bool(self._live.all())

    def read(self, low: int, high: int) -> Iterator[_PostingsBlock]:
        """Yield the live postings of the merged groups from ``low`` to before ``high``, some at a time."""
        first, last = np.searchsorted(self._tokens.groups, (low, high)).tolist()
        for span in _group_ranges(self._postings, first, last):
            yield self._block(span, low)

    def _block(self, span: _GroupRange, low: int) -> _PostingsBlock:
        """Return the postings of a range; their groups are numbered from the merged group ``low`` on."""
        docs, tf, positions, variants = _read(self._postings, span)
        groups = slice(span.first, span.first + len(span.starts) - 1)
        doc_counts, position_counts = np.diff(span.starts), np.diff(span.position_starts)
        tokens = np.repeat(self._group_starts[groups], position_counts) + variants
        variants = self._tokens.variants[tokens]
        if not self._none_deleted:
            alive = self._live[docs]
            group_of = np.repeat(np.arange(len(doc_counts)), doc_counts)[alive]
            position_alive = np.repeat(alive, tf)
            docs, tf = docs[alive], tf[alive]
            positions, variants = positions[position_alive], variants[position_alive]
            doc_counts = np.bincount(group_of, minlength=len(doc_counts))
            position_counts = np.bincount(group_of, tf, len(doc_counts)).astype(np.int64)
        columns = (self._new_docs[docs], tf, self._moved(docs, tf, positions), variants)
        typed = [column.astype(DTYPES[code], copy=False) for column, code in zip(columns, self._target.types)]
        return _PostingsBlock(self._tokens.groups[groups] - low, doc_counts, position_counts, typed)

    def _moved(self, docs: Array, tf: Array, positions: Array) -> Array:
        """Return the positions as they are in the merged segment."""
        old_offsets, (new_offsets, body_offset, types) = as_array(self._postings.doc_offsets), self._target
        if self._none_deleted and body_offset == self._body_offset:  # all documents move by the same distance
            shift = int(new_offsets[self._new_docs[0]]) - int(old_offsets[0]) if len(old_offsets) else 0
            shifted: Array = np.add(positions, shift, dtype=DTYPES[types[2]])
            return shifted
        moved: Array = positions - np.repeat(old_offsets[docs].astype(np.int64), tf)
        if body_offset != self._body_offset:
            moved += np.where(moved >= self._body_offset, body_offset - self._body_offset, 0)
        moved += np.repeat(new_offsets[self._new_docs[docs]], tf)
        return moved


def _by_group(read: Sequence[_PostingsBlock], documents: Array, positions: Array) -> list[_PostingsBlock]:
    """Join blocks into one whose postings are sorted by group, within a group by segment.

    ``documents`` and ``positions`` are the numbers of these in each group, in all blocks.
    """
    if not read:  # the words of these groups are in other fields only
        return []
    sizes = (documents, documents, positions, positions)
    columns = [np.empty(int(size.sum()), one.dtype) for size, one in zip(sizes, read[0].columns)]
    doc_index = destinations(((block.groups, block.documents) for block in read), documents)
    position_index = destinations(((block.groups, block.positions) for block in read), positions)
    for block, by_doc, by_position in zip(read, doc_index, position_index):
        for column, part, index in zip(columns, block.columns, (by_doc, by_doc, by_position, by_position)):
            column[index] = part
    return [_PostingsBlock(np.arange(len(documents)), documents, positions, columns)]
