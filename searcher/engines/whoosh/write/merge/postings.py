"""The postings of several segments made those of one, a range of families at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import compress
from typing import NamedTuple

import numpy as np

from searcher.engines.whoosh.format.array_file import ArrayWriter, Region
from searcher.engines.whoosh.format.layout import QUOTES, WORDS
from searcher.engines.whoosh.format.segment import Postings
from searcher.engines.whoosh.search.arrays import DTYPES, Array, distinct, offsets, pieces, typecode, view
from searcher.engines.whoosh.search.title_postings import write_places
from searcher.engines.whoosh.write.inverter import write_bases, write_counts
from searcher.engines.whoosh.write.merge.sources import AT_ONCE, Part, destinations, joined, release
from searcher.engines.whoosh.write.merge.terms import Mask, Union, merged, windows
from searcher.engines.whoosh.write.stem_groups import Families, by_family
from searcher.engines.whoosh.write.term_dictionary import Forms, write_forms, write_tokens

__all__ = ["write_words"]


class _Numbers(NamedTuple):
    """Of each token of a segment, which of the merged tokens it is and which member of its family there; of
    each family, which of the merged ones. A family is what its tokens say, so that all of one become
    members of one."""

    tokens: Array
    members: Array
    families: Array


class _Span(NamedTuple):
    """Some families of a segment, or of a long one some documents, and where their postings and positions
    begin and end."""

    first: int
    starts: Array
    position_starts: Array


class _Live(NamedTuple):
    """For each family its documents and positions that stay, and which tokens any of these has."""

    documents: Array
    positions: Array
    held: Mask


class _Piece(NamedTuple):
    """Postings of some families in one segment: how many documents and positions each family has, then the
    columns: documents, how often each has its family, positions, members."""

    families: Array
    documents: Array
    places: Array
    columns: Sequence[Array]


def write_words(writer: ArrayWriter, parts: Sequence[Part]) -> int:
    """The lexicon and the postings of all fields of words. Returns the number of tokens."""
    used = [_used(part) for part in parts]
    union = Union([part.segment.lexicon.tokens for part in parts], used, by_family)
    families = write_tokens(writer, union.windows())
    write_forms(writer, _forms(parts, union.numbers, used))
    release(parts)
    numbers = [_numbers(part, own, families) for part, own in zip(parts, union.numbers)]
    for field in WORDS:
        _write_field(writer, field, parts, numbers, families)
    write_places(writer, len(families), sum(int(part.articles.sum()) for part in parts))
    return len(families.of)


def _used(part: Part) -> Mask:
    """The tokens that are left in any field."""
    used: Mask = np.any([_live(part, field).held for field in WORDS], axis=0)
    return used


def _live(part: Part, field: str) -> _Live:
    postings, kept = part.segment.postings(field), part.kept(field)
    if kept.all():
        documents, positions = (np.diff(view(one)) for one in (postings.starts, postings.position_starts))
        return _Live(documents, positions, view(postings.held) > 0)
    families, number = part.column("lexicon.families"), len(postings.starts) - 1
    live = _Live(
        np.zeros(number, np.int64), np.zeros(number, np.int64), np.zeros(len(postings.held), np.bool_)
    )
    for span in _spans(postings, 0, number):
        docs, tf, _, members = _read(postings, span)
        there = kept[docs]
        own = np.repeat(np.arange(len(span.starts) - 1), np.diff(span.starts))[there]
        some = slice(span.first, span.first + len(span.starts) - 1)
        live.documents[some] += np.bincount(own, minlength=some.stop - some.start)
        live.positions[some] += np.bincount(own, tf[there], some.stop - some.start).astype(np.int64)
        live.held[families[some.start + np.repeat(own, tf[there])] + members[np.repeat(there, tf)]] = True
        part.segment.file.release()
    return live


def _spans(postings: Postings, first: int, last: int) -> Iterator[_Span]:
    """The families from ``first`` to before ``last``, not too much of them at once."""
    starts, position_starts = view(postings.starts), view(postings.position_starts)
    for low, high in pieces(np.diff(position_starts[first : last + 1]), AT_ONCE):
        edges = slice(first + low, first + high + 1)
        whole = _Span(edges.start, starts[edges].astype(np.int64), position_starts[edges].astype(np.int64))
        yield from _parts(postings, whole) if high - low == 1 else [whole]


def _parts(postings: Postings, family: _Span) -> Iterator[_Span]:
    """One family, not too many of its documents at once."""
    begin, end = family.starts
    tf = view(postings.tf)[begin:end]
    edges = family.position_starts[0] + offsets(tf)
    for low, high in pieces(tf, AT_ONCE):
        yield _Span(family.first, begin + np.array([low, high]), edges[[low, high]])


def _read(postings: Postings, span: _Span) -> list[Array]:
    """The documents of a span, how often each has its family, the positions and which members are there."""
    documents = slice(span.starts[0], span.starts[-1])
    places = slice(span.position_starts[0], span.position_starts[-1])
    by_documents = (view(column)[documents] for column in (postings.docs, postings.tf))
    return [*by_documents, *(view(column)[places] for column in (postings.positions, postings.members))]


def _forms(parts: Sequence[Part], numbers: Sequence[Array], used: Sequence[Mask]) -> Iterator[Forms]:
    """The forms of the tokens that are left."""
    lexicons = [part.segment.lexicon for part in parts]
    for spans in windows(lexicons):
        own = [list(some.terms(span.start, span.stop)) for some, span in zip(lexicons, spans)]
        forms = merged(own)
        place = {form: number for number, form in enumerate(forms)}
        pairs = []  # a form and a token that has it, as one number
        for some, span, part, tokens, left in zip(own, spans, parts, numbers, used):
            starts = part.column("lexicon.form_starts")[span.start : span.stop + 1].astype(np.int64)
            having = part.column("lexicon.form_tokens")[starts[0] : starts[-1]]
            of = np.repeat(np.array([place[form] for form in some], np.int64), np.diff(starts))
            pairs.append((of << 32 | tokens[having])[left[having]])
        found = distinct(np.concatenate(pairs))
        counts = np.bincount(found >> 32, minlength=len(forms))
        yield Forms(list(compress(forms, counts.tolist())), counts[counts > 0], found & 0xFFFFFFFF)
        release(parts)


def _numbers(part: Part, tokens: Array, merged: Families) -> _Numbers:
    # As far as any of a family is used, its last says where.
    last = part.column("lexicon.families")[1:].astype(np.int64) - 1
    if not len(merged):
        return _Numbers(tokens, tokens, np.zeros(len(last), np.uint32))
    return _Numbers(tokens, merged.members[tokens], merged.of[tokens[last]])


class _Target(NamedTuple):
    """What the merged postings of a field are like: where the positions of each document begin, where those
    of its body do, and the types of documents, of their numbers of positions, of positions and members."""

    bases: Array
    gap: int
    types: tuple[str, str, str, str]


def _write_field(
    writer: ArrayWriter, field: str, parts: Sequence[Part], numbers: Sequence[_Numbers], families: Families
) -> None:
    counts = _counts(field, parts, numbers, families)
    gap = max(part.segment.gap for part in parts) if field == "text" else 0
    bases, wide = write_bases(writer, field, _lengths(parts, field), gap)
    tf = max((part.segment.postings(field).tf.format for part in parts), key="BHI".index, default="B")
    target = _Target(bases, gap, (typecode(max(0, len(bases) - 1), "H"), tf, wide, families.code))
    regions = _reserved(writer, field, counts, target)
    sources = [_Source(part, field, own, target) for part, own in zip(parts, numbers)]
    for low, high in pieces(counts.positions, AT_ONCE):
        read: Iterable[_Piece] = (piece for source in sources for piece in source.read(low, high))
        if high - low > 1:  # those of one family follow one another as they come
            read = _together(list(read), counts.documents[low:high], counts.positions[low:high])
        for piece in read:
            for region, column in zip(regions, piece.columns):
                region.write(column)
        release(parts)
    for region in regions:
        region.close()
    write_counts(writer, field, counts.documents, counts.positions, counts.held)


def _counts(field: str, parts: Sequence[Part], numbers: Sequence[_Numbers], families: Families) -> _Live:
    """Of all segments together."""
    most = sum(len(part.segment.postings(field).positions) for part in parts)
    documents, positions = (np.zeros(len(families), DTYPES[typecode(most, "I")]) for _ in range(2))
    held = np.zeros(len(families.of), np.bool_)
    for part, number in zip(parts, numbers):
        own = _live(part, field)
        there = own.documents > 0  # what is not has no number of its own
        documents[number.families[there]] += own.documents[there].astype(documents.dtype)
        positions[number.families[there]] += own.positions[there].astype(positions.dtype)
        held[number.tokens[own.held]] = True
    release(parts)
    return _Live(documents, positions, held)


def _lengths(parts: Sequence[Part], field: str) -> Array:
    """The words of each document that stays."""
    if field == QUOTES:
        return joined(parts, "quote_length", QUOTES)
    lengths = joined(parts, "length")
    return lengths if field == "text" else lengths - joined(parts, "body_length")


def _reserved(writer: ArrayWriter, field: str, counts: _Live, target: _Target) -> list[Region]:
    """Room for each column, in the order in which they lie in the file, given in that of pieces."""
    documents, positions = int(counts.documents.sum()), int(counts.positions.sum())
    docs, tf, wide, member = target.types
    late = [
        writer.reserve(f"{field}.positions", wide, positions),
        writer.reserve(f"{field}.members", member, positions),
    ]
    return [
        writer.reserve(f"{field}.docs", docs, documents),
        writer.reserve(f"{field}.tf", tf, documents),
        *late,
    ]


class _Source:
    """One segment's postings of a field, as they come into the merged ones."""

    def __init__(self, part: Part, field: str, numbers: _Numbers, target: _Target) -> None:
        self._postings = part.segment.postings(field)
        self._kept = part.kept(field)
        self._docs = part.numbers(field)
        self._numbers = numbers
        self._firsts = part.column("lexicon.families")
        self._target = target
        self._gap = part.segment.gap if target.gap else 0
        self._whole = bool(self._kept.all())

    def read(self, low: int, high: int) -> Iterator[_Piece]:
        """What is left of the merged families from ``low`` to before ``high``, not too much of it at once."""
        first, last = np.searchsorted(self._numbers.families, (low, high)).tolist()
        for span in _spans(self._postings, first, last):
            yield self._piece(span, low)

    def _piece(self, span: _Span, low: int) -> _Piece:
        docs, tf, positions, members = _read(self._postings, span)
        own = slice(span.first, span.first + len(span.starts) - 1)
        documents, places = np.diff(span.starts), np.diff(span.position_starts)
        members = self._numbers.members[np.repeat(self._firsts[own], places) + members]
        if not self._whole:
            there = self._kept[docs]
            owners = np.repeat(np.arange(len(documents)), documents)[there]
            which = np.repeat(there, tf)
            docs, tf, positions, members = docs[there], tf[there], positions[which], members[which]
            documents = np.bincount(owners, minlength=len(documents))
            places = np.bincount(owners, tf, len(documents)).astype(np.int64)
        positions = self._moved(docs, tf, positions)
        columns = zip((self._docs[docs], tf, positions, members), map(DTYPES.__getitem__, self._target.types))
        typed = [column.astype(kind, copy=False) for column, kind in columns]
        return _Piece(self._numbers.families[own] - low, documents, places, typed)

    def _moved(self, docs: Array, tf: Array, positions: Array) -> Array:
        """The positions as they are in the merged segment."""
        own, (bases, gap, types) = view(self._postings.bases), self._target
        if self._whole and gap == self._gap:  # the bases of all are as far from one another as they were
            shift = int(bases[self._docs[0]]) - int(own[0]) if len(own) else 0
            same: Array = np.add(positions, shift, dtype=DTYPES[types[2]])
            return same
        moved: Array = positions - np.repeat(own[docs].astype(np.int64), tf)
        if gap != self._gap:
            moved += np.where(moved >= self._gap, gap - self._gap, 0)
        moved += np.repeat(bases[self._docs[docs]], tf)
        return moved


def _together(read: Sequence[_Piece], documents: Array, positions: Array) -> list[_Piece]:
    """One piece of all: postings by family, those of earlier segments first."""
    if not read:  # words of other fields only
        return []
    sizes = (documents, documents, positions, positions)
    columns = [np.empty(int(size.sum()), one.dtype) for size, one in zip(sizes, read[0].columns)]
    by_documents = destinations(((piece.families, piece.documents) for piece in read), documents)
    by_positions = destinations(((piece.families, piece.places) for piece in read), positions)
    for piece, docs, places in zip(read, by_documents, by_positions):
        for column, own, there in zip(columns, piece.columns, (docs, docs, places, places)):
            column[there] = own
    return [_Piece(np.arange(len(documents)), documents, positions, columns)]
