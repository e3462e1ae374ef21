"""Why names are one, and where that is least sure: what somebody who decides by hand wants to see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from searcher.names.bodies import read_explanations, without_form
from searcher.names.nearness import read_nearness
from searcher.names.normalise import fold
from searcher.names.people import MIN_SHARE, Surname
from searcher.names.rules import Rules
from searcher.names.table import NameTable, kinds_of

#: Shares of the full name of an acronym, or of the main bearer of a surname that is joined, between which it
#: is doubtful. From MIN_SHARE on they are joined.
_MIN_SHARE, _MAX_SHARE = 0.6, 0.97
#: Of the articles with a surname alone, the share near its main bearer from which on a join is not doubtful.
_SURELY_NEAR: Final = 0.8


@dataclass(frozen=True, slots=True)
class NameForm:
    """A form of a name: in how many ``articles``, and ``why`` it goes by the name."""

    form: str
    articles: int
    why: str

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Longer:
    """A longer name with a form in it: how many ``articles`` give it, and how many of those with the form
    alone are ``near`` these, by whom they name, outlet and time; None where nobody asks."""

    name: str
    articles: int
    near: int | None = None


@dataclass(frozen=True, slots=True)
class NameDoubt:
    """A ``form`` that goes by a ``name`` (``joined``) or does not. Of the articles that give a longer name
    with the form, the name has this ``share``; ``articles`` give the form alone. ``among``: the longer
    names, the likeliest first."""

    form: str
    name: str
    joined: bool
    articles: int
    share: float
    among: tuple[Longer, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def forms(table: NameTable, field: str, asked: str) -> Mapping[str, tuple[NameForm, ...]]:
    """Return the forms of each name that an asked one means, the most frequent first."""
    found: dict[str, list[NameForm]] = {}
    for kind in kinds_of(field):
        for name in table.meant(kind, asked):
            for value in table.values_of(kind, name):
                entry = table.entry(kind, value)
                group = table.members(kind, table.rules.group(kind, value))
                why = table.rules.why(kind, value, name, group)
                form = NameForm(value, entry.weight if entry else 0, why)
                found.setdefault(name, []).append(form)
    return {
        name: tuple(sorted(found[name], key=lambda form: (-form.articles, form.form)))
        for name in sorted(found)
    }


def doubts(table: NameTable, field: str) -> list[NameDoubt]:
    """Return the joins and splits of short forms that are least sure, those of most articles first."""
    found = [
        doubt
        for kind in kinds_of(field)
        for group in table.groups(kind)
        for doubt in _in_group(table.rules, kind, group)
    ]
    return sorted(found, key=lambda doubt: (-doubt.articles, abs(doubt.share - MIN_SHARE), doubt.form))


def _in_group(rules: Rules, kind: str, group: Mapping[str, int]) -> Iterator[NameDoubt]:
    if len(group) > 1:
        yield from (_of_acronyms if kind == "organisation" else _of_surnames)(rules, kind, group)


def _of_surnames(rules: Rules, kind: str, group: Mapping[str, int]) -> Iterator[NameDoubt]:
    # Most groups have nobody who is named by one word: without a look at these it takes half of the time.
    if kind != "person" or (all(" " in value for value in group) and not read_nearness(group)):
        return
    doubtful = [one for one in rules.surnames(group) if _is_doubtful(one)]
    names = rules.names(kind, group) if doubtful else {}
    forms = {fold(value): value for value in sorted(group, key=lambda value: (group[value], value))}
    for asked in doubtful:
        form = forms[asked.name]
        if names[form] is None or rules.is_decided(kind, form):
            continue
        among = tuple(
            Longer(names[forms[one.name]] or one.name, one.articles, round(one.near * asked.articles))
            for one in asked.bearers
        )
        yield NameDoubt(form, among[0].name, bool(asked.meant), asked.articles, round(asked.share, 3), among)


def _is_doubtful(asked: Surname) -> bool:
    told = any(one.possible for one in asked.bearers) or asked.share >= _MIN_SHARE
    sure = asked.meant and asked.bearers[0].near >= _SURELY_NEAR and asked.share >= _MAX_SHARE
    return told and not sure


def _of_acronyms(rules: Rules, kind: str, group: Mapping[str, int]) -> Iterator[NameDoubt]:
    names = rules.names(kind, group)
    longer: dict[str, int] = {}
    for value, weight in group.items():
        name = names[value]
        if name is not None and " " in fold(value) and " " in fold(name):
            longer[name] = longer.get(name, 0) + weight
    explained = _explained(group, names)
    for value, weight in group.items():
        name, counted = names[value], explained.get(without_form(fold(value)), longer)
        if name is None or len(counted) < 2 or not value.isupper() or " " in fold(value):
            continue
        among = sorted(counted, key=lambda name: (-counted[name], name))
        share = counted[among[0]] / sum(counted.values())
        told = fold(value) == fold(among[0]) or rules.is_decided(kind, value)
        if _MIN_SHARE <= share < _MAX_SHARE and not told:
            others = tuple(Longer(one, counted[one]) for one in among)
            yield NameDoubt(value, among[0], name == among[0], weight, round(share, 3), others)


def _explained(group: Mapping[str, int], names: Mapping[str, str | None]) -> Mapping[str, Mapping[str, int]]:
    """Return for each acronym the names that articles explain it by, with the number of these."""
    in_full = {without_form(fold(value)): name for value, name in names.items() if name is not None}
    found: dict[str, dict[str, int]] = {}
    for value, (short, full) in read_explanations(group).items():
        counted, name = found.setdefault(short, {}), in_full.get(full, full)
        counted[name] = counted.get(name, 0) + group[value]
    return found
