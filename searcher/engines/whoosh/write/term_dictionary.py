"""Writes sorted term lists a window at a time: memory holds some numbers a term, not the terms themselves."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple
from zlib import crc32

import numpy as np

from searcher.engines.whoosh.arrays import DTYPES, Array, as_array, offsets, typecode
from searcher.engines.whoosh.format.array_file import ArrayWriter
from searcher.engines.whoosh.format.layout import FORM_SEPARATOR
from searcher.engines.whoosh.write.stem_groups import StemGroups, stem_of

__all__ = [
    "FormWindow",
    "forms_of",
    "write_forms",
    "write_narrow",
    "write_starts",
    "write_terms",
    "write_tokens",
]

_SEPARATOR = FORM_SEPARATOR.encode()
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
