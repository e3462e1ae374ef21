"""From a buffer to a segment's files: inversion by sorting flat arrays."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np

from searcher.engines.whoosh.format.array_file import ArrayWriter
from searcher.engines.whoosh.format.layout import (
    ALL_VALUES,
    ARRAYS,
    ARTICLES,
    FORM_SEPARATOR,
    GAP,
    QUOTES,
    encoded,
)
from searcher.engines.whoosh.format.manifest import SegmentRecord, record_file
from searcher.engines.whoosh.format.segment import segment_path
from searcher.engines.whoosh.search.arrays import (
    DTYPES,
    Array,
    changes,
    offsets,
    pieces,
    ranges,
    typecode,
    view,
)
from searcher.engines.whoosh.search.title_postings import write_places
from searcher.engines.whoosh.write.buffer import Buffer, Stream, Values
from searcher.engines.whoosh.write.stem_groups import Families, by_family
from searcher.engines.whoosh.write.term_dictionary import (
    forms_of,
    write_forms,
    write_starts,
    write_terms,
    write_tokens,
)

__all__ = ["gap_for", "write_articles", "write_bases", "write_counts", "write_segment"]

#: So many of the highest numbers are no position: the beginning of a phrase is sought by going back from its
#: other words, in the first document below 0, which then are the highest.
_LEFT_FREE = 1 << 20
#: Positions sorted at once: bounds what sorting takes beside the arrays themselves.
_AT_ONCE = 1 << 20


def write_segment(folder: Path, segment_id: str, buffer: Buffer) -> SegmentRecord:
    """Write the buffer's articles as one segment. Articles deleted in the buffer are written too; it is
    for the caller to mark them."""
    arrays = segment_path(folder, segment_id, ARRAYS)
    writer = ArrayWriter(arrays)
    try:
        _write_arrays(writer, buffer)
    except BaseException:
        writer.abandon()
        raise
    articles = segment_path(folder, segment_id, ARTICLES)
    write_articles(articles, ((one, (len(one),)) for one in buffer.packed))
    files = (record_file(arrays), record_file(articles))
    return SegmentRecord(segment_id, len(buffer), len(buffer.quotes.counts), files)


def write_articles(path: Path, blocks: Iterable[tuple[bytes, Sequence[int] | Array]]) -> None:
    """The file of stored articles, given in blocks of some, each with their sizes."""
    writer = ArrayWriter(path)
    try:
        writer.begin("articles", "B")
        ends, end = array("Q"), 0
        for packed, sizes in blocks:
            writer.write(packed)
            for size in sizes:
                end += int(size)
                ends.append(end)
        writer.add("ends", "Q", ends)
        writer.close({})
    except BaseException:
        writer.abandon()
        raise


def _write_arrays(writer: ArrayWriter, buffer: Buffer) -> None:
    tokens, rank = _sorted((FORM_SEPARATOR.join(forms) for forms in buffer.tokens), by_family)
    families = write_tokens(writer, [tokens])
    write_forms(writer, [forms_of(tokens)])
    titles = view(buffer.title_lengths)
    gap = gap_for(int(titles.max(initial=0)))
    _write_words(writer, "text", buffer.text, rank, families, titles, gap)
    _write_words(writer, "title", _titles(buffer.text, titles), rank, families)
    _write_words(writer, QUOTES, buffer.quotes, rank, families)
    write_places(writer, len(families), len(titles))
    for name in ALL_VALUES:
        _write_values(writer, name, buffer.values[name])
    _write_columns(writer, buffer, titles)
    writer.close({"gap": gap, "tokens": len(rank), "words": len(buffer.text.flat)})


def gap_for(longest_title: int) -> int:
    """Where bodies begin in the joined field of a segment with titles of up to so many words."""
    return max(GAP, 1 << longest_title.bit_length())


def _titles(text: Stream, titles: Array) -> Stream:
    """The title part of the joined stream."""
    only = Stream.__new__(Stream)
    flat = view(text.flat)
    starts = offsets(view(text.counts))[:-1]
    only.flat = array("I", flat[ranges(starts, titles)].tobytes())
    only.counts = array("I", titles.tobytes())
    return only


def _sorted(terms: Iterable[str], key: Callable[[bytes], bytes] = bytes) -> tuple[list[bytes], Array]:
    """The terms in the order of their bytes, or of a key made of these, and the rank of each in the order
    given."""
    found = [encoded(term) for term in terms]
    keys = list(map(key, found))
    order = sorted(range(len(keys)), key=keys.__getitem__)
    rank = np.empty(len(keys), np.uint32)
    rank[order] = np.arange(len(keys), dtype=np.uint32)
    return [found[n] for n in order], rank


def _write_words(
    writer: ArrayWriter,
    field: str,
    stream: Stream,
    rank: Array,
    families: Families,
    titles: Array | None = None,
    gap: int = 0,
) -> None:
    """The postings of one field of words, in pieces of so many families that sorting stays within bounds."""
    flat = rank[view(stream.flat)] if len(stream.flat) else np.empty(0, np.uint32)
    counts = view(stream.counts)
    starts = offsets(counts)
    doc_of = np.repeat(np.arange(len(counts), dtype=np.uint32), counts)
    held = np.bincount(flat, minlength=len(rank))
    sizes = families.sums(held)
    bases, code = write_bases(writer, field, counts, gap)
    positions = writer.reserve(f"{field}.positions", code, len(flat))
    members = writer.reserve(f"{field}.members", families.code, len(flat))
    docs, tfs, per_family = [], [], np.zeros(len(sizes), np.int64)
    for low, high in pieces(sizes, _AT_ONCE):
        chosen = np.flatnonzero((flat >= families.starts[low]) & (flat < families.starts[high]))
        own = (families.of[flat[chosen]] - np.uint32(low)).astype(np.uint16)
        order = np.argsort(own, kind="stable")  # of 16 bits: a radix sort
        chosen, own = chosen[order], own[order]
        doc = doc_of[chosen]
        position = chosen - starts[doc]
        if titles is not None:
            position += np.where(position < titles[doc], 0, gap - titles[doc].astype(np.int64))
        position += bases[doc]
        positions.write(position.astype(DTYPES[code]))
        members.write(families.members[flat[chosen]])
        first = changes(own, doc)
        docs.append(doc[first])
        tfs.append(np.diff(np.append(first, len(own))))
        per_family[low:high] = np.bincount(own[first], minlength=high - low)
    positions.close()
    members.close()
    _add(writer, f"{field}.docs", docs, "H")
    _add(writer, f"{field}.tf", tfs, "B")
    write_counts(writer, field, per_family, sizes, held > 0)


def write_bases(writer: ArrayWriter, field: str, lengths: Array, gap: int) -> tuple[Array, str]:
    """What the positions of each document begin with, given its words, and the type of positions."""
    bases = offsets(lengths.astype(np.int64) + gap + 1)
    code = typecode(int(bases[-1]) + _LEFT_FREE, "I")
    writer.add(f"{field}.bases", code, bases[:-1].astype(DTYPES[code]))
    return bases[:-1], code


def write_counts(writer: ArrayWriter, field: str, documents: Array, positions: Array, held: Array) -> None:
    """Where each family's postings and positions begin, given their numbers, and which tokens there are."""
    write_starts(writer, f"{field}.starts", documents)
    write_starts(writer, f"{field}.position_starts", positions)
    writer.add(f"{field}.held", "B", held.astype(np.uint8))


def _write_values(writer: ArrayWriter, name: str, values: Values) -> None:
    terms, rank = _sorted(values.numbers)
    flat = rank[view(values.flat)] if len(values.flat) else np.empty(0, np.uint32)
    counts = view(values.counts)
    docs = np.repeat(np.arange(len(counts), dtype=np.uint32), counts)
    write_terms(writer, f"{name}.terms", [terms])
    write_starts(writer, f"{name}.starts", np.bincount(flat, minlength=len(terms)))
    writer.add(f"{name}.docs", "I", docs[np.argsort(flat, kind="stable")])
    write_starts(writer, f"{name}.value_starts", counts)
    writer.add(f"{name}.values", "I", flat)


def _write_columns(writer: ArrayWriter, buffer: Buffer, titles: Array) -> None:
    lengths = view(buffer.text.counts)
    quotes = view(buffer.quote_counts)
    writer.add("length", "I", lengths)
    writer.add("body_length", "I", lengths - titles)
    writer.add("when", "q", buffer.when)
    writer.add("quote_starts", "I", offsets(quotes).astype(np.uint32))
    writer.add("quote_article", "I", np.repeat(np.arange(len(quotes), dtype=np.uint32), quotes))
    writer.add("quote_length", "I", buffer.quotes.counts)
    writer.add("quote_kind", "B", buffer.quote_kinds)
    writer.add("quote_confidence", "d", buffer.quote_confidences)


def _add(writer: ArrayWriter, name: str, parts: Sequence[Array], least: str) -> None:
    top = max((int(piece.max(initial=0)) for piece in parts), default=0)
    code = typecode(top, least)
    writer.begin(name, code)
    for piece in parts:
        writer.write(piece.astype(DTYPES[code]))
