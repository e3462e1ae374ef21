"""The changes of names since the base: the values that later commits brought or decided otherwise."""

from __future__ import annotations

import json
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from searcher.errors import IndexDamaged
from searcher.locations import rebuild_hint
from searcher.names.table import Entry

__all__ = ["Change", "Changes"]


class Change(NamedTuple):
    """A value as it is now. A weight of 0 means that no article has it any more."""

    group: str
    weight: int
    name: str | None


@dataclass(frozen=True)
class Changes:
    """For each kind its changed values. ``decisions`` are those by hand that all names were decided by."""

    values: Mapping[str, Mapping[str, Change]] = field(default_factory=dict)
    decisions: tuple[tuple[str, str, str], ...] = ()

    def __len__(self) -> int:
        """Return the number of changed values."""
        return sum(map(len, self.values.values()))

    def of(self, kind: str) -> Mapping[str, Change]:
        return self.values.get(kind, {})

    def members(self, kind: str, group: str) -> Iterator[tuple[str, Entry]]:
        """Yield the changed values of a group, those that are gone too."""
        for value in self._by_group.get((kind, group), ()):
            change = self.values[kind][value]
            yield value, Entry(change.weight, change.name)

    def values_of(self, kind: str, name: str) -> list[str]:
        """Return the changed values that go by a name."""
        return self._by_name.get((kind, name), [])

    def names(self, kind: str) -> Iterator[str]:
        """Yield the names that changed values go by."""
        return (name for of, name in self._by_name if of == kind)

    def with_(
        self, more: Mapping[str, Mapping[str, Change]], decisions: Iterable[tuple[str, str, str]]
    ) -> Changes:
        """Return these changes and more."""
        kinds = dict.fromkeys([*self.values, *more])
        return Changes({kind: {**self.of(kind), **more.get(kind, {})} for kind in kinds}, tuple(decisions))

    @cached_property
    def _by_group(self) -> Mapping[tuple[str, str], list[str]]:
        found = defaultdict(list)
        for kind, values in self.values.items():
            for value, change in values.items():
                found[kind, change.group].append(value)
        return found

    @cached_property
    def _by_name(self) -> Mapping[tuple[str, str], list[str]]:
        found = defaultdict(list)
        for kind, values in self.values.items():
            for value, change in values.items():
                if change.weight and change.name is not None:
                    found[kind, change.name].append(value)
        return found

    def write(self, path: Path) -> None:
        """Write a file of JSON behind its checksum, as the manifest has it."""
        content: dict[str, Any] = {
            "decisions": self.decisions,
            "values": {
                kind: [[v, *change] for v, change in values.items()] for kind, values in self.values.items()
            },
        }
        body = json.dumps(content, separators=(",", ":")).encode()
        path.write_bytes(b"%08x\n%s" % (zlib.crc32(body), body))

    @classmethod
    def read(cls, path: Path) -> Changes:
        """Read the file. Raises IndexDamaged, and FileNotFoundError."""
        checksum, _, body = path.read_bytes().partition(b"\n")
        if checksum != b"%08x" % zlib.crc32(body):
            raise IndexDamaged(f"The index is damaged: {path} is altered. {rebuild_hint(path.parent)}")
        content = json.loads(body)
        values = {
            kind: {value: Change(group, weight, name) for value, group, weight, name in rows}
            for kind, rows in content["values"].items()
        }
        return cls(values, tuple((kind, name, what) for kind, name, what in content["decisions"]))
