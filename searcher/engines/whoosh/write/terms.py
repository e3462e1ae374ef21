"""Sorted lists of terms: they are written a window of terms at a time, and several are joined so.

Memory holds some numbers a term, not the terms themselves.

Tokens of one stem are a *stem group*, stored together because most queries ask for all of them. Any rule
would do that looks at the token alone: a query selects the variants it needs from each group.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain, compress
from typing import NamedTuple
from zlib import crc32

import numpy as np

from searcher.engines.whoosh.arrays import DTYPES, Array, Mask, as_array, offsets, typecode
from searcher.engines.whoosh.format.array_file import ArrayWriter
from searcher.engines.whoosh.format.layout import FORM_SEPARATOR
from searcher.engines.whoosh.format.segment import TermList

_SEPARATOR = FORM_SEPARATOR.encode()


def group_key(token: bytes) -> bytes:
    """Return a key that sorts tokens by their stem groups."""
    return stem_of(token) + _SEPARATOR + token


def stem_of(token: bytes) -> bytes:
    """Return the stem of a token; the word itself where it has none: (exports, ~export), (export)."""
    word, _, others = token.partition(_SEPARATOR)
    return others.partition(_SEPARATOR)[0][1:] if others.startswith(b"~") else word


class StemGroups:
    """The stem groups of sorted tokens. ``starts``: the first token of each group, and the number of all."""

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
        """The type that holds the variants of every group."""
        return typecode(int(self._sizes.max(initial=1)) - 1, "B")

    @cached_property
    def variants(self) -> Array:
        """The number of each token within its group."""
        numbers = np.arange(len(self.of_token), dtype=np.uint32) - self.starts[self.of_token]
        return numbers.astype(DTYPES[self.variant_code])

    def sums(self, token_counts: Array) -> Array:
        """Return for each group the sum over its tokens."""
        if not len(self):
            return np.zeros(0, np.int64)
        sums: Array = np.add.reduceat(token_counts.astype(np.int64), self.starts[:-1])
        return sums


#: Numbers that are summed up and written together.
_MAX_SUMMED = 1 << 16
#: Buckets of the hash table that are filled together.
_MAX_BUCKETS = 1 << 18
_NOTHING = np.empty(0, np.int64)


class FormWindow(NamedTuple):
    """Some sorted forms, how many tokens have each, and the numbers of these tokens, form by form."""

    forms: Sequence[bytes]
    counts: Array
    tokens: Array


def write_tokens(writer: ArrayWriter, windows: Iterable[Sequence[bytes]]) -> StemGroups:
    """Write tokens sorted by stem group, and where the groups begin. Returns the groups."""
    starts = array("I")
    count = write_terms(writer, "lexicon.tokens", _noting_groups(windows, starts))
    starts.append(count)
    writer.add("lexicon.families", "I", starts)
    return StemGroups(as_array(starts))


def _noting_groups(windows: Iterable[Sequence[bytes]], starts: array[int]) -> Iterator[Sequence[bytes]]:
    """Pass the windows on, and append to ``starts`` the first token of each group."""
    done, before = 0, None
    for tokens in windows:
        stems = list(map(stem_of, tokens))
        earlier = [before, *stems]
        starts.extend([done + n for n, stem in enumerate(stems) if stem != earlier[n]])
        done, before = done + len(stems), earlier[-1]
        yield tokens


def forms_of(tokens: Sequence[bytes]) -> FormWindow:
    """Return the forms of all tokens."""
    tokens_of: dict[bytes, list[int]] = {}
    for number, token in enumerate(tokens):
        for form in token.split(_SEPARATOR):
            tokens_of.setdefault(form, []).append(number)
    forms = sorted(tokens_of)
    counts = np.fromiter((len(tokens_of[form]) for form in forms), np.uint32, len(forms))
    flat = array("I", [number for form in forms for number in tokens_of[form]])
    return FormWindow(forms, counts, as_array(flat))


def write_forms(writer: ArrayWriter, windows: Iterable[FormWindow]) -> None:
    """Write the forms, the tokens that have each form, and the hash table of the forms."""
    counts, tokens, checksums = array("I"), array("I"), array("I")

    def noted() -> Iterator[Sequence[bytes]]:
        for window in windows:
            counts.frombytes(window.counts.astype(np.uint32).tobytes())
            tokens.frombytes(window.tokens.astype(np.uint32).tobytes())
            checksums.extend(map(crc32, window.forms))
            yield window.forms

    write_terms(writer, "lexicon.forms", noted())
    write_starts(writer, "lexicon.form_starts", as_array(counts))
    writer.add("lexicon.form_tokens", "I", tokens)
    _write_buckets(writer, as_array(checksums))


def _write_buckets(writer: ArrayWriter, checksums: Array) -> None:
    """Write the hash table: the numbers of the forms by checksum, two a bucket on average."""
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
    """Write a sorted term list: the bytes of all terms and where each term ends. Returns their number."""
    sizes = array("I")
    writer.begin(name, "B")
    for terms in windows:
        writer.write(b"".join(terms))
        sizes.extend(map(len, terms))
    _write_sums(writer, f"{name}.ends", as_array(sizes))
    return len(sizes)


def write_starts(writer: ArrayWriter, name: str, counts: Array) -> None:
    """Write where each group begins, given their sizes; one entry more, where the last one ends."""
    _write_sums(writer, name, counts, np.zeros(1, np.int64))


def _write_sums(writer: ArrayWriter, name: str, counts: Array, before: Array = _NOTHING) -> None:
    """Write the running sums of ``counts``, with ``before`` in front of them."""
    total = 0
    code = typecode(int(counts.sum(dtype=np.int64)), "I")
    writer.begin(name, code)
    writer.write(before.astype(DTYPES[code]))
    for start in range(0, len(counts), _MAX_SUMMED):
        sums = counts[start : start + _MAX_SUMMED].cumsum(dtype=np.int64) + total
        total = int(sums[-1])
        writer.write(sums.astype(DTYPES[code]))


def write_narrow(writer: ArrayWriter, name: str, parts: Sequence[Array], narrowest: str) -> None:
    """Write the parts as one array, of the narrowest type that holds all its numbers."""
    maximum = max((int(part.max(initial=0)) for part in parts), default=0)
    code = typecode(maximum, narrowest)
    writer.begin(name, code)
    for part in parts:
        writer.write(part.astype(DTYPES[code]))


Key = Callable[[bytes], bytes]
#: Terms of one list that are in memory together.
_MAX_WINDOW_TERMS = 1 << 13


class TermUnion:
    """The terms in use of several lists, each once, in the order of their bytes or of a key made of these.

    ``numbers`` has for each list an array that maps its term numbers to those of the union; it is complete
    once :meth:`windows` is exhausted. An unused term has the number of the term before it, so that the
    numbers of a list never fall.
    """

    def __init__(self, lists: Sequence[TermList], used: Sequence[Mask], key: Key = bytes) -> None:
        self._lists = lists
        self._used = used
        self._key = key
        self.numbers: list[Array] = [np.zeros(len(terms), np.uint32) for terms in lists]

    def windows(self) -> Iterator[list[bytes]]:
        """Yield the terms of the union, some at a time."""
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
    """Return the terms of sorted lists, each once, sorted: ``sorted`` is fast with runs that are in order."""
    return sorted(dict.fromkeys(chain.from_iterable(lists)), key=key)


def windows(lists: Sequence[TermList], key: Key = bytes) -> Iterator[list[range]]:
    """Yield for each window the range of every list that lies in it.

    Equal terms are in the same window, and the terms of a window sort before those of the next one.
    """
    starts = [0] * len(lists)
    while any(start < len(terms) for start, terms in zip(starts, lists)):
        stops = [min(start + _MAX_WINDOW_TERMS, len(terms)) for start, terms in zip(starts, lists)]
        last = [key(terms.term(stop - 1)) for terms, stop in zip(lists, stops) if stop < len(terms)]
        if last:
            bound = min(last)
            stops = [_after(terms, bound, key, *span) for terms, *span in zip(lists, starts, stops)]
        yield list(map(range, starts, stops))
        starts = stops


def _after(terms: TermList, bound: bytes, key: Key, start: int, stop: int) -> int:
    """Return the number of the first term whose key is above ``bound``."""
    return bisect_right(range(stop), bound, start, key=lambda number: key(terms.term(number)))
