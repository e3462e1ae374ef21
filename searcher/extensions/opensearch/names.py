"""The table of names of a generation: one document per value, decided by commits that touch its group."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import zip_longest
from typing import Any, Final

from searcher.extensions.opensearch.client import Action, Client
from searcher.extensions.opensearch.documents import short_hash
from searcher.extensions.opensearch.result_pages import (
    TermCounts,
    all_hits,
    highest_terms,
    in_parts,
    search,
)
from searcher.extensions.opensearch.state import ClusterState
from searcher.extensions.opensearch.translation import all_of, any_of
from searcher.extensions.opensearch.value_counts import ValueCounts
from searcher.names.decisions import NAME_KINDS
from searcher.names.normalise import PERSON_MARK, fold, person_mark
from searcher.names.table import Changes, Entry, Identities, NameTable, PlainTable, kinds_of

_DIFFERS: Final = {"term": {"name_differs": True}}
_NAMED: Final = {"exists": {"field": "name"}}
#: Number of most frequent names to request. All other names have at most as many values as the last one.
_MAX_NAMES: Final = 1_000
#: Number of names that each shard considers. Almost all names have one value and are counted exactly.
_MAX_OF_SHARD: Final = 60_000
_NO_VALUES: Final[Mapping[str, Iterable[str]]] = {}


class DocumentNames:
    """A :class:`~searcher.names.table.NameStore` on a cluster. Caches all answers."""

    def __init__(self, client: Client, state: ClusterState) -> None:
        self._client = client
        self._state = state
        self._entries: dict[tuple[str, str], Entry | None] = {}
        #: Document ids of values.
        self.ids: dict[tuple[str, str], str] = {}
        #: Per kind, the texts already checked for values that differ from their name, and the values found.
        #: Per kind and text, its name and the values with that name.
        self._checked: dict[str, set[str]] = defaultdict(set)
        self._differing: dict[str, set[str]] = defaultdict(set)
        self._relatives: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._groups: dict[tuple[str, str], list[str]] = {}
        self._by_name: dict[tuple[str, str], list[str]] = {}
        self._with: dict[tuple[str, ...], list[str]] = {}

    def entry(self, kind: str, value: str) -> Entry | None:
        if (kind, value) not in self._entries:
            self.learn({one: [value] for one in (NAME_KINDS if kind in NAME_KINDS else (kind,))})
        return self._entries[kind, value]

    def keys(self, kind: str) -> list[tuple[str, str]]:
        values = self._remember(self._hits({"term": {"name_kind": kind}}))
        keys = [(entry.group, value) for value in values if (entry := self._entries[kind, value])]
        groups: dict[tuple[str, str], list[str]] = defaultdict(list)
        for group, value in keys:
            groups[kind, group].append(value)
        self._groups |= groups
        return keys

    def group(self, kind: str, group: str, relevant: Collection[str] = ()) -> dict[str, Entry]:  # noqa: ARG002
        if (kind, group) not in self._groups:
            self.fetch_groups([(kind, group)])
            self._fetch_namesakes(kind, self._groups[kind, group])
        return {value: entry for value in self._groups[kind, group] if (entry := self._entries[kind, value])}

    def values_of(self, kind: str, name: str) -> list[str]:
        if (kind, name) not in self._by_name:
            filters = {"term": {"name_kind": kind}}, {"term": {"name": name}}
            self._by_name[kind, name] = self._fetch_values(kind, *filters)
        return self._by_name[kind, name]

    def names_with(self, kind: str, words: Sequence[str]) -> list[str]:
        cache_key = (kind, *sorted(set(words)))
        if cache_key not in self._with:
            filters = [{"term": {"name_words": word}} for word in cache_key[1:]]
            by_name: dict[str, list[str]] = defaultdict(list)
            for value in self._fetch_values(kind, {"term": {"name_kind": kind}}, *filters):
                entry = self._entries[kind, value]
                if entry and entry.name is not None:
                    by_name[entry.name].append(value)
            self._by_name |= {(kind, name): values for name, values in by_name.items()}
            self._with[cache_key] = list(by_name)
        return self._with[cache_key]

    def learn(
        self, values: Mapping[str, Iterable[str]], perhaps: Mapping[str, Iterable[str]] = _NO_VALUES
    ) -> None:
        """Fetch the entries of values by kind in one request. Of ``perhaps``, fetch only the few that have
        another name or are the name of another value."""
        pairs = dict.fromkeys((kind, value) for kind, of in values.items() for value in of)
        keys = [key for key in pairs if key not in self._entries]
        unchecked = {kind: set(texts) - self._checked[kind] for kind, texts in perhaps.items()}
        exact = ({"terms": {"name_key": part}} for part in in_parts([_name_key(*key) for key in keys]))
        differing = (
            all_of([_DIFFERS, any_of([{"terms": {"name_value": part}}, {"terms": {"name": part}}])])
            for part in in_parts(list(set[str]().union(*unchecked.values())))
        )
        for queries in zip_longest(exact, differing):
            self._remember(self._hits(any_of(filter(None, queries))))
        for key in keys:
            self._entries.setdefault(key, None)
        for kind, texts in unchecked.items():
            self._checked[kind] |= texts

    def fetch_groups(self, groups: Iterable[tuple[str, str]]) -> None:
        groups_by_key = {_name_key(*group): group for group in groups if group not in self._groups}
        members: dict[tuple[str, str], list[str]] = {group: [] for group in groups_by_key.values()}
        for part in in_parts(list(groups_by_key)):
            for hit in self._hits({"terms": {"name_group": part}}):
                members[groups_by_key[hit["_source"]["name_group"]]] += self._remember([hit])
        self._groups |= members

    def fetch_named(self, kinds: Collection[str], names: Collection[str]) -> None:
        """Fetch the values with these names, and their groups, in one request."""
        from searcher.names.rules import Rules

        pairs = {(k, n): list[str]() for k in kinds for n in names if (k, n) not in self._by_name}
        if not pairs:
            return
        # Groups of people with one surname may be very large, so they are fetched on demand.
        members = {(k, Rules.group(k, name)): list[str]() for k, name in pairs if k != "person"}
        keys = [(kind, name) for kind in {*kinds, *NAME_KINDS} for name in names]
        columns = {"name_key": keys, "name_group": members}
        named = all_of([{"terms": {"name_kind": list(kinds)}}, {"terms": {"name": list(names)}}])
        by_key = ({"terms": {column: [_name_key(*key) for key in of]}} for column, of in columns.items())
        hits = list(self._hits(any_of([named, *by_key])))
        for document in (hit["_source"] for hit in hits):
            kind, value, entry = document["name_kind"], document["name_value"], _entry_of(document)
            pairs.get((kind, entry.name or ""), []).append(value)
            members.get((kind, entry.group), []).append(value)
        values = self._remember(hits)
        for key in keys:
            self._entries.setdefault(key, None)
        self.learn(dict.fromkeys(NAME_KINDS, values))
        self._by_name |= pairs
        self._groups |= members

    def differing(self, kinds: Sequence[str], values: Sequence[str]) -> set[str]:
        """Return the values that have another name in any of these kinds."""
        self.learn({}, dict.fromkeys(kinds, values))
        return set(values) & set[str]().union(*(self._differing[kind] for kind in kinds))

    def relatives(self, kinds: Collection[str], values: Collection[str]) -> set[str]:
        """Return the values, their names, and all other values with these names."""
        all_values, unseen = set(values), set(values)
        while unseen:
            self.learn({}, dict.fromkeys(kinds, unseen))
            linked = (self._relatives.get((kind, one), ()) for kind in kinds for one in unseen)
            unseen = set[str]().union(*linked) - all_values
            all_values |= unseen
        return all_values

    @cached_property
    def top_names(self) -> TermCounts:
        """The names with the most values of all kinds, not counting the name itself."""
        query = all_of([*self._state.live(), _DIFFERS])
        names = highest_terms("name", _MAX_NAMES, _MAX_OF_SHARD)
        body = {"size": 0, "query": query, "aggs": {"names": names}}
        return TermCounts(search(self._client, self._state.articles, body)["aggregations"]["names"])

    def fetch_all(self) -> None:
        self._remember(self._hits({"exists": {"field": "name_key"}}))

    def find(self, *filters: Mapping[str, Any]) -> list[str]:
        return self._remember(self._hits(*filters))

    def _fetch_values(self, kind: str, *filters: Mapping[str, Any]) -> list[str]:
        values = self._remember(self._hits(*filters))
        self._fetch_namesakes(kind, values)
        return values

    def _fetch_namesakes(self, kind: str, values: Iterable[str]) -> None:
        """Fetch the entries of people and organisations in the other kinds too."""
        if kind in NAME_KINDS:
            marks = [person_mark(value) for value in values if " " not in value]
            self.learn({**dict.fromkeys(NAME_KINDS, values), "organisation": [*values, *marks]})

    def _remember(self, hits: Iterable[Mapping[str, Any]]) -> list[str]:
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
        return all_hits(self._client, self._state.articles, body, page=5_000)


class ClusterNames(NameTable):
    """The names of a generation with later decisions applied."""

    base: DocumentNames

    def learn(
        self, values: Mapping[str, Iterable[str]], perhaps: Mapping[str, Iterable[str]] = _NO_VALUES
    ) -> None:
        """Fetch the entries of values by field in one request. ``perhaps``: values for :meth:`names_for`."""
        by_kind = _by_kind(values)
        by_kind["organisation"] |= {person_mark(v) for v in by_kind["person"] if " " not in v}
        self.base.learn(by_kind, _by_kind(perhaps))

    def names_for(self, field: str, values: Iterable[str]) -> dict[str, str | None]:
        """Return the names of many values. Most values are their own name and are not fetched."""
        names: dict[str, str | None] = {value: value for value in values}
        if names and (kinds := kinds_of(field)):
            differing = self.base.differing(kinds, list(names)) | names.keys() & set(self.changed(field))
            self.base.learn(dict.fromkeys(kinds, differing))
            names |= {value: self.name_of(field, value) for value in differing}
        return names

    def relatives(
        self, values: Mapping[str, Iterable[str]], displayed: Mapping[str, Iterable[str]]
    ) -> dict[str, set[str]]:
        """Return for each field the values with all values of the same names, and those changed by later
        decisions. ``displayed``: values whose entries are needed too."""
        by_field: dict[str, set[str]] = {}
        for field, field_values in values.items():
            by_field[field] = set(field_values)
            for kind in kinds_of(field):
                changed = self.changes.of(kind)
                by_field[field].update(changed, self.names_of(kind, changed))
        self.learn(displayed, by_field)
        return {field: self.base.relatives(kinds_of(field), of) for field, of in by_field.items()}

    def values_meant(self, field: str, names: Iterable[str]) -> frozenset[str]:
        names = list(names)
        if not {*NAME_KINDS}.isdisjoint(kinds := kinds_of(field)):
            self.base.fetch_named(kinds, names)
        return super().values_meant(field, names)

    def values_hidden_by_decisions(self, field: str) -> list[str]:
        by_decision = super().values_hidden_by_decisions(field)
        if field != "person":
            return by_decision
        nameless = {"bool": {"filter": [{"term": {"name_kind": field}}], "must_not": [_NAMED]}}
        values = {*self.base.find(nameless), *self.changes.of(field)}
        return sorted({*by_decision, *(v for v in values if self.name_of(field, v) is None)})

    def people_as_organisations(self) -> list[str]:
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


def _by_kind(values: Mapping[str, Iterable[str]]) -> defaultdict[str, set[str]]:
    by_kind: defaultdict[str, set[str]] = defaultdict(set)
    for field, field_values in values.items():
        for kind in kinds_of(field):
            by_kind[kind].update(field_values)
    return by_kind


def decide(
    client: Client,
    known: ClusterNames | None,
    after: ClusterState,
    touched: Mapping[str, Collection[str]] | None,
    identities: Identities,
) -> Iterator[Action]:
    """Yield the changes that turn the documents of names into those of a new state.

    ``known``: the previous names with the current decisions, or None to create them all. ``touched``: values
    by field whose articles changed, or None if there are too many.
    """
    counts = ValueCounts(client, after)
    dropped, known_ids = dict[tuple[str, str], Entry](), known.base.ids if known else {}
    if known and touched is not None:
        weights = counts.weights(touched)
        group = identities.rules.group
        known.base.fetch_groups((kind, group(kind, v)) for kind, weighed in weights.items() for v in weighed)
        known.base.learn(weights)
        changes = known.decide((), weights, counts.contexts)
    else:
        if known:
            known.base.fetch_all()
        dropped = dict.fromkeys(known_ids, Entry("", 0, None))
        changes = PlainTable(identities.rules, counts.weights(), counts.contexts).changes
    decided = {(kind, v): entry for kind, of in changes.values.items() for v, entry in of.items()}
    now = int(time.time())
    for (kind, value), entry in {**dropped, **decided}.items():
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
    return {"index": {"_id": f"name-{short_hash(key)}@{generation}"}}, document


def _entry_of(document: Mapping[str, Any]) -> Entry:
    group = document["name_group"].removeprefix(_name_key(document["name_kind"], ""))
    return Entry(group, document["weight"], document.get("name"))


def _name_key(kind: str, text: str) -> str:
    return f"{kind} {text}"
