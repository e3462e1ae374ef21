"""Writing sorted lists of terms, a window of them at a time: memory holds what a term costs as a number, not
the terms themselves."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple
from zlib import crc32

import numpy as np

from searcher.engines.whoosh.format.array_file import ArrayWriter
from searcher.engines.whoosh.format.layout import FORM_SEPARATOR
from searcher.engines.whoosh.search.arrays import DTYPES, Array, offsets, typecode, view
from searcher.engines.whoosh.write.stem_groups import Families, family_of

__all__ = ["Forms", "forms_of", "write_forms", "write_starts", "write_terms", "write_tokens"]

_SEPARATOR = FORM_SEPARATOR.encode()
#: Numbers that are summed up and written together.
_TOGETHER = 1 << 16
#: Buckets that are filled together.
_BUCKETS = 1 << 18
_NOTHING = np.empty(0, np.int64)


class Forms(NamedTuple):
    """Forms, sorted; how many tokens have each; and these, for one form after another."""

    forms: Sequence[bytes]
    counts: Array
    tokens: Array


def write_tokens(writer: ArrayWriter, windows: Iterable[Sequence[bytes]]) -> Families:
    """Write tokens sorted by family, and which these families are."""
    starts = array("I")
    count = write_terms(writer, "lexicon.tokens", _noting_families(windows, starts))
    starts.append(count)
    writer.add("lexicon.families", "I", starts)
    return Families(view(starts))


def _noting_families(windows: Iterable[Sequence[bytes]], starts: array[int]) -> Iterator[Sequence[bytes]]:
    """Note on the way where each family begins."""
    done, before = 0, None
    for tokens in windows:
        names = list(map(family_of, tokens))
        earlier = [before, *names]
        starts.extend([done + n for n, name in enumerate(names) if name != earlier[n]])
        done, before = done + len(names), earlier[-1]
        yield tokens


def forms_of(tokens: Sequence[bytes]) -> Forms:
    """The forms of all tokens."""
    having: dict[bytes, list[int]] = {}
    for number, token in enumerate(tokens):
        for form in token.split(_SEPARATOR):
            having.setdefault(form, []).append(number)
    forms = sorted(having)
    counts = np.fromiter((len(having[form]) for form in forms), np.uint32, len(forms))
    return Forms(forms, counts, view(array("I", [number for form in forms for number in having[form]])))


def write_forms(writer: ArrayWriter, windows: Iterable[Forms]) -> None:
    """Write the forms of tokens, the tokens that have each form, and where to look a form up."""
    counts, tokens, checksums = array("I"), array("I"), array("I")

    def noted() -> Iterator[Sequence[bytes]]:
        for window in windows:
            counts.frombytes(window.counts.astype(np.uint32).tobytes())
            tokens.frombytes(window.tokens.astype(np.uint32).tobytes())
            checksums.extend(map(crc32, window.forms))
            yield window.forms

    write_terms(writer, "lexicon.forms", noted())
    write_starts(writer, "lexicon.form_starts", view(counts))
    writer.add("lexicon.form_tokens", "I", tokens)
    _write_buckets(writer, view(checksums))


def _write_buckets(writer: ArrayWriter, checksums: Array) -> None:
    """The forms by their checksum, two in a bucket on average."""
    count = 1 << (len(checksums) // 2).bit_length()
    starts = writer.reserve("lexicon.bucket_starts", "I", count + 1)
    writer.begin("lexicon.buckets", "I")
    done = 0
    for low in range(0, count, _BUCKETS):
        high = min(low + _BUCKETS, count)
        buckets = checksums & np.uint32(count - 1)
        some = np.flatnonzero((buckets >= low) & (buckets < high))
        buckets = buckets[some] - np.uint32(low)
        writer.write(some[np.argsort(buckets, kind="stable")].astype(np.uint32))
        edges = done + offsets(np.bincount(buckets, minlength=high - low))
        starts.write(edges[:-1].astype(np.uint32))
        done += len(some)
    starts.write(np.array([done], np.uint32))
    starts.close()


def write_terms(writer: ArrayWriter, name: str, windows: Iterable[Sequence[bytes]]) -> int:
    """A sorted list of terms: their bytes and where each one ends. Returns their number."""
    sizes = array("I")
    writer.begin(name, "B")
    for terms in windows:
        writer.write(b"".join(terms))
        sizes.extend(map(len, terms))
    _write_sums(writer, f"{name}.ends", view(sizes))
    return len(sizes)


def write_starts(writer: ArrayWriter, name: str, counts: Array) -> None:
    """Where each group begins, given their sizes; one entry more: where the last one ends."""
    _write_sums(writer, name, counts, np.zeros(1, np.int64))


def _write_sums(writer: ArrayWriter, name: str, counts: Array, before: Array = _NOTHING) -> None:
    """How many there are up to each, after ``before``."""
    total = 0
    code = typecode(int(counts.sum(dtype=np.int64)), "I")
    writer.begin(name, code)
    writer.write(before.astype(DTYPES[code]))
    for start in range(0, len(counts), _TOGETHER):
        sums = counts[start : start + _TOGETHER].cumsum(dtype=np.int64) + total
        total = int(sums[-1])
        writer.write(sums.astype(DTYPES[code]))
