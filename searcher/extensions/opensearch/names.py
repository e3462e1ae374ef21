"""The table of names of a generation: a document a value, decided anew by commits that touch its group."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import zip_longest
from typing import Any, Final, TypeVar

from searcher.extensions.opensearch.client import Action, Client
from searcher.extensions.opensearch.documents import hashed
from searcher.extensions.opensearch.result_pages import (
    Highest,
    buckets,
    every_hit,
    highest_terms,
    in_parts,
    search,
)
from searcher.extensions.opensearch.state import ClusterState
from searcher.extensions.opensearch.translation import all_of, any_of
from searcher.extensions.opensearch.value_counts import ValueCounts
from searcher.names.decisions import NAMED
from searcher.names.normalise import fold
from searcher.names.table import ChangedName, Changes, Entry, Identities, LayeredTable, PlainTable, kinds_of

K = TypeVar("K")

_DIFFERS: Final = {"term": {"name_differs": True}}
#: Names of most values that are asked for: of others a name has as many values at most as the last.
_MAX_NAMES: Final = 1_000
#: Names that each shard looks at for these, of which nearly all have one such value and are told exactly.
_MAX_OF_SHARD: Final = 60_000
_NO_VALUES: Final[Mapping[str, Iterable[str]]] = {}


class _Documents:
    """The names as the documents of one generation have them. Nothing is asked for twice."""

    def __init__(self, client: Client, state: ClusterState) -> None:
        self._client = client
        self._state = state
        self._entries: dict[tuple[str, str], Entry | None] = {}
        #: The texts of each kind of which it was asked whether they go by another name, or others by them;
        #: the values that do, and for each text the name that it goes by and what goes by it.
        self._told: dict[str, set[str]] = defaultdict(set)
        self._differing: dict[str, set[str]] = defaultdict(set)
        self._relatives: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._groups: dict[tuple[str, str], list[str]] = {}
        self._by_name: dict[tuple[str, str], list[str]] = {}
        self._with: dict[tuple[str, ...], list[str]] = {}

    def entry(self, kind: str, group: str, value: str) -> Entry | None:  # noqa: ARG002  # the key is enough
        if (kind, value) not in self._entries:
            self.learn({of: [value] for of in (NAMED if kind in NAMED else (kind,))})
        return self._entries[kind, value]

    def subgroups(self, kind: str, group: str) -> bytes:  # noqa: ARG002  # groups come as a whole
        return bytes(1)

    def members(self, kind: str, group: str, only: Any = ()) -> Iterator[tuple[str, Entry]]:  # noqa: ARG002
        if (kind, group) not in self._groups:
            self._groups[kind, group] = self._learned(kind, {"term": {"name_group": _name_key(kind, group)}})
        for value in self._groups[kind, group]:
            if entry := self._entries[kind, value]:
                yield value, entry

    def groups(self, kind: str) -> set[str]:
        query = {"bool": {"filter": [*self._state.live(), {"term": {"name_kind": kind}}]}}
        source = [{"group": {"terms": {"field": "name_group"}}}]
        found = buckets(self._client, self._state.articles, query, source)
        return {key["group"].removeprefix(_name_key(kind, "")) for key, _ in found}

    def values_of(self, kind: str, name: str) -> list[str]:
        if (kind, name) not in self._by_name:
            filters = {"term": {"name_kind": kind}}, {"term": {"name": name}}
            self._by_name[kind, name] = self._learned(kind, *filters)
        return self._by_name[kind, name]

    def names_with(self, kind: str, words: Sequence[str]) -> list[str]:
        asked = (kind, *sorted(set(words)))
        if asked not in self._with:
            filters = [{"term": {"name_words": word}} for word in asked[1:]]
            by_name: dict[str, list[str]] = defaultdict(list)
            for value in self._learned(kind, {"term": {"name_kind": kind}}, *filters):
                entry = self._entries[kind, value]
                if entry and entry.name is not None:
                    by_name[entry.name].append(value)
            self._by_name |= {(kind, name): values for name, values in by_name.items()}
            self._with[asked] = list(by_name)
        return self._with[asked]

    def learn(
        self, values: Mapping[str, Iterable[str]], perhaps: Mapping[str, Iterable[str]] = _NO_VALUES
    ) -> None:
        """Ask for the entries of these values by kind, and of others (``perhaps``) those that go by
        another name, or are one that others go by, together: few do."""
        keys = [key for key in _pairs(values) if key not in self._entries]
        others = {kind: set(some) - self._told[kind] for kind, some in perhaps.items()}
        exact = ({"terms": {"name_key": part}} for part in in_parts([_name_key(*key) for key in keys]))
        differing = (
            all_of([_DIFFERS, any_of([{"terms": {"name_value": part}}, {"terms": {"name": part}}])])
            for part in in_parts(list(set[str]().union(*others.values())))
        )
        for some in zip_longest(exact, differing):
            self._keep(self._ask(any_of(filter(None, some))))
        for key in keys:
            self._entries.setdefault(key, None)
        for kind, told in others.items():
            self._told[kind] |= told

    def learn_groups(self, groups: Iterable[tuple[str, str]]) -> None:
        """Ask for the members of these groups, each with its kind, together."""
        self._groups |= self._members(
            {_name_key(*group): group for group in groups if group not in self._groups}
        )

    def learn_named(
        self, kinds: Collection[str], names: Collection[str], group: Callable[[str, str], str]
    ) -> None:
        """Ask together for the values that go by these names, and for their groups."""
        pairs = {(k, n): list[str]() for k in kinds for n in names if (k, n) not in self._by_name}
        if not pairs:
            return
        # People of one surname, who may be very many, are asked for where they are needed.
        members = {(k, group(k, name)): list[str]() for k, name in pairs if k != "person"}
        keys = [(kind, name) for kind in {*kinds, *NAMED} for name in names]
        asked = {"name_key": keys, "name_group": members}
        named = all_of([{"terms": {"name_kind": list(kinds)}}, {"terms": {"name": list(names)}}])
        some = ({"terms": {column: [_name_key(*key) for key in of]}} for column, of in asked.items())
        documents = list(self._ask(any_of([named, *some])))
        for document in documents:
            kind, value = document["name_kind"], document["name_value"]
            pairs.get((kind, document.get("name", "")), []).append(value)
            members.get((kind, document["name_group"].removeprefix(_name_key(kind, ""))), []).append(value)
        values = self._keep(documents)
        for key in keys:
            self._entries.setdefault(key, None)
        self.learn(dict.fromkeys(NAMED, values))
        self._by_name |= pairs
        self._groups |= members

    def _members(self, groups: Mapping[str, K], *filters: Mapping[str, Any]) -> dict[K, list[str]]:
        found: dict[K, list[str]] = {group: [] for group in groups.values()}
        for part in in_parts(list(groups)):
            for document in self._ask({"terms": {"name_group": part}}, *filters):
                found[groups[document["name_group"]]] += self._keep([document])
        return found

    def differing(self, kinds: Sequence[str], values: Sequence[str]) -> set[str]:
        """Return those of the values that go by another name than themselves, of any of these kinds."""
        self.learn({}, dict.fromkeys(kinds, values))
        return set(values) & set[str]().union(*(self._differing[kind] for kind in kinds))

    def relatives(self, kinds: Collection[str], values: Collection[str]) -> set[str]:
        """Return these values, the names they go by and what else goes by these, of any of these kinds."""
        every, new = set(values), set(values)
        while new:
            self.learn({}, dict.fromkeys(kinds, new))
            new = (
                set().union(*(self._relatives.get((kind, one), ()) for kind in kinds for one in new)) - every
            )
            every |= new
        return every

    @cached_property
    def numerous(self) -> Highest:
        """The names that most values of all kinds go by, themselves not counted."""
        query = all_of([*self._state.live(), _DIFFERS])
        body = {
            "size": 0,
            "query": query,
            "aggs": {"names": highest_terms("name", _MAX_NAMES, _MAX_OF_SHARD)},
        }
        return Highest(search(self._client, self._state.articles, body)["aggregations"]["names"])

    def ids(
        self, values: Mapping[str, Collection[str]] | None
    ) -> dict[tuple[str, str], tuple[str, Entry, str]]:
        """Return the document of each of these values, or of all, with its entry and its group."""
        if values is None:
            hits = list(self._hits({"exists": {"field": "name_key"}}))
        else:
            keys = [_name_key(kind, value) for kind, some in values.items() for value in some]
            hits = [hit for part in in_parts(keys) for hit in self._hits({"terms": {"name_key": part}})]
        found = {}
        for hit in hits:
            document = hit["_source"]
            kind = document["name_kind"]
            group = document["name_group"].removeprefix(_name_key(kind, ""))
            found[kind, document["name_value"]] = hit["_id"], _entry_of(document), group
        return found

    def _learned(self, kind: str, *filters: Mapping[str, Any]) -> list[str]:
        """Return the values of these documents, and know what is known of them of other kinds as well."""
        values = self._keep(self._ask(*filters))
        if kind in NAMED:
            self.learn(dict.fromkeys(NAMED, values))
        return values

    def _keep(self, documents: Iterable[Mapping[str, Any]]) -> list[str]:
        values = []
        for document in documents:
            key = document["name_kind"], document["name_value"]
            entry = self._entries[key] = _entry_of(document)
            if entry.name != key[1]:
                self._differing[key[0]].add(key[1])
                if entry.name is not None:
                    self._relatives[key].add(entry.name)
                    self._relatives[key[0], entry.name].add(key[1])
            values.append(document["name_value"])
        return values

    def _ask(self, *filters: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        return (hit["_source"] for hit in self._hits(*filters))

    def _hits(self, *filters: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        body = {
            "query": {"bool": {"filter": [*self._state.live(), *filters]}},
            "sort": ["name_key"],
            "_source": ["name_kind", "name_value", "name_group", "name", "weight"],
        }
        return every_hit(self._client, self._state.articles, body, page=5_000)


class ClusterNames(LayeredTable):
    """Names as the documents of a generation have them, with decisions made since."""

    def __init__(
        self, client: Client, state: ClusterState, identities: Identities, documents: _Documents | None = None
    ) -> None:
        self.documents = documents or _Documents(client, state)
        self._client = client
        self._state = state
        super().__init__(self.documents, Changes({}, state.decisions), identities)

    def _looked_up(self, kind: str, value: str) -> Entry | None:
        if value in self.changes.of(kind):
            return super()._looked_up(kind, value)
        # Without the group, for which the rules would be loaded: that takes as long as an answer.
        return self.documents.entry(kind, "", value)

    def with_identities(self, identities: Identities) -> ClusterNames:
        return ClusterNames(self._client, self._state, identities, self.documents)

    def learn(
        self, values: Mapping[str, Iterable[str]], perhaps: Mapping[str, Iterable[str]] = _NO_VALUES
    ) -> None:
        """Ask for what is known of values of fields together, rather than one by one; ``perhaps``: for
        :meth:`names_for`."""
        self.documents.learn(_by_kind(values), _by_kind(perhaps))

    def names_for(self, field: str, values: Iterable[str]) -> dict[str, str | None]:
        """Return the names that many values of a field go by: most by themselves, and are not asked for."""
        every, kinds = list(values), kinds_of(field)
        if not kinds or not every:
            return dict(zip(every, every))
        changed = set().union(*(self.changes.of(kind) for kind in kinds))
        special = self.documents.differing(kinds, every) | changed.intersection(every)
        self.documents.learn(dict.fromkeys(kinds, special))
        return {**dict(zip(every, every)), **{value: self.name_of(field, value) for value in special}}

    def relatives(
        self, values: Mapping[str, Iterable[str]], shown: Mapping[str, Iterable[str]]
    ) -> dict[str, set[str]]:
        """Return for each field these values with all that go by the name of one of them, and those that
        decisions since have changed. ``shown``: values whose entries are needed besides."""
        every: dict[str, set[str]] = {}
        for field, some in values.items():
            every[field] = set(some)
            for kind in kinds_of(field):
                changed = self.changes.of(kind)
                every[field].update(changed, self.names_of(kind, changed))
        self.learn(shown, every)
        return {field: self.documents.relatives(kinds_of(field), some) for field, some in every.items()}

    def values_meant(self, field: str, asked: Iterable[str]) -> frozenset[str]:
        if not {*NAMED}.isdisjoint(kinds := kinds_of(field)):
            self.documents.learn_named(kinds, asked := list(asked), self.rules.group)
        return super().values_meant(field, asked)

    def values_named(self, field: str, name: str) -> list[str]:
        if not (kinds := kinds_of(field)):
            return [name]
        return [v for kind in kinds for v in self.values_of(kind, name) if self._kind(field, v) == kind]


def _pairs(values: Mapping[str, Iterable[str]]) -> Iterable[tuple[str, str]]:
    return dict.fromkeys((kind, value) for kind, some in values.items() for value in some)


def _by_kind(values: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for field, some in values.items():
        for kind in kinds_of(field):
            found[kind].update(some)
    return found


def decide(
    client: Client,
    known: ClusterNames | None,
    after: ClusterState,
    touched: Mapping[str, Iterable[str]] | None,
    identities: Identities,
) -> Iterator[Action]:
    """Yield the changes of the documents of names that make a state of the one before. ``known``: the names
    as of then, with the decisions of now; None where they are to be made anew. ``touched``: the values by
    field whose articles are others since; None where they are too many."""
    counts = ValueCounts(client, after)
    if known and touched is not None:
        counted = counts.some(touched)
        group = identities.rules.group
        known.documents.learn_groups((kind, group(kind, v)) for kind, some in counted.items() for v in some)
        known.documents.learn(counted)
        changes = known.changes.with_(known.decided_anew((), counted, counts.look), ()).values
        there = known.documents.ids(changes)
    else:
        table = PlainTable(identities.rules, counts.all(), counts.look)
        changes = {
            kind: {v: ChangedName(table.rules.group(kind, v), *entry) for v, entry in entries.items()}
            for kind, entries in table.entries.items()
        }
        there = known.documents.ids(None) if known else {}
    now = int(time.time())
    for kind, values in changes.items():
        for value, change in values.items():
            document, *as_it_was = there.pop((kind, value), ("", Entry(0, None), ""))
            if as_it_was == [Entry(change.weight, change.name), change.group]:
                continue
            if document:
                yield {"update": {"_id": document}}, {"doc": {"to": after.generation, "ended": now}}
            if change.weight:
                yield _new(kind, value, change, after.generation)
    for document, *_ in there.values():
        yield {"update": {"_id": document}}, {"doc": {"to": after.generation, "ended": now}}


def _new(kind: str, value: str, change: ChangedName, generation: int) -> Action:
    key = _name_key(kind, value)
    document: dict[str, Any] = {
        "from": generation,
        "name_key": key,
        "name_kind": kind,
        "name_group": _name_key(kind, change.group),
        "name_value": value,
        "name_differs": change.name != value,
        "weight": change.weight,
    }
    if change.name is not None:
        document |= {"name": change.name, "name_words": sorted(set(fold(change.name).split()))}
    return {"index": {"_id": f"name-{hashed(key)}@{generation}"}}, document


def _entry_of(document: Mapping[str, Any]) -> Entry:
    return Entry(document["weight"], document.get("name"))


def _name_key(kind: str, text: str) -> str:
    return f"{kind} {text}"
