"""The segment writer: a buffer becomes the files of a segment by inversion, sorting flat arrays."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np

from searcher.engines.whoosh.arrays import (
    DTYPES,
    MAX_BLOCK_ENTRIES,
    Array,
    as_array,
    blocks,
    concatenated_ranges,
    offsets,
    run_starts,
    typecode,
)
from searcher.engines.whoosh.format.array_file import ArrayWriter
from searcher.engines.whoosh.format.layout import (
    ALL_VALUES,
    ARRAYS,
    ARTICLES,
    ENCODING,
    FORM_SEPARATOR,
    MIN_BODY_OFFSET,
    QUOTES,
)
from searcher.engines.whoosh.format.manifest import SegmentRecord, record_file
from searcher.engines.whoosh.format.segment import segment_path
from searcher.engines.whoosh.write.buffer import Buffer, BufferedValues, TokenStream
from searcher.engines.whoosh.write.terms import (
    StemGroups,
    forms_of,
    group_key,
    write_forms,
    write_narrow,
    write_starts,
    write_terms,
    write_tokens,
)


def write_title_index(writer: ArrayWriter, groups: int, articles: int) -> None:
    """Write ``title.places`` after the postings of text and title. ``groups``: the number of stem groups."""
    text, title = (_WrittenDocs(writer, field, groups, articles) for field in ("text", "title"))
    sizes = np.diff(text.starts)
    code = typecode(int(np.max(sizes, initial=0)), "H")
    writer.begin("title.places", code)
    for low, high in blocks(sizes, MAX_BLOCK_ENTRIES):
        _, in_text = text.read(low, high)
        owners, in_title = title.read(low, high)
        indices = in_text.searchsorted(in_title) - (text.starts[owners] - text.starts[low])
        writer.write(indices.astype(DTYPES[code]))


class _WrittenDocs:
    """The documents of each stem group in a field that was just written."""

    def __init__(self, writer: ArrayWriter, field: str, groups: int, articles: int) -> None:
        self.starts: Array = as_array(writer.reader(f"{field}.starts")(0, groups + 1)).astype(np.int64)
        self._read = writer.reader(f"{field}.docs")
        self._articles = articles

    def read(self, low: int, high: int) -> tuple[Array, Array]:
        """Return for each posting of the groups ``low`` to before ``high`` its group, and a number that sorts
        postings by group and document."""
        docs = as_array(self._read(int(self.starts[low]), int(self.starts[high])))
        owners = np.repeat(np.arange(low, high), np.diff(self.starts[low : high + 1]))
        return owners, owners * self._articles + docs


#: The highest numbers of a type that are never positions: subtracting a word's place in a phrase may wrap
#: below zero in the first document, and what a wrapped number equals must not be a position.
_RESERVED_POSITIONS = 1 << 20
#: Positions that are sorted together: bounds the memory that sorting takes beside the arrays themselves.
_MAX_SORTED_POSITIONS = 1 << 20


def write_segment(folder: Path, segment_id: str, buffer: Buffer) -> SegmentRecord:
    """Write the buffer's articles as one segment. Articles deleted in the buffer are written too; the caller
    has to record them as deleted."""
    arrays = segment_path(folder, segment_id, ARRAYS)
    with ArrayWriter(arrays) as writer:
        _write_arrays(writer, buffer)
    articles = segment_path(folder, segment_id, ARTICLES)
    write_articles(articles, ((packed, (len(packed),)) for packed in buffer.packed))
    files = (record_file(arrays), record_file(articles))
    return SegmentRecord(segment_id, len(buffer), len(buffer.quotes.counts), files)


def write_articles(path: Path, packed_blocks: Iterable[tuple[bytes, Sequence[int] | Array]]) -> None:
    """Write the file of stored articles. Each block is the bytes of some articles, and their sizes."""
    with ArrayWriter(path) as writer:
        writer.begin("articles", "B")
        ends, end = array("Q"), 0
        for packed, sizes in packed_blocks:
            writer.write(packed)
            for size in sizes:
                end += int(size)
                ends.append(end)
        writer.add("ends", "Q", ends)
        writer.close({})


def _write_arrays(writer: ArrayWriter, buffer: Buffer) -> None:
    tokens, rank = _sorted((FORM_SEPARATOR.join(forms) for forms in buffer.tokens), group_key)
    groups = write_tokens(writer, [tokens])
    write_forms(writer, [forms_of(tokens)])
    titles = as_array(buffer.title_lengths)
    body_offset = max(MIN_BODY_OFFSET, 1 << int(titles.max(initial=0)).bit_length())
    _write_postings(writer, "text", buffer.text, rank, groups, titles, body_offset)
    _write_postings(writer, "title", _titles(buffer.text, titles), rank, groups)
    _write_postings(writer, QUOTES, buffer.quotes, rank, groups)
    write_title_index(writer, len(groups), len(titles))
    for name in ALL_VALUES:
        _write_values(writer, name, buffer.values[name])
    _write_columns(writer, buffer, titles)
    writer.close({"gap": body_offset, "tokens": len(rank), "words": len(buffer.text.flat)})


def _titles(text: TokenStream, titles: Array) -> TokenStream:
    """Return the tokens of the titles alone, given how many each document has."""
    only = TokenStream.__new__(TokenStream)
    flat = as_array(text.flat)
    starts = offsets(as_array(text.counts))[:-1]
    only.flat = array("I", flat[concatenated_ranges(starts, titles)].tobytes())
    only.counts = array("I", titles.tobytes())
    return only


def _sorted(terms: Iterable[str], key: Callable[[bytes], bytes] = bytes) -> tuple[list[bytes], Array]:
    """Return the terms sorted by their bytes, or by a key made of these, and the rank of each given term."""
    unsorted = [term.encode(*ENCODING) for term in terms]
    keys = list(map(key, unsorted))
    order = sorted(range(len(keys)), key=keys.__getitem__)
    rank = np.empty(len(keys), np.uint32)
    rank[order] = np.arange(len(keys), dtype=np.uint32)
    return [unsorted[n] for n in order], rank


def _write_postings(
    writer: ArrayWriter,
    field: str,
    stream: TokenStream,
    rank: Array,
    groups: StemGroups,
    title_lengths: Array | None = None,
    body_offset: int = 0,
) -> None:
    """Write the postings of one field of words, a block of stem groups at a time.

    ``rank`` gives for each token number of the buffer its number in the term dictionary. Where the field
    joins title and body, ``title_lengths`` has the words of each title.
    """
    tokens = rank[as_array(stream.flat)] if len(stream.flat) else np.empty(0, np.uint32)
    lengths = as_array(stream.counts)
    doc_starts = offsets(lengths)
    doc_of = np.repeat(np.arange(len(lengths), dtype=np.uint32), lengths)
    token_counts = np.bincount(tokens, minlength=len(rank))
    group_counts = groups.sums(token_counts)
    doc_offsets, code = write_doc_offsets(writer, field, lengths, body_offset)
    positions = writer.reserve(f"{field}.positions", code, len(tokens))
    variants = writer.reserve(f"{field}.members", groups.variant_code, len(tokens))
    docs, tfs, docs_per_group = [], [], np.zeros(len(group_counts), np.int64)
    for low, high in blocks(group_counts, _MAX_SORTED_POSITIONS):
        at = np.flatnonzero((tokens >= groups.starts[low]) & (tokens < groups.starts[high]))
        group = (groups.of_token[tokens[at]] - np.uint32(low)).astype(np.uint16)
        order = np.argsort(group, kind="stable")  # of 16 bits: a radix sort
        at, group = at[order], group[order]
        doc = doc_of[at]
        position = at - doc_starts[doc]
        if title_lengths is not None:
            title = title_lengths[doc]
            position += np.where(position < title, 0, body_offset - title.astype(np.int64))
        positions.write((position + doc_offsets[doc]).astype(DTYPES[code]))
        variants.write(groups.variants[tokens[at]])
        first = run_starts(group, doc)
        docs.append(doc[first])
        tfs.append(np.diff(np.append(first, len(group))))
        docs_per_group[low:high] = np.bincount(group[first], minlength=high - low)
    positions.close()
    variants.close()
    write_narrow(writer, f"{field}.docs", docs, "H")
    write_narrow(writer, f"{field}.tf", tfs, "B")
    write_group_starts(writer, field, docs_per_group, group_counts, token_counts > 0)


def write_doc_offsets(writer: ArrayWriter, field: str, lengths: Array, body_offset: int) -> tuple[Array, str]:
    """Write the position offset of each document, given its words. Returns the offsets and the type of
    positions."""
    offset = offsets(lengths.astype(np.int64) + body_offset + 1)
    code = typecode(int(offset[-1]) + _RESERVED_POSITIONS, "I")
    writer.add(f"{field}.bases", code, offset[:-1].astype(DTYPES[code]))
    return offset[:-1], code


def write_group_starts(
    writer: ArrayWriter, field: str, documents: Array, positions: Array, present: Array
) -> None:
    """Write where each stem group's postings and positions begin, given how many it has, and which tokens the
    field has."""
    write_starts(writer, f"{field}.starts", documents)
    write_starts(writer, f"{field}.position_starts", positions)
    writer.add(f"{field}.held", "B", present.astype(np.uint8))


def _write_values(writer: ArrayWriter, name: str, values: BufferedValues) -> None:
    terms, rank = _sorted(values.numbers)
    flat = rank[as_array(values.flat)] if len(values.flat) else np.empty(0, np.uint32)
    counts = as_array(values.counts)
    docs = np.repeat(np.arange(len(counts), dtype=np.uint32), counts)
    write_terms(writer, f"{name}.terms", [terms])
    write_starts(writer, f"{name}.starts", np.bincount(flat, minlength=len(terms)))
    writer.add(f"{name}.docs", "I", docs[np.argsort(flat, kind="stable")])
    write_starts(writer, f"{name}.value_starts", counts)
    writer.add(f"{name}.values", "I", flat)


def _write_columns(writer: ArrayWriter, buffer: Buffer, titles: Array) -> None:
    lengths = as_array(buffer.text.counts)
    quotes = as_array(buffer.quote_counts)
    writer.add("length", "I", lengths)
    writer.add("body_length", "I", lengths - titles)
    writer.add("when", "q", buffer.when)
    writer.add("quote_starts", "I", offsets(quotes).astype(np.uint32))
    writer.add("quote_article", "I", np.repeat(np.arange(len(quotes), dtype=np.uint32), quotes))
    writer.add("quote_length", "I", buffer.quotes.counts)
    writer.add("quote_kind", "B", buffer.quote_kinds)
    writer.add("quote_confidence", "d", buffer.quote_confidences)
    buffer.utterances.write(writer)
