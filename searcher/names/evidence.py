"""Why names are one, and where that is least sure: what somebody who decides by hand wants to see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from searcher.names.bodies import read_explanations, without_form
from searcher.names.normalise import fold
from searcher.names.people import MIN_SHARE
from searcher.names.rules import Rules
from searcher.names.table import NameTable, kinds_of

#: Shares of the main bearer of a surname, or of the full name of an acronym, between which a join or a split
#: is doubtful. From MIN_SHARE on they are joined.
_MIN_SHARE, _MAX_SHARE = 0.6, 0.97


@dataclass(frozen=True, slots=True)
class Form:
    """A form of a name: in how many ``articles``, and ``why`` it goes by the name."""

    form: str
    articles: int
    why: str

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A ``form`` that goes by a ``name`` (``joined``) or does not. Of the articles that give a longer name
    with the form, the name has this ``share``; ``articles`` give the form alone."""

    form: str
    name: str
    joined: bool
    articles: int
    share: float

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def forms(table: NameTable, field: str, asked: str) -> Mapping[str, tuple[Form, ...]]:
    """Return the forms of each name that an asked one means, the most frequent first."""
    found: dict[str, list[Form]] = {}
    for kind in kinds_of(field):
        for name in table.meant(kind, asked):
            for value in table.values_of(kind, name):
                entry = table.entry(kind, value)
                group = table.members(kind, table.rules.group(kind, value))
                why = table.rules.why(kind, value, name, group)
                form = Form(value, entry.weight if entry else 0, why)
                found.setdefault(name, []).append(form)
    return {
        name: tuple(sorted(found[name], key=lambda form: (-form.articles, form.form)))
        for name in sorted(found)
    }


def doubts(table: NameTable, field: str) -> list[Doubt]:
    """Return the joins and splits of short forms that are least sure, those of most articles first."""
    found = [
        doubt
        for kind in kinds_of(field)
        for group in table.groups(kind)
        for doubt in _in_group(table.rules, kind, group)
    ]
    return sorted(found, key=lambda doubt: (-doubt.articles, abs(doubt.share - MIN_SHARE), doubt.form))


def _in_group(rules: Rules, kind: str, group: Mapping[str, int]) -> Iterator[Doubt]:
    if len(group) < 2:
        return
    names = rules.names(kind, group)
    longer: dict[str, int] = {}
    for value, weight in group.items():
        name = names[value]
        if name is not None and " " in fold(value) and " " in fold(name):
            longer[name] = longer.get(name, 0) + weight
    explained = _explained(group, names) if kind == "organisation" else {}
    for value, weight in group.items():
        name, counted = names[value], explained.get(without_form(fold(value)), longer)
        if len(counted) < 2:
            continue
        main = max(counted, key=lambda name: (counted[name], name))
        share = counted[main] / sum(counted.values())
        if (
            " " in fold(value)
            or name is None
            or rules.is_decided(kind, value)
            or not _MIN_SHARE <= share < _MAX_SHARE
        ):
            continue
        if fold(value) == fold(main) or (kind == "organisation" and not value.isupper()):
            continue
        yield Doubt(value, main, name == main, weight, round(share, 3))


def _explained(group: Mapping[str, int], names: Mapping[str, str | None]) -> Mapping[str, Mapping[str, int]]:
    """Return for each acronym the names that articles explain it by, with the number of these."""
    in_full = {without_form(fold(value)): name for value, name in names.items() if name is not None}
    found: dict[str, dict[str, int]] = {}
    for value, (short, full) in read_explanations(group).items():
        counted, name = found.setdefault(short, {}), in_full.get(full, full)
        counted[name] = counted.get(name, 0) + group[value]
    return found
