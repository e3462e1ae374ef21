"""A table of names in two layers: a base that was written down, and the changes since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from searcher.names.decisions import Curation
from searcher.names.normalise import fold
from searcher.names.resolution import Identities
from searcher.names.table import Entry, NameTable

if TYPE_CHECKING:
    from searcher.names.rules import Rules

__all__ = ["Base", "Change", "Changes", "LayeredTable"]


#: Values whose entries are kept, some 400 bytes each: articles one after another name much the same.
_MAX_KEPT: Final = 10_000
#: Names that were asked for and what they mean: a page asks for one several times, and for each a group of
#: names may have to be decided, which takes some milliseconds.
_MAX_ASKED: Final = 200


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


class Base(Protocol):
    """Names as they were written down."""

    def entry(self, kind: str, group: str, value: str) -> Entry | None: ...
    def members(self, kind: str, group: str) -> Iterator[tuple[str, Entry]]: ...
    def groups(self, kind: str) -> Collection[str]: ...
    def values_of(self, kind: str, name: str) -> Collection[str]: ...
    def names_with(self, kind: str, words: Sequence[str]) -> Iterable[str]: ...


class LayeredTable(NameTable):
    """Names as a base and the changes since have them."""

    def __init__(self, base: Base, changes: Changes, identities: Identities) -> None:
        """Groups that the decisions of ``identities`` concern are decided anew where other decisions made
        the table."""
        self._base = base
        self.changes = changes
        self.identities = identities
        self._kept: dict[tuple[str, str], Entry | None] = {}
        self._asked: dict[tuple[str, str], dict[str, set[str]]] = {}
        decisions = identities.curation.decisions()
        if decisions != changes.decisions:
            before = Identities(Curation.of(changes.decisions)).rules.groups_decided()
            groups = before | identities.rules.groups_decided()
            self.changes = changes.with_(self.decided_anew(groups), decisions)

    @property
    def rules(self) -> Rules:
        return self.identities.rules

    def entry(self, kind: str, value: str) -> Entry | None:
        with suppress(KeyError):
            return self._kept[kind, value]
        if len(self._kept) >= _MAX_KEPT:
            self._kept.clear()
        entry = self._kept[kind, value] = self._looked_up(kind, value)
        return entry

    def _looked_up(self, kind: str, value: str) -> Entry | None:
        changed = self.changes.of(kind).get(value)
        if changed is not None:
            return Entry(changed.weight, changed.name) if changed.weight else None
        return self._base.entry(kind, self.rules.group(kind, value), value)

    def members(self, kind: str, group: str) -> Mapping[str, int]:
        return {value: entry.weight for value, entry in self.group(kind, group).items()}

    def groups(self, kind: str) -> Iterator[Mapping[str, int]]:
        keys = {*self._base.groups(kind), *(change.group for change in self.changes.of(kind).values())}
        return (self.members(kind, key) for key in sorted(keys))

    def group(self, kind: str, group: str) -> dict[str, Entry]:
        """Return the values of a group as they are known."""
        found = dict(self._base.members(kind, group))
        found.update(self.changes.members(kind, group))
        return {value: entry for value, entry in found.items() if entry.weight}

    def values_of(self, kind: str, name: str) -> Collection[str]:
        changed = self.changes.of(kind)
        unchanged = [value for value in self._base.values_of(kind, name) if value not in changed]
        return [*unchanged, *self.changes.values_of(kind, name)]

    def names_with(self, kind: str, words: Sequence[str]) -> Collection[str]:
        wanted = set(words)
        later = (name for name in self.changes.names(kind) if wanted <= set(fold(name).split()))
        return {*self._base.names_with(kind, words), *later}

    def _meant(self, field: str, asked: str) -> dict[str, set[str]]:
        found = self._asked.get((field, asked))
        if found is None:
            if len(self._asked) >= _MAX_ASKED:
                self._asked.clear()
            found = self._asked[field, asked] = super()._meant(field, asked)
        return found

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
