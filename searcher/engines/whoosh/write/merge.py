"""Merging: writes several segments as one, without their deleted articles.

Everything is read once and written block by block. Memory contains a few megabytes of each segment, and some
numbers for each document and term.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import compress
from pathlib import Path
from typing import NamedTuple

import numpy as np

from searcher.engines.whoosh.arrays import (
    DTYPES,
    MAX_BLOCK_ENTRIES,
    Array,
    Mask,
    all_but,
    as_array,
    blocks,
    concatenated_ranges,
    live_counts,
    offsets,
    sorted_unique,
    typecode,
)
from searcher.engines.whoosh.format.array_file import (
    ALL_VALUES,
    ARRAYS,
    ARTICLES,
    QUOTE_VALUES,
    QUOTES,
    WORDS,
    ArrayWriter,
    Region,
)
from searcher.engines.whoosh.format.manifest import SegmentRecord, record_file
from searcher.engines.whoosh.format.segment import FieldPostings, Segment, ValueField, segment_path
from searcher.engines.whoosh.write.buffer import COLUMNS, write_utterances
from searcher.engines.whoosh.write.segment_writer import (
    FormWindow,
    StemGroups,
    TermUnion,
    group_key,
    merge_sorted,
    windows,
    write_articles,
    write_doc_offsets,
    write_forms,
    write_group_starts,
    write_starts,
    write_terms,
    write_title_index,
    write_tokens,
)

_OF_QUOTES = frozenset({QUOTES, *QUOTE_VALUES})


@dataclass(frozen=True, slots=True)
class MergeSource:
    """A segment to be merged, with masks of its live articles and quotations, and their numbers in the merged
    segment (meaningless for deleted ones)."""

    segment: Segment
    live_articles: Mask
    live_quotes: Mask
    article_numbers: Array
    quote_numbers: Array

    def live(self, field: str) -> Mask:
        """Return the mask of a field's live documents."""
        return self.live_quotes if field in _OF_QUOTES else self.live_articles

    def new_numbers(self, field: str) -> Array:
        """Return the numbers of a field's documents in the merged segment."""
        return self.quote_numbers if field in _OF_QUOTES else self.article_numbers

    def column(self, name: str) -> Array:
        return as_array(self.segment.column(name))


def merge_sources(segments: Sequence[tuple[Segment, Sequence[int]]]) -> Iterator[MergeSource]:
    """Number the documents of segments, given with their deleted articles, in the order of segments."""
    articles_before = quotes_before = 0
    for segment, deleted in segments:
        articles = all_but(segment.size, deleted)
        quotes = articles[as_array(segment.column("quote_article"))]
        article_numbers = np.cumsum(articles, dtype=np.uint32) + np.uint32(articles_before) - np.uint32(1)
        quote_numbers = np.cumsum(quotes, dtype=np.uint32) + np.uint32(quotes_before) - np.uint32(1)
        yield MergeSource(segment, articles, quotes, article_numbers, quote_numbers)
        articles_before += int(articles.sum())
        quotes_before += int(quotes.sum())


def release_pages(sources: Iterable[MergeSource]) -> None:
    """Release the memory of the segments, of which merging reads everything only once."""
    for source in sources:
        source.segment.file.release()


def merged_column(sources: Sequence[MergeSource], name: str, field: str = "text") -> Array:
    """Return a column of all segments, without deleted documents. ``field``: any field of the same
    documents."""
    return np.concatenate([source.column(name)[source.live(field)] for source in sources])


def destinations(blocks: Iterable[tuple[Array, Array]], sizes: Array) -> Iterator[Array]:
    """Yield for each block the indices of its elements in the merged array.

    A block is given by its distinct groups and the number of elements of each. ``sizes[g]`` is the number of
    elements of group g in all blocks. The merged array is sorted by group, and within a group by block.
    """
    next_index = np.cumsum(sizes, dtype=np.int64) - sizes
    for groups, counts in blocks:
        nonempty = counts > 0
        groups, counts = groups[nonempty], counts[nonempty]
        yield concatenated_ranges(next_index[groups], counts)
        next_index[groups] += counts


class _ValueSource(NamedTuple):
    """A value field of one segment.

    Attributes:
        live: The mask of its live documents.
        new_docs: The merged numbers of its documents.
        counts: The number of live documents of each value.
        new_values: The merged numbers of its values.
    """

    source: MergeSource
    values: ValueField
    live: Mask
    new_docs: Array
    counts: Array
    new_values: Array


class _ValueBlock(NamedTuple):
    """The live documents of some values in one segment, by value, and the number of each value."""

    values: Array
    counts: Array
    docs: Array


def write_values(writer: ArrayWriter, name: str, sources: Sequence[MergeSource]) -> None:
    """Write a merged value field: sorted terms, the documents of each, and the values of each document."""
    fields = [source.segment.values(name) for source in sources]
    live = [source.live(name) for source in sources]
    counts = [live_counts(values.starts, values.docs, own) for values, own in zip(fields, live)]
    union = TermUnion(fields, [count > 0 for count in counts])
    size = write_terms(writer, f"{name}.terms", union.windows())
    release_pages(sources)
    merged = [
        _ValueSource(source, values, source.live(name), source.new_numbers(name), count, numbers)
        for source, values, count, numbers in zip(sources, fields, counts, union.numbers)
    ]
    _write_docs(writer, name, merged, size)
    _write_values_of_docs(writer, name, merged)


def _write_docs(writer: ArrayWriter, name: str, sources: Sequence[_ValueSource], size: int) -> None:
    """Write the documents of each of the ``size`` merged values."""
    sizes = np.zeros(size, np.uint32)
    for source in sources:
        used = source.counts > 0  # leave out unused values, which share their number with a used one
        sizes[source.new_values[used]] += source.counts[used]
    write_starts(writer, f"{name}.starts", sizes)
    writer.begin(f"{name}.docs", "I")
    for low, high in blocks(sizes, MAX_BLOCK_ENTRIES):
        read = [_block(source, low, high) for source in sources]
        merged = np.empty(int(sizes[low:high].sum()), np.uint32)
        runs = ((block.values, block.counts) for block in read)
        for block, index in zip(read, destinations(runs, sizes[low:high])):
            merged[index] = block.docs
        writer.write(merged)
        release_pages(source.source for source in sources)


def _block(source: _ValueSource, low: int, high: int) -> _ValueBlock:
    """Return the documents of the merged values ``[low:high]``."""
    first, last = np.searchsorted(source.new_values, (low, high)).tolist()
    docs = as_array(source.values.docs)[source.values.starts[first] : source.values.starts[last]]
    docs = source.new_docs[docs[source.live[docs]]]
    return _ValueBlock(source.new_values[first:last] - np.uint32(low), source.counts[first:last], docs)


def _write_values_of_docs(writer: ArrayWriter, name: str, sources: Sequence[_ValueSource]) -> None:
    counts = [np.diff(as_array(source.values.value_starts))[source.live] for source in sources]
    write_starts(writer, f"{name}.value_starts", np.concatenate(counts))
    writer.begin(f"{name}.values", "I")
    for source in sources:
        starts = as_array(source.values.value_starts)
        for low, high in blocks(np.diff(starts), MAX_BLOCK_ENTRIES):
            live = np.repeat(source.live[low:high], np.diff(starts[low : high + 1]))
            values = as_array(source.values.values)[starts[low] : starts[high]]
            writer.write(source.new_values[values[live]])
        release_pages([source.source])


class _TokenMap(NamedTuple):
    """The merged numbers and variants of one segment's tokens, and the merged numbers of its stem groups. The
    tokens of a group stay together, because groups depend only on tokens."""

    tokens: Array
    variants: Array
    groups: Array


class _GroupRange(NamedTuple):
    """Some stem groups of a segment from ``first`` on, or some documents of one group. The starts of their
    postings and positions include the end of the last."""

    first: int
    starts: Array
    position_starts: Array


class _LiveCounts(NamedTuple):
    """The number of live documents and of their positions of each stem group, and the mask of the tokens of
    live documents."""

    documents: Array
    positions: Array
    present: Mask


class _PostingsBlock(NamedTuple):
    """Postings of some stem groups of one segment: the numbers of documents and positions of each group, and
    four
    columns: documents and term frequencies, positions and variants."""

    groups: Array
    documents: Array
    positions: Array
    columns: Sequence[Array]


def write_words(writer: ArrayWriter, sources: Sequence[MergeSource]) -> int:
    """Write the term dictionary and the postings of all text fields. Return the number of tokens."""
    used: list[Mask] = [  # tokens that occur in a live document, in any field
        np.any([_live_counts(source, field).present for field in WORDS], axis=0) for source in sources
    ]
    union = TermUnion([source.segment.dictionary.tokens for source in sources], used, group_key)
    groups = write_tokens(writer, union.windows())
    write_forms(writer, _form_windows(sources, union.numbers, used))
    release_pages(sources)
    maps = [_token_map(source, tokens, groups) for source, tokens in zip(sources, union.numbers)]
    for field in WORDS:
        _write_field(writer, field, sources, maps, groups)
    write_title_index(writer, len(groups), sum(int(source.live_articles.sum()) for source in sources))
    return len(groups.of_token)


def _live_counts(source: MergeSource, field: str) -> _LiveCounts:
    postings, live = source.segment.postings(field), source.live(field)
    if live.all():
        documents, positions = (np.diff(as_array(x)) for x in (postings.starts, postings.position_starts))
        return _LiveCounts(documents, positions, as_array(postings.present) > 0)
    group_starts, size = source.column("lexicon.families"), len(postings.starts) - 1
    documents, positions = np.zeros(size, np.int64), np.zeros(size, np.int64)
    present = np.zeros(len(postings.present), np.bool_)
    for span in _group_ranges(postings, 0, size):
        docs, tf, _, variants = _postings_of(postings, span)
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
    """Divide the groups ``[first:last]`` into ranges of at most MAX_BLOCK_ENTRIES positions."""
    starts, position_starts = as_array(postings.starts), as_array(postings.position_starts)
    for low, high in blocks(np.diff(position_starts[first : last + 1]), MAX_BLOCK_ENTRIES):
        edges = slice(first + low, first + high + 1)
        both = (starts_of[edges].astype(np.int64) for starts_of in (starts, position_starts))
        span = _GroupRange(edges.start, *both)
        yield from _document_ranges(postings, span) if high - low == 1 else [span]


def _document_ranges(postings: FieldPostings, group: _GroupRange) -> Iterator[_GroupRange]:
    """Divide one group, which may be large, into ranges of documents."""
    begin, end = group.starts
    tf = as_array(postings.tf)[begin:end]
    edges = group.position_starts[0] + offsets(tf)
    for low, high in blocks(tf, MAX_BLOCK_ENTRIES):
        yield _GroupRange(group.first, begin + np.array([low, high]), edges[[low, high]])


def _postings_of(postings: FieldPostings, span: _GroupRange) -> list[Array]:
    """Return the documents, term frequencies, positions and variants of a range."""
    docs = slice(span.starts[0], span.starts[-1])
    positions = slice(span.position_starts[0], span.position_starts[-1])
    return [
        *(as_array(column)[docs] for column in (postings.docs, postings.tf)),
        *(as_array(column)[positions] for column in (postings.positions, postings.variants)),
    ]


def _form_windows(
    sources: Sequence[MergeSource], token_numbers: Sequence[Array], used: Sequence[Mask]
) -> Iterator[FormWindow]:
    """Yield the sorted forms of the used tokens in blocks, with the merged numbers of their tokens."""
    dictionaries = [source.segment.dictionary for source in sources]
    for spans in windows(dictionaries):
        read = [list(terms.terms(span.start, span.stop)) for terms, span in zip(dictionaries, spans)]
        forms = merge_sorted(read)
        number = {form: n for n, form in enumerate(forms)}
        pairs = []  # each number combines a form with one of its tokens
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
    # An unused token has the number of the preceding one, so the last token of a used group always has a
    # number in this group.
    last_tokens = source.column("lexicon.families")[1:].astype(np.int64) - 1
    if not len(merged):
        return _TokenMap(tokens, tokens, np.zeros(len(last_tokens), np.uint32))
    return _TokenMap(tokens, merged.variants[tokens], merged.of_token[tokens[last_tokens]])


class _Target(NamedTuple):
    """The merged field: the position offset of each document, the offset of its body, and the types of
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
    regions = _reserve_regions(writer, field, counts, target)
    fields = [_FieldSource(source, field, tokens, target) for source, tokens in zip(sources, maps)]
    for low, high in blocks(counts.positions, MAX_BLOCK_ENTRIES):
        read: Iterable[_PostingsBlock] = (block for source in fields for block in source.read(low, high))
        if high - low > 1:  # a single group is already in order
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
    """Return the counts of all segments, by merged groups and tokens."""
    maximum = sum(len(source.segment.postings(field).positions) for source in sources)
    documents, positions = (np.zeros(len(groups), DTYPES[typecode(maximum, "I")]) for _ in range(2))
    present = np.zeros(len(groups.of_token), np.bool_)
    for source, merged in zip(sources, maps):
        own = _live_counts(source, field)
        used = own.documents > 0  # leave out unused groups, which share their number with a used one
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


def _reserve_regions(writer: ArrayWriter, field: str, counts: _LiveCounts, target: _Target) -> list[Region]:
    """Reserve the columns in the order of the file. Return them in the order of a block's columns."""
    documents, positions = int(counts.documents.sum()), int(counts.positions.sum())
    docs, tf, wide, variant = target.types
    columns = (("positions", wide), ("members", variant), ("docs", docs), ("tf", tf))
    sizes = (positions, positions, documents, documents)
    regions = [writer.reserve(f"{field}.{name}", code, size) for (name, code), size in zip(columns, sizes)]
    return [*regions[2:], *regions[:2]]


class _FieldSource:
    """The postings of a field of one segment, with merged numbers and without deleted documents."""

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
        """Yield the live postings of the merged groups ``[low:high]`` in blocks."""
        first, last = np.searchsorted(self._tokens.groups, (low, high)).tolist()
        for span in _group_ranges(self._postings, first, last):
            yield self._block(span, low)

    def _block(self, span: _GroupRange, low: int) -> _PostingsBlock:
        """Return the postings of a range. Groups are numbered from the merged group ``low``."""
        docs, tf, positions, variants = _postings_of(self._postings, span)
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
        columns = (self._new_docs[docs], tf, self._renumber(docs, tf, positions), variants)
        typed = [column.astype(DTYPES[code], copy=False) for column, code in zip(columns, self._target.types)]
        return _PostingsBlock(self._tokens.groups[groups] - low, doc_counts, position_counts, typed)

    def _renumber(self, docs: Array, tf: Array, positions: Array) -> Array:
        """Return the positions in the merged segment."""
        old_offsets, (new_offsets, body_offset, types) = as_array(self._postings.doc_offsets), self._target
        if self._none_deleted and body_offset == self._body_offset:  # all positions move by the same distance
            shift = int(new_offsets[self._new_docs[0]]) - int(old_offsets[0]) if len(old_offsets) else 0
            shifted: Array = np.add(positions, shift, dtype=DTYPES[types[2]])
            return shifted
        moved: Array = positions - np.repeat(old_offsets[docs].astype(np.int64), tf)
        if body_offset != self._body_offset:
            moved += np.where(moved >= self._body_offset, body_offset - self._body_offset, 0)
        moved += np.repeat(new_offsets[self._new_docs[docs]], tf)
        return moved


def _by_group(read: Sequence[_PostingsBlock], documents: Array, positions: Array) -> list[_PostingsBlock]:
    """Join blocks into one whose postings are sorted by group, and within a group by segment. ``documents``
    and ``positions``: their number in each group, in all blocks."""
    if not read:  # the words of these groups occur only in other fields
        return []
    sizes = (documents, documents, positions, positions)
    columns = [np.empty(int(size.sum()), one.dtype) for size, one in zip(sizes, read[0].columns)]
    doc_index = destinations(((block.groups, block.documents) for block in read), documents)
    position_index = destinations(((block.groups, block.positions) for block in read), positions)
    for block, by_doc, by_position in zip(read, doc_index, position_index):
        for column, part, index in zip(columns, block.columns, (by_doc, by_doc, by_position, by_position)):
            column[index] = part
    return [_PostingsBlock(np.arange(len(documents)), documents, positions, columns)]


def write_merged_utterances(writer: ArrayWriter, sources: Sequence[MergeSource]) -> None:
    """Write the words and traces of live utterances, and the columns of quotations."""
    lengths = [np.diff(source.column("utterance.starts")) for source in sources]
    traces = [np.empty(0, np.uint64)]
    for source in sources:
        stored = source.column("utterance.traces")
        stored = stored[source.live_quotes[stored & np.uint64(0xFFFFFFFF)]]
        quotes = source.quote_numbers[stored & np.uint64(0xFFFFFFFF)]
        traces.append(stored >> np.uint64(32) << np.uint64(32) | quotes)
    words = (
        source.column("utterance.words")[np.repeat(source.live_quotes, own)]
        for source, own in zip(sources, lengths)
    )
    of_live = np.concatenate([own[source.live_quotes] for source, own in zip(sources, lengths)])
    columns = {name: merged_column(sources, name, QUOTES) for name in COLUMNS}
    write_utterances(writer, of_live, words, np.concatenate(traces), columns)


#: Maximum number of articles to merge before a commit. Larger merges follow the commit, so that new articles
#: become searchable sooner.
MAX_SYNC_MERGE_ARTICLES = 5_000
#: Number of neighbouring segments of one tier that are merged into a segment of the next tier. An article is
#: rewritten once per tier. An index of a million articles has about 3 segments on each of 6 tiers.
MERGE_FACTOR = 4
#: Maximum number of articles in a segment of the lowest tier, where merging is cheap.
MAX_LOWEST_TIER_ARTICLES = 512
#: A segment is rewritten if more than this fraction of its articles is deleted.
MAX_DELETED_SHARE = 1 / 3
#: Maximum number of articles rewritten after a bulk load, per added article. Merging an article takes about
#: 8 µs, compared with 50,000 µs for cleaning and annotating it.
REWRITES_PER_ADDED_ARTICLE = 50


class SegmentSize(NamedTuple):
    """The number of articles of a segment, and of live ones."""

    articles: int
    live: int


def choose(sizes: Sequence[SegmentSize], max_rewrites: int = 0) -> range | None:
    """Return the segments to merge next, or None. The last segments that have at most ``max_rewrites``
    articles are merged regardless of their number."""
    last = _last_segments(sizes, max_rewrites)
    if len(last) > 1:
        return last
    tiers = [_size_tier(size) for size in sizes]
    for tier in sorted(set(tiers)):
        first = len(sizes)
        while first and tiers[first - 1] <= tier:
            first -= 1
        if tiers[first:].count(tier) >= MERGE_FACTOR:
            return range(first, len(sizes))
    for number, size in enumerate(sizes):
        if size.articles - size.live > size.articles * MAX_DELETED_SHARE:
            return range(number, number + 1)
    return None


def _last_segments(sizes: Sequence[SegmentSize], max_articles: int) -> range:
    """Return as many of the last segments as have at most ``max_articles`` together."""
    first = len(sizes)
    while first and sizes[first - 1].live <= max_articles:
        first -= 1
        max_articles -= sizes[first].live
    return range(first, len(sizes))


def _size_tier(size: SegmentSize) -> int:
    tier, max_articles = 0, MAX_LOWEST_TIER_ARTICLES
    while size.live > max_articles:
        tier, max_articles = tier + 1, max_articles * MERGE_FACTOR
    return tier


#: Maximum size of one copy of stored articles in bytes.
_MAX_COPIED_BYTES = 1 << 20


def merge_segments(
    folder: Path, segment_id: str, segments: Sequence[tuple[Segment, Sequence[int]]]
) -> SegmentRecord:
    """Write neighbouring segments, given with their deleted articles, as one."""
    sources = list(merge_sources(segments))
    arrays, articles = (segment_path(folder, segment_id, suffix) for suffix in (ARRAYS, ARTICLES))
    with ArrayWriter(arrays) as writer:
        _write_arrays(writer, sources)
    write_articles(articles, (block for source in sources for block in _packed_blocks(source)))
    return SegmentRecord(
        segment_id,
        sum(int(source.live_articles.sum()) for source in sources),
        sum(int(source.live_quotes.sum()) for source in sources),
        (record_file(arrays), record_file(articles)),
    )


def _write_arrays(writer: ArrayWriter, sources: Sequence[MergeSource]) -> None:
    tokens = write_words(writer, sources)
    for name in ALL_VALUES:
        write_values(writer, name, sources)
    _write_columns(writer, sources)
    words = sum(int(source.column("length")[source.live_articles].sum()) for source in sources)
    body_offset = max(source.segment.body_offset for source in sources)
    writer.close({"gap": body_offset, "tokens": tokens, "words": words})


def _write_columns(writer: ArrayWriter, sources: Sequence[MergeSource]) -> None:
    quotes = np.concatenate([np.diff(one.column("quote_starts"))[one.live_articles] for one in sources])
    writer.add("length", "I", merged_column(sources, "length"))
    writer.add("body_length", "I", merged_column(sources, "body_length"))
    writer.add("when", "q", merged_column(sources, "when"))
    writer.add("quote_starts", "I", offsets(quotes).astype(np.uint32))
    writer.add("quote_article", "I", np.repeat(np.arange(len(quotes), dtype=np.uint32), quotes))
    writer.add("quote_length", "I", merged_column(sources, "quote_length", QUOTES))
    writer.add("quote_kind", "B", merged_column(sources, "quote_kind", QUOTES))
    writer.add("quote_confidence", "d", merged_column(sources, "quote_confidence", QUOTES))
    write_merged_utterances(writer, sources)


def _packed_blocks(source: MergeSource) -> Iterator[tuple[bytes, Array]]:
    """Yield the packed live articles in blocks of neighbours: their bytes, and the size of each."""
    sizes = np.diff(as_array(source.segment.packed_ends), prepend=np.uint64(0))
    for first, last in _true_runs(source.live_articles):
        for low, high in blocks(sizes[first:last], _MAX_COPIED_BYTES):
            start, stop = first + low, first + high
            yield source.segment.packed_range(start, stop), sizes[start:stop]


def _true_runs(flags: Mask) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each run of true flags."""
    edges = np.flatnonzero(np.diff(flags.astype(np.int8), prepend=0, append=0)).tolist()
    yield from zip(edges[::2], edges[1::2])
