"""The table of names of a generation: a document a value, decided anew by commits that touch its group."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import zip_longest
from typing import Any, Final

from searcher.extensions.opensearch.client import Action, Client
from searcher.extensions.opensearch.documents import hashed
from searcher.extensions.opensearch.result_pages import (
    Highest,
    every_hit,
    highest_terms,
    in_parts,
    search,
)
from searcher.extensions.opensearch.state import ClusterState
from searcher.extensions.opensearch.translation import all_of, any_of
from searcher.extensions.opensearch.value_counts import ValueCounts
from searcher.names.decisions import NAMED
from searcher.names.normalise import PERSON_MARK, fold, person_mark
from searcher.names.table import Changes, Entry, Identities, NameTable, PlainTable, kinds_of

_DIFFERS: Final = {"term": {"name_differs": True}}
_NAMED: Final = {"exists": {"field": "name"}}
#: Names of most values that are asked for: of others a name has as many values at most as the last.
_MAX_NAMES: Final = 1_000
#: Names that each shard looks at for these, of which nearly all have one such value and are told exactly.
_MAX_OF_SHARD: Final = 60_000
_NO_VALUES: Final[Mapping[str, Iterable[str]]] = {}


class DocumentNames:
    """The :class:`~searcher.names.table.NameStore` of a generation on a cluster. Requests nothing twice."""

    def __init__(self, client: Client, state: ClusterState) -> None:
        self._client = client
        self._state = state
        self._entries: dict[tuple[str, str], Entry | None] = {}
        #: The ids of the documents of values.
        self.ids: dict[tuple[str, str], str] = {}
        #: The texts of each kind of which it was asked whether they go by another name, or others by them;
        #: the values that do, and for each text the name that it goes by and what goes by it.
        self._told: dict[str, set[str]] = defaultdict(set)
        self._differing: dict[str, set[str]] = defaultdict(set)
        self._relatives: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._groups: dict[tuple[str, str], list[str]] = {}
        self._by_name: dict[tuple[str, str], list[str]] = {}
        self._with: dict[tuple[str, ...], list[str]] = {}

    def entry(self, kind: str, value: str) -> Entry | None:
        if (kind, value) not in self._entries:
            self.learn({of: [value] for of in (NAMED if kind in NAMED else (kind,))})
        return self._entries[kind, value]

    def keys(self, kind: str) -> list[tuple[str, str]]:
        values = self._keep(self._hits({"term": {"name_kind": kind}}))
        keys = [(entry.group, value) for value in values if (entry := self._entries[kind, value])]
        groups: dict[tuple[str, str], list[str]] = defaultdict(list)
        for group, value in keys:
            groups[kind, group].append(value)
        self._groups |= groups
        return keys

    def group(self, kind: str, group: str, some: Collection[str] = ()) -> dict[str, Entry]:  # noqa: ARG002
        if (kind, group) not in self._groups:
            self.learn_groups([(kind, group)])
            self._learn_namesakes(kind, self._groups[kind, group])
        return {value: entry for value in self._groups[kind, group] if (entry := self._entries[kind, value])}

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
            self._keep(self._hits(any_of(filter(None, some))))
        for key in keys:
            self._entries.setdefault(key, None)
        for kind, told in others.items():
            self._told[kind] |= told

    def learn_groups(self, groups: Iterable[tuple[str, str]]) -> None:
        """Ask for the members of these groups, each with its kind, together."""
        wanted = {_name_key(*group): group for group in groups if group not in self._groups}
        found: dict[tuple[str, str], list[str]] = {group: [] for group in wanted.values()}
        for part in in_parts(list(wanted)):
            for hit in self._hits({"terms": {"name_group": part}}):
                found[wanted[hit["_source"]["name_group"]]] += self._keep([hit])
        self._groups |= found

    def learn_named(self, kinds: Collection[str], names: Collection[str]) -> None:
        """Ask together for the values that go by these names, and for their groups."""
        from searcher.names.rules import Rules

        pairs = {(k, n): list[str]() for k in kinds for n in names if (k, n) not in self._by_name}
        if not pairs:
            return
        # People of one surname, who may be very many, are asked for where they are needed.
        members = {(k, Rules.group(k, name)): list[str]() for k, name in pairs if k != "person"}
        keys = [(kind, name) for kind in {*kinds, *NAMED} for name in names]
        asked = {"name_key": keys, "name_group": members}
        named = all_of([{"terms": {"name_kind": list(kinds)}}, {"terms": {"name": list(names)}}])
        some = ({"terms": {column: [_name_key(*key) for key in of]}} for column, of in asked.items())
        hits = list(self._hits(any_of([named, *some])))
        for document in (hit["_source"] for hit in hits):
            kind, value, entry = document["name_kind"], document["name_value"], _entry_of(document)
            pairs.get((kind, entry.name or ""), []).append(value)
            members.get((kind, entry.group), []).append(value)
        values = self._keep(hits)
        for key in keys:
            self._entries.setdefault(key, None)
        self.learn(dict.fromkeys(NAMED, values))
        self._by_name |= pairs
        self._groups |= members

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

    def learn_all(self) -> None:
        self._keep(self._hits({"exists": {"field": "name_key"}}))

    def find(self, *filters: Mapping[str, Any]) -> list[str]:
        return self._keep(self._hits(*filters))

    def _learned(self, kind: str, *filters: Mapping[str, Any]) -> list[str]:
        values = self._keep(self._hits(*filters))
        self._learn_namesakes(kind, values)
        return values

    def _learn_namesakes(self, kind: str, values: Iterable[str]) -> None:
        """Ask for the entries of people and organisations of the other kinds as well."""
        if kind in NAMED:
            marks = [person_mark(value) for value in values if " " not in value]
            self.learn({**dict.fromkeys(NAMED, values), "organisation": [*values, *marks]})

    def _keep(self, hits: Iterable[Mapping[str, Any]]) -> list[str]:
        values = []
        for hit in hits:
            document = hit["_source"]
            key = document["name_kind"], document["name_value"]
            self.ids[key] = hit["_id"]
            entry = self._entries[key] = _entry_of(document)
            if entry.name != key[1]:
                self._differing[key[0]].add(key[1])
                if entry.name is not None:
                    self._relatives[key].add(entry.name)
                    self._relatives[key[0], entry.name].add(key[1])
            values.append(document["name_value"])
        return values

    def _hits(self, *filters: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        body = {
            "query": {"bool": {"filter": [*self._state.live(), *filters]}},
            "sort": ["name_key"],
            "_source": ["name_kind", "name_value", "name_group", "name", "weight"],
        }
        return every_hit(self._client, self._state.articles, body, page=5_000)


class ClusterNames(NameTable):
    """Names as the documents of a generation have them, with decisions made since."""

    base: DocumentNames

    def learn(
        self, values: Mapping[str, Iterable[str]], perhaps: Mapping[str, Iterable[str]] = _NO_VALUES
    ) -> None:
        """Ask for what is known of values of fields together, rather than one by one; ``perhaps``: for
        :meth:`names_for`."""
        by_kind = _by_kind(values)
        by_kind["organisation"] |= {person_mark(v) for v in by_kind["person"] if " " not in v}
        self.base.learn(by_kind, _by_kind(perhaps))

    def names_for(self, field: str, values: Iterable[str]) -> dict[str, str | None]:
        """Return the names that many values of a field go by: most by themselves, and are not asked for."""
        every, kinds = list(values), kinds_of(field)
        if not kinds or not every:
            return dict(zip(every, every))
        special = self.base.differing(kinds, every) | set(every).intersection(self.changed(field))
        self.base.learn(dict.fromkeys(kinds, special))
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
        return {field: self.base.relatives(kinds_of(field), some) for field, some in every.items()}

    def values_meant(self, field: str, asked: Iterable[str]) -> frozenset[str]:
        asked = list(asked)
        if not {*NAMED}.isdisjoint(kinds := kinds_of(field)):
            self.base.learn_named(kinds, asked)
        return super().values_meant(field, asked)

    def hidden_values(self, field: str) -> list[str]:
        hidden = super().hidden_values(field)
        if field != "person":
            return hidden
        nameless = {"bool": {"filter": [{"term": {"name_kind": field}}], "must_not": [_NAMED]}}
        values = {*self.base.find(nameless), *self.changes.of(field)}
        return sorted({*hidden, *(v for v in values if self.name_of(field, v) is None)})

    def taken(self) -> list[str]:
        """Return the values of organisations that are marked as a person, and go by the name of one."""
        marked = {"term": {"name_kind": "organisation"}}, {"wildcard": {"name_value": f"*{PERSON_MARK}*"}}
        values = {*self.base.find(*marked, _NAMED), *self.changes.of("organisation")}
        values = {value for value in values if PERSON_MARK in value}
        return [value for value in values if self.name_of("organisation", value) is not None]

    def values_named(self, field: str, name: str) -> list[str]:
        if not (kinds := kinds_of(field)):
            return [name]
        return [v for kind in kinds for v in self.values_of(kind, name) if self._kind(field, v) == kind]


def open_names(client: Client, state: ClusterState, identities: Identities) -> ClusterNames:
    return ClusterNames(DocumentNames(client, state), Changes({}, state.decisions), identities)


def _pairs(values: Mapping[str, Iterable[str]]) -> Iterable[tuple[str, str]]:
    return dict.fromkeys((kind, value) for kind, some in values.items() for value in some)


def _by_kind(values: Mapping[str, Iterable[str]]) -> defaultdict[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for field, some in values.items():
        for kind in kinds_of(field):
            found[kind].update(some)
    return found


def decide(
    client: Client,
    known: ClusterNames | None,
    after: ClusterState,
    touched: Mapping[str, Collection[str]] | None,
    identities: Identities,
) -> Iterator[Action]:
    """Yield the changes of the documents of names that make a state of the one before. ``known``: the names
    as of then, with the decisions of now; None where they are to be made anew. ``touched``: the values by
    field whose articles are others since; None where they are too many."""
    counts = ValueCounts(client, after)
    gone, known_ids = dict[tuple[str, str], Entry](), known.base.ids if known else {}
    if known and touched is not None:
        weights = counts.weights(touched)
        group = identities.rules.group
        known.base.learn_groups((kind, group(kind, v)) for kind, some in weights.items() for v in some)
        known.base.learn(weights)
        changes = known.decide((), weights, counts.look)
    else:
        if known:
            known.base.learn_all()
        gone = dict.fromkeys(known_ids, Entry("", 0, None))
        changes = PlainTable(identities.rules, counts.weights(), counts.look).changes
    decided = {(kind, v): entry for kind, of in changes.values.items() for v, entry in of.items()}
    now = int(time.time())
    for (kind, value), entry in {**gone, **decided}.items():
        if known and (kind, value) in known_ids:
            if known.base.entry(kind, value) == entry:
                continue
            document = known_ids[kind, value]
            yield {"update": {"_id": document}}, {"doc": {"to": after.generation, "ended": now}}
        if entry.weight:
            yield _new(kind, value, entry, after.generation)


def _new(kind: str, value: str, entry: Entry, generation: int) -> Action:
    key = _name_key(kind, value)
    document: dict[str, Any] = {
        "from": generation,
        "name_key": key,
        "name_kind": kind,
        "name_group": _name_key(kind, entry.group),
        "name_value": value,
        "name_differs": entry.name != value,
        "weight": entry.weight,
    }
    if entry.name is not None:
        document |= {"name": entry.name, "name_words": sorted(set(fold(entry.name).split()))}
    return {"index": {"_id": f"name-{hashed(key)}@{generation}"}}, document


def _entry_of(document: Mapping[str, Any]) -> Entry:
    group = document["name_group"].removeprefix(_name_key(document["name_kind"], ""))
    return Entry(group, document["weight"], document.get("name"))


def _name_key(kind: str, text: str) -> str:
    return f"{kind} {text}"
