"""The table of names of a generation, read from its base and its changes. It needs no array library."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from searcher.engines.whoosh.format.array_file import ArrayFile
from searcher.engines.whoosh.format.manifest import NamesRecord
from searcher.engines.whoosh.names.base import NO_NAME, BaseNames
from searcher.engines.whoosh.names.changes import read_changes
from searcher.names import VERSION
from searcher.names.decisions import Curation
from searcher.names.layered import Changes, LayeredTable
from searcher.names.resolution import Identities
from searcher.names.table import KINDS, SAID_BY, kinds_of

__all__ = ["StoredNames", "open_names"]


class StoredNames(LayeredTable):
    """Names as a base and the changes since have them."""

    def __init__(self, base: BaseNames, changes: Changes, identities: Identities) -> None:
        super().__init__(base, changes, identities)
        self.base = base

    def with_identities(self, identities: Identities) -> StoredNames:
        """Return the same table, decided by others."""
        return StoredNames(self.base, self.changes, identities)

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
        read_changes(folder / record.changes.name)
        if record.changes
        else Changes({}, _decisions(file.about["decisions"]))
    )
    identities = identities or Identities(Curation.of(changes.decisions))
    return StoredNames(BaseNames(file, file.about["segments"]), changes, identities)


def _decisions(rows: Iterable[Sequence[str]]) -> tuple[tuple[str, str, str], ...]:
    return tuple((kind, name, what) for kind, name, what in rows)
