"""The table of names of a generation, read from its base and its changes. It needs no array library."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from searcher.engines.whoosh.format.array_file import ArrayFile
from searcher.engines.whoosh.format.manifest import NamesRecord
from searcher.engines.whoosh.names.base import NO_NAME, BaseNames
from searcher.engines.whoosh.names.changes import Change, Changes
from searcher.names.decisions import Curation
from searcher.names.normalise import fold
from searcher.names.resolution import Identities
from searcher.names.rules import VERSION, Rules
from searcher.names.table import KINDS, SAID_BY, Entry, NameTable, kinds_of

__all__ = ["StoredNames", "open_names"]


class StoredNames(NameTable):
    """Names as a base and the changes since have them."""

    def __init__(self, base: BaseNames, changes: Changes, identities: Identities) -> None:
        """Groups that the decisions of ``identities`` concern are decided anew where other decisions made
        the table."""
        super().__init__(identities.rules)
        self.base = base
        self.changes = changes
        self.identities = identities
        decisions = identities.curation.decisions()
        if decisions != changes.decisions:
            before = Rules(Curation.of(changes.decisions)).groups_decided()
            groups = before | identities.rules.groups_decided()
            self.changes = changes.with_(self.decided_anew(groups), decisions)

    def with_identities(self, identities: Identities) -> StoredNames:
        """Return the same table, decided by others."""
        return StoredNames(self.base, self.changes, identities)

    def entry(self, kind: str, value: str) -> Entry | None:
        changed = self.changes.of(kind).get(value)
        if changed is not None:
            return Entry(changed.weight, changed.name) if changed.weight else None
        return self.base.entry(kind, self.rules.group(kind, value), value)

    def members(self, kind: str, group: str) -> Mapping[str, int]:
        return {value: entry.weight for value, entry in self.group(kind, group).items()}

    def groups(self, kind: str) -> Iterator[Mapping[str, int]]:
        keys = {*self.base.groups(kind), *(change.group for change in self.changes.of(kind).values())}
        return (self.members(kind, key) for key in sorted(keys))

    def group(self, kind: str, group: str) -> dict[str, Entry]:
        """Return the values of a group as they are known."""
        found = dict(self.base.members(kind, group))
        found.update(self.changes.members(kind, group))
        return {value: entry for value, entry in found.items() if entry.weight}

    def values_of(self, kind: str, name: str) -> Collection[str]:
        changed = self.changes.of(kind)
        unchanged = [value for value in self.base.values_of(kind, name) if value not in changed]
        return [*unchanged, *self.changes.values_of(kind, name)]

    def names_with(self, kind: str, words: Sequence[str]) -> Collection[str]:
        wanted = set(words)
        later = (name for name in self.changes.names(kind) if wanted <= set(fold(name).split()))
        return {*self.base.names_with(kind, words), *later}

    def changed(self, field: str) -> Collection[str]:
        """Return the values of a field whose names in the base may not be those of now."""
        found = [self.changes.of(kind) for kind in kinds_of(field)]
        return found[0] if len(found) == 1 else frozenset().union(*found)

    def name(self, field: str, number: int) -> str | None:
        """Return the name of a number in the base."""
        if number == NO_NAME:
            return None
        for kind, size in self._sizes(field):
            if number < size:
                return self.base.text(kind, number)
            number -= size
        raise IndexError(number)

    def number(self, field: str, name: str) -> int:
        """Return the number that a name has in the base, -1 where it has none."""
        before = 0
        for kind, size in self._sizes(field):
            found = self.base.number(kind, name)
            if found >= 0:
                return before + found
            before += size
        return -1

    def size(self, field: str) -> int:
        """Return the number of names of a field in the base."""
        return sum(size for _, size in self._sizes(field))

    def decided_anew(
        self, groups: Iterable[tuple[str, str]], counted: Mapping[str, Mapping[str, int]] | None = None
    ) -> dict[str, dict[str, Change]]:
        """Decide groups, and return the values whose weight or name is another then.

        ``counted``: what values count with now, by kind, where that is not as the table has it.
        """
        counted = counted or {}
        by_group: dict[tuple[str, str], dict[str, int]] = {group: {} for group in groups}
        for kind, weights in counted.items():
            for value, weight in weights.items():
                by_group.setdefault((kind, self.rules.group(kind, value)), {})[value] = weight
        found: dict[str, dict[str, Change]] = {}
        for (kind, key), weights in by_group.items():
            known = self.group(kind, key)
            now = {
                value: weight
                for value, entry in known.items()
                if (weight := weights.get(value, entry.weight))
            }
            now.update((value, weight) for value, weight in weights.items() if weight)
            entries = {value: Entry(now[value], name) for value, name in self.rules.names(kind, now).items()}
            gone = Entry(0, None)
            for value in known.keys() | entries.keys():
                entry = entries.get(value, gone)
                if entry != known.get(value):
                    found.setdefault(kind, {})[value] = Change(key, *entry)
        return found

    def _sizes(self, field: str) -> Sequence[tuple[str, int]]:
        return self._kind_sizes["speaker" if field == SAID_BY else field]

    @cached_property
    def _kind_sizes(self) -> Mapping[str, Sequence[tuple[str, int]]]:
        sizes = {kind: self.base.size(kind) for kind in KINDS}
        return {field: [(kind, sizes[kind]) for kind in kinds_of(field)] for field in KINDS}


def open_names(folder: Path, record: NamesRecord | None, identities: Identities | None) -> StoredNames | None:
    """Return the names that a commit decided; None where it was made by other rules or none.

    ``identities``: None for the decisions that the commit was made with.
    """
    if record is None or record.rules != VERSION:
        return None
    file = ArrayFile(folder / record.base.name)
    changes = (
        Changes.read(folder / record.changes.name)
        if record.changes
        else Changes({}, _decisions(file.about["decisions"]))
    )
    identities = identities or Identities(Curation.of(changes.decisions))
    return StoredNames(BaseNames(file, file.about["segments"]), changes, identities)


def _decisions(rows: Iterable[Sequence[str]]) -> tuple[tuple[str, str, str], ...]:
    return tuple((kind, name, what) for kind, name, what in rows)
