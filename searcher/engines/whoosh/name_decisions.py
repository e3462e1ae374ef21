"""Decides the names of a generation: all of them, or only the groups affected by a commit."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from searcher.engines.whoosh.arrays import Mask, all_but, as_array, live_counts
from searcher.engines.whoosh.format.array_file import DAY_SECONDS, NO_DATE, ArrayWriter, encoded
from searcher.engines.whoosh.format.manifest import INDEX_NAME, NamesRecord, record_file
from searcher.engines.whoosh.format.segment import Segment, ValueField
from searcher.engines.whoosh.names import NO_NAME, SEPARATOR, ArrayNames, StoredNames, write_changes
from searcher.fields import QUOTE_FIELDS
from searcher.names import VERSION
from searcher.names.nearness import NameContext, name_context
from searcher.names.normalise import fold
from searcher.names.table import (
    SAID_BY,
    VALUE_KINDS,
    Changes,
    Identities,
    PlainTable,
    ValueCounter,
    kinds_of,
)

#: Maximum number of cached glimpses of articles, about 3 kB each. Organisations reuse those of people.
_MAX_GLIMPSES: Final = 2_000


class LiveCounts(ValueCounter):
    """Counts the values of the live articles of segments."""

    def __init__(self, parts: Sequence[tuple[Segment, Sequence[int]]]) -> None:
        """``parts``: each segment with the numbers of its deleted articles, ascending."""
        self._parts = parts
        self._live = [all_but(segment.size, deleted) if len(deleted) else None for segment, deleted in parts]
        self._seen: dict[str, dict[int, NameContext]] = defaultdict(dict)

    def count(self, field: str, values: Collection[str] | None = None) -> dict[str, int]:
        counts: dict[str, int] = defaultdict(int)
        for (segment, _), live in zip(self._parts, self._live):
            stored, live_docs = segment.values(field), _live_documents(field, segment, live)
            counted: Iterable[tuple[str, int]]
            if values is None:
                counted = zip(stored.texts(), live_counts(stored.starts, stored.docs, live_docs).tolist())
            else:
                numbers = ((value, stored.find(value)) for value in values)
                counted = ((value, _count(stored, n, live_docs)) for value, n in numbers if n >= 0)
            for value, articles in counted:
                if articles:
                    counts[value] += articles
        return counts

    def contexts(self, kind: str, values: Collection[str]) -> dict[str, list[NameContext]]:
        glimpses_of: dict[str, list[NameContext]] = {value: [] for value in values}
        if sum(map(len, self._seen.values())) > _MAX_GLIMPSES:
            self._seen.clear()
        for (segment, _), live in zip(self._parts, self._live):
            stored, seen = segment.values(kind), self._seen[segment.record.id]
            for value, glimpses in glimpses_of.items():
                if (number := stored.find(value)) < 0:
                    continue
                for doc in stored.docs[stored.starts[number] : stored.starts[number + 1]]:
                    if live is None or live[doc]:
                        if doc not in seen:
                            seen[doc] = _name_context(segment, doc)
                        glimpses.append(seen[doc])
        return glimpses_of


def _count(stored: ValueField, number: int, live: Mask | None) -> int:
    docs = as_array(stored.docs[stored.starts[number] : stored.starts[number + 1]])
    return len(docs) if live is None else int(np.count_nonzero(live[docs]))


def _name_context(segment: Segment, doc: int) -> NameContext:
    when = segment.column("when")[doc]
    day = None if when == NO_DATE else when // DAY_SECONDS
    return name_context(day, lambda field: segment.values(field).values_of(doc))


def _live_documents(field: str, segment: Segment, live: Mask | None) -> Mask | None:
    """Return a flag for each document of a field, which are articles or quotations: True if it is live."""
    if live is None or field != SAID_BY:
        return live
    return live[as_array(segment.column("quote_article"))]


#: A new base is written if the number of changed values exceeds both MIN_CHANGES and this share of the base.
#: Reading 1,000 changes takes 1 ms. Writing a base of 300,000 values takes a few seconds.
MIN_CHANGES, CHANGES_SHARE = 2_000, 1 / 32
#: Maximum number of articles in segments newer than the base, because their names are looked up singly.
MAX_UNNUMBERED_ARTICLES = 5_000


class Part(NamedTuple):
    """A segment, and the numbers of its deleted articles, ascending."""

    segment: Segment
    deleted: Sequence[int]


def decide(
    folder: Path,
    generation: int,
    parts: Sequence[Part],
    known: tuple[NamesRecord, StoredNames] | None,
    touched: Mapping[str, Collection[str]] | None,
    identities: Identities,
) -> NamesRecord:
    """Write the names of a generation.

    Args:
        known: The names of the generation before.
        touched: By field, the values whose articles have changed since. None: too many to list.
    """
    if known and touched is not None and _are_numbered(parts, known[1].base):
        record, before = known
        names = before.with_identities(identities)
        changes = names.changes
        if any(touched.values()):
            counts = LiveCounts(parts)
            changes = names.decide((), counts.weights(touched), counts.contexts)
        if changes is before.changes:
            return record
        if len(changes) <= max(MIN_CHANGES, CHANGES_SHARE * names.base.size()):
            path = folder / f"{INDEX_NAME}_{generation}.changes"
            write_changes(changes, path)
            return NamesRecord(VERSION, record.base, record_file(path))
    path = folder / f"{INDEX_NAME}_{generation}.names"
    with ArrayWriter(path) as writer:
        for name, (typecode, data) in _arrays(parts, identities).items():
            writer.add(name, typecode, data)
        about = {"segments": [part.segment.record.id for part in parts]}
        writer.close({**about, "decisions": identities.curation.decisions()})
    return NamesRecord(VERSION, record_file(path))


def decide_in_memory(parts: Sequence[Part], identities: Identities) -> StoredNames:
    """Decide all names in memory, for a generation without valid names."""
    base = ArrayNames(_InMemory(_arrays(parts, identities)), [part.segment.record.id for part in parts])
    return StoredNames(base, Changes({}, identities.curation.decisions()), identities)


def _are_numbered(parts: Sequence[Part], base: ArrayNames) -> bool:
    """Return True if the base covers all but a few articles."""
    later = sum(part.segment.size for part in parts if part.segment.record.id not in base.segments)
    return later <= MAX_UNNUMBERED_ARTICLES


class _InMemory:
    """Arrays in memory instead of a file."""

    def __init__(self, arrays: Mapping[str, tuple[str, Any]]) -> None:
        self._arrays = {name: memoryview(data) for name, (_, data) in arrays.items()}

    def array(self, name: str) -> memoryview:
        return self._arrays[name]


def _arrays(parts: Sequence[Part], identities: Identities) -> dict[str, tuple[str, Any]]:
    """Return the arrays of a base by name, each with its type."""
    counts = LiveCounts([*parts])
    table = PlainTable(identities.rules, counts.weights(), counts.contexts)
    arrays: dict[str, tuple[str, Any]] = {}
    numbers = {kind: _write_kind(arrays, kind, table) for kind in VALUE_KINDS}
    for field in (*VALUE_KINDS, *QUOTE_FIELDS.values()):
        number, before = dict[str, int](), 0
        for kind in kinds_of(field):
            for name, own in numbers[kind].items():
                number.setdefault(name, before + own)
            before += len(numbers[kind])
        for segment, _ in parts:
            names = (table.name_of(field, text) for text in segment.values(field).texts())
            at = array("I", [NO_NAME if name is None else number.get(name, NO_NAME) for name in names])
            arrays[f"{field}.at.{segment.record.id}"] = ("I", at)
    return arrays


def _write_kind(arrays: dict[str, tuple[str, Any]], kind: str, table: PlainTable) -> dict[str, int]:
    """Add the arrays of one kind, and return the number of each name."""
    values = table.changes.of(kind)
    keyed = sorted((encoded(entry.group + SEPARATOR + value), value) for value, entry in values.items())
    names = sorted({one.name for one in values.values() if one.name is not None}, key=encoded)
    number = {name: n for n, name in enumerate(names)}
    named = array(
        "I", [NO_NAME if (name := values[value].name) is None else number[name] for _, value in keyed]
    )
    of_name: list[list[int]] = [[] for _ in names]
    for entry, n in enumerate(named):
        if n != NO_NAME:
            of_name[n].append(entry)
    folded = [b"%s\n" % encoded(fold(name)) for name in names]
    arrays[f"{kind}.subgroups"] = ("B", bytes(table.rules.subgroup(kind, value) for _, value in keyed))
    arrays[f"{kind}.weights"] = ("I", array("I", [values[value].weight for _, value in keyed]))
    arrays[f"{kind}.named"] = ("I", named)
    arrays[f"{kind}.name_starts"] = ("I", array("I", [0, *accumulate(map(len, of_name))]))
    arrays[f"{kind}.name_entries"] = ("I", array("I", [entry for entries in of_name for entry in entries]))
    _write_terms(arrays, f"{kind}.entries", [key for key, _ in keyed])
    _write_terms(arrays, f"{kind}.names", list(map(encoded, names)))
    arrays[f"{kind}.folded"] = ("B", b"".join(folded))
    arrays[f"{kind}.folded_ends"] = ("I", array("I", accumulate(map(len, folded))))
    return number


def _write_terms(arrays: dict[str, tuple[str, Any]], name: str, terms: Sequence[bytes]) -> None:
    arrays[name] = ("B", b"".join(terms))
    arrays[f"{name}.ends"] = ("I", array("I", accumulate(map(len, terms))))
