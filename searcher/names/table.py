"""The table of names: which value of a collection goes by which name, and which names an asked one means.

People who are named and people who speak are decided together, and so are bodies: in the field “speaker” a
value is the body or the person that it mostly names in the articles.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from searcher.fields import FIELDS, Kind
from searcher.names.normalise import fold

if TYPE_CHECKING:
    # not loaded for a search that asks for no names
    from searcher.names.rules import Rules

__all__ = [
    "ALONE",
    "EXACT",
    "KINDS",
    "NAMED",
    "SAID_BY",
    "Entry",
    "NameTable",
    "PlainTable",
    "bare",
    "kinds_of",
    "one_alone",
    "weights",
]

#: Kinds of values that are names. A speaker is a person or a body; of the kind “speaker” are those that no
#: article names, as “a nurse”.
NAMED: Final = ("person", "organisation", "speaker")
#: Fields whose values stand for themselves.
EXACT: Final = frozenset({"story", "year"})
#: The speakers of single quotations, those of indirect speech and those without a name among them.
SAID_BY: Final = "said_by"
#: Before a name of one word: it alone, and not everybody who has it in their name.
ALONE: Final = "="
#: Kinds of values: one for each value field; those of the field “speaker” are of three.
KINDS: Final = tuple(f.name for f in FIELDS if f.kind is Kind.VALUES and f.name not in EXACT)


class Entry(NamedTuple):
    """What a value counts with (articles), and its name; None where it is nobody by a decision."""

    weight: int
    name: str | None


def kinds_of(field: str) -> tuple[str, ...]:
    """Return the kinds that the values of a field are of."""
    return NAMED if field in ("speaker", SAID_BY) else () if field in EXACT else (field,)


def one_alone(field: str, name: str) -> str:
    """Return how a name is asked for alone: “=Quill” where “Quill” would ask for Ada Quill too."""
    return f"{ALONE}{name}" if "person" in kinds_of(field) and len(fold(name).split()) == 1 else name


def bare(field: str, asked: str) -> str:
    """Return the name in what :func:`one_alone` returns."""
    return asked.removeprefix(ALONE) if "person" in kinds_of(field) else asked


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


def person_weight(named: int, as_body: int, speaking: int) -> int:
    """Return what a value counts with among people; a value that mostly names a body speaks as that."""
    return named if as_body > named else max(named, speaking)


class NameTable(ABC):
    """Answers questions about names. Subclasses know the values, their groups and their names."""

    def __reduce__(self) -> tuple[type[None], tuple[()]]:
        """Results that are pickled leave the table behind; their names are those of the article then."""
        return type(None), ()

    @property
    @abstractmethod
    def rules(self) -> Rules:
        """Return the rules that decide what goes by which name."""

    @abstractmethod
    def entry(self, kind: str, value: str) -> Entry | None:
        """Return what is known of a value, None where no article has it."""

    @abstractmethod
    def members(self, kind: str, group: str) -> Mapping[str, int]:
        """Return the values of a group, each with what it counts with."""

    @abstractmethod
    def groups(self, kind: str) -> Iterator[Mapping[str, int]]:
        """Yield every group of a kind, as :meth:`members` gives it."""

    @abstractmethod
    def values_of(self, kind: str, name: str) -> Collection[str]:
        """Return the values that go by a name."""

    @abstractmethod
    def names_with(self, kind: str, words: Sequence[str]) -> Collection[str]:
        """Return the names that hold all these words, folded; the names in use are among them."""

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
        their name, and what goes by no name for the names that hold all its words; "=Quill" asks for no
        other bearer. In other fields signs are ignored only if no value has them: "C++" is not "C#".
        """
        found = self._meant(field, asked)
        return frozenset().union(*found.values())

    def values_meant(self, field: str, asked: Iterable[str]) -> frozenset[str]:
        """Return the values of a field that any of the asked names mean."""
        asked = list(asked)
        if field in EXACT:
            return frozenset(asked)
        values: set[str] = set()
        for one in asked:
            for kind, names in self._meant(field, one).items():
                for name in names:
                    values.update(v for v in self.values_of(kind, name) if self._kind(field, v) == kind)
        return frozenset(values)

    def _meant(self, field: str, asked: str) -> dict[str, set[str]]:
        kinds = kinds_of(field)
        found = {kind: self._goes_by(kind, asked) for kind in kinds}
        if "person" in kinds and asked.startswith(ALONE):
            alone = {kind: self._goes_by(kind, asked.removeprefix(ALONE).strip()) for kind in kinds}
            return alone if any(alone.values()) else found
        words = fold(asked).split()
        if "person" in kinds and len(words) == 1 and {" ".join(words)} >= set(map(fold, found["person"])):
            found["person"] |= self._holding("person", words)
        if any(found.values()) or not words:
            return found
        return {kind: self._holding(kind, words) for kind in kinds}

    def _goes_by(self, kind: str, asked: str) -> set[str]:
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

    def _holding(self, kind: str, words: Sequence[str]) -> set[str]:
        found = {name for name in self.names_with(kind, words) if self.values_of(kind, name)}
        if kind in NAMED:
            return found
        return {name for name in found if fold(name).split() == list(words)}

    def _kind(self, field: str, value: str) -> str:
        """Return the kind that a value of a field is of."""
        if field not in ("speaker", SAID_BY):
            return field
        body, person = self.entry("organisation", value), self.entry("person", value)
        if body and body.weight > (person.weight if person else 0):
            return "organisation"
        return "person" if person else "speaker"


class PlainTable(NameTable):
    """A table in memory, every group of which is decided when it is made."""

    def __init__(self, rules: Rules, values: Mapping[str, Mapping[str, int]]) -> None:
        """``values``: what each value of each kind counts with, as :func:`weights` gives it."""
        self._rules = rules
        self._groups: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
        for kind, weight in values.items():
            for value, count in weight.items():
                self._groups[kind, rules.group(kind, value)][value] = count
        self.entries: dict[str, dict[str, Entry]] = {kind: {} for kind in KINDS}
        self._values: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._meant_values: dict[tuple[str, ...], frozenset[str]] = {}
        for (kind, _), group in self._groups.items():
            for value, name in rules.names(kind, group).items():
                self.entries[kind][value] = Entry(group[value], name)
                if name is not None:
                    self._values[kind, name].append(value)

    @property
    def rules(self) -> Rules:
        return self._rules

    def entry(self, kind: str, value: str) -> Entry | None:
        return self.entries[kind].get(value)

    def members(self, kind: str, group: str) -> Mapping[str, int]:
        return self._groups.get((kind, group), {})

    def groups(self, kind: str) -> Iterator[Mapping[str, int]]:
        return (group for (of, _), group in self._groups.items() if of == kind)

    def values_of(self, kind: str, name: str) -> Collection[str]:
        return self._values.get((kind, name), ())

    def values_meant(self, field: str, asked: Iterable[str]) -> frozenset[str]:
        key = (field, *asked)
        found = self._meant_values.get(key)
        if found is None:
            found = self._meant_values[key] = super().values_meant(field, key[1:])
        return found

    def names_with(self, kind: str, words: Sequence[str]) -> Collection[str]:
        wanted = set(words)
        return [name for of, name in self._values if of == kind and wanted <= set(fold(name).split())]
