"""The segment writer: writes the files of a segment, and inverts a buffer by sorting flat arrays.

Sorted lists of terms are written and merged in windows: some numbers for each term are in memory, but not the
terms themselves.

Tokens with the same stem form a *stem group*. They are stored together because most queries need all of them.
Any function of the token could define the groups: a query selects the variants that it needs from each.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain, compress
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import numpy as np

from searcher.engines.whoosh.arrays import (
    DTYPES,
    MAX_BLOCK_ENTRIES,
    Array,
    Mask,
    as_array,
    blocks,
    concatenated_ranges,
    offsets,
    run_starts,
    typecode,
)
from searcher.engines.whoosh.format.array_file import (
    ALL_VALUES,
    ARRAYS,
    ARTICLES,
    ENCODING,
    FORM_SEPARATOR,
    MIN_BODY_OFFSET,
    QUOTES,
    ArrayWriter,
    TermList,
)
from searcher.engines.whoosh.format.manifest import SegmentRecord, record_file
from searcher.engines.whoosh.format.segment import segment_path
from searcher.engines.whoosh.write.buffer import Buffer, BufferedValues, TokenStream, write_narrow

_SEPARATOR = FORM_SEPARATOR.encode()


def group_key(token: bytes) -> bytes:
    """Return a key that sorts tokens by their stem groups."""
    return stem_of(token) + _SEPARATOR + token


def stem_of(token: bytes) -> bytes:
    """Return the stem of a token, or the word if it has none: (exports, ~export), (export)."""
    word, _, variants = token.partition(_SEPARATOR)
    return variants.partition(_SEPARATOR)[0][1:] if variants.startswith(b"~") else word


class StemGroups:
    """The stem groups of sorted tokens. ``starts``: the first token of each group, and the number of
    tokens."""

    def __init__(self, starts: Array) -> None:
        self.starts = starts
        self._sizes = np.diff(starts)

    def __len__(self) -> int:
        return len(self._sizes)

    @cached_property
    def of_token(self) -> Array:
        """The group of each token."""
        return np.repeat(np.arange(len(self), dtype=np.uint32), self._sizes)

    @cached_property
    def variant_code(self) -> str:
        """The type that fits the variants of all groups."""
        return typecode(int(self._sizes.max(initial=1)) - 1, "B")

    @cached_property
    def variants(self) -> Array:
        """The number of each token within its group."""
        numbers = np.arange(len(self.of_token), dtype=np.uint32) - self.starts[self.of_token]
        return numbers.astype(DTYPES[self.variant_code])

    def sums(self, token_counts: Array) -> Array:
        """Return the sum over the tokens of each group."""
        if not len(self):
            return np.zeros(0, np.int64)
        sums: Array = np.add.reduceat(token_counts.astype(np.int64), self.starts[:-1])
        return sums


#: Maximum number of counts to sum before writing, which limits the memory.
_MAX_SUMMED_NUMBERS = 1 << 16
#: Maximum number of hash table buckets to fill in one step, which limits the memory.
_MAX_BUCKETS = 1 << 18
_NO_COUNTS = np.empty(0, np.int64)


class FormWindow(NamedTuple):
    """Some sorted forms, the number of tokens of each, and the numbers of these tokens, by form."""

    forms: Sequence[bytes]
    counts: Array
    tokens: Array


def write_tokens(writer: ArrayWriter, windows: Iterable[Sequence[bytes]]) -> StemGroups:
    """Write tokens sorted by stem group, and the starts of the groups. Return the groups."""
    starts = array("I")
    count = write_terms(writer, "lexicon.tokens", _noting_groups(windows, starts))
    starts.append(count)
    writer.add("lexicon.families", "I", starts)
    return StemGroups(as_array(starts))


def _noting_groups(windows: Iterable[Sequence[bytes]], starts: array[int]) -> Iterator[Sequence[bytes]]:
    """Yield the windows, and append the first token of each group to ``starts``."""
    done, before = 0, None
    for tokens in windows:
        stems = list(map(stem_of, tokens))
        earlier = [before, *stems]
        starts.extend([done + n for n, stem in enumerate(stems) if stem != earlier[n]])
        done, before = done + len(stems), earlier[-1]
        yield tokens


def forms_of(tokens: Sequence[bytes]) -> FormWindow:
    tokens_of: dict[bytes, list[int]] = {}
    for number, token in enumerate(tokens):
        for form in token.split(_SEPARATOR):
            tokens_of.setdefault(form, []).append(number)
    forms = sorted(tokens_of)
    counts = np.fromiter((len(tokens_of[form]) for form in forms), np.uint32, len(forms))
    flat = array("I", [number for form in forms for number in tokens_of[form]])
    return FormWindow(forms, counts, as_array(flat))


def write_forms(writer: ArrayWriter, windows: Iterable[FormWindow]) -> None:
    """Write the forms, the tokens of each form, and the hash table of the forms."""
    counts, tokens, checksums = array("I"), array("I"), array("I")

    def forms_by_window() -> Iterator[Sequence[bytes]]:
        for window in windows:
            counts.frombytes(window.counts.astype(np.uint32).tobytes())
            tokens.frombytes(window.tokens.astype(np.uint32).tobytes())
            checksums.extend(map(crc32, window.forms))
            yield window.forms

    write_terms(writer, "lexicon.forms", forms_by_window())
    write_starts(writer, "lexicon.form_starts", as_array(counts))
    writer.add("lexicon.form_tokens", "I", tokens)
    _write_buckets(writer, as_array(checksums))


def _write_buckets(writer: ArrayWriter, checksums: Array) -> None:
    """Write the hash table: the numbers of the forms by checksum, two in a bucket on average."""
    count = 1 << (len(checksums) // 2).bit_length()
    starts = writer.reserve("lexicon.bucket_starts", "I", count + 1)
    writer.begin("lexicon.buckets", "I")
    done = 0
    for low in range(0, count, _MAX_BUCKETS):
        high = min(low + _MAX_BUCKETS, count)
        buckets = checksums & np.uint32(count - 1)
        forms = np.flatnonzero((buckets >= low) & (buckets < high))
        buckets = buckets[forms] - np.uint32(low)
        writer.write(forms[np.argsort(buckets, kind="stable")].astype(np.uint32))
        edges = done + offsets(np.bincount(buckets, minlength=high - low))
        starts.write(edges[:-1].astype(np.uint32))
        done += len(forms)
    starts.write(np.array([done], np.uint32))
    starts.close()


def write_terms(writer: ArrayWriter, name: str, windows: Iterable[Sequence[bytes]]) -> int:
    """Write a sorted term list: the bytes of all terms and the end of each. Return the number of terms."""
    sizes = array("I")
    writer.begin(name, "B")
    for terms in windows:
        writer.write(b"".join(terms))
        sizes.extend(map(len, terms))
    _write_sums(writer, f"{name}.ends", as_array(sizes))
    return len(sizes)


def write_starts(writer: ArrayWriter, name: str, counts: Array) -> None:
    """Write the start of each group, and the end of the last, given their sizes."""
    _write_sums(writer, name, counts, np.zeros(1, np.int64))


def _write_sums(writer: ArrayWriter, name: str, counts: Array, before: Array = _NO_COUNTS) -> None:
    """Write ``before``, then the running sums of ``counts``."""
    total = 0
    code = typecode(int(counts.sum(dtype=np.int64)), "I")
    writer.begin(name, code)
    writer.write(before.astype(DTYPES[code]))
    for start in range(0, len(counts), _MAX_SUMMED_NUMBERS):
        sums = counts[start : start + _MAX_SUMMED_NUMBERS].cumsum(dtype=np.int64) + total
        total = int(sums[-1])
        writer.write(sums.astype(DTYPES[code]))


Key = Callable[[bytes], bytes]
#: Maximum number of terms per list in memory.
_MAX_WINDOW_TERMS = 1 << 13


class TermUnion:
    """The distinct used terms of several lists, in the order of their bytes or of a key.

    ``numbers`` has for each list an array that maps its term numbers to those of the union. It is complete
    when :meth:`windows` is exhausted. An unused term has the number of the term before it, so that the
    numbers of a list never decrease.
    """

    def __init__(self, lists: Sequence[TermList], used: Sequence[Mask], key: Key = bytes) -> None:
        self._lists = lists
        self._used = used
        self._key = key
        self.numbers: list[Array] = [np.zeros(len(terms), np.uint32) for terms in lists]

    def windows(self) -> Iterator[list[bytes]]:
        """Yield the terms of the union in blocks."""
        done = 0
        for spans in windows(self._lists, self._key):
            read = [list(terms.terms(span.start, span.stop)) for terms, span in zip(self._lists, spans)]
            flags = [used[span.start : span.stop].tolist() for used, span in zip(self._used, spans)]
            union = merge_sorted(map(compress, read, flags), self._key)
            number = dict(zip(union, range(done, done + len(union))))
            for numbers, span, terms in zip(self.numbers, spans, read):
                numbers[span.start : span.stop] = [number.get(term, 0) for term in terms]
            done += len(union)
            yield union
        for numbers in self.numbers:
            np.maximum.accumulate(numbers, out=numbers)


def merge_sorted(lists: Iterable[Iterable[bytes]], key: Key = bytes) -> list[bytes]:
    """Return the distinct terms of sorted lists, sorted. ``sorted`` is fast for sorted runs."""
    return sorted(dict.fromkeys(chain.from_iterable(lists)), key=key)


def windows(lists: Sequence[TermList], key: Key = bytes) -> Iterator[list[range]]:
    """Yield windows, each as the ranges of all lists in it. Equal terms are in the same window, and the terms
    of a window sort before those of the next one."""
    starts = [0] * len(lists)
    while any(start < len(terms) for start, terms in zip(starts, lists)):
        stops = [min(start + _MAX_WINDOW_TERMS, len(terms)) for start, terms in zip(starts, lists)]
        if last := [key(terms.term(stop - 1)) for terms, stop in zip(lists, stops) if stop < len(terms)]:
            bound = min(last)
            stops = [_first_above(terms, bound, key, *span) for terms, *span in zip(lists, starts, stops)]
        yield list(map(range, starts, stops))
        starts = stops


def _first_above(terms: TermList, bound: bytes, key: Key, start: int, stop: int) -> int:
    """Return the number of the first term whose key is above ``bound``."""
    return bisect_right(range(stop), bound, start, key=lambda number: key(terms.term(number)))


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
    """The documents of each stem group in a field that has just been written."""

    def __init__(self, writer: ArrayWriter, field: str, groups: int, articles: int) -> None:
        self.starts: Array = as_array(writer.reader(f"{field}.starts")(0, groups + 1)).astype(np.int64)
        self._read = writer.reader(f"{field}.docs")
        self._articles = articles

    def read(self, low: int, high: int) -> tuple[Array, Array]:
        """Return for each posting of the groups ``[low:high]`` its group, and a number that sorts postings by
        group and document."""
        docs = as_array(self._read(int(self.starts[low]), int(self.starts[high])))
        owners = np.repeat(np.arange(low, high), np.diff(self.starts[low : high + 1]))
        return owners, owners * self._articles + docs


#: The highest numbers of an integer type are never used as positions. In the first document, subtracting the
#: index of a word in a phrase may wrap below zero, and the result must not equal a valid position.
_RESERVED_POSITIONS = 1 << 20
#: Maximum number of positions per sort, which limits the memory.
_MAX_SORTED_POSITIONS = 1 << 20


def write_segment(folder: Path, segment_id: str, buffer: Buffer) -> SegmentRecord:
    """Write a buffer as a segment. Articles deleted in the buffer are written too: the caller must record
    them as deleted."""
    arrays = segment_path(folder, segment_id, ARRAYS)
    with ArrayWriter(arrays) as writer:
        _write_arrays(writer, buffer)
    articles = segment_path(folder, segment_id, ARTICLES)
    write_articles(articles, ((packed, (len(packed),)) for packed in buffer.packed))
    files = (record_file(arrays), record_file(articles))
    return SegmentRecord(segment_id, len(buffer), len(buffer.quotes.counts), files)


def write_articles(path: Path, packed_blocks: Iterable[tuple[bytes, Sequence[int] | Array]]) -> None:
    """Write the file of stored articles. Each block consists of the bytes of some articles and their
    sizes."""
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
    tokens, rank = _sort_terms((FORM_SEPARATOR.join(forms) for forms in buffer.tokens), group_key)
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
    """Return the tokens of the titles, given the length of each."""
    only = TokenStream.__new__(TokenStream)
    flat = as_array(text.flat)
    starts = offsets(as_array(text.counts))[:-1]
    only.flat = array("I", flat[concatenated_ranges(starts, titles)].tobytes())
    only.counts = array("I", titles.tobytes())
    return only


def _sort_terms(terms: Iterable[str], key: Callable[[bytes], bytes] = bytes) -> tuple[list[bytes], Array]:
    """Return the terms sorted by their bytes or a key, and the rank of each term."""
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
    """Write the postings of a text field in blocks of stem groups.

    Args:
        rank: The number in the term dictionary of each token of the buffer.
        title_lengths: The number of words of each title, if the field joins title and body.
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
        order = np.argsort(group, kind="stable")  # NumPy uses a radix sort for 16-bit numbers
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
    """Write the position offset of each document, given their lengths. Return the offsets and the type of
    positions."""
    offset = offsets(lengths.astype(np.int64) + body_offset + 1)
    code = typecode(int(offset[-1]) + _RESERVED_POSITIONS, "I")
    writer.add(f"{field}.bases", code, offset[:-1].astype(DTYPES[code]))
    return offset[:-1], code


def write_group_starts(
    writer: ArrayWriter, field: str, documents: Array, positions: Array, present: Array
) -> None:
    """Write the starts of each stem group's postings and positions, given their numbers, and the flags of
    present tokens."""
    write_starts(writer, f"{field}.starts", documents)
    write_starts(writer, f"{field}.position_starts", positions)
    writer.add(f"{field}.held", "B", present.astype(np.uint8))


def _write_values(writer: ArrayWriter, name: str, values: BufferedValues) -> None:
    terms, rank = _sort_terms(values.numbers)
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
