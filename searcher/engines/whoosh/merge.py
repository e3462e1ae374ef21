"""Several segments made one, without their deleted articles, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from searcher.engines.whoosh.arrays import DTYPES, Array, narrowest, offsets, ranges, typecode, view
from searcher.engines.whoosh.container import ArrayWriter
from searcher.engines.whoosh.invert import pieces, write_articles, write_lexicon, write_values
from searcher.engines.whoosh.layout import ALL_VALUES, ARRAYS, ARTICLES, QUOTES, SAID_BY, WORDS
from searcher.engines.whoosh.manifest import SegmentRecord, record_file
from searcher.engines.whoosh.segment import Postings, Segment, segment_path

__all__ = ["merge_segments"]

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Part:
    """One of the segments: which of its documents stay, and their numbers in the merged one."""

    segment: Segment
    articles: Mask
    quotes: Mask
    article_numbers: Array
    quote_numbers: Array

    def kept(self, field: str) -> Mask:
        return self.quotes if field in (QUOTES, SAID_BY) else self.articles

    def numbers(self, field: str) -> Array:
        return self.quote_numbers if field == QUOTES else self.article_numbers

    def column(self, name: str) -> Array:
        return view(self.segment.column(name))


class _Piece(NamedTuple):
    """Postings of a range of tokens in one segment."""

    tokens: Array
    docs: Array
    tf: Array
    positions: Array


def merge_segments(
    folder: Path, segment_id: str, segments: Sequence[tuple[Segment, Sequence[int]]]
) -> SegmentRecord:
    """Write neighbouring segments, each with its deleted articles, as one."""
    parts = list(_numbered(segments))
    arrays, articles = (segment_path(folder, segment_id, suffix) for suffix in (ARRAYS, ARTICLES))
    writer = ArrayWriter(arrays)
    try:
        _write_arrays(writer, parts)
    except BaseException:
        writer.abandon()
        raise
    write_articles(
        articles, (p.segment.packed(n) for p in parts for n in np.flatnonzero(p.articles).tolist())
    )
    return SegmentRecord(
        segment_id,
        sum(int(part.articles.sum()) for part in parts),
        sum(int(part.quotes.sum()) for part in parts),
        (record_file(arrays), record_file(articles)),
    )


def _numbered(segments: Sequence[tuple[Segment, Sequence[int]]]) -> Iterator[_Part]:
    articles_before = quotes_before = 0
    for segment, deleted in segments:
        articles = np.ones(segment.size, np.bool_)
        articles[np.asarray(deleted, np.int64)] = False
        quotes = articles[view(segment.column("quote_article"))]
        article_numbers = (articles_before - 1 + np.cumsum(articles)).astype(np.uint32)
        quote_numbers = (quotes_before - 1 + np.cumsum(quotes)).astype(np.uint32)
        yield _Part(segment, articles, quotes, article_numbers, quote_numbers)
        articles_before += int(articles.sum())
        quotes_before += int(quotes.sum())


def _write_arrays(writer: ArrayWriter, parts: Sequence[_Part]) -> None:
    counts = {field: [_live_counts(part, field) for part in parts] for field in WORDS}
    used = [np.logical_or.reduce([counts[field][n][0] > 0 for field in WORDS]) for n in range(len(parts))]  # type: ignore[call-overload, unused-ignore]
    tokens, numbers = _union([list(part.segment.lexicon.tokens.terms()) for part in parts], used)
    write_lexicon(writer, tokens)
    gap = max(part.segment.gap for part in parts)
    for field in WORDS:
        _write_words(writer, field, parts, counts[field], numbers, len(tokens), gap)
    for name in ALL_VALUES:
        _write_values(writer, name, parts)
    _write_columns(writer, parts)
    total = sum(int(part.column("length")[part.articles].sum()) for part in parts)
    writer.close({"gap": gap, "tokens": len(tokens), "words": total})


def _union(terms: Sequence[Sequence[bytes]], used: Sequence[Mask]) -> tuple[list[bytes], list[Array]]:
    """All used terms, sorted, and for each list the number of every term (that of the one before
    where a term is unused, so that numbers never fall)."""
    merged: list[bytes] = []
    for some, flags in zip(terms, used):
        merged += [term for term, flag in zip(some, flags.tolist()) if flag]
    merged = list(dict.fromkeys(sorted(merged)))
    number = {term: n for n, term in enumerate(merged)}
    found = []
    for some, flags in zip(terms, used):
        own = np.array([number.get(term, 0) for term in some], np.int64)
        own[~flags] = 0
        found.append(np.maximum.accumulate(own) if len(own) else own)
    return merged, found


def _live_counts(part: _Part, field: str) -> tuple[Array, Array]:
    """For each token its documents and positions that stay."""
    postings = part.segment.postings(field)
    starts = view(postings.starts).astype(np.int64)
    position_starts = view(postings.position_starts).astype(np.int64)
    if part.kept(field).all():
        return np.diff(starts), np.diff(position_starts)
    df, positions = np.zeros(len(starts) - 1, np.int64), np.zeros(len(starts) - 1, np.int64)
    docs, tf = view(postings.docs), view(postings.tf)
    for low, high in pieces(np.diff(starts)):
        span = slice(starts[low], starts[high])
        kept = part.kept(field)[docs[span]]
        tokens = np.repeat(np.arange(high - low), np.diff(starts[low : high + 1]))
        df[low:high] = np.bincount(tokens[kept], minlength=high - low)
        positions[low:high] = np.bincount(tokens[kept], tf[span][kept], high - low).astype(np.int64)
    return df, positions


def _write_words(
    writer: ArrayWriter,
    field: str,
    parts: Sequence[_Part],
    counts: Sequence[tuple[Array, Array]],
    numbers: Sequence[Array],
    size: int,
    gap: int,
) -> None:
    """The postings of one field, a range of tokens at a time."""
    df, sizes = np.zeros(size, np.int64), np.zeros(size, np.int64)
    if size:  # where no word is left, unused ones have no number to be added to
        for (own_df, own_sizes), own in zip(counts, numbers):
            np.add.at(df, own, own_df)
            np.add.at(sizes, own, own_sizes)
    wide = _position_code(parts, field, gap)
    tf_code = max((part.segment.postings(field).tf.format for part in parts), key="BHI".index, default="B")
    positions = writer.reserve(f"{field}.positions", wide, int(sizes.sum()))
    docs = writer.reserve(f"{field}.docs", "I", int(df.sum()))
    tf = writer.reserve(f"{field}.tf", tf_code, int(df.sum()))
    for low, high in pieces(sizes):
        piece = _merged([_read(p, field, own, low, high, gap) for p, own in zip(parts, numbers)], low)
        docs.write(piece.docs)
        tf.write(piece.tf.astype(DTYPES[tf_code]))
        positions.write(piece.positions.astype(DTYPES[wide]))
    for region in (positions, docs, tf):
        region.close()
    writer.add(f"{field}.starts", *narrowest(offsets(df), "I"))
    writer.add(f"{field}.position_starts", *narrowest(offsets(sizes), "I"))


def _position_code(parts: Sequence[_Part], field: str, gap: int) -> str:
    """The type of merged positions. Bodies may move up with the gap, and no text is longer than its type."""
    if field != "text":
        return max((p.segment.postings(field).positions.format for p in parts), key="HI".index, default="H")
    longest = max((int(part.column("length").max(initial=0)) for part in parts), default=0)
    return typecode(longest + gap, "H")


def _read(part: _Part, field: str, numbers: Array, low: int, high: int, gap: int) -> _Piece:
    """What a segment holds of merged tokens from ``low`` to before ``high``, renumbered."""
    postings: Postings = part.segment.postings(field)
    first, last = np.searchsorted(numbers, (low, high)).tolist()
    starts = view(postings.starts)[first : last + 1].astype(np.int64)
    begin, end = (postings.position_starts[n] for n in (first, last))
    docs, tf = view(postings.docs)[starts[0] : starts[-1]], view(postings.tf)[starts[0] : starts[-1]]
    positions = view(postings.positions)[begin:end]
    tokens = np.repeat(numbers[first:last], np.diff(starts))
    kept = part.kept(field)[docs]
    if not kept.all():
        positions = positions[np.repeat(kept, tf)]
        tokens, docs, tf = tokens[kept], docs[kept], tf[kept]
    if field == "text" and part.segment.gap != gap:
        shift = gap - part.segment.gap
        positions = positions.astype(np.int64) + np.where(positions >= part.segment.gap, shift, 0)
    return _Piece(tokens, part.numbers(field)[docs], tf, positions)


def _merged(parts: Sequence[_Piece], low: int) -> _Piece:
    """Postings by token, those of earlier segments first."""
    tokens, docs, tf, positions = (np.concatenate(columns) for columns in zip(*parts))
    if len(parts) < 2:
        return _Piece(tokens, docs, tf, positions)
    order = np.argsort((tokens - low).astype(np.uint16), kind="stable")  # of 16 bits: a radix sort
    starts = offsets(tf)[:-1]
    return _Piece(tokens[order], docs[order], tf[order], positions[ranges(starts[order], tf[order])])


def _write_values(writer: ArrayWriter, name: str, parts: Sequence[_Part]) -> None:
    flats, counts, used = [], [], []
    for part in parts:
        values = part.segment.values(name)
        own, kept = np.diff(view(values.value_starts)), part.kept(name)
        flats.append(view(values.values)[np.repeat(kept, own)])
        counts.append(own[kept])
        used.append(np.bincount(flats[-1], minlength=len(values)) > 0)
    terms, numbers = _union([list(part.segment.values(name).terms()) for part in parts], used)
    flat = np.concatenate([own[flat] for own, flat in zip(numbers, flats)]).astype(np.uint32)
    write_values(writer, name, terms, flat, np.concatenate(counts))


def _write_columns(writer: ArrayWriter, parts: Sequence[_Part]) -> None:
    def joined(name: str, quotes: bool = False) -> Array:
        return np.concatenate([p.column(name)[p.quotes if quotes else p.articles] for p in parts])

    quote_counts = np.concatenate([np.diff(p.column("quote_starts"))[p.articles] for p in parts])
    writer.add("length", "I", joined("length"))
    writer.add("body_length", "I", joined("body_length"))
    writer.add("when", "q", joined("when"))
    writer.add("quote_starts", "I", offsets(quote_counts).astype(np.uint32))
    writer.add("quote_article", "I", np.repeat(np.arange(len(quote_counts), dtype=np.uint32), quote_counts))
    writer.add("quote_length", "I", joined("quote_length", quotes=True))
    writer.add("quote_kind", "B", joined("quote_kind", quotes=True))
    writer.add("quote_confidence", "d", joined("quote_confidence", quotes=True))
