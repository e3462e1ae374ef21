"""Several segments made one, without their deleted articles, in bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from searcher.engines.whoosh.arrays import DTYPES, Array, offsets, ranges, typecode, view
from searcher.engines.whoosh.container import ArrayWriter
from searcher.engines.whoosh.families import Families, by_family
from searcher.engines.whoosh.invert import (
    pieces,
    write_articles,
    write_bases,
    write_lexicon,
    write_starts,
    write_values,
)
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


class _Numbers(NamedTuple):
    """Which of the merged tokens and families each token and family of a segment is. A family is what its
    tokens say, so that all of one become members of one."""

    families: Families
    tokens: Array
    merged: Array


class _Piece(NamedTuple):
    """Postings of a range of families in one segment; positions from the beginning of their documents."""

    families: Array
    docs: Array
    tf: Array
    positions: Array
    members: Array


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
    used = [np.logical_or.reduce([counts[field][n].held for field in WORDS]) for n in range(len(parts))]  # type: ignore[call-overload, unused-ignore]
    tokens, of_tokens = _union([list(p.segment.lexicon.tokens.terms()) for p in parts], used, by_family)
    families = write_lexicon(writer, tokens)
    numbers = [_numbers(part, own, families) for part, own in zip(parts, of_tokens)]
    gap = max(part.segment.gap for part in parts)
    for field in WORDS:
        _write_words(writer, field, parts, counts[field], numbers, families, gap)
    for name in ALL_VALUES:
        _write_values(writer, name, parts)
    _write_columns(writer, parts)
    total = sum(int(part.column("length")[part.articles].sum()) for part in parts)
    writer.close({"gap": gap, "tokens": len(tokens), "words": total})


def _union(
    terms: Sequence[Sequence[bytes]], used: Sequence[Mask], key: Callable[[bytes], bytes] = bytes
) -> tuple[list[bytes], list[Array]]:
    """All used terms, sorted by their bytes or a key made of these, and for each list the number of every
    term (that of the one before where a term is unused, so that numbers never fall)."""
    merged: list[bytes] = []
    for some, flags in zip(terms, used):
        merged += [term for term, flag in zip(some, flags.tolist()) if flag]
    merged = sorted(set(merged), key=key)
    number = {term: n for n, term in enumerate(merged)}
    found = []
    for some, flags in zip(terms, used):
        own = np.array([number.get(term, 0) for term in some], np.int64)
        own[~flags] = 0
        found.append(np.maximum.accumulate(own) if len(own) else own)
    return merged, found


def _numbers(part: _Part, tokens: Array, merged: Families) -> _Numbers:
    families = Families(part.column("lexicon.families"))
    last = families.starts[1:].astype(np.int64) - 1  # as far as any of a family is used, its last says where
    of_families = merged.of[tokens[last]] if len(merged) else np.zeros(len(families), np.int64)
    return _Numbers(families, tokens, of_families.astype(np.int64))


class _Live(NamedTuple):
    """For each family its documents and positions that stay, and which tokens any of these has."""

    documents: Array
    positions: Array
    held: Mask


def _live_counts(part: _Part, field: str) -> _Live:
    postings, families = part.segment.postings(field), part.column("lexicon.families")
    starts = view(postings.starts).astype(np.int64)
    position_starts = view(postings.position_starts).astype(np.int64)
    if part.kept(field).all():
        return _Live(np.diff(starts), np.diff(position_starts), view(postings.held) > 0)
    df, sizes = np.zeros(len(starts) - 1, np.int64), np.zeros(len(starts) - 1, np.int64)
    held = np.zeros(len(postings.held), np.bool_)
    docs, tf, members = view(postings.docs), view(postings.tf), view(postings.members)
    for low, high in pieces(np.diff(position_starts)):
        span = slice(starts[low], starts[high])
        counts, kept = tf[span], part.kept(field)[docs[span]]
        own = np.repeat(np.arange(low, high), np.diff(starts[low : high + 1]))[kept]
        df[low:high] = np.bincount(own - low, minlength=high - low)
        sizes[low:high] = np.bincount(own - low, counts[kept], high - low).astype(np.int64)
        which = members[position_starts[low] : position_starts[high]][np.repeat(kept, counts)]
        held[families[np.repeat(own, counts[kept])] + which] = True
    return _Live(df, sizes, held)


def _write_words(
    writer: ArrayWriter,
    field: str,
    parts: Sequence[_Part],
    counts: Sequence[_Live],
    numbers: Sequence[_Numbers],
    families: Families,
    gap: int,
) -> None:
    """The postings of one field, a range of families at a time."""
    df, sizes = np.zeros(len(families), np.int64), np.zeros(len(families), np.int64)
    held = np.zeros(len(families.of), np.bool_)
    if len(families):  # where no word is left, unused ones have no number to be added to
        for own, number in zip(counts, numbers):
            np.add.at(df, number.merged, own.documents)
            np.add.at(sizes, number.merged, own.positions)
            held[number.tokens[own.held]] = True
    bases, wide = write_bases(writer, field, _lengths(parts, field), gap if field == "text" else 0)
    tf_code = max((part.segment.postings(field).tf.format for part in parts), key="BHI".index, default="B")
    docs_code = typecode(max(0, len(bases) - 1), "H")
    positions = writer.reserve(f"{field}.positions", wide, int(sizes.sum()))
    members = writer.reserve(f"{field}.members", families.code, int(sizes.sum()))
    docs = writer.reserve(f"{field}.docs", docs_code, int(df.sum()))
    tf = writer.reserve(f"{field}.tf", tf_code, int(df.sum()))
    for low, high in pieces(sizes):
        read = [_read(p, field, own, families, (low, high), gap) for p, own in zip(parts, numbers)]
        piece = _merged(read, low)
        docs.write(piece.docs.astype(DTYPES[docs_code]))
        tf.write(piece.tf.astype(DTYPES[tf_code]))
        places = piece.positions + np.repeat(bases[piece.docs], piece.tf)
        positions.write(places.astype(DTYPES[wide]))
        members.write(piece.members.astype(DTYPES[families.code]))
    for region in (positions, members, docs, tf):
        region.close()
    write_starts(writer, field, df, sizes, held)


def _lengths(parts: Sequence[_Part], field: str) -> Array:
    """The words of each document that stays."""
    if field == QUOTES:
        return _joined(parts, "quote_length", quotes=True)
    lengths = _joined(parts, "length")
    return lengths if field == "text" else lengths - _joined(parts, "body_length")


def _read(
    part: _Part, field: str, numbers: _Numbers, merged: Families, span: tuple[int, int], gap: int
) -> _Piece:
    """What a segment holds of a range of the merged families, renumbered."""
    postings: Postings = part.segment.postings(field)
    first, last = np.searchsorted(numbers.merged, span).tolist()
    starts = view(postings.starts)[first : last + 1].astype(np.int64)
    begin, end = (postings.position_starts[n] for n in (first, last))
    docs, tf = view(postings.docs)[starts[0] : starts[-1]], view(postings.tf)[starts[0] : starts[-1]]
    positions, members = (view(one)[begin:end] for one in (postings.positions, postings.members))
    own = np.repeat(np.arange(first, last), np.diff(starts))
    kept = part.kept(field)[docs]
    if not kept.all():
        places = np.repeat(kept, tf)
        positions, members = positions[places], members[places]
        own, docs, tf = own[kept], docs[kept], tf[kept]
    tokens = numbers.tokens[numbers.families.starts[np.repeat(own, tf)] + members.astype(np.uint32)]
    members = merged.members[tokens]
    positions = positions - np.repeat(view(postings.bases)[docs], tf).astype(np.int64)
    if field == "text" and part.segment.gap != gap:
        positions += np.where(positions >= part.segment.gap, gap - part.segment.gap, 0)
    return _Piece(numbers.merged[own], part.numbers(field)[docs], tf, positions, members)


def _merged(parts: Sequence[_Piece], low: int) -> _Piece:
    """Postings by family, those of earlier segments first."""
    families, docs, tf, positions, members = (np.concatenate(columns) for columns in zip(*parts))
    if len(parts) < 2:
        return _Piece(families, docs, tf, positions, members)
    order = np.argsort((families - low).astype(np.uint16), kind="stable")  # of 16 bits: a radix sort
    places = ranges(offsets(tf)[:-1][order], tf[order])
    return _Piece(families[order], docs[order], tf[order], positions[places], members[places])


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
    quote_counts = np.concatenate([np.diff(p.column("quote_starts"))[p.articles] for p in parts])
    writer.add("length", "I", _joined(parts, "length"))
    writer.add("body_length", "I", _joined(parts, "body_length"))
    writer.add("when", "q", _joined(parts, "when"))
    writer.add("quote_starts", "I", offsets(quote_counts).astype(np.uint32))
    writer.add("quote_article", "I", np.repeat(np.arange(len(quote_counts), dtype=np.uint32), quote_counts))
    writer.add("quote_length", "I", _joined(parts, "quote_length", quotes=True))
    writer.add("quote_kind", "B", _joined(parts, "quote_kind", quotes=True))
    writer.add("quote_confidence", "d", _joined(parts, "quote_confidence", quotes=True))


def _joined(parts: Sequence[_Part], name: str, quotes: bool = False) -> Array:
    """A column of all, as far as its documents stay."""
    return np.concatenate([part.column(name)[part.quotes if quotes else part.articles] for part in parts])
