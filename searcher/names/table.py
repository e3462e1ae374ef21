"""The table of names: which value of a collection goes by which name, and which names an asked one means.

People who are named and who speak are decided together, and so are bodies: a speaker is the body or the
person that it mostly names. There is one table: :class:`NameTable`, with a base and the changes since. The
base is any :class:`NameStore`: memory, the arrays of an index, or the documents of a cluster.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol, Self

from searcher.fields import FIELDS, OF_QUOTES, Kind
from searcher.fields import SAID_BY as SAID_BY
from searcher.languages import code
from searcher.names.decisions import NAMED, Curation
from searcher.names.normalise import fold, person_mark, without_mark

if TYPE_CHECKING:
    from searcher.article import MentionKind, Quote
    from searcher.names.nearness import Glimpse, Look
    from searcher.names.rules import Rules


class Identities:
    """The rules by which engines resolve names; a curation (see :mod:`searcher.names.decisions`) overrules
    them.

    >>> Identities().resolve("person", {"Yann LeCun": 70, "LeCun": 1, "Yann A. Lecun": 1})
    {'Yann LeCun': 'Yann LeCun', 'LeCun': 'Yann LeCun', 'Yann A. Lecun': 'Yann LeCun'}
    """

    def __init__(self, curation: Curation | None = None) -> None:
        self.curation = Curation() if curation is None else curation

    @cached_property
    def rules(self) -> Rules:
        """The rules, loaded when they are first asked: a search that asks for no names needs none."""
        from searcher.names.rules import Rules

        return Rules(self.curation)

    def resolve(self, field: str, counts: Mapping[str, int]) -> dict[str, str]:
        """Map every value of a field, with its articles, to its name; without ignored ones.

        Among speakers only people are resolved: bodies need the counts of their own field.
        """
        kinds = kinds_of(field)
        if not kinds:
            return {value: value for value in counts}
        known = PlainTable(self.rules, {kinds[0]: counts}).changes.of(kinds[0])
        return {value: name for value in counts if (name := known[value].name) is not None}


#: Fields whose values stand for themselves.
EXACT: Final = frozenset({"annotator", "story", "url", "year"})
#: Fields whose values are asked for by some of their words, too.
IN_PART: Final = frozenset({"author", "contact", "party", "place", "role", "section", "source"})
#: Before a name of one word: it alone, and not everybody who has it in their name.
EXACT_MARK: Final = "="
#: Kinds of values: one for each value field; those of the field “speaker” are of three.
KINDS: Final = tuple(f.name for f in FIELDS if f.kind is Kind.VALUES and f.name not in EXACT)
_OF_ARTICLES: Final = {own: field for field, own in OF_QUOTES.items()}


class Entry(NamedTuple):
    """A value: its group, the articles that it counts with, and its name, None if a decision hides it. A
    weight of 0 means that no article has the value any more."""

    group: str
    weight: int
    name: str | None


class NameStore(Protocol):
    """Values with their entries: in memory, in arrays, or in the documents of a cluster."""

    def entry(self, kind: str, value: str) -> Entry | None: ...

    def keys(self, kind: str) -> Iterable[tuple[str, str]]:
        """Return every value of a kind after its group."""
        ...

    def group(self, kind: str, group: str, some: Collection[str] = ()) -> Mapping[str, Entry]:
        """Return the values of a group: all, or at least those that are decided together with ``some`` (see
        :meth:`Rules.subgroup`)."""
        ...

    def values_of(self, kind: str, name: str) -> Collection[str]:
        """Return the values that go by a name."""
        ...

    def names_with(self, kind: str, words: Sequence[str]) -> Iterable[str]:
        """Return the names that contain all these folded words, perhaps some that are no longer used."""
        ...


def kinds_of(field: str) -> tuple[str, ...]:
    """Return the kinds that the values of a field are of."""
    field = _OF_ARTICLES.get(field, field)
    return NAMED if field == "speaker" else () if field in EXACT else (field,)


def one_alone(field: str, name: str) -> str:
    """Return how a name is asked for alone: “=Quill” where “Quill” would ask for Ada Quill too."""
    kinds = kinds_of(field)
    is_short = "person" in kinds or ("organisation" in kinds and name.isupper())
    return f"{EXACT_MARK}{name}" if is_short and len(fold(name).split()) == 1 else name


def bare(field: str, asked: str) -> str:
    """Return the name in what :func:`one_alone` returns."""
    return asked.removeprefix(EXACT_MARK) if not {*NAMED}.isdisjoint(kinds_of(field)) else asked


def weights(counts: Mapping[str, Mapping[str, int]], said_by: Iterable[str]) -> dict[str, dict[str, int]]:
    """Return what each value of each kind counts with, from the articles of each value of each field."""
    found = {kind: dict(counts[kind]) for kind in KINDS if kind not in NAMED}
    of = (counts["person"], counts["organisation"], counts["speaker"])
    people, bodies, speaking = of
    found["organisation"] = dict(bodies)
    everybody = people if not speaking else {**speaking, **people}
    found["person"] = {v: n for v in everybody if (n := person_weight(*(c.get(v, 0) for c in of)))}
    found["speaker"] = {v: 1 for v in said_by if not any(v in c for c in of)}
    return found


class ValueCounter(ABC):
    """Counts the articles of values, and reads what these say about names."""

    @abstractmethod
    def count(self, field: str, values: Collection[str] | None = None) -> Mapping[str, int]:
        """Return the number of articles of each of these values of a field, or of all: without values that no
        article has."""

    @abstractmethod
    def look(self, kind: str, values: Collection[str]) -> Mapping[str, list[Glimpse]]:
        """Return what the articles of people or organisations say beside their names."""

    def weights(self, touched: Mapping[str, Collection[str]] | None = None) -> dict[str, dict[str, int]]:
        """Return the weight of every value by kind, or of the touched values of fields, which may be 0."""
        if touched is None:
            return weights({kind: self.count(kind) for kind in KINDS}, self.count(SAID_BY))
        named = set[str]().union(*(touched.get(field, ()) for field in (*NAMED, SAID_BY)))
        some = {kind: named if kind in NAMED else touched.get(kind, ()) for kind in KINDS}
        counts = {kind: self.count(kind, values) for kind, values in some.items()}
        found = weights(counts, self.count(SAID_BY, named))
        return {kind: {**dict.fromkeys(values, 0), **found[kind]} for kind, values in some.items()}


def person_weight(named: int, as_body: int, speaking: int) -> int:
    """Return what a value counts with among people; a value that mostly names a body speaks as that."""
    return named if as_body > named else max(named, speaking)


@dataclass(frozen=True)
class Changes:
    """Names in memory: the changed values of each kind. ``decisions``: those by hand that all names of the
    table were decided by."""

    values: Mapping[str, Mapping[str, Entry]] = field(default_factory=dict)
    decisions: tuple[tuple[str, str, str], ...] = ()

    def __len__(self) -> int:
        """Return the number of changed values."""
        return sum(map(len, self.values.values()))

    def of(self, kind: str) -> Mapping[str, Entry]:
        return self.values.get(kind, {})

    def entry(self, kind: str, value: str) -> Entry | None:
        return self.of(kind).get(value)

    def keys(self, kind: str) -> Iterable[tuple[str, str]]:
        return ((entry.group, value) for value, entry in self.of(kind).items())

    def group(self, kind: str, group: str, some: Collection[str] = ()) -> Mapping[str, Entry]:  # noqa: ARG002
        return self._groups.get((kind, group), {})

    def values_of(self, kind: str, name: str) -> Collection[str]:
        return self._values.get((kind, name), ())

    def names_with(self, kind: str, words: Sequence[str]) -> Iterable[str]:
        wanted = set(words)
        return (name for of, name, own in self._words if of == kind and wanted <= own)

    @cached_property
    def _groups(self) -> Mapping[tuple[str, str], Mapping[str, Entry]]:
        found: dict[tuple[str, str], dict[str, Entry]] = defaultdict(dict)
        for kind, values in self.values.items():
            for value, entry in values.items():
                found[kind, entry.group][value] = entry
        return found

    @cached_property
    def _values(self) -> Mapping[tuple[str, str], Collection[str]]:
        found = defaultdict(list)
        for kind, values in self.values.items():
            for value, entry in values.items():
                if entry.weight and entry.name is not None:
                    found[kind, entry.name].append(value)
        return found

    @cached_property
    def _words(self) -> list[tuple[str, str, set[str]]]:
        return [(kind, name, set(fold(name).split())) for kind, name in self._values]


#: Maximum number of cached entries of a table, some 400 bytes each: neighbouring articles share many names.
_MAX_ENTRIES: Final = 10_000
#: Maximum number of cached queries for names: a page asks for one name several times.
_MAX_QUERIES: Final = 200


class NameTable:
    """Answers questions about names: a base, and the changes since it was written."""

    def __init__(self, base: NameStore, changes: Changes, identities: Identities) -> None:
        """Groups that the decisions of ``identities`` concern are decided again if other decisions made the
        table."""
        self.base: NameStore = base
        self.changes = changes
        self.identities = identities
        self.entry: Callable[[str, str], Entry | None] = lru_cache(_MAX_ENTRIES)(self._find_entry)
        self._meanings = lru_cache(_MAX_QUERIES)(self._find_meanings)
        self._values_meant = lru_cache(_MAX_QUERIES)(self._find_values)
        self._values_with = lru_cache(_MAX_QUERIES)(self._find_values_with)
        if identities.curation.decisions() != changes.decisions:
            before = Identities(Curation.of(changes.decisions)).rules.groups_decided()
            self.changes = self.decide(before | identities.rules.groups_decided())

    def __reduce__(self) -> tuple[type[None], tuple[()]]:
        """Results that are pickled leave the table behind; their names are those of the article then."""
        return type(None), ()

    def with_identities(self, identities: Identities) -> Self:
        """Return the same table with the decisions of ``identities``."""
        return type(self)(self.base, self.changes, identities)

    @property
    def rules(self) -> Rules:
        """Return the rules that decide what goes by which name."""
        return self.identities.rules

    def _find_entry(self, kind: str, value: str) -> Entry | None:
        """Return the entry of a value, None if no article has it."""
        changed = self.changes.entry(kind, value)
        if changed is None:
            return self.base.entry(kind, value)
        return changed if changed.weight else None

    def members(self, kind: str, group: str) -> Mapping[str, int]:
        """Return the values of a group, each with its weight."""
        return {value: entry.weight for value, entry in self.group(kind, group).items()}

    def groups(self, kind: str) -> Iterator[Mapping[str, int]]:
        """Yield every group of a kind, as :meth:`members` gives it."""
        groups = {group for group, _ in self._keys(kind)}
        return (self.members(kind, group) for group in sorted(groups))

    def values(self, kind: str) -> Iterator[str]:
        """Yield every value of a kind, some twice, and some that no article has any more."""
        return (value for _, value in self._keys(kind))

    def _keys(self, kind: str) -> Iterator[tuple[str, str]]:
        return chain(self.base.keys(kind), self.changes.keys(kind))

    def group(self, kind: str, group: str, some: Collection[str] = ()) -> dict[str, Entry]:
        """Return the values of a group: all, or at least those that are decided together with ``some``."""
        changed = self.changes.group(kind, group)
        found = {**self.base.group(kind, group, (*some, *changed) if some else ()), **changed}
        return {value: entry for value, entry in found.items() if entry.weight}

    def values_of(self, kind: str, name: str) -> Collection[str]:
        """Return the values that go by a name."""
        changed = self.changes.of(kind)
        unchanged = [value for value in self.base.values_of(kind, name) if value not in changed]
        return [*unchanged, *self.changes.values_of(kind, name)]

    def names_with(self, kind: str, words: Sequence[str]) -> Collection[str]:
        """Return the names that contain all these folded words, perhaps some that are no longer used."""
        return {*self.base.names_with(kind, words), *self.changes.names_with(kind, words)}

    def changed(self, field: str) -> Collection[str]:
        """Return the values of a field whose names in the base may be outdated."""
        return set[str]().union(*(self.changes.of(kind) for kind in kinds_of(field)))

    def decide(
        self,
        groups: Iterable[tuple[str, str]],
        counted: Mapping[str, Mapping[str, int]] | None = None,
        look: Look | None = None,
    ) -> Changes:
        """Decide groups, and return the changes with the values whose weight or name is another then.

        ``counted``: new weights of values by kind, whose groups are decided too. ``look``: finds the articles
        that tell whom a short name means, which are asked again.
        """
        weights: dict[str, dict[str, dict[str, int]]] = {kind: {} for kind in KINDS}
        for kind, group in groups:
            weights[kind].setdefault(group, {})
        for kind, of in (counted or {}).items():
            for value, weight in of.items():
                if weight or self.entry(kind, value):  # a value that no article has or had changes nothing
                    weights[kind].setdefault(self.rules.group(kind, value), {})[value] = weight
        values = {kind: {**self.changes.of(kind)} for kind in KINDS}
        new_weights = (counted or {}).get("organisation", {})

        def weight(organisation: str) -> int:
            if organisation in new_weights:
                return new_weights[organisation]
            entry = self.entry("organisation", organisation)
            return entry.weight if entry else 0

        for kind in KINDS:  # people before the organisations that some of them are
            of_group = weights[kind]
            before = {group: self.group(kind, group, some) for group, some in of_group.items()}
            after: dict[str, dict[str, int]] = {}
            for group, some in of_group.items():
                known = {value: entry.weight for value, entry in before[group].items()}
                after[group] = {value: weight for value, weight in {**known, **some}.items() if weight}
            if look:
                self.rules.ask_articles(kind, after.values(), look)
            for group, now in after.items():
                names = self.rules.names(kind, now)
                for value in now:
                    if kind == "person" and " " not in value:
                        marked, named = weight(person_mark(value)), weight(value)
                        if self.rules.is_organisation(value, now, marked, named):
                            names[value] = None
                    elif kind == "organisation" and (person := without_mark(value)) != value:
                        entry = values["person"].get(person) or self.entry("person", person)
                        if entry and entry.name is None and not self.rules.is_decided("person", person):
                            names[value] = names.get(person)
                for value in before[group].keys() | names.keys():
                    entry = Entry(group, now.get(value, 0), names.get(value))
                    if entry != before[group].get(value):
                        values[kind][value] = entry
                        if kind == "person" and " " not in value:
                            weights["organisation"].setdefault(self.rules.group("organisation", value), {})
        return Changes(values, self.identities.curation.decisions())

    def kind_and_name(self, kind: MentionKind, value: str) -> tuple[MentionKind, str | None]:
        """Return the kind and the name of a mention, which differ if it calls an organisation a person."""
        taken = kind == "person" and " " not in value and self.name_of("organisation", person_mark(value))
        if taken:
            return "organisation", taken
        return kind, self.name_of(kind, value)

    def name_of(self, field: str, value: str) -> str | None:
        """Return the name that a value of a field goes by; None where it is nobody by a decision."""
        if field in EXACT:
            return value
        kind = self._kind(field, value)
        found = self.entry(kind, value)
        return found.name if found else self.rules.names(kind, {value: 0})[value]

    def names_of(self, field: str, values: Iterable[str]) -> tuple[str, ...]:
        """Return the names that values go by, each once."""
        return tuple(dict.fromkeys(name for value in values if (name := self.name_of(field, value))))

    def meant(self, field: str, asked: str) -> frozenset[str]:
        """Return the names that an asked name means.

        That is the name that the asked one goes by, or would if an article gave it: “Quill” that of its main
        bearer, “WTO” the full name. A surname that goes by no other name asks for everybody who has it in
        their name, an acronym for the body that articles explain it by, and what goes by no name for the
        names that hold all its words; "=Quill" asks for no other bearer, nor does "UN" as a speaker for Kim
        Jong Un, of fewer articles. In other fields signs are ignored only if no value has them: "C++" is not
        "C#"; where no value has just these words, those of outlets, authors, places, contacts and the like
        that have all of them are meant; languages go by their names.
        """
        if field == "url":
            from searcher.urls import key  # loads urllib, which few searches need

            return frozenset({key(asked)})
        if field in EXACT:
            return frozenset({asked})
        found = self._meanings(field, asked)
        return frozenset().union(*found.values())

    def values_meant(self, field: str, asked: Iterable[str]) -> frozenset[str]:
        """Return the values of a field that any of the asked names mean."""
        return self._values_meant(field, tuple(asked))

    def _find_values(self, field: str, asked: Iterable[str]) -> frozenset[str]:
        # A body and a person that are shown by one name are counted together, and found together.
        names = frozenset[str]().union(*(self.meant(field, one) for one in asked))
        if field in EXACT:
            return names
        pairs = [(kind, v) for kind in kinds_of(field) for name in names for v in self.values_of(kind, name)]
        return frozenset(value for kind, value in pairs if self._kind(field, value) == kind)

    def hidden_values(self, field: str) -> list[str]:
        """Return the values of a field that a decision hides."""
        groups = {
            (kind, self.rules.group(kind, one)) for kind in kinds_of(field) for one in self.rules.ignored
        }
        return sorted({v for of in groups for v in self.members(*of) if self.name_of(field, v) is None})

    def asked_for(self, quote: Quote) -> str | None:
        """Return the speaker by whom a quotation is asked for; None where its article leaves him unnamed, in
        words that name somebody elsewhere."""
        unnamed = quote.speaker_kind == "unnamed" and quote.speaker and self.is_named(quote.speaker)
        return None if unnamed else quote.speaker

    def is_named(self, speaker: str) -> bool:
        """Tell whether a value of quotations is a person or a body by name in some article."""
        return self._kind(SAID_BY, speaker) != "speaker"

    def _find_meanings(self, field: str, asked: str) -> dict[str, set[str]]:
        kinds = kinds_of(field)
        found = self._going_by(kinds, asked)
        if not {*NAMED}.isdisjoint(kinds) and asked.startswith(EXACT_MARK):
            alone = self._going_by(kinds, asked.removeprefix(EXACT_MARK).strip())
            return alone if any(alone.values()) else found
        words = tuple(fold(asked).split())
        if "person" in kinds and len(words) == 1 and {" ".join(words)} >= set(map(fold, found["person"])):
            bearers = self._values_with("person", words)
            if "organisation" not in kinds or not self._is_body(asked, bearers):
                found["person"] |= bearers
        if "organisation" in kinds and asked and {*words} >= set(map(fold, found["organisation"])):
            explained = self.rules.explained(asked, self.members)
            found["organisation"] |= set(self.names_of("organisation", explained))
        if any(found.values()) or not words:
            return found
        if field == "language":
            return {field: self.goes_by(field, code(asked) or asked)}
        return {kind: self._values_with(kind, words) for kind in kinds}

    def goes_by(self, kind: str, asked: str) -> set[str]:
        """Return the name that an asked one goes by or would go by, if any article has it."""
        for spelling in self.rules.spellings(kind, asked):
            known = self.entry(kind, spelling)
            if known:
                name = known.name
            else:
                group = self.members(kind, self.rules.group(kind, spelling))
                name = self.rules.names(kind, {spelling: 0, **group})[spelling]
            if name is not None and self.values_of(kind, name):
                return {name}
        return set()

    def _find_values_with(self, kind: str, words: tuple[str, ...]) -> set[str]:
        found = {name for name in self.names_with(kind, words) if self.values_of(kind, name)}
        if kind in NAMED:
            return found
        same = {name for name in found if tuple(fold(name).split()) == words}
        return found if kind in IN_PART and not same else same

    def _going_by(self, kinds: Iterable[str], asked: str) -> dict[str, set[str]]:
        found = {kind: self.goes_by(kind, asked) for kind in kinds}
        if "organisation" in found and self._is_body(asked, found.get("person", ())):
            found["person"] = set()
        return found

    def _is_body(self, asked: str, people: Iterable[str]) -> bool:
        """Tell whether a body is printed so, in capitals, by more articles than any of these people."""
        body = self.entry("organisation", asked) if asked.isupper() else None
        known = [entry.weight for name in people if (entry := self.entry("person", name))]
        return body is not None and body.weight > max(known, default=0)

    def _kind(self, field: str, value: str) -> str:
        if field not in ("speaker", SAID_BY):
            return _OF_ARTICLES.get(field, field)
        body, person = self.entry("organisation", value), self.entry("person", value)
        if body and body.weight > (person.weight if person else 0):
            return "organisation"
        return "person" if person else "speaker"


class PlainTable(NameTable):
    """A table in memory, every group of which is decided when it is made."""

    def __init__(
        self, rules: Rules, values: Mapping[str, Mapping[str, int]], look: Look | None = None
    ) -> None:
        """``values``: the weight of each value of each kind, as :func:`weights` gives it. ``look``: finds the
        articles that tell whom a surname alone means."""
        super().__init__(Changes(), Changes({}, rules.curation.decisions()), Identities(rules.curation))
        self.changes = self.decide((), values, look)
        self.entry = self.changes.entry
