"""The table of names: which name each value of a collection goes by, and which names a query means.

There is one table, :class:`NameTable`: a base and the changes since. The base is any :class:`NameStore`:
memory, the arrays of an index, or the documents of a cluster. A speaker is an organisation or a person,
whichever its value names in more articles.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol, Self

from searcher.fields import FIELDS, QUOTE_FIELDS, Kind
from searcher.fields import SAID_BY as SAID_BY
from searcher.languages import language_code
from searcher.names.decisions import NAME_KINDS, Curation
from searcher.names.normalise import fold, person_mark, without_mark

if TYPE_CHECKING:
    from searcher.article import MentionKind, Quote
    from searcher.names.nearness import ContextLookup, NameContext
    from searcher.names.rules import Rules


class Identities:
    """The rules by which engines resolve names. Decisions by hand (:mod:`searcher.names.decisions`) overrule
    them."""

    def __init__(self, curation: Curation | None = None) -> None:
        self.curation = Curation() if curation is None else curation

    @cached_property
    def rules(self) -> Rules:
        """The rules, loaded on first use because most searches do not need them."""
        from searcher.names.rules import Rules

        return Rules(self.curation)


#: Fields whose values are already names, so they are not resolved.
EXACT_FIELDS: Final = frozenset({"annotator", "story", "url", "year"})
#: Fields whose values a query may match by only some of their words.
PARTIAL_MATCH_FIELDS: Final = frozenset({"author", "contact", "party", "place", "role", "section", "source"})
#: Precedes a one-word name in a query, to exclude longer names that contain it.
EXACT_QUERY_MARK: Final = "="
#: One kind of values per value field. A speaker may have any kind in NAME_KINDS.
VALUE_KINDS: Final = tuple(f.name for f in FIELDS if f.kind is Kind.VALUES and f.name not in EXACT_FIELDS)
_OF_ARTICLES: Final = {own: field for field, own in QUOTE_FIELDS.items()}


class Entry(NamedTuple):
    """A value: its group, weight and name. A hidden value has the name None, a deleted one the weight 0."""

    group: str
    weight: int
    name: str | None


class NameStore(Protocol):
    """Values with their entries."""

    def entry(self, kind: str, value: str) -> Entry | None: ...

    def keys(self, kind: str) -> Iterable[tuple[str, str]]:
        """Return (group, value) for every value of a kind."""
        ...

    def group(self, kind: str, group: str, relevant: Collection[str] = ()) -> Mapping[str, Entry]:
        """Return the values of a group: all, or at least the subgroups (:meth:`Rules.subgroup`) of
        ``relevant`` values."""
        ...

    def values_of(self, kind: str, name: str) -> Collection[str]: ...

    def names_with(self, kind: str, words: Sequence[str]) -> Iterable[str]:
        """Return the names that contain all these folded words, possibly including unused ones."""
        ...


def kinds_of(field: str) -> tuple[str, ...]:
    field = _OF_ARTICLES.get(field, field)
    return NAME_KINDS if field == "speaker" else () if field in EXACT_FIELDS else (field,)


def exact_query(field: str, name: str) -> str:
    """Return the query for a name alone: “=Quill” if “Quill” would also find Ada Quill."""
    kinds = kinds_of(field)
    is_short = "person" in kinds or ("organisation" in kinds and name.isupper())
    return f"{EXACT_QUERY_MARK}{name}" if is_short and len(fold(name).split()) == 1 else name


def without_exact_mark(field: str, query: str) -> str:
    """Return a name without the mark of :func:`exact_query`."""
    return query.removeprefix(EXACT_QUERY_MARK) if not {*NAME_KINDS}.isdisjoint(kinds_of(field)) else query


def weights_by_kind(
    counts: Mapping[str, Mapping[str, int]], said_by: Iterable[str]
) -> dict[str, dict[str, int]]:
    """Return the weight of every value by kind, given the number of articles of each value by field."""
    weighed = {kind: dict(counts[kind]) for kind in VALUE_KINDS if kind not in NAME_KINDS}
    people, organisations, speakers = named = (counts["person"], counts["organisation"], counts["speaker"])
    weighed["organisation"] = dict(organisations)
    candidates = {**speakers, **people} if speakers else people
    weighed["person"] = {v: n for v in candidates if (n := person_weight(*(c.get(v, 0) for c in named)))}
    weighed["speaker"] = {v: 1 for v in said_by if not any(v in c for c in named)}
    return weighed


class ValueCounter(ABC):
    """Counts the articles of values, and reads their evidence about names."""

    @abstractmethod
    def count(self, field: str, values: Collection[str] | None = None) -> Mapping[str, int]:
        """Return the number of articles of these values of a field, or of all values. Omits zeros."""

    @abstractmethod
    def contexts(self, kind: str, values: Collection[str]) -> Mapping[str, list[NameContext]]:
        """Return what the articles of each person or organisation say about its context."""

    def weights(self, touched: Mapping[str, Collection[str]] | None = None) -> dict[str, dict[str, int]]:
        """Return the weight of every value by kind, or of the ``touched`` values by field, including
        zeros."""
        if touched is None:
            return weights_by_kind({kind: self.count(kind) for kind in VALUE_KINDS}, self.count(SAID_BY))
        named = set[str]().union(*(touched.get(field, ()) for field in (*NAME_KINDS, SAID_BY)))
        changed = {kind: named if kind in NAME_KINDS else touched.get(kind, ()) for kind in VALUE_KINDS}
        counts = {kind: self.count(kind, values) for kind, values in changed.items()}
        weighed = weights_by_kind(counts, self.count(SAID_BY, named))
        return {kind: {**dict.fromkeys(values, 0), **weighed[kind]} for kind, values in changed.items()}


def person_weight(named: int, as_organisation: int, speaking: int) -> int:
    """Return the weight of a person, given the articles for each use of the value."""
    return named if as_organisation > named else max(named, speaking)


@dataclass(frozen=True)
class Changes:
    """Changed entries by kind and value, in memory.

    ``decisions`` are the decisions by hand behind all names of the table.
    """

    values: Mapping[str, Mapping[str, Entry]] = field(default_factory=dict)
    decisions: tuple[tuple[str, str, str], ...] = ()

    def __len__(self) -> int:
        return sum(map(len, self.values.values()))

    def of(self, kind: str) -> Mapping[str, Entry]:
        return self.values.get(kind, {})

    def entry(self, kind: str, value: str) -> Entry | None:
        return self.of(kind).get(value)

    def keys(self, kind: str) -> Iterable[tuple[str, str]]:
        return ((entry.group, value) for value, entry in self.of(kind).items())

    def group(self, kind: str, group: str, relevant: Collection[str] = ()) -> Mapping[str, Entry]:  # noqa: ARG002
        return self._groups.get((kind, group), {})

    def values_of(self, kind: str, name: str) -> Collection[str]:
        return self._values.get((kind, name), ())

    def names_with(self, kind: str, words: Sequence[str]) -> Iterable[str]:
        required = set(words)
        return (name for of, name, own in self._words if of == kind and required <= own)

    @cached_property
    def _groups(self) -> Mapping[tuple[str, str], Mapping[str, Entry]]:
        groups: dict[tuple[str, str], dict[str, Entry]] = defaultdict(dict)
        for kind, values in self.values.items():
            for value, entry in values.items():
                groups[kind, entry.group][value] = entry
        return groups

    @cached_property
    def _values(self) -> Mapping[tuple[str, str], Collection[str]]:
        by_name = defaultdict(list)
        for kind, values in self.values.items():
            for value, entry in values.items():
                if entry.weight and entry.name is not None:
                    by_name[kind, entry.name].append(value)
        return by_name

    @cached_property
    def _words(self) -> list[tuple[str, str, set[str]]]:
        return [(kind, name, set(fold(name).split())) for kind, name in self._values]


#: Maximum number of cached entries per table, about 400 bytes each. Neighbouring articles share many names.
_MAX_ENTRIES: Final = 10_000
#: Maximum number of cached queries for names. Showing one page repeats many of them.
_MAX_QUERIES: Final = 200


class NameTable:
    """Answers questions about names."""

    def __init__(self, base: NameStore, changes: Changes, identities: Identities) -> None:
        self.base: NameStore = base
        self.changes = changes
        self.identities = identities
        self.entry: Callable[[str, str], Entry | None] = lru_cache(_MAX_ENTRIES)(self._find_entry)
        self._meanings = lru_cache(_MAX_QUERIES)(self._find_meanings)
        self._values_meant = lru_cache(_MAX_QUERIES)(self._find_values)
        if identities.curation.decisions() != changes.decisions:
            before = Identities(Curation.from_decisions(changes.decisions)).rules.decided_groups()
            self.changes = self.decide(before | identities.rules.decided_groups())

    def __reduce__(self) -> tuple[type[None], tuple[()]]:
        return type(None), ()

    def with_identities(self, identities: Identities) -> Self:
        return type(self)(self.base, self.changes, identities)

    @property
    def rules(self) -> Rules:
        return self.identities.rules

    def _find_entry(self, kind: str, value: str) -> Entry | None:
        changed = self.changes.entry(kind, value)
        if changed is None:
            return self.base.entry(kind, value)
        return changed if changed.weight else None

    def members(self, kind: str, group: str) -> Mapping[str, int]:
        """Return the weight of each value of a group."""
        return {value: entry.weight for value, entry in self.group(kind, group).items()}

    def groups(self, kind: str) -> Iterator[Mapping[str, int]]:
        groups = {group for group, _ in self._keys(kind)}
        return (self.members(kind, group) for group in sorted(groups))

    def values(self, kind: str) -> Iterator[str]:
        """Yield every value of a kind, possibly twice, and possibly one that is gone."""
        return (value for _, value in self._keys(kind))

    def _keys(self, kind: str) -> Iterator[tuple[str, str]]:
        return chain(self.base.keys(kind), self.changes.keys(kind))

    def group(self, kind: str, group: str, relevant: Collection[str] = ()) -> dict[str, Entry]:
        changed = self.changes.group(kind, group)
        entries = {**self.base.group(kind, group, (*relevant, *changed) if relevant else ()), **changed}
        return {value: entry for value, entry in entries.items() if entry.weight}

    def values_of(self, kind: str, name: str) -> Collection[str]:
        changed = self.changes.of(kind)
        unchanged = [value for value in self.base.values_of(kind, name) if value not in changed]
        return [*unchanged, *self.changes.values_of(kind, name)]

    def names_with(self, kind: str, words: Sequence[str]) -> Collection[str]:
        return {*self.base.names_with(kind, words), *self.changes.names_with(kind, words)}

    def changed(self, field: str) -> Collection[str]:
        """Return the values of a field whose names in the base may be outdated."""
        return set[str]().union(*(self.changes.of(kind) for kind in kinds_of(field)))

    def decide(
        self,
        groups: Iterable[tuple[str, str]],
        counted: Mapping[str, Mapping[str, int]] | None = None,
        look: ContextLookup | None = None,
    ) -> Changes:
        """Decide groups of names, and return all changes.

        Args:
            groups: The kind and key of each group.
            counted: New weights of values by kind. Their groups are decided too.
            look: Finds the articles that show which person or organisation a short name means.
        """
        weights: dict[str, dict[str, dict[str, int]]] = {kind: {} for kind in VALUE_KINDS}
        for kind, group in groups:
            weights[kind].setdefault(group, {})
        counted = counted or {}
        for kind, of in counted.items():
            for value, weight in of.items():
                if weight or self.entry(kind, value):  # skip values that no article has or had
                    weights[kind].setdefault(self.rules.group(kind, value), {})[value] = weight
        values = {kind: {**self.changes.of(kind)} for kind in VALUE_KINDS}
        people: dict[str, dict[str, int]] = {}
        for kind in VALUE_KINDS:  # people first, because some of them turn out to be organisations
            before = {group: self.group(kind, group, weighed) for group, weighed in weights[kind].items()}
            after: dict[str, dict[str, int]] = {}
            for group, weighed in weights[kind].items():
                known = {value: entry.weight for value, entry in before[group].items()}
                after[group] = {value: weight for value, weight in {**known, **weighed}.items() if weight}
            if look:
                self.rules.add_evidence(kind, after.values(), look)
            for group, now in after.items():
                names = self.rules.names(kind, now)
                if kind == "person":
                    people[group] = now
                    names |= dict.fromkeys(self._organisations_among(now, counted.get("organisation", {})))
                elif kind == "organisation":
                    names |= {v: names.get(p) for v, p in self._people_among(now, values["person"], people)}
                for value in before[group].keys() | names.keys():
                    entry = Entry(group, now.get(value, 0), names.get(value))
                    if entry != before[group].get(value):
                        values[kind][value] = entry
                        if kind == "person" and " " not in value:
                            weights["organisation"].setdefault(self.rules.group("organisation", value), {})
        return Changes(values, self.identities.curation.decisions())

    def _organisations_among(self, people: Mapping[str, int], counted: Mapping[str, int]) -> Iterator[str]:
        """Yield the people of a group who are organisations, by new weights (``counted``) or the table."""

        def weight(organisation: str) -> int:
            entry = None if organisation in counted else self.entry("organisation", organisation)
            return entry.weight if entry else counted.get(organisation, 0)

        for value in people:
            if " " not in value:
                marked, named = weight(person_mark(value)), weight(value)
                if self.rules.is_organisation(value, people, marked, named):
                    yield value

    def _people_among(
        self,
        organisations: Iterable[str],
        people: Mapping[str, Entry],
        groups: Mapping[str, Mapping[str, int]],
    ) -> Iterator[tuple[str, str]]:
        """Yield marked values with the person that each is, if an organisation is meant.

        Omits people that a decision hides, by this name or a full one of the same group. ``people`` and
        ``groups`` contain the people decided just now.
        """
        for value in organisations:
            person = without_mark(value)
            entry = (people.get(person) or self.entry("person", person)) if person != value else None
            if entry and entry.name is None and not self.rules.is_decided("person", person):
                group = groups.get(entry.group) or self.members("person", entry.group)
                if not any(" " in member for member in group):
                    yield value, person

    def kind_and_name(self, kind: MentionKind, value: str) -> tuple[MentionKind, str | None]:
        """Return the kind and name of a mention. An organisation that was taken for a person has
        another kind."""
        if kind == "person" and " " not in value:
            entry = self.entry("organisation", person_mark(value))
            if entry and entry.name:
                return "organisation", entry.name
        return kind, self.name_of(kind, value)

    def name_of(self, field: str, value: str) -> str | None:
        """Return the name of a value of a field, None if the value is hidden."""
        if field in EXACT_FIELDS:
            return value
        kind = self._kind(field, value)
        entry = self.entry(kind, value)
        return entry.name if entry else self.rules.names(kind, {value: 0})[value]

    def names_of(self, field: str, values: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for value in values if (name := self.name_of(field, value))))

    def names_meant(self, field: str, query: str) -> frozenset[str]:
        """Return the names that a query for a name means.

        That is the name of this value, or the name that it would have if an article contained it. A
        surname without another name also means everybody who has it, unless the query is “=Quill”. An
        acronym also means the organisation that articles explain it by.

        Otherwise, it is the names that contain all words of the query; outside of people and
        organisations, names with exactly these words come first, so that “C++” is not “C#” if both
        exist.
        """
        if field == "url":
            from searcher.urls import search_key  # loads urllib, which most searches do not need

            return frozenset({search_key(query)})
        if field in EXACT_FIELDS:
            return frozenset({query})
        return frozenset().union(*self._meanings(field, query).values())

    def values_meant(self, field: str, query: Iterable[str]) -> frozenset[str]:
        """Return the values of a field that any of these names means."""
        return self._values_meant(field, tuple(query))

    def _find_values(self, field: str, query: Iterable[str]) -> frozenset[str]:
        # An organisation and a person with the same name are counted and found together.
        names = frozenset[str]().union(*(self.names_meant(field, name) for name in query))
        if field in EXACT_FIELDS:
            return names
        pairs = [(kind, v) for kind in kinds_of(field) for name in names for v in self.values_of(kind, name)]
        return frozenset(value for kind, value in pairs if self._kind(field, value) == kind)

    def values_hidden_by_decisions(self, field: str) -> list[str]:
        """Return the values of a field that a decision hides."""
        groups = {
            (kind, self.rules.group(kind, one)) for kind in kinds_of(field) for one in self.rules.ignored
        }
        return sorted({v for of in groups for v in self.members(*of) if self.name_of(field, v) is None})

    def searchable_speaker(self, quote: Quote) -> str | None:
        """Return the speaker by which a quotation is found. None if its article leaves the speaker
        unnamed, in words that are a name elsewhere."""
        unnamed = quote.speaker_kind == "unnamed" and quote.speaker and self.is_known_speaker(quote.speaker)
        return None if unnamed else quote.speaker

    def is_known_speaker(self, speaker: str) -> bool:
        """Return True if some article has a person or an organisation by the name of this speaker."""
        return self._kind(SAID_BY, speaker) != "speaker"

    def _find_meanings(self, field: str, query: str) -> dict[str, set[str]]:
        kinds = kinds_of(field)
        names = self._going_by(kinds, query)
        if not {*NAME_KINDS}.isdisjoint(kinds) and query.startswith(EXACT_QUERY_MARK):
            exact = self._going_by(kinds, query.removeprefix(EXACT_QUERY_MARK).strip())
            return exact if any(exact.values()) else names
        words = tuple(fold(query).split())
        if "person" in kinds and len(words) == 1 and {" ".join(words)} >= set(map(fold, names["person"])):
            bearers = self._values_with("person", words)
            if "organisation" not in kinds or not self._is_organisation_in_capitals(query, bearers):
                names["person"] |= bearers
        if "organisation" in kinds and query and {*words} >= set(map(fold, names["organisation"])):
            explained = self.rules.explained_organisations(query, self.members)
            names["organisation"] |= set(self.names_of("organisation", explained))
        if any(names.values()) or not words:
            return names
        if field == "language":
            return {field: self.names_of_query(field, language_code(query) or query)}
        return {kind: self._values_with(kind, words) for kind in kinds}

    def names_of_query(self, kind: str, query: str) -> set[str]:
        """Return the name that a value goes by or would go by, if any article has that name."""
        for spelling in self.rules.spellings(kind, query):
            known = self.entry(kind, spelling)
            if known:
                name = known.name
            else:
                group = self.members(kind, self.rules.group(kind, spelling))
                name = self.rules.names(kind, {spelling: 0, **group})[spelling]
            if name is not None and self.values_of(kind, name):
                return {name}
        return set()

    def _values_with(self, kind: str, words: tuple[str, ...]) -> set[str]:
        names = {name for name in self.names_with(kind, words) if self.values_of(kind, name)}
        if kind in NAME_KINDS:
            return names
        same = {name for name in names if tuple(fold(name).split()) == words}
        return names if kind in PARTIAL_MATCH_FIELDS and not same else same

    def _going_by(self, kinds: Iterable[str], query: str) -> dict[str, set[str]]:
        names = {kind: self.names_of_query(kind, query) for kind in kinds}
        if "organisation" in names and self._is_organisation_in_capitals(query, names.get("person", ())):
            names["person"] = set()
        return names

    def _is_organisation_in_capitals(self, query: str, people: Iterable[str]) -> bool:
        """Return True if an organisation has this spelling, in capitals, in more articles than any of
        these people."""
        organisation = self.entry("organisation", query) if query.isupper() else None
        weights = [entry.weight for name in people if (entry := self.entry("person", name))]
        return organisation is not None and organisation.weight > max(weights, default=0)

    def _kind(self, field: str, value: str) -> str:
        if field not in ("speaker", SAID_BY):
            return _OF_ARTICLES.get(field, field)
        organisation, person = self.entry("organisation", value), self.entry("person", value)
        if organisation and organisation.weight > (person.weight if person else 0):
            return "organisation"
        return "person" if person else "speaker"


class PlainTable(NameTable):
    """A table in memory whose groups are all decided when it is created."""

    def __init__(
        self, rules: Rules, values: Mapping[str, Mapping[str, int]], look: ContextLookup | None = None
    ) -> None:
        super().__init__(Changes(), Changes({}, rules.curation.decisions()), Identities(rules.curation))
        self.changes = self.decide((), values, look)
        self.entry = self.changes.entry
