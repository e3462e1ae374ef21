"""The statements of a generation: the id of the statement of each utterance.

An utterance is identified by the number of its first quotation, counted through all segments of the
generation. A segment stores the words of its utterances as checksums, and a sorted list of their traces
(checksums of runs of words), by which utterances with common words are found. The ids are a file of the
generation with one number for each quotation, 0 for later parts of an utterance and for undecided ones.

A commit decides utterances by the definition in :mod:`searcher.statements`, and so does a reader with other
decisions about names: :func:`decide` compares undecided utterances with all that share a trace.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import accumulate, chain
from pathlib import Path

import numpy as np

from searcher.engines.whoosh.arrays import (
    Array,
    Mask,
    all_but,
    as_array,
    concatenated_ranges,
    run_lengths,
    run_starts,
    sorted_unique,
)
from searcher.engines.whoosh.format.array_file import KINDS, ArrayFile, ArrayWriter
from searcher.engines.whoosh.format.manifest import INDEX_NAME, FileRecord, record_file
from searcher.engines.whoosh.format.segment import Segment
from searcher.engines.whoosh.names import NO_NAME, Numbering, StoredNames
from searcher.errors import IndexDamaged
from searcher.locations import rebuild_advice
from searcher.names.decisions import NAME_KINDS
from searcher.names.table import SAID_BY
from searcher.query.deadline import check
from searcher.statements import (
    ANY_SPEAKER,
    MAX_COMPARED,
    MAX_LENGTH_RATIO,
    ComparedUtterance,
    can_be_same,
    holds,
    is_much_longer,
    is_unrepeatable,
    merged_statement_ids,
    traces,
)

#: Maximum number of utterances per lookup of traces.
_MAX_LOOKED_UP = 2_000
#: Maximum number of utterances per segment to compare for one trace. The latest ones are compared.
_MAX_WITH_TRACE = 1_000
_REPORTED = KINDS.index("indirect")
_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)


class Utterances:
    """The utterances of some segments, with the names of their speakers across articles."""

    def __init__(self, parts: Sequence[tuple[Segment, Sequence[int]]], names: StoredNames) -> None:
        """``parts``: each segment with the numbers of its deleted articles."""
        self.segments = [segment for segment, _ in parts]
        self.bases = [0, *accumulate(segment.quotes for segment in self.segments)]
        self._live = [all_but(segment.size, deleted) if len(deleted) else None for segment, deleted in parts]
        self._names = [names.base.name_numbers(segment.record.id, SAID_BY) for segment in self.segments]
        self._numbering = Numbering(names, SAID_BY)
        self._changed, self._unnamed = names.changed(SAID_BY), dict[str, int]()
        self._speakers: dict[tuple[int, int], int] = {}
        self._sayings: dict[int, ComparedUtterance] = {}

    def first_parts(self, quotes: Array) -> Array:
        """Return the live quotations among these that begin an utterance."""

        def read(nth: int, own: Array) -> Array:
            begins: Mask = as_array(self.segments[nth].column("quote_back"))[own] == 0
            return begins & self._are_live(nth, own)

        return quotes[self._gather(quotes, read).astype(np.bool_)]

    def lengths(self, utterances: Array) -> Array:
        """Return the number of words of each of these utterances."""

        def read(nth: int, own: Array) -> Array:
            starts = as_array(self.segments[nth].column("utterance.starts"))
            lengths: Array = starts[own + 1] - starts[own]
            return lengths

        return self._gather(utterances, read)

    def compared_utterance(self, utterance: int) -> ComparedUtterance:
        """Return an utterance in the form that is compared with others."""
        if (known := self._sayings.get(utterance)) is None:
            if len(self._sayings) >= _MAX_LOOKED_UP:
                self._sayings.clear()
            known = self._sayings[utterance] = self._read_saying(utterance)
        return known

    def same_pairs(self, utterances: Array, undecided: Array) -> Iterator[tuple[int, int]]:
        """Yield pairs of one of these utterances and another that may be the same, most similar ones first.
        Pairs of two ``undecided`` utterances (given ascending) are yielded once."""
        for left, right, shared in self._trace_pairs(utterances):
            lengths = np.sort([self.lengths(left), self.lengths(right)], axis=0)
            fits = ~is_much_longer(*lengths) & ((right < left) | ~_contained_in(right, undecided))
            left, right, shared = left[fits], right[fits], shared[fits]
            said_by, reported = self._speakers_of(left), self._are_reported(left) | self._are_reported(right)
            by_one = (said_by >= 0) & (said_by == self._speakers_of(right))
            short, long = lengths[:, fits]
            fits = can_be_same(short, long, by_one, reported)
            yield from zip(*_most_similar(left[fits], right[fits], shared[fits]))

    def contained_pairs(self, utterances: Array) -> Iterator[tuple[int, int]]:
        """Yield pairs of one of these utterances and a longer one that contains it."""
        with_words: defaultdict[bytes, list[int]] = defaultdict(list)
        for utterance in utterances.tolist():
            kind, words = self._kind_and_words(utterance)
            if len(words) >= ANY_SPEAKER.equal and not is_unrepeatable(kind, words):
                with_words[bytes(words)].append(utterance)
        # Copies of an article contain the same utterances, so only the first copy is compared.
        copies = {same[0]: same for same in with_words.values()}
        first_ones = np.sort(np.fromiter(copies, np.int64))
        numbers: dict[ComparedUtterance, int] = {}
        number_of = cache(
            lambda utterance: numbers.setdefault(self.compared_utterance(utterance), len(numbers))
        )
        verdicts: dict[tuple[int, int], bool] = {}
        for left, right, shared in self._trace_pairs(first_ones, only_longer=True):
            for first, long in zip(*_most_similar(left, right, shared)):
                for short in copies[first]:
                    pair = number_of(short), number_of(long)
                    if (verdict := verdicts.get(pair)) is None:
                        verdict = verdicts[pair] = holds(
                            self.compared_utterance(long), self.compared_utterance(short)
                        )
                    if verdict:
                        yield short, long

    def said_by(self, values: Iterable[str]) -> Array:
        """Return the utterances with a part spoken by any of these values."""
        matches = [np.empty(0, np.int64)]
        speakers = list(values)
        for segment, base in zip(self.segments, self.bases):
            stored, back = segment.values(SAID_BY), as_array(segment.column("quote_back"))
            for value in speakers:
                if (n := stored.find(value)) >= 0:
                    quotes = as_array(stored.docs[stored.starts[n] : stored.starts[n + 1]]).astype(np.int64)
                    matches.append(quotes - back[quotes] + base)
        return sorted_unique(np.concatenate(matches))

    def speakers(self) -> set[str]:
        """Return all speakers as written in the articles."""
        return {text for segment in self.segments for text in segment.values(SAID_BY).texts()}

    def _trace_pairs(
        self, utterances: Array, *, only_longer: bool = False
    ) -> Iterator[tuple[Array, Array, Array]]:
        """Yield sorted pairs of these utterances and live ones that share a trace, with the number of shared
        traces, in blocks. ``only_longer`` leaves out live ones that are not much longer."""
        for first in range(0, len(utterances), _MAX_LOOKED_UP):
            check()
            batch = utterances[first : first + _MAX_LOOKED_UP]
            own = [self._traces(number) for number in batch.tolist()]
            flat = np.fromiter(chain.from_iterable(own), np.uint64)
            counts = [len(of) for of in own]
            left = np.repeat(batch.astype(np.uint64), counts)
            limits = np.repeat(MAX_LENGTH_RATIO * self.lengths(batch), counts)
            order = np.argsort(flat)  # the stored traces are sorted, so this keeps their pages in the cache
            flat, left, limits = flat[order], left[order], limits[order]
            pairs = [np.empty(0, np.uint64)]
            for segment, base in zip(self.segments, self.bases):
                stored = as_array(segment.column("utterance.traces"))
                end = stored.searchsorted((flat + np.uint64(1)) << _HALF)
                sizes = np.minimum(end - stored.searchsorted(flat << _HALF), _MAX_WITH_TRACE)
                right = stored[concatenated_ranges(end - sizes, sizes)] & _LOW
                both = np.repeat(left, sizes) << _HALF | (right + np.uint64(base))
                if only_longer:
                    starts = as_array(segment.column("utterance.starts"))
                    own_right = right.astype(np.int64)
                    both = both[starts[own_right + 1] - starts[own_right] > np.repeat(limits, sizes)]
                pairs.append(both)
            pair_keys = np.sort(np.concatenate(pairs))
            starts = run_starts(pair_keys)
            one, other = (
                (pair_keys[starts] >> _HALF).astype(np.int64),
                (pair_keys[starts] & _LOW).astype(np.int64),
            )
            is_valid = (one != other) & self._gather(other, self._are_live).astype(np.bool_)
            yield one[is_valid], other[is_valid], run_lengths(starts, len(pair_keys))[is_valid]

    def _traces(self, utterance: int) -> set[int]:
        kind, words = self._kind_and_words(utterance)
        return set() if is_unrepeatable(kind, words) else traces(words)

    def _read_saying(self, utterance: int) -> ComparedUtterance:
        nth = bisect_right(self.bases, utterance) - 1
        segment, own = self.segments[nth], utterance - self.bases[nth]
        kind, view = self._kind_and_words(utterance)
        words = tuple(view)
        stored, part = segment.values(SAID_BY), own + segment.column("quote_surest")[own]
        first, end = stored.value_starts[part], stored.value_starts[part + 1]
        speaker = self._speaker(nth, stored.values[first]) if first < end else None
        return ComparedUtterance(words, speaker, kind == "indirect", is_unrepeatable(kind, words))

    def _kind_and_words(self, utterance: int) -> tuple[str, memoryview]:
        nth = bisect_right(self.bases, utterance) - 1
        segment, own = self.segments[nth], utterance - self.bases[nth]
        starts, kind = segment.column("utterance.starts"), KINDS[segment.column("quote_kind")[own]]
        return kind, segment.column("utterance.words")[starts[own] : starts[own + 1]]

    def _speaker(self, nth: int, value: int) -> int:
        """Return the number of a speaker's name, given the segment and the number of the value there."""
        if (known := self._speakers.get((nth, value))) is None:
            text, names = self.segments[nth].values(SAID_BY).text(value), self._names[nth]
            known = (
                self._numbering.number_of(text) if names is None or text in self._changed else names[value]
            )
            if known == NO_NAME:
                known += 1 + self._unnamed.setdefault(text, len(self._unnamed))
            self._speakers[nth, value] = known
        return known

    def _speakers_of(self, utterances: Array) -> Array:
        """Return the number of the name of each utterance's speaker, or -1."""

        def read(nth: int, own: Array) -> Array:
            segment = self.segments[nth]
            stored, parts = segment.values(SAID_BY), own + as_array(segment.column("quote_surest"))[own]
            starts = as_array(stored.value_starts)
            said = starts[parts] < starts[parts + 1]
            values, at = np.unique(as_array(stored.values)[starts[parts[said]]], return_inverse=True)
            speakers = np.full(len(own), -1, np.int64)
            speakers[said] = np.array([self._speaker(nth, value) for value in values.tolist()], np.int64)[at]
            return speakers

        return self._gather(utterances, read)

    def _are_reported(self, utterances: Array) -> Mask:
        def read(nth: int, own: Array) -> Array:
            return as_array(self.segments[nth].column("quote_kind"))[own]

        reported: Mask = self._gather(utterances, read) == _REPORTED
        return reported

    def _are_live(self, nth: int, quotes: Array) -> Mask:
        live = self._live[nth]
        if live is None:
            return np.ones(len(quotes), np.bool_)
        return live[as_array(self.segments[nth].column("quote_article"))[quotes]]

    def _gather(self, numbers: Array, read: Callable[[int, Array], Array]) -> Array:
        """Call ``read`` for the numbers of each segment, and return the results in the order of
        ``numbers``."""
        values, nth = np.empty(len(numbers), np.int64), np.searchsorted(self.bases, numbers, "right") - 1
        for segment in sorted_unique(nth).tolist():
            own = nth == segment
            values[own] = read(segment, numbers[own] - self.bases[segment])
        return values


def _most_similar(left: Array, right: Array, shared: Array) -> tuple[list[int], list[int]]:
    """Return for each number on the left the MAX_COMPARED on the right with the most shared traces."""
    order = np.lexsort((-shared, left))
    starts = run_starts(left[order])
    ranks = np.arange(len(order)) - np.repeat(starts, run_lengths(starts, len(order)))
    order = order[ranks < MAX_COMPARED]
    return left[order].tolist(), right[order].tolist()


def _contained_in(numbers: Array, ascending: Array) -> Mask:
    """Return a flag for each number: True if it is in an ascending array."""
    if not len(ascending):
        return np.zeros(len(numbers), np.bool_)
    flags: Mask = ascending.take(ascending.searchsorted(numbers), mode="clip") == numbers
    return flags


def members(ids: Array, statements: Array) -> Array:
    """Return the utterances of some statements, ascending, given the ids of all utterances."""
    flags = np.zeros(int(ids.max(initial=0)) + 1, np.bool_)
    flags[statements] = True
    flags[0] = False
    return np.flatnonzero(flags[ids])


def decide(utterances: Utterances, ids: Array) -> Array:
    """Decide undecided utterances and return the ids of all. Statements joined by one get the lowest of their
    ids."""
    undecided = utterances.first_parts(np.flatnonzero(ids == 0))
    if not len(undecided):
        return ids
    ids = ids.copy()
    first = int(ids.max(initial=0)) + 1
    ids[undecided] = np.arange(first, first + len(undecided))
    merged = merged_statement_ids(
        utterances.same_pairs(undecided, undecided), ids.item, utterances.compared_utterance
    )
    ids_now = np.arange(int(ids.max()) + 1, dtype=np.uint32)
    ids_now[list(merged)] = list(merged.values())
    return ids_now[ids]


def undecide_deleted(utterances: Utterances, ids: Array, deleted: Array) -> Array:
    """Return the ids, with statements undecided that may fall apart because utterances were deleted: a
    deleted utterance that is unlike all others may have joined them."""
    lost = ids[deleted[ids[deleted] > 0]]
    if not len(lost):
        return ids
    said: dict[int, set[ComparedUtterance]] = {}
    for utterance in deleted[ids[deleted] > 0].tolist():
        said.setdefault(ids.item(utterance), set()).add(utterances.compared_utterance(utterance))
    left = utterances.first_parts(members(ids, lost)).tolist()
    for utterance in left:
        said[ids.item(utterance)].discard(utterances.compared_utterance(utterance))
    ids, touched = ids.copy(), {id for id, sayings in said.items() if sayings}
    ids[[utterance for utterance in left if ids.item(utterance) in touched]] = 0
    return ids


def undecide_renamed(utterances: Utterances, ids: Array, before: StoredNames, now: StoredNames) -> Array:
    """Return the ids, with statements undecided if the name of a speaker has changed."""
    new_record, old_record = now.base.record, before.base.record
    if new_record and old_record and new_record.base == old_record.base:
        was = before.changes
        changed = {
            v for kind in NAME_KINDS for v, c in now.changes.of(kind).items() if was.of(kind).get(v) != c
        }
    else:
        changed = utterances.speakers()
    moved = {value for value in changed if before.name_of(SAID_BY, value) != now.name_of(SAID_BY, value)}
    touched = utterances.said_by(moved)
    if len(touched):
        ids = ids.copy()
        ids[members(ids, ids[touched])] = 0
    return ids


def write_ids(folder: Path, generation: int, ids: Array) -> FileRecord:
    """Write the ids of a generation to a file."""
    path = folder / f"{INDEX_NAME}_{generation}.statements"
    with ArrayWriter(path) as writer:
        writer.add("ids", "I", ids)
        writer.close({})
    return record_file(path)


def read_ids(folder: Path, record: FileRecord | None, quotes: int) -> Array:
    """Return the ids of a generation. Raises IndexDamaged unless there is one for each quotation, and
    FileNotFoundError."""
    ids = as_array(ArrayFile(folder / record.name).array("ids") if record else array("I"))
    if len(ids) != quotes:
        raise IndexDamaged(f"The statements of the index in {folder} are damaged. {rebuild_advice(folder)}")
    return ids
